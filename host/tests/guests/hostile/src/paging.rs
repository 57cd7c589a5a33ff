//! Misbehaviour in paging: listings without an end.

use job_scanner_sdk::{FetchRequest, Outcome, Page, RawJob};

pub(crate) fn ever_new_cursors(request: &FetchRequest) -> Outcome {
    page_before_the_next(request, Vec::new())
}

pub(crate) fn same_cursor() -> Outcome {
    page_before(Vec::new(), "again".to_owned())
}

/// Returns a page with these jobs, and a cursor that has not been used before.
pub(crate) fn page_before_the_next(request: &FetchRequest, jobs: Vec<RawJob>) -> Outcome {
    let page: u64 = request
        .cursor
        .as_deref()
        .and_then(|cursor| cursor.parse().ok())
        .unwrap_or(0);
    page_before(jobs, (page + 1).to_string())
}

fn page_before(jobs: Vec<RawJob>, next: String) -> Outcome {
    Outcome::Page(Page {
        next: Some(next),
        ..Page::whole_board(jobs)
    })
}
