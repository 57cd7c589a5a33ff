//! Conditions on ages: `posted < 7d`, `first_seen < 12h`.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::job::BoardTime;

/// Parses an age in hours, days or weeks, such as `12h`, `7d` or `2w`; `None` for anything else.
pub(in crate::query) fn parse(word: &str) -> Option<SignedDuration> {
    let unit = word.chars().next_back()?;
    let number: u32 = word[..word.len() - unit.len_utf8()].parse().ok()?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        _ => return None,
    };
    Some(SignedDuration::from_hours(i64::from(number) * hours))
}

/// Returns the age of a board's time at `now`. A plain day counts from its end in UTC, so that a job
/// is not older than the board says. A time in the future has the age 0.
pub(in crate::query) fn of(time: BoardTime, now: Timestamp) -> SignedDuration {
    let since = match time {
        BoardTime::Moment(at) => Some(at),
        BoardTime::Day(day) => day
            .tomorrow()
            .and_then(|next| Offset::UTC.to_timestamp(next.at(0, 0, 0, 0)))
            .ok(),
    };
    since.map_or(SignedDuration::ZERO, |since| between(since, now))
}

/// Returns the time since `since`; 0 for a time in the future.
pub(in crate::query) fn between(since: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(since).max(SignedDuration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_with_a_unit() {
        for (word, hours) in [
            ("12h", Some(12)),
            ("7d", Some(168)),
            ("2w", Some(336)),
            ("7", None),
            ("7m", None),
            ("-7d", None),
            ("d", None),
            ("7é", None),
        ] {
            assert_eq!(parse(word), hours.map(SignedDuration::from_hours), "{word}");
        }
    }

    #[test]
    fn a_plain_day_ends_at_midnight_utc() {
        let age =
            |time: &str, now: &str| of(time.parse().unwrap(), now.parse().unwrap()).as_hours();
        assert_eq!(age("2026-11-23", "2026-11-23T12:00:00Z"), 0);
        assert_eq!(age("2026-11-23", "2026-11-25T00:00:00Z"), 24);
        assert_eq!(age("2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z"), 2);
        assert_eq!(age("2026-11-24T10:00:00Z", "2026-11-23T12:00:00Z"), 0);
    }
}
