//! Ashby: companies with jobs at `jobs.ashbyhq.com/BOARD`, or on their own site with Ashby's form.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs, and [`salary`] reads the pay. The board supports conditional
//! requests, so an unchanged board costs one small request, and the adapter needs no state.

pub mod api;
pub mod map;
mod salary;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct Ashby;

export_adapter!(Ashby);

impl Adapter for Ashby {
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
