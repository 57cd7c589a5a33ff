//! A vacancy as we keep it: normalized, and with the hash that names its version.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, civil::Date, tz};
use serde::{Deserialize, Serialize};

use crate::hash::hash_type;
use crate::key::ExternalId;
pub use crate::raw::{PayPeriod, Salary, Workplace};
use crate::time::utc_millis;

/// One vacancy, normalized. Made by [`crate::normalize`] alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// What the board calls it.
    pub external_id: ExternalId,
    /// One line, never empty.
    pub title: String,
    /// Who hires; `None` when the board does not say.
    pub company: Option<String>,
    /// The department or team.
    pub department: Option<String>,
    /// Where the work is, in the board's order, without repetitions.
    pub locations: Vec<Location>,
    /// Where the work is done; unknown stays `None`.
    pub workplace: Option<Workplace>,
    /// The board's words.
    pub employment_type: Option<String>,
    /// What it pays; unknown stays `None`.
    pub salary: Option<Salary>,
    /// Plain text; `None` when the board does not tell.
    pub description: Option<String>,
    /// BCP 47 tag of the text.
    pub language: Option<String>,
    /// The public page: absolute, `http` or `https`, tracking parameters dropped.
    pub url: String,
    /// Where to apply, when that is another page.
    pub apply_url: Option<String>,
    /// When the board says it was posted.
    pub posted_at: Option<BoardTime>,
    /// When the board says it was changed.
    pub updated_at: Option<BoardTime>,
    /// When the board says it ends.
    pub expires_at: Option<BoardTime>,
    /// Shown, never matched, hashed or mailed.
    pub extra: Vec<(String, String)>,
    /// Names this version of the job.
    pub content_hash: ContentHash,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// As a person would read it, never empty.
    pub name: String,
    /// Only where the board gives it apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Only where the board gives it apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A time as a board gave it. A plain date stays a date and is never midnight somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoardTime {
    /// A moment, given with its offset.
    Moment(Timestamp),
    /// A day on the board's calendar.
    Day(Date),
}

hash_type! {
    /// Names a version of a job: the hash of title, company, sorted locations, workplace,
    /// employment type, salary and description text. Dates, URLs, department and extra are not in
    /// it, so they change without a new version.
    ContentHash
}

impl BoardTime {
    /// Whether it lies behind us. A day is over when it has ended everywhere on Earth, at noon UTC
    /// of the next one.
    pub fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Moment(at) => at < now,
            Self::Day(day) => day < earliest_day(now),
        }
    }
}

/// The earliest date that any calendar on Earth shows: all days before it are over.
pub fn earliest_day(now: Timestamp) -> Date {
    tz::Offset::constant(-12).to_datetime(now).date()
}

/// `2026-11-23T08:15:00.000Z` for a moment (UTC, fixed width), `2026-11-23` for a day.
impl fmt::Display for BoardTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(at) => write!(f, "{}", utc_millis(*at)),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// Reads RFC 3339 with an offset, or a plain date.
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
