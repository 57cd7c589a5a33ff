//! BambooHR: companies with jobs at `COMPANY.bamboohr.com/careers`.
//!
//! One request returns the listing without texts. Each text takes one request, which the host asks
//! for when it needs the text. [`api`] defines the requests and responses, [`map`] turns responses
//! into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, Detail, DetailedAdapter, FetchRequest, Outcome, Response, SourceError, Wanted,
    export_detailed_adapter, fetch_each, fetch_whole_board_accepted,
};

struct BambooHr;

export_detailed_adapter!(BambooHr);

impl Adapter for BambooHr {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = api::Board::from_request(request)?;

        fetch_whole_board_accepted(
            board.listing(),
            Response::ok_unless_redirected,
            |response| {
                let openings = api::read(&response.body)?;
                Ok(map::page(openings, &board))
            },
        )
    }
}

impl DetailedAdapter for BambooHr {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let board = api::Board::from_request(request)?;
        Ok(fetch_each(
            wanted,
            |job| board.opening(&job.token),
            |_, response| Ok(map::details(response.json()?)),
        ))
    }
}
