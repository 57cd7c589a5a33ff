//! Lever: companies whose jobs are at `jobs.lever.co/SITE` or `jobs.eu.lever.co/SITE`.
//!
//! One request brings the whole board, or its first hundred postings, which is then followed by requests for the rest
//! ([`board`]). [`api`] is the site's answer as it is, [`map`] turns it into raw jobs; [`text`] puts a description
//! together from its parts.

pub mod api;
mod board;
pub mod map;
mod text;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter, send_all};

struct Lever;

export_adapter!(Lever);

impl Adapter for Lever {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let part = |skip| api::listing(&options, &request.identifier, skip);
        board::fetch(request.state.as_deref(), part, send_all)
    }
}
