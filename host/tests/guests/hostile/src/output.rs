//! Misbehaviour by volume and by content: more output than the host has to accept, or characters
//! that do harm where they are printed.

use job_scanner_sdk::{FetchRequest, Level, Outcome, Page, RawJob, SourceError, log};

use crate::{honest, paging};

/// Clears a terminal, sets its title, and reverses the direction of the text that follows.
const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}gpj.exe";

pub(crate) fn big_title() -> Outcome {
    honest::titled("x".repeat(1 << 20))
}

/// Returns pages of this many bytes, one after the other.
pub(crate) fn big_pages(request: &FetchRequest, bytes: usize) -> Outcome {
    paging::page_before_the_next(
        request,
        vec![RawJob {
            title: "x".repeat(bytes),
            ..honest::job("1")
        }],
    )
}

/// Returns pages of this many jobs, one after the other.
pub(crate) fn many_jobs(request: &FetchRequest, count: u32) -> Outcome {
    paging::page_before_the_next(
        request,
        (0..count)
            .map(|number| honest::job(&number.to_string()))
            .collect(),
    )
}

pub(crate) fn huge_extra() -> Outcome {
    let many = (0..1_000).map(|number| (format!("name {number}"), "x".repeat(2_000)));
    one_job(RawJob {
        extra: many.collect(),
        ..honest::job("1")
    })
}

pub(crate) fn huge_state() -> Outcome {
    Outcome::Page(Page {
        state: Some("x".repeat(64 * 1024 + 1)),
        ..Page::whole_board(Vec::new())
    })
}

pub(crate) fn huge_cursor() -> Outcome {
    Outcome::Page(Page {
        next: Some("x".repeat(4 * 1024 + 1)),
        ..Page::whole_board(Vec::new())
    })
}

/// Returns invalid ids, except for the first, which has the maximum length.
pub(crate) fn huge_ids() -> Outcome {
    let jobs = [
        "x".repeat(512),
        "x".repeat(513),
        "y".repeat(1 << 20),
        String::new(),
    ];
    Outcome::Page(Page::whole_board(
        jobs.iter().map(|id| honest::job(id)).collect(),
    ))
}

pub(crate) fn huge_warnings() -> Outcome {
    let warnings = (0..1_000)
        .map(|number| format!("{number}: {}", "ä".repeat(2_000)))
        .collect();
    Outcome::Page(Page {
        warnings,
        ..Page::whole_board(vec![honest::job("1")])
    })
}

/// Returns three jobs with one id; the last job equals the first.
pub(crate) fn duplicate_ids() -> Outcome {
    let job = |title: &str| RawJob {
        title: title.to_owned(),
        ..honest::job("1")
    };
    Outcome::Page(Page::whole_board(vec![
        job("Engineer"),
        job("Another engineer"),
        job("Engineer"),
    ]))
}

pub(crate) fn log_flood() -> Outcome {
    for line in 1..=10_000 {
        log(Level::Info, &format!("line {line} of a flood"));
    }
    honest::jobs(1)
}

/// Puts them into a log line, a warning and a title.
pub(crate) fn evil_words() -> Outcome {
    log(Level::Warn, &format!("a line\nanother line {EVIL}"));
    let job = RawJob {
        title: format!("Engineer {EVIL}"),
        ..honest::job("1")
    };
    Outcome::Page(Page {
        warnings: vec![format!("a warning {EVIL}")],
        ..Page::whole_board(vec![job])
    })
}

pub(crate) fn evil_error() -> SourceError {
    SourceError::Other((
        format!("code {EVIL}"),
        format!("words {EVIL}{}", "x".repeat(1 << 20)),
    ))
}

fn one_job(job: RawJob) -> Outcome {
    Outcome::Page(Page::whole_board(vec![job]))
}
