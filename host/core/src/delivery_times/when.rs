//! The rhythm of messages about matches.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::day::{self, TimeError, parse_time};

const SECONDS_PER_HOUR: i64 = 3_600;

/// The rhythm in which matches are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// One message for each job, after the run.
    Each,
    /// After the run, together if there are many.
    #[default]
    PerRun,
    /// A digest at each full hour.
    Hourly,
    /// A digest at this time of each day.
    Daily(DayTime),
    /// A digest at this time of one day of the week.
    Weekly(WeekTime),
}

/// A time of day, such as `08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayTime(Time);

/// A time of one day of the week, such as `Mon 08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WeekTime {
    /// Days since Monday.
    day: i8,
    time: DayTime,
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

impl When {
    /// Returns true if matches are sent in digests at fixed times, and not after each run.
    pub fn is_timed(self) -> bool {
        match self {
            Self::Each | Self::PerRun => false,
            Self::Hourly | Self::Daily(_) | Self::Weekly(_) => true,
        }
    }

    /// Returns the time from which a match of `since` may be sent: `since` itself, or the first
    /// digest after it.
    pub fn slot_of(self, since: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Each | Self::PerRun => since,
            Self::Hourly => next_full_hour(since, zone),
            Self::Daily(DayTime(time)) => day::next(since, time, zone, |_| true),
            Self::Weekly(at) => day::next(since, at.time.0, zone, |date| at.is_on(date)),
        }
    }
}

impl WeekTime {
    fn is_on(self, date: Date) -> bool {
        date.weekday().to_monday_zero_offset() == self.day
    }
}

/// Returns the next full hour of the local time, with the offset at `since`: zones may be half an
/// hour apart.
fn next_full_hour(since: Timestamp, zone: &TimeZone) -> Timestamp {
    let offset = i64::from(zone.to_offset(since).seconds());
    let hours = (since.as_second() + offset).div_euclid(SECONDS_PER_HOUR) + 1;
    Timestamp::from_second(hours * SECONDS_PER_HOUR - offset).unwrap_or(Timestamp::MAX)
}

impl FromStr for DayTime {
    type Err = TimeError;

    /// Parses a time such as `8:00` or `22:30`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError {
            written: text.to_owned(),
            form: "a time of day",
            remedy: "hours and minutes from 00:00 to 23:59, such as `\"08:00\"`",
        };
        parse_time(text).map(Self).ok_or_else(wrong)
    }
}

impl FromStr for WeekTime {
    type Err = TimeError;

    /// Parses a day and a time such as `Mon 08:00`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError {
            written: text.to_owned(),
            form: "a day of the week with a time",
            remedy: "both in English, such as `\"Mon 08:00\"`",
        };
        parse_week_time(text).ok_or_else(wrong)
    }
}

fn parse_week_time(text: &str) -> Option<WeekTime> {
    let (day, time) = text.trim().split_once(char::is_whitespace)?;
    let day = day.to_lowercase();
    let is_named = |(name, _): &&(&str, Weekday)| day == *name || day == name[..3];
    let (_, weekday) = WEEKDAYS.iter().find(is_named)?;
    Some(WeekTime {
        day: weekday.to_monday_zero_offset(),
        time: DayTime(parse_time(time)?),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Span;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn daily(time: &str) -> When {
        When::Daily(time.parse().unwrap())
    }

    fn weekly(time: &str) -> When {
        When::Weekly(time.parse().unwrap())
    }

    /// Returns the slots after a local time, as local times with their offsets.
    fn slots(when: When, zone_name: &str, after: &str, count: usize) -> Vec<String> {
        let zone = zone(zone_name);
        let after: jiff::civil::DateTime = after.parse().unwrap();
        let mut at = zone.to_timestamp(after).unwrap();
        let mut slots = Vec::new();
        for _ in 0..count {
            at = when.slot_of(at, &zone);
            let local = at.to_zoned_datetime(zone.clone());
            slots.push(local.strftime("%m-%d %H:%M %:z").to_string());
        }
        slots
    }

    #[test]
    fn a_daily_digest_has_one_slot_a_day_across_both_changes_of_the_clocks() {
        for (zone, before, slots_of_zone) in [
            // Forward at 02:00: there is no 02:30.
            (
                "Europe/Berlin",
                "2027-03-26T12:00",
                [
                    "03-27 02:30 +01:00",
                    "03-28 03:30 +02:00",
                    "03-29 02:30 +02:00",
                ],
            ),
            // Back at 03:00: there are two.
            (
                "Europe/Berlin",
                "2027-10-29T12:00",
                [
                    "10-30 02:30 +02:00",
                    "10-31 02:30 +02:00",
                    "11-01 02:30 +01:00",
                ],
            ),
            (
                "America/New_York",
                "2027-03-12T12:00",
                [
                    "03-13 02:30 -05:00",
                    "03-14 03:30 -04:00",
                    "03-15 02:30 -04:00",
                ],
            ),
            // Back at 02:00 to 01:00: there is one 02:30, an hour later.
            (
                "America/New_York",
                "2027-11-05T12:00",
                [
                    "11-06 02:30 -04:00",
                    "11-07 02:30 -05:00",
                    "11-08 02:30 -05:00",
                ],
            ),
            // Half an hour, in the southern summer: forward at 02:00 to 02:30, back at 02:00 to 01:30.
            (
                "Australia/Lord_Howe",
                "2027-10-01T12:00",
                [
                    "10-02 02:30 +10:30",
                    "10-03 02:30 +11:00",
                    "10-04 02:30 +11:00",
                ],
            ),
            (
                "Australia/Lord_Howe",
                "2027-04-02T12:00",
                [
                    "04-03 02:30 +11:00",
                    "04-04 02:30 +10:30",
                    "04-05 02:30 +10:30",
                ],
            ),
        ] {
            assert_eq!(
                slots(daily("02:30"), zone, before, 3),
                slots_of_zone,
                "{zone} after {before}"
            );
        }
    }

    #[test]
    fn every_match_of_a_year_has_its_slot_within_the_longest_day() {
        let day_and_shift = Span::new().hours(25);
        for name in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
            let zone = zone(name);
            let mut since: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
            let end: Timestamp = "2028-01-02T00:00:00Z".parse().unwrap();
            let mut dates = Vec::new();
            while since < end {
                let slot = daily("02:30").slot_of(since, &zone);
                assert!(
                    slot > since && slot <= since + day_and_shift,
                    "{name}: {since}"
                );
                dates.push(zone.to_datetime(slot).date());
                since = slot;
            }
            let following = |pair: &[Date]| pair[0].tomorrow().unwrap() == pair[1];
            assert!(dates.windows(2).all(following), "{name}");
        }
    }

    #[test]
    fn a_weekly_digest_continues_across_the_end_of_a_year() {
        let expected = [
            "12-28 08:00 +01:00",
            "01-04 08:00 +01:00",
            "01-11 08:00 +01:00",
        ];
        assert_eq!(
            slots(weekly("Mon 08:00"), "Europe/Berlin", "2026-12-22T09:00", 3),
            expected
        );
        let expected = ["12-31 23:30 -05:00", "01-07 23:30 -05:00"];
        assert_eq!(
            slots(
                weekly("thursday 23:30"),
                "America/New_York",
                "2026-12-31T12:00",
                2
            ),
            expected
        );
    }

    #[test]
    fn an_hourly_digest_is_sent_at_full_local_hours() {
        assert_eq!(
            slots(When::Hourly, "Asia/Kolkata", "2026-11-23T08:59", 2),
            ["11-23 09:00 +05:30", "11-23 10:00 +05:30"]
        );
        assert_eq!(
            slots(When::Hourly, "Europe/Berlin", "2027-03-28T01:10", 2),
            ["03-28 03:00 +02:00", "03-28 04:00 +02:00"]
        );
    }

    #[test]
    fn a_match_at_the_time_of_a_digest_waits_for_the_next_one() {
        assert_eq!(
            slots(daily("8:00"), "UTC", "2026-11-23T08:00", 1),
            ["11-24 08:00 +00:00"]
        );
    }

    #[test]
    fn a_text_that_is_not_a_time_is_refused() {
        for text in [
            "",
            "8",
            "24:00",
            "08:60",
            "8:0",
            "+8:00",
            "08:00:00",
            "8am",
            "０８:00",
        ] {
            assert!(text.parse::<DayTime>().is_err(), "{text}");
        }
        for text in [
            "08:00",
            "Mon",
            "Mo 08:00",
            "Montag 08:00",
            "Mon 25:00",
            "Mon, 08:00",
        ] {
            let error = text.parse::<WeekTime>().unwrap_err().to_string();
            assert!(
                error.contains("; write both in English, such as"),
                "{error}"
            );
        }
    }
}
