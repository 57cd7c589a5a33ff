//! Excerpts of untrusted text for messages.

use crate::escape::PrintableStart;

/// The length of an excerpt, in characters.
const CHARACTERS: usize = 200;

/// Returns the beginning of a text, escaped for printing.
pub(super) fn shown(text: &str) -> PrintableStart<'_> {
    PrintableStart {
        text,
        limit: CHARACTERS,
    }
}
