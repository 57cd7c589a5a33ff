//! The line about a channel that has failed for a day, in `check` and `sources`.

use job_scanner_core::escape::PrintableStart;
use job_scanner_notify::describe_failing;
use job_scanner_store::ChannelFailure;

/// The number of characters of an error that are shown.
const SHOWN_ERROR_CHARS: usize = 300;

/// Returns the line about a channel that has failed for a day.
pub(crate) fn failing_channel(failure: &ChannelFailure) -> String {
    let shown = PrintableStart {
        text: &describe_failing(failure),
        limit: SHOWN_ERROR_CHARS,
    };
    shown.to_string()
}
