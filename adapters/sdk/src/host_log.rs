//! Messages for the operator.

use crate::Level;
#[cfg(target_family = "wasm")]
use crate::bindings::job_scanner::source::log as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing as host;

/// Writes a message for the operator to job-scanner's log.
///
/// In a native build it is written to standard error.
pub fn log(level: Level, message: &str) {
    host::log(level, message);
}
