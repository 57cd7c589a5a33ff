//! Crimes of volume: too much of what the host has to take.

use job_scanner_sdk::{Level, Outcome, log};

use crate::honest;

pub(crate) fn big_title() -> Outcome {
    honest::titled("x".repeat(1 << 20))
}

pub(crate) fn log_flood() -> Outcome {
    for line in 1..=10_000 {
        log(Level::Info, &format!("line {line} of a flood"));
    }
    honest::jobs(1)
}
