//! Example: companies whose jobs are at `jobs.example/COMPANY`.
//!
//! The board lists jobs in pages and tells the rest of each only when asked for that job. Here is
//! what a scan does; [`board`] knows the board's URLs and answers, [`web`] what statuses and
//! failures mean.

mod board;
mod web;

/// The contract's types, made from wit/source.wit.
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
        let source = Source::new(&request.identifier, &request.options)?;
        // How many pages the last complete scan read.
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
        // Nothing was remembered of a page beyond the known ones: its body comes, and the host
        // learns to recognize it.
        let answer = web::send(board::listing_request(&source, page, page > known))?;
        let mut listing = board::read_listing(&web::json(&answer)?)?;
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
        // One odd job does not hide the others. Nothing but odd ones: the board changed.
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

/// Whether all pages of the listing are as they were. A job that changes has another `changed`
/// there, so nothing needs to be asked for then.
fn is_unchanged(source: &Source, pages: u32) -> bool {
    let requests: Vec<_> = (1..=pages)
        .map(|page| board::listing_request(source, page, true))
        .collect();
    web::send_all(&requests).all(|answer| answer.is_ok_and(|answer| answer.unchanged))
}

/// The jobs with what the board tells of each, asked for side by side. A job that cannot be read
/// becomes a warning.
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
        let details = web::body(answer).and_then(|body| web::json(&body));
        match details.and_then(|details| board::add_details(&mut job, &details)) {
            // Not every job has details; what the listing says of this one is all there is.
            Ok(()) | Err(SourceError::NotFound(_)) => jobs.push(job),
            Err(SourceError::UnexpectedResponse(words)) => {
                warnings.push(format!("job {}: {words}", job.external_id))
            }
            Err(error) => return Err(error),
        }
    }
    Ok(jobs)
}
