//! An error and its causes in one line.

use std::error::Error;

/// Returns the error and its causes, joined by `: `. The text may quote untrusted text: escape it
/// before printing.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();

    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
