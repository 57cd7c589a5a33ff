//! The texts in cells of tables. Everything that a board or an adapter wrote is escaped here.

use jiff::Timestamp;
use job_scanner_core::escape::{Printable, PrintableStart};
use job_scanner_core::time::utc_millis;

/// Enough to recognize a title.
const SHOWN_TITLE_CHARACTERS: usize = 80;

/// Returns the beginning of a stranger's text, fit for a cell.
pub fn short(text: &str) -> String {
    PrintableStart {
        text,
        limit: SHOWN_TITLE_CHARACTERS,
    }
    .to_string()
}

/// Returns all of a stranger's text that is of no use when cut, such as a key.
pub fn whole(text: &str) -> String {
    Printable(text).to_string()
}

/// Returns a time as JSON and tables have it: UTC, fixed width, with milliseconds.
pub fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// Does the same for a time that may not have come; `-` stands for one that never was.
pub fn time_cell(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}
