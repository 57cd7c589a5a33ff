//! Recruitee: companies whose jobs are at `COMPANY.recruitee.com`.
//!
//! One request brings the whole board. [`api`] is the site's answer as it is, [`map`] turns it into
//! raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

struct Recruitee;

export_adapter!(Recruitee);

impl Adapter for Recruitee {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let response = api::listing(request)?.send()?.ok()?;
        if response.unchanged {
            return Ok(Outcome::NotModified);
        }
        Ok(Outcome::Page(map::page(api::read(&response.body)?)))
    }
}
