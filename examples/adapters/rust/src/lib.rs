//! Example: companies whose jobs are at `jobs.example/COMPANY`.
//!
//! The board lists jobs in pages and returns the rest of each job in a separate response. This file
//! contains the scan. [`board`] contains the board's URLs and responses, [`web`] the meaning of
//! statuses and failures, and [`panics`] reports crashes.

mod board;
mod panics;
mod web;

/// The contract's types, generated from wit/source.wit.
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "source-adapter" });
}

use bindings::exports::job_scanner::source::adapter::Guest;
use bindings::job_scanner::source::log::{Level, log};
use bindings::job_scanner::source::types::{
    Coverage, FetchRequest, Outcome, Page, RawJob, SourceError,
};

use board::Source;

struct Adapter;

bindings::export!(Adapter with_types_in bindings);

impl Guest for Adapter {
    fn describe() -> String {
        include_str!("../manifest.json").to_owned()
    }

    fn fetch_jobs(request: FetchRequest) -> Result<Outcome, SourceError> {
        panics::log_them();
        let source = Source::new(&request.identifier, &request.options)?;
        // The number of pages that the last complete scan read.
        let known = request
            .state
            .and_then(|state| state.parse().ok())
            .unwrap_or(0);
        if request.cursor.is_none() && known > 0 && is_unchanged(&source, known) {
            return Ok(Outcome::NotModified);
        }

        let page = request
            .cursor
            .and_then(|cursor| cursor.parse().ok())
            .unwrap_or(1);
        // The host has nothing stored for a page beyond the known ones: it returns the body, and
        // stores its validators for the next scan.
        let response = web::send(&board::listing_request(&source, page, page > known))?;
        let mut listing = board::read_listing(&web::json(&response)?)?;
        log(
            Level::Debug,
            &format!(
                "page {page} has {} of {} jobs",
                listing.jobs.len(),
                listing.total
            ),
        );
        listing
            .jobs
            .truncate(request.max_jobs.map_or(usize::MAX, |most| most as usize));
        let jobs = with_details(&source, listing.jobs, &mut listing.warnings)?;
        // One malformed job does not hide the others. If all of them are malformed, the board
        // changed.
        if let (true, Some(warning)) = (jobs.is_empty(), listing.warnings.first()) {
            return Err(web::unexpected(warning));
        }
        Ok(Outcome::Page(Page {
            jobs,
            next: listing.next.map(|next| next.to_string()),
            state: Some(page.to_string()),
            total: Some(listing.total),
            coverage: Coverage::Complete,
            warnings: listing.warnings,
        }))
    }
}

/// Returns true if no page of the listing has changed. A job that changes gets a different
/// `changed` in the listing, so there is nothing more to request.
fn is_unchanged(source: &Source, pages: u32) -> bool {
    let requests: Vec<_> = (1..=pages)
        .map(|page| board::listing_request(source, page, true))
        .collect();
    web::send_all(&requests).all(|answer| answer.is_ok_and(|answer| answer.unchanged))
}

/// Returns the jobs with their details, requested concurrently. A job that cannot be read becomes a
/// warning.
fn with_details(
    source: &Source,
    listed: Vec<RawJob>,
    warnings: &mut Vec<String>,
) -> Result<Vec<RawJob>, SourceError> {
    let requests: Vec<_> = listed
        .iter()
        .map(|job| board::details_request(source, &job.external_id))
        .collect();
    let mut jobs = Vec::new();
    for (mut job, answer) in listed.into_iter().zip(web::send_all(&requests)) {
        let details = web::successful(answer).and_then(|response| web::json(&response));
        match details.and_then(|details| board::add_details(&mut job, &details)) {
            // Not every job has details. This one has only the fields of the listing.
            Ok(()) | Err(SourceError::NotFound(_)) => jobs.push(job),
            Err(SourceError::UnexpectedResponse(words)) => {
                warnings.push(format!("job {}: {words}", job.external_id))
            }
            Err(error) => return Err(error),
        }
    }
    Ok(jobs)
}
