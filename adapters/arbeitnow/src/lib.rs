//! Arbeitnow: the newest jobs of many companies, most of them in Germany.
//!
//! A page has a hundred jobs. The cursor is the number of the page. Only the first pages are read,
//! so a listing is a window: a job that is no longer in it may still be open. [`api`] defines the
//! request and the response, [`map`] turns the response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

struct Arbeitnow;

export_adapter!(Arbeitnow);

impl Adapter for Arbeitnow {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        request.check_identifier("Arbeitnow", "all")?;
        let options: api::Options = request.read_options()?;
        let number = request
            .cursor
            .as_deref()
            .and_then(|cursor| cursor.parse().ok())
            .unwrap_or(1);

        let response = api::listing(&options, number).send()?.ok()?;
        let listing = api::read(&response.body)?;
        Ok(Outcome::Page(map::page(listing, number, options.pages)))
    }
}
