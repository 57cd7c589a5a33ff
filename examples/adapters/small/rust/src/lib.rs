//! Example: companies whose jobs are at `jobs.example/COMPANY`. The board returns all jobs of a
//! company at once.
//!
//! [`web`] contains the meaning of statuses and failures, and [`panics`] reports crashes.

mod panics;
#[allow(dead_code, reason = "it can also send several requests at once")]
mod web;

/// The contract's types, generated from wit/source.wit.
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "source-adapter" });
}

use bindings::exports::job_scanner::source::adapter::Guest;
use bindings::job_scanner::source::types::{
    Coverage, Description, FetchRequest, Location, Outcome, Page, RawJob, SourceError,
};
use serde_json::Value;

struct Adapter;

bindings::export!(Adapter with_types_in bindings);

impl Guest for Adapter {
    fn describe() -> String {
        include_str!("../manifest.json").to_owned()
    }

    /// Returns all jobs of a company.
    fn fetch_jobs(request: FetchRequest) -> Result<Outcome, SourceError> {
        panics::log_them();
        let company = web::encoded(&request.identifier);
        let url = format!("https://api.jobs.example/companies/{company}/openings");
        let response = web::send(&web::get(url, true))?;
        if response.unchanged {
            return Ok(Outcome::NotModified);
        }

        let answer = web::json(&response)?;
        let openings = answer["openings"]
            .as_array()
            .ok_or_else(|| web::unexpected("openings: expected a list"))?;
        read_all(openings).map(Outcome::Page)
    }
}

/// Reads each opening. One that cannot be read becomes a warning, so that it does not hide the
/// others. If none can be read, the board has changed.
fn read_all(openings: &[Value]) -> Result<Page, SourceError> {
    let (mut jobs, mut warnings) = (Vec::new(), Vec::new());
    for (index, opening) in openings.iter().enumerate() {
        match read_job(opening) {
            Ok(job) => jobs.push(job),
            Err(words) => warnings.push(format!("openings[{index}].{words}")),
        }
    }
    if let (true, Some(warning)) = (jobs.is_empty(), warnings.first()) {
        return Err(web::unexpected(warning));
    }

    Ok(Page {
        jobs,
        next: None,
        state: None,
        // Lets the host notice that a job could not be read: it closes no job because of that.
        total: u32::try_from(openings.len()).ok(),
        coverage: Coverage::Complete,
        warnings,
    })
}

/// Converts an opening of the board to a job. wit/source.wit explains the fields. `None` is
/// unknown.
fn read_job(opening: &Value) -> Result<RawJob, String> {
    let city = web::text(opening, "city")?.map(|name| Location {
        name,
        city: None,
        region: None,
        country: None,
    });
    Ok(RawJob {
        external_id: web::needed(opening, "id")?,
        title: web::needed(opening, "title")?,
        url: web::needed(opening, "url")?,
        locations: city.into_iter().collect(),
        description: web::text(opening, "text")?.map(Description::Html),
        posted_at: web::text(opening, "published")?,
        apply_url: None,
        company: None,
        department: None,
        workplace: None,
        employment_type: None,
        salary: None,
        language: None,
        updated_at: None,
        expires_at: None,
        revision: None,
        extra: Vec::new(),
    })
}
