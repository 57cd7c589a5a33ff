//! Lever: companies whose jobs are at `jobs.lever.co/SITE` or `jobs.eu.lever.co/SITE`.
//!
//! Lever answers with the whole board when it is asked without a limit, as far as is known; where
//! exactly [`api::FULL_CHUNK`] postings come, there may be more, so parts are asked for until one is
//! shorter. [`api`] is the site's answer as it is, [`map`] turns it into raw jobs; [`text`] puts a
//! description together from its parts.

pub mod api;
pub mod map;
mod text;

use job_scanner_sdk::{
    Adapter, Chunk, FetchRequest, OffsetPages, Outcome, Paging, Request, Response, SourceError,
    export_adapter, fetch_offset_pages,
};

struct Lever;

export_adapter!(Lever);

impl Adapter for Lever {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        fetch_offset_pages(
            request,
            &Board {
                options: request.read_options()?,
                site: &request.identifier,
            },
        )
    }
}

struct Board<'r> {
    options: api::Options,
    site: &'r str,
}

impl OffsetPages for Board<'_> {
    fn paging(&self) -> Paging {
        // Far more than any company has open jobs for.
        Paging {
            page_size: api::FULL_CHUNK,
            max_pages: 200,
        }
    }

    fn request(&self, skip: usize) -> Request {
        api::listing(&self.options, self.site, skip)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        Ok(map::chunk(api::read(&response.body)?))
    }
}
