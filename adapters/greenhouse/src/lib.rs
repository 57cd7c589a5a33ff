//! Greenhouse: companies with jobs at `boards.greenhouse.io/TOKEN`, or on their own site with
//! `?gh_jid=`.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs. [`custom`] reads the fields that employers define themselves,
//! [`salary`] reads the pay. The board supports conditional requests, so an unchanged board costs
//! one small request, and the adapter needs no state.

pub mod api;
mod custom;
pub mod map;
mod salary;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board_accepted,
};

struct Greenhouse;

export_adapter!(Greenhouse);

impl Adapter for Greenhouse {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let listing = api::listing(&options, &request.identifier);

        fetch_whole_board_accepted(listing, api::accept, |response| {
            let board = api::read(&response.body)?;
            Ok(map::page(board))
        })
    }
}
