//! Recruitee: companies with jobs at `COMPANY.recruitee.com`.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct Recruitee;

export_adapter!(Recruitee);

impl Adapter for Recruitee {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let listing = api::listing(request)?;

        fetch_whole_board(listing, |response| {
            let offers = api::read(&response.body)?;
            Ok(map::page(offers))
        })
    }
}
