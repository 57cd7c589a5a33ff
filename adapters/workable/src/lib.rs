//! Workable: companies with jobs at `apply.workable.com/ACCOUNT`.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct Workable;

export_adapter!(Workable);

impl Adapter for Workable {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let listing = api::listing(&options, &request.identifier);

        fetch_whole_board(listing, |response| {
            let board = api::read(&response.body)?;
            Ok(map::page(board))
        })
    }
}
