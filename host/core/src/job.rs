//! A vacancy as it is stored: normalized, and with the hash that names its version.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, civil::Date, tz};

use crate::hash::hash_type;
use crate::key::ExternalId;
pub use crate::location::Location;
pub use crate::normalize::facts::{Facts, Known, KnownPay, Origin};
pub use crate::raw::{PayPeriod, Salary, Workplace};
use crate::time::utc_millis;
use crate::words;

/// A normalized vacancy. Only [`crate::normalize`] creates one.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The board's id of the job.
    pub external_id: ExternalId,
    /// One line, never empty.
    pub title: String,
    /// The employer; `None` if the board does not name it.
    pub company: Option<String>,
    pub department: Option<String>,
    /// The places of work in the board's order, without duplicates.
    pub locations: Vec<Location>,
    /// The workplace; `None` if unknown.
    pub workplace: Option<Workplace>,
    /// The employment type in the board's words.
    pub employment_type: Option<String>,
    /// The pay; `None` if unknown.
    pub salary: Option<Salary>,
    /// Plain text; `None` if the board does not provide it.
    pub description: Option<String>,
    /// The [BCP 47](https://www.rfc-editor.org/info/bcp47) tag of the description's language.
    pub language: Option<String>,
    /// The URL of the public page: absolute, `http` or `https`, without tracking parameters.
    pub url: String,
    /// The page to apply on, if it is another page.
    pub apply_url: Option<String>,
    /// The time of posting, as the board states it.
    pub posted_at: Option<BoardTime>,
    /// The time of the last change, as the board states it.
    pub updated_at: Option<BoardTime>,
    /// The end of the posting, as the board states it.
    pub expires_at: Option<BoardTime>,
    /// Further names and values. They are shown and found by queries, but never matched with a
    /// profile, mailed or part of the content hash.
    pub extra: Vec<(String, String)>,
    /// The values that are derived from the fields above. They are not part of the content hash.
    pub facts: Facts,
    /// The hash that names this version of the job.
    pub content_hash: ContentHash,
}

/// The company that is shown and searched for a job. If the board does not name one, it is the
/// source's name in the configuration, which is often the company's, but not always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownCompany<'a> {
    pub name: &'a str,
    pub from: CompanyOrigin,
}

words! {
    /// The origin of a company's name.
    pub enum CompanyOrigin: "an origin of a company's name" {
        /// The board names it.
        Board = "board",
        /// The name of the source replaces it.
        Source = "source",
    }
}

/// A time as a board states it. A plain date stays a date and is never converted to midnight in
/// some time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoardTime {
    /// A point in time, given with its offset.
    Moment(Timestamp),
    /// A day on the board's calendar.
    Day(Date),
}

hash_type! {
    /// The hash that names a version of a job. It covers title, company, sorted locations,
    /// workplace, employment type, salary and description text. It does not cover dates, URLs,
    /// department, extra, and the counters in the description, such as "17 views": they change
    /// without a new version.
    ContentHash
}

impl<'a> ShownCompany<'a> {
    /// Returns the company that the board names, and otherwise the name of the source.
    pub fn of(company: Option<&'a str>, source_name: &'a str) -> Self {
        match company {
            Some(name) => Self {
                name,
                from: CompanyOrigin::Board,
            },
            None => Self {
                name: source_name,
                from: CompanyOrigin::Source,
            },
        }
    }
}

impl BoardTime {
    /// Returns true if the time has passed. A day has passed when it has ended everywhere on Earth,
    /// at noon UTC of the next day.
    pub fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Moment(at) => at < now,
            Self::Day(day) => day < earliest_day(now),
        }
    }
}

/// Returns the earliest current date of any time zone. All days before it are over everywhere.
pub fn earliest_day(now: Timestamp) -> Date {
    tz::Offset::constant(-12).to_datetime(now).date()
}

/// Prints `2026-11-23T08:15:00.000Z` for a point in time (UTC, fixed width) and `2026-11-23` for a
/// day.
impl fmt::Display for BoardTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(at) => write!(f, "{}", utc_millis(*at)),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// Parses [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) with an offset, or a plain date.
impl FromStr for BoardTime {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        if text.len() == "2026-11-23".len() {
            return text.parse().map(Self::Day);
        }
        text.parse().map(Self::Moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_source_replaces_a_missing_company() {
        let of_board = ShownCompany::of(Some("Acme Inc."), "Acme");
        assert_eq!(
            (of_board.name, of_board.from),
            ("Acme Inc.", CompanyOrigin::Board)
        );

        let of_source = ShownCompany::of(None, "Acme");
        assert_eq!(
            (of_source.name, of_source.from),
            ("Acme", CompanyOrigin::Source)
        );
    }

    #[test]
    fn a_moment_is_printed_in_utc_with_milliseconds() {
        let at: BoardTime = "2026-07-30T06:59:38-04:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-07-30T10:59:38.000Z");
    }

    #[test]
    fn a_plain_date_stays_a_date() {
        let day: BoardTime = "2026-11-23".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-23");
    }

    #[test]
    fn a_day_is_over_when_it_has_ended_everywhere() {
        let over = |end: &str, now: &str| {
            end.parse::<BoardTime>()
                .unwrap()
                .is_over(now.parse().unwrap())
        };
        assert!(!over("2026-11-23", "2026-11-24T11:59:59Z"));
        assert!(over("2026-11-23", "2026-11-24T12:00:00Z"));
        assert!(!over("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"));
        assert!(over("2026-11-23T10:00:00Z", "2026-11-23T10:00:01Z"));
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        assert!("2026-07-30T06:59:38".parse::<BoardTime>().is_err());
    }
}
