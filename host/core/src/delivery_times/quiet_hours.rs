//! Hours in which no message is sent.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::day::{self, TimeError, parse_time};

/// The hours of each day in which messages wait. They may cross midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    /// Never `from`.
    to: Time,
}

impl QuietHours {
    /// Returns the end of the quiet hours that contain `at`; `None` if none do. The start belongs to
    /// them, the end does not.
    pub fn end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let begun = day::last(at, self.from, zone)?;
        let end = day::next(begun, self.to, zone, |_| true);
        (at < end).then_some(end)
    }
}

impl FromStr for QuietHours {
    type Err = TimeError;

    /// Parses two times such as `22:00-07:00`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = |form, remedy| TimeError {
            written: text.to_owned(),
            form,
            remedy,
        };
        let times = text
            .split_once('-')
            .and_then(|(from, to)| Some((parse_time(from)?, parse_time(to)?)));
        match times {
            None => Err(wrong(
                "a range of hours",
                "the start and the end, such as `\"22:00-07:00\"`",
            )),
            Some((from, to)) if from == to => Err(wrong(
                "a range of hours, because it ends where it starts",
                "two times, or remove the key to send at any time",
            )),
            Some((from, to)) => Ok(Self { from, to }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(hours: &str, zone: &str, at: &str) -> Option<String> {
        let zone = TimeZone::get(zone).unwrap();
        let hours: QuietHours = hours.parse().unwrap();
        let end = hours.end(at.parse().unwrap(), &zone)?;
        Some(end.to_string())
    }

    #[test]
    fn quiet_hours_over_midnight_end_in_the_morning() {
        for (at, ends) in [
            ("2026-11-23T20:59:59Z", None),
            ("2026-11-23T21:00:00Z", Some("2026-11-24T06:00:00Z")),
            ("2026-11-23T23:30:00Z", Some("2026-11-24T06:00:00Z")),
            ("2026-11-24T05:59:59Z", Some("2026-11-24T06:00:00Z")),
            ("2026-11-24T06:00:00Z", None),
        ] {
            assert_eq!(
                end("22:00-07:00", "Europe/Berlin", at).as_deref(),
                ends,
                "{at}"
            );
        }
    }

    #[test]
    fn quiet_hours_within_a_day_end_on_it() {
        for (at, ends) in [
            ("2026-11-23T11:59:59Z", None),
            ("2026-11-23T12:00:00Z", Some("2026-11-23T13:30:00Z")),
            ("2026-11-23T13:30:00Z", None),
        ] {
            assert_eq!(end("12:00-13:30", "UTC", at).as_deref(), ends, "{at}");
        }
    }

    #[test]
    fn quiet_hours_end_once_when_the_clocks_change() {
        for (at, ends) in [
            // 02:30 is skipped: the quiet hours end at 03:30, which is 01:30 in UTC.
            ("2027-03-28T01:29:59Z", Some("2027-03-28T01:30:00Z")),
            ("2027-03-28T01:30:00Z", None),
            // 02:30 occurs twice: they end at the first, and the second is not quiet again.
            ("2027-10-31T00:29:59Z", Some("2027-10-31T00:30:00Z")),
            ("2027-10-31T01:10:00Z", None),
        ] {
            assert_eq!(
                end("22:00-02:30", "Europe/Berlin", at).as_deref(),
                ends,
                "{at}"
            );
        }
    }

    #[test]
    fn a_range_that_ends_where_it_starts_is_refused() {
        let error = "22:00-22:00".parse::<QuietHours>().unwrap_err().to_string();
        assert!(
            error.contains("ends where it starts; write two times"),
            "{error}"
        );
        for text in [
            "22:00",
            "22-7",
            "22:00–07:00",
            "22:00-07:00-08:00",
            "22:00-24:00",
        ] {
            let error = text.parse::<QuietHours>().unwrap_err().to_string();
            assert!(error.contains("such as `\"22:00-07:00\"`"), "{error}");
        }
    }
}
