//! The texts in cells of tables. Texts of boards and adapters are escaped here.

use jiff::civil::Date;
use jiff::{Timestamp, tz::Offset};
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

/// Formats a time for people, such as `2026-11-23 08:15 UTC`.
pub fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Returns the day of a board's time. A point in time is converted to UTC.
pub fn board_day(at: BoardTime) -> Date {
    match at {
        BoardTime::Day(day) => day,
        BoardTime::Moment(at) => Offset::UTC.to_datetime(at).date(),
    }
}

/// Formats a time for a column whose header says that it is UTC, such as `2026-11-23 08:15`; `-`
/// for `None`.
pub fn utc_cell(at: Option<Timestamp>) -> String {
    let minute = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    at.map_or_else(|| "-".to_owned(), minute)
}
