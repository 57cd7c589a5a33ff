//! The texts in cells of tables. Texts of boards and adapters are escaped here.

use jiff::Timestamp;
use job_scanner_core::escape::{Printable, PrintableStart};
use job_scanner_core::job::BoardTime;
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

/// Formats a time for JSON and CSV: UTC, with milliseconds and a fixed width.
pub fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// Formats a time for people, such as `2026-11-23 08:15 UTC`. In a narrow column it wraps at a space.
pub fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Formats a time of a board for people. A date stays a date.
pub fn board_minute(at: BoardTime) -> String {
    match at {
        BoardTime::Day(day) => day.to_string(),
        BoardTime::Moment(at) => minute(at),
    }
}

/// Formats an optional time for a table; `-` for `None`.
pub fn time_cell(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), minute)
}
