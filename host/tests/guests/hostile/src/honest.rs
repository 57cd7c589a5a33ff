//! What an adapter should return.

use job_scanner_sdk::{Description, Outcome, Page, RawJob};

/// One page of that many plain jobs.
pub(crate) fn jobs(count: u32) -> Outcome {
    Outcome::Page(page(count))
}

/// The same, to be changed.
pub(crate) fn page(count: u32) -> Page {
    Page::whole_board((1..=count).map(|number| job(&number.to_string())).collect())
}

/// A page with one job of that title.
pub(crate) fn titled(title: String) -> Outcome {
    Outcome::Page(Page::whole_board(vec![RawJob { title, ..job("1") }]))
}

/// A plain job.
pub(crate) fn job(id: &str) -> RawJob {
    let url = format!("https://jobs.example/{id}");
    RawJob {
        description: Some(Description::Html(format!("<p>This is job {id}.</p>"))),
        ..RawJob::new(id, format!("Engineer {id}"), url)
    }
}
