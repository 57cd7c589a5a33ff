//! Words to the person who runs the adapter.

use crate::Level;
#[cfg(target_family = "wasm")]
use crate::bindings::job_scanner::source::log as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing as host;

/// Says something to the person who runs the adapter; it goes to job-scanner's log.
pub fn log(level: Level, message: &str) {
    host::log(level, message);
}
