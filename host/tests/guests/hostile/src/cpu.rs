//! Misbehaviour that uses CPU time without end, and traps.

use std::hint::black_box;

use job_scanner_sdk::{FetchRequest, Level, Outcome, Page, SourceError, log};

use crate::paging;

/// The rounds that take about nine milliseconds: slightly less than the time that passes between
/// two of the host's checks of a guest.
const ROUNDS_OF_9_MS: u64 = 9_000_000;

pub(crate) fn compute_for_ever() -> ! {
    loop {
        compute(u64::MAX);
    }
}

/// Calls the host without end. Each call is a chance for the host to lose count of the CPU time.
pub(crate) fn log_for_ever() -> ! {
    loop {
        log(Level::Debug, "still here");
    }
}

/// Leaves guest code just before each of the host's checks.
pub(crate) fn log_every_9_ms() -> ! {
    loop {
        compute(ROUNDS_OF_9_MS);
        log(Level::Debug, "nothing to see here");
    }
}

/// Returns pages without end, none of which takes long.
pub(crate) fn compute_on_every_page(request: &FetchRequest) -> Outcome {
    compute(ROUNDS_OF_9_MS);
    paging::ever_new_cursors(request)
}

/// Returns a page with a job, then computes for ever on the second page.
pub(crate) fn compute_on_the_second_page(request: &FetchRequest, first: Page) -> Outcome {
    if request.cursor.is_some() {
        compute_for_ever();
    }
    Outcome::Page(Page {
        next: Some("2".to_owned()),
        ..first
    })
}

/// Panics, which is a trap with a message in the log.
pub(crate) fn panic() -> Result<Outcome, SourceError> {
    panic!("panicked on purpose")
}

/// Traps without a message.
pub(crate) fn trap() -> Result<Outcome, SourceError> {
    std::process::abort()
}

/// Calls itself until the stack is exhausted.
pub(crate) fn recurse(depth: u64) -> u64 {
    // The call is hidden from the compiler, which would turn it into a loop.
    let again: fn(u64) -> u64 = black_box(recurse);
    again(depth + 1) ^ depth
}

fn compute(rounds: u64) {
    for round in 0..rounds {
        black_box(round);
    }
}
