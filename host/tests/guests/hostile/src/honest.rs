//! The output of a well-behaved adapter.

use job_scanner_sdk::{Description, Outcome, Page, RawJob};

/// Returns one page with this many plain jobs.
pub(crate) fn jobs(count: u32) -> Outcome {
    Outcome::Page(page(count))
}

/// Returns the same page for the caller to change.
pub(crate) fn page(count: u32) -> Page {
    Page::whole_board((1..=count).map(|number| job(&number.to_string())).collect())
}

/// Returns a page with one job of this title.
pub(crate) fn titled(title: String) -> Outcome {
    Outcome::Page(Page::whole_board(vec![RawJob { title, ..job("1") }]))
}

pub(crate) fn job(id: &str) -> RawJob {
    let url = format!("https://jobs.example/{id}");
    RawJob {
        description: Some(Description::Html(format!("<p>This is job {id}.</p>"))),
        ..RawJob::new(id, format!("Engineer {id}"), url)
    }
}
