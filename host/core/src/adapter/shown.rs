//! How much of a stranger's, or of a user's, text a message shows.

use crate::escape::PrintableStart;

/// Characters shown.
const CHARACTERS: usize = 200;

/// The beginning of a text, fit for a message.
pub(super) fn shown(text: &str) -> PrintableStart<'_> {
    PrintableStart {
        text,
        limit: CHARACTERS,
    }
}
