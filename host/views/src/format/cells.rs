//! The texts in cells of tables. Texts of boards and adapters are escaped here.

use jiff::Timestamp;
use job_scanner_core::escape::{Printable, PrintableStart};
use job_scanner_core::time::utc_millis;

/// The maximum length of a text, enough to recognize a title.
const SHOWN_TITLE_CHARACTERS: usize = 80;

/// Returns the escaped beginning of an untrusted text.
pub fn short(text: &str) -> String {
    PrintableStart {
        text,
        limit: SHOWN_TITLE_CHARACTERS,
    }
    .to_string()
}

/// Returns the whole of an untrusted text, escaped. For texts that must not be cut, such as a key.
pub fn whole(text: &str) -> String {
    Printable(text).to_string()
}

/// Formats a time for JSON and tables: UTC, with milliseconds and a fixed width.
pub fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// Formats an optional time for a table; `-` for `None`.
pub fn time_cell(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}
