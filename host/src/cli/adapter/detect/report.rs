//! The addresses of a call that are not recognized.

use crate::kit::detect::DetectedSources;
use crate::terminal::write_stderr_line;

/// Writes the addresses that are not recognized to standard error, with the reasons.
pub(crate) fn report_unrecognized(detected: &DetectedSources) {
    for (address, reason) in &detected.unrecognized {
        write_stderr_line(format_args!("`{address}` is not recognized: {reason}"));
    }
    if let Some(advice) = detected.advice() {
        write_stderr_line(advice);
    }
}
