//! Remote OK: the newest remote jobs of many companies, about a hundred.
//!
//! One request returns all of them. [`api`] defines the request and the response, [`map`] turns the
//! response into raw jobs. Older jobs are not listed, so a listing is a window: a job that is no
//! longer in it may still be open.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct RemoteOk;

export_adapter!(RemoteOk);

impl Adapter for RemoteOk {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let listing = api::listing(&options, &request.identifier);

        fetch_whole_board(listing, |response| {
            let jobs = api::read(&response.body)?;
            Ok(map::page(jobs))
        })
    }
}
