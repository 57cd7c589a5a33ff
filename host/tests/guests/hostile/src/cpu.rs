//! Crimes of time: computing without end, and stopping dead.

use std::hint::black_box;

use job_scanner_sdk::{Level, Outcome, SourceError, log};

pub(crate) fn compute_for_ever() -> ! {
    let mut number = 0_u64;
    loop {
        number = black_box(number.wrapping_add(1));
    }
}

/// Every call of the host is a chance to lose count of the time.
pub(crate) fn log_for_ever() -> ! {
    loop {
        log(Level::Debug, "still here");
    }
}

/// A panic in a guest is a trap.
pub(crate) fn trap() -> Result<Outcome, SourceError> {
    panic!("trapped on purpose")
}
