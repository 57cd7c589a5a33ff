//! Reports of panics. A panic ends the scan with a crash, which has no message, so the message goes
//! to the host's log.

use std::panic;

use crate::bindings::job_scanner::source::log::{Level, log};

/// Logs the message and the line of every panic from now on.
pub fn log_them() {
    panic::set_hook(Box::new(|panic| log(Level::Error, &panic.to_string())));
}
