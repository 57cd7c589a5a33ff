//! Rippling: companies with jobs at `ats.rippling.com/BOARD`.
//!
//! One request returns the listing without texts. Each text takes one request, which the host asks
//! for when it needs the text. [`api`] defines the requests and responses, [`map`] turns responses
//! into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, Detail, DetailedAdapter, FetchRequest, Outcome, SourceError, Wanted,
    export_detailed_adapter, fetch_each, fetch_whole_board,
};

struct Rippling;

export_detailed_adapter!(Rippling);

impl Adapter for Rippling {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = api::Board::from_request(request)?;

        fetch_whole_board(board.listing(), |response| {
            let jobs = api::read(&response.body)?;
            Ok(map::page(jobs))
        })
    }
}

impl DetailedAdapter for Rippling {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let board = api::Board::from_request(request)?;
        Ok(fetch_each(
            wanted,
            |job| board.job(&job.token),
            |_, response| Ok(map::details(response.json()?)),
        ))
    }
}
