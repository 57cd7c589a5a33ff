//! Crimes of paging: listings without an end.

use job_scanner_sdk::{FetchRequest, Outcome, Page};

pub(crate) fn ever_new_cursors(request: &FetchRequest) -> Outcome {
    let page: u64 = request.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    empty_page_before((page + 1).to_string())
}

pub(crate) fn same_cursor() -> Outcome {
    empty_page_before("again".to_owned())
}

fn empty_page_before(next: String) -> Outcome {
    Outcome::Page(Page { next: Some(next), ..Page::whole_board(Vec::new()) })
}
