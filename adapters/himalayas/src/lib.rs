//! Himalayas: the newest remote jobs of many companies.
//!
//! The board lists a hundred thousand jobs, twenty per page. Only the first pages are read, so a
//! listing is a window: a job that is no longer in it may still be open. [`api`] defines the
//! request and the response, [`map`] turns the response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, Chunk, FetchRequest, OffsetPages, Outcome, Paging, Request, Response, SourceError,
    export_adapter, fetch_offset_pages,
};

use api::Options;

struct Himalayas;

export_adapter!(Himalayas);

impl Adapter for Himalayas {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        request.check_identifier("Himalayas", "all")?;
        let options: Options = request.read_options()?;
        let outcome = fetch_offset_pages(request, &options)?;
        Ok(outcome.map_page(map::as_window))
    }
}

impl OffsetPages for Options {
    fn paging(&self) -> Paging {
        Paging {
            page_size: api::PAGE_SIZE,
            max_pages: self.pages,
        }
    }

    fn request(&self, skip: usize) -> Request {
        api::listing(self, skip)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        map::chunk(&response.json()?)
    }
}
