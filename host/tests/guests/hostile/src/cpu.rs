//! Crimes of time: computing without end, and stopping dead.

use std::hint::black_box;

use job_scanner_sdk::{FetchRequest, Level, Outcome, Page, SourceError, log};

use crate::paging;

/// So many rounds take about nine milliseconds: a little less than the host lets pass between two
/// looks at a guest.
const ROUNDS_OF_9_MS: u64 = 9_000_000;

pub(crate) fn compute_for_ever() -> ! {
    loop {
        compute(u64::MAX);
    }
}

/// Every call of the host is a chance to lose count of the time.
pub(crate) fn log_for_ever() -> ! {
    loop {
        log(Level::Debug, "still here");
    }
}

/// Out of guest code just before the host looks.
pub(crate) fn log_every_9_ms() -> ! {
    loop {
        compute(ROUNDS_OF_9_MS);
        log(Level::Debug, "nothing to see here");
    }
}

/// No page takes long, and there are many.
pub(crate) fn compute_on_every_page(request: &FetchRequest) -> Outcome {
    compute(ROUNDS_OF_9_MS);
    paging::ever_new_cursors(request)
}

/// A page with a job, then one that takes for ever.
pub(crate) fn compute_on_the_second_page(request: &FetchRequest, first: Page) -> Outcome {
    if request.cursor.is_some() {
        compute_for_ever();
    }
    Outcome::Page(Page {
        next: Some("2".to_owned()),
        ..first
    })
}

/// A panic in a guest is a trap, with words in the log.
pub(crate) fn panic() -> Result<Outcome, SourceError> {
    panic!("panicked on purpose")
}

/// A bare trap.
pub(crate) fn trap() -> Result<Outcome, SourceError> {
    std::process::abort()
}

/// Calls itself until there is no stack left.
pub(crate) fn recurse(depth: u64) -> u64 {
    // Called where the compiler cannot see it, or it would make a loop of it.
    let again: fn(u64) -> u64 = black_box(recurse);
    again(depth + 1) ^ depth
}

fn compute(rounds: u64) {
    for round in 0..rounds {
        black_box(round);
    }
}
