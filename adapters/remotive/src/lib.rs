//! Remotive: the remote jobs of many companies.
//!
//! One request returns all of them. [`api`] defines the request and the response, [`map`] turns the
//! response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct Remotive;

export_adapter!(Remotive);

impl Adapter for Remotive {
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
