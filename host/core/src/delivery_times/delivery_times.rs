//! The times of a channel: its rhythm, quiet hours and limit together.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::day::TimeError;
use super::{QuietHours, When};

/// The times at which a channel may send messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryTimes {
    /// The rhythm of profiles that choose none.
    pub when: When,
    /// The zone of all times of day.
    pub zone: TimeZone,
    pub quiet_hours: Option<QuietHours>,
    pub at_most: Option<AtMost>,
}

/// A limit on the messages about matches that a channel sends within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtMost {
    /// At least 1.
    pub messages: u32,
}

impl DeliveryTimes {
    /// Returns the times of a channel that sends after each run, in this zone.
    pub fn after_each_run(zone: TimeZone) -> Self {
        Self {
            when: When::default(),
            zone,
            quiet_hours: None,
            at_most: None,
        }
    }

    /// Returns the time from which matches may become messages, the oldest of which is of `since`.
    /// It is at most `now` if they may now. `free_at` is the time at which the limit permits another
    /// message; `None` if it permits one already.
    ///
    /// A match that seems to be of the future was stamped by a wrong clock, and waits for no digest.
    pub fn release(
        &self,
        when: When,
        since: Timestamp,
        free_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Timestamp {
        let slot = if since > now {
            now
        } else {
            when.slot_of(since, &self.zone)
        };
        self.after_quiet_hours(slot.max(free_at.unwrap_or(slot)), now)
    }

    /// Returns `due`, or the end of the quiet hours in which it would be sent at `now` or later.
    pub fn after_quiet_hours(&self, due: Timestamp, now: Timestamp) -> Timestamp {
        self.quiet_until(due.max(now)).unwrap_or(due)
    }

    /// Returns the end of the quiet hours that contain `at`; `None` if none do.
    pub fn quiet_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.quiet_hours?.end(at, &self.zone)
    }
}

impl AtMost {
    /// The time in which messages are counted.
    pub const WINDOW: Duration = Duration::from_hours(1);

    /// The largest limit; more would not limit anything.
    const MAX: u32 = 10_000;
}

impl FromStr for AtMost {
    type Err = TimeError;

    /// Parses a limit such as `20/hour`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError {
            written: text.to_owned(),
            form: "a number of messages per hour",
            remedy: "a number from 1 to 10000, such as `20/hour`",
        };
        let (number, unit) = text.split_once('/').ok_or_else(wrong)?;
        let messages: u32 = number.trim().parse().map_err(|_| wrong())?;
        if unit.trim() != "hour" || !(1..=Self::MAX).contains(&messages) {
            return Err(wrong());
        }
        Ok(Self { messages })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-{time}Z").parse().unwrap()
    }

    fn times(quiet_hours: &str) -> DeliveryTimes {
        DeliveryTimes {
            quiet_hours: Some(quiet_hours.parse().unwrap()),
            ..DeliveryTimes::after_each_run(TimeZone::UTC)
        }
    }

    #[test]
    fn a_match_is_released_by_its_slot_the_limit_and_the_quiet_hours() {
        let daily = When::Daily("06:00".parse().unwrap());
        let (since, night) = (at("23T21:00:00"), at("23T23:00:00"));
        let times = times("22:00-07:00");
        assert_eq!(
            times.release(When::Each, since, None, night),
            at("24T07:00:00")
        );
        assert_eq!(times.release(daily, since, None, night), at("24T07:00:00"));
        let free_at = Some(at("24T07:20:00"));
        assert_eq!(
            times.release(daily, since, free_at, night),
            at("24T07:20:00")
        );
        let day = at("24T07:00:00");
        assert_eq!(times.release(When::PerRun, since, None, day), since);
    }

    #[test]
    fn a_match_of_the_future_does_not_wait_for_the_clock() {
        let weekly = When::Weekly("Mon 08:00".parse().unwrap());
        let times = DeliveryTimes::after_each_run(TimeZone::UTC);
        let (since, now) = (at("29T09:00:00"), at("23T09:00:00"));
        assert_eq!(times.release(weekly, since, None, now), now);
    }

    #[test]
    fn a_limit_names_a_number_per_hour() {
        assert_eq!("20/hour".parse(), Ok(AtMost { messages: 20 }));
        assert_eq!(" 1 / hour".parse(), Ok(AtMost { messages: 1 }));
        for text in ["20", "0/hour", "20/day", "-1/hour", "10001/hour", "x/hour"] {
            assert!(text.parse::<AtMost>().is_err(), "{text}");
        }
    }
}
