//! Greenhouse: companies whose jobs are at `boards.greenhouse.io/TOKEN`, or on their own site with
//! `?gh_jid=`.
//!
//! One request brings the whole board. [`api`] is the site's answer as it is, [`map`] turns it into
//! raw jobs; [`custom`] reads the fields that employers define themselves, [`salary`] what a job
//! pays. The board's own validator is honoured, so a board that did not change costs one small
//! request, and nothing has to be remembered.

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
