//! Personio: companies whose jobs are at `COMPANY.jobs.personio.de`.
//!
//! One request brings the whole board as XML. [`api`] says which, [`map`] turns the answer into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter, xml};

struct Personio;

export_adapter!(Personio);

impl Adapter for Personio {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = api::Board::of(request)?;
        let response = board.listing().send()?.ok()?;
        if response.unchanged {
            return Ok(Outcome::NotModified);
        }
        let text = response.xml_text()?;
        Ok(Outcome::Page(map::page(&xml::parse(&text, &["workzag-jobs"])?, &board)))
    }
}
