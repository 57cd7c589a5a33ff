//! An error in one line: what happened, and why.

use std::error::Error;

/// The error and its causes, joined by `: `. May quote what a stranger wrote: escape it before
/// printing.
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
