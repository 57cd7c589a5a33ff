//! Lever: companies with jobs at `jobs.lever.co/SITE` or `jobs.eu.lever.co/SITE`.
//!
//! As far as is known, a request without a limit returns the whole board. If it returns exactly
//! [`api::FULL_CHUNK`] postings, there may be more, so further chunks are requested until one is
//! not full. [`api`] defines the requests and the response, [`map`] turns postings into raw jobs,
//! and [`text`] assembles a description from its parts.

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
        // Far more postings than any company has.
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
