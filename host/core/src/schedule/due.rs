//! The time at which a source is due, as a pure function of its schedule, its history and the
//! current time.
//!
//! Nothing is planned ahead or kept in memory. The next time follows from the recorded scans, so a
//! restart neither skips scans nor causes a burst, and missed runs become one run.
//!
//! Not here: waiting for that time (`scheduler`), and the work of a run (`pipeline`).

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use croner::Cron;
use jiff::Timestamp;

use crate::schedule::cron_pattern;

/// The wait after a first failure, or the source's interval if that is shorter. A source that is
/// scanned once a day must not lose a day because the network was down for a moment.
const FIRST_RETRY: Duration = Duration::from_mins(15);

/// The longest wait of a failing source, or its interval if that is longer. The wait doubles up to
/// this limit.
const MAX_BACKOFF: Duration = Duration::from_hours(6);

/// The interval for a board that was not found on several days.
const NOT_FOUND_INTERVAL: Duration = Duration::from_hours(24);

/// The number of different days with a "not found" after which a board is considered removed.
const NOT_FOUND_DAYS: u32 = 3;

/// The window in which due sources share a run.
pub const SHARED_RUN_WINDOW: Duration = Duration::from_mins(1);

/// The schedule of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// An interval since the last scan.
    Every(Duration),
    /// Fixed times, in UTC.
    Cron(Box<CronTimes>),
}

/// A cron pattern, in UTC. It always matches some time in the future.
#[derive(Debug, Clone, PartialEq)]
pub struct CronTimes(Cron);

/// The reason why a text is not a cron pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronTimesError {
    /// The text does not parse.
    #[error("`{pattern}` is not a cron pattern ({reason}); {remedy}")]
    Pattern {
        pattern: String,
        reason: String,
        remedy: String,
    },
    /// The pattern parses, but never matches a time.
    #[error("`{0}` never matches a time; use a day that exists")]
    Never(String),
}

/// The recorded history of a source's scans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanHistory {
    /// The start of the last scan, whatever its outcome; `None` before the first.
    pub last_scan_at: Option<Timestamp>,
    /// The number of failed scans since the last scan that did not fail.
    pub consecutive_failures: u32,
    /// The time until which the board asked not to be contacted.
    pub rest_until: Option<Timestamp>,
    /// The number of different days since the last success on which the board was not found.
    pub gone_days: u32,
    /// The smallest number of failed attempts among the jobs that wait for details; 0 if there are
    /// none.
    pub details_failures: u32,
}

impl ScanHistory {
    /// Returns true if the board was not found on so many days that it is scanned once a day only.
    pub fn is_not_found(&self) -> bool {
        self.consecutive_failures > 0 && self.gone_days >= NOT_FOUND_DAYS
    }
}

impl Schedule {
    /// Returns the time at which a source with this history is due. A time that is not in the
    /// future means that it is due now.
    ///
    /// A last scan in the future means that the clock was set back. The source is then due now,
    /// since it would otherwise not be due for a long time.
    pub fn next_due(&self, history: &ScanHistory, now: Timestamp) -> Timestamp {
        let Some(last) = history.last_scan_at.filter(|last| *last <= now) else {
            return now;
        };

        let regular = self.after(last);
        let due = match (history.consecutive_failures, history.details_failures) {
            (0, 0) => regular,
            (0, failures) => regular.min(self.retry(last, failures)),
            _ if history.is_not_found() => regular.max(self.not_before(last + NOT_FOUND_INTERVAL)),
            (failures, _) => self.retry(last, failures),
        };

        // The board's requested wait is limited to the longest wait of a failing source.
        let Some(rest_until) = history.rest_until else {
            return due;
        };
        let longest_rest = last + MAX_BACKOFF.max(self.interval(last));
        due.max(rest_until.min(longest_rest))
    }

    /// Returns the first scheduled time after a scan at `at`. A scan that shared a run may have
    /// begun shortly before its own time.
    fn after(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Every(interval) => at + *interval,
            Self::Cron(times) => times.next(at + SHARED_RUN_WINDOW, false),
        }
    }

    /// Returns the time of the next attempt after this many failures. A cron source keeps to its
    /// own times if one of them is close enough.
    fn retry(&self, last: Timestamp, failures: u32) -> Timestamp {
        let wait = self.backoff(last, failures);
        let waited = last + wait;
        let Self::Cron(_) = self else { return waited };

        let on_time = self.not_before(waited);
        let retry = if on_time.duration_since(waited).unsigned_abs() <= wait {
            on_time
        } else {
            waited
        };

        // Even after many failures, it does not miss a time of its own after the longest wait.
        retry.min(self.not_before(last + MAX_BACKOFF))
    }

    /// Returns the first scheduled time at or after `at`. For an interval that is `at` itself.
    fn not_before(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Every(_) => at,
            Self::Cron(times) => times.next(at, true),
        }
    }

    /// Returns the time between two scans around `at`.
    pub fn interval(&self, at: Timestamp) -> Duration {
        match self {
            Self::Every(interval) => *interval,
            Self::Cron(_) => {
                let next = self.after(at);
                self.after(next).duration_since(next).unsigned_abs()
            }
        }
    }

    /// Returns the wait after this many failures: minutes after the first failure, doubled for each
    /// further one.
    fn backoff(&self, last: Timestamp, failures: u32) -> Duration {
        let interval = self.interval(last);
        let doublings = failures.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);

        let wait = FIRST_RETRY.min(interval).saturating_mul(factor);
        wait.min(MAX_BACKOFF.max(interval))
    }
}

impl FromStr for CronTimes {
    type Err = CronTimesError;

    /// Parses five fields (minute, hour, day, month, weekday) or a nickname such as `@daily`.
    fn from_str(pattern: &str) -> Result<Self, CronTimesError> {
        let refuse = |reason: String, remedy: Option<String>| CronTimesError::Pattern {
            pattern: pattern.to_owned(),
            reason,
            remedy: remedy.unwrap_or_else(|| {
                "write five fields, such as `30 8 * * MON-FRI` (UTC)".to_owned()
            }),
        };

        // The parser would misread names (see `cron_pattern`), so it gets a pattern without them.
        let plain =
            cron_pattern::plain(pattern).map_err(|wrong| refuse(wrong.reason, wrong.remedy))?;
        let parser = croner::parser::CronParser::builder()
            .seconds(croner::parser::Seconds::Disallowed)
            .year(croner::parser::Year::Disallowed)
            .build();
        let cron = parser
            .parse(&plain)
            .map_err(|error| refuse(error.to_string(), None))?;

        let times = Self(cron);
        match times.find(Timestamp::UNIX_EPOCH, false) {
            Some(_) => Ok(times),
            None => Err(CronTimesError::Never(pattern.to_owned())),
        }
    }
}

impl CronTimes {
    /// Returns the number of matches in an hour that has any.
    pub fn times_an_hour(&self) -> usize {
        let hour = |at: Timestamp| at.as_second().div_euclid(3_600);
        let first = self.next(Timestamp::UNIX_EPOCH, true);

        let mut last = first;
        let mut times = 1;
        while let Some(next) = self.find(last, false) {
            if hour(next) != hour(first) {
                break;
            }
            last = next;
            times += 1;
        }
        times
    }

    /// Returns the first match after `at`, or at it if `inclusive`. After the end of the calendar
    /// there is no match; `at` itself is then returned, so that the wait ends.
    fn next(&self, at: Timestamp, inclusive: bool) -> Timestamp {
        self.find(at, inclusive).unwrap_or(at)
    }

    fn find(&self, at: Timestamp, inclusive: bool) -> Option<Timestamp> {
        let start: DateTime<Utc> = DateTime::from_timestamp_millis(at.as_millisecond())?;

        let found = self.0.find_next_occurrence(&start, inclusive).ok()?;
        Timestamp::from_millisecond(found.timestamp_millis()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-{time}Z").parse().unwrap()
    }

    fn every(minutes: u64) -> Schedule {
        Schedule::Every(Duration::from_mins(minutes))
    }

    fn cron(pattern: &str) -> Schedule {
        Schedule::Cron(Box::new(pattern.parse().unwrap()))
    }

    fn scanned(last: &str) -> ScanHistory {
        ScanHistory {
            last_scan_at: Some(at(last)),
            ..ScanHistory::default()
        }
    }

    #[test]
    fn a_pattern_counts_its_matches_per_hour() {
        let often = |pattern: &str| pattern.parse::<CronTimes>().unwrap().times_an_hour();
        assert_eq!(
            (
                often("* * * * *"),
                often("*/5 8-9 * * MON"),
                often("@daily"),
                often("59 * 29 2 *")
            ),
            (60, 12, 1, 1)
        );
    }

    #[test]
    fn a_source_that_was_never_scanned_is_due() {
        let now = at("23T08:00:00");
        assert_eq!(every(15).next_due(&ScanHistory::default(), now), now);
        assert_eq!(
            cron("0 9 * * *").next_due(&ScanHistory::default(), now),
            now
        );
    }

    #[test]
    fn the_next_time_depends_on_the_last_scan_alone() {
        let history = scanned("23T08:00:00");
        assert_eq!(
            every(15).next_due(&history, at("23T08:01:00")),
            at("23T08:15:00")
        );
        assert_eq!(
            every(15).next_due(&history, at("23T11:00:00")),
            at("23T08:15:00"),
            "missed runs become one run"
        );
        assert_eq!(
            cron("30 8 * * MON-FRI").next_due(&history, at("23T08:01:00")),
            at("23T08:30:00")
        );
        assert_eq!(
            cron("30 8 * * MON-FRI").next_due(&scanned("27T09:00:00"), at("28T00:00:00")),
            at("30T08:30:00")
        );
    }

    #[test]
    fn a_scan_shortly_before_its_time_is_not_repeated() {
        let early = scanned("23T08:59:20");
        assert_eq!(
            cron("0 * * * *").next_due(&early, at("23T08:59:40")),
            at("23T10:00:00")
        );
        let earlier = scanned("23T08:58:50");
        assert_eq!(
            cron("0 * * * *").next_due(&earlier, at("23T08:59:40")),
            at("23T09:00:00")
        );
    }

    #[test]
    fn a_failing_source_is_retried_less_often_but_never_abandoned() {
        let now = at("23T08:00:01");
        let due = |schedule: &Schedule, consecutive_failures| {
            let history = ScanHistory {
                consecutive_failures,
                ..scanned("23T08:00:00")
            };
            schedule
                .next_due(&history, now)
                .duration_since(at("23T08:00:00"))
                .unsigned_abs()
        };
        let minutes = |minutes| Duration::from_mins(minutes);
        let waits = [0, 1, 2, 3, 5, 6, 40, u32::MAX].map(|failures| due(&every(15), failures));
        assert_eq!(waits, [15, 15, 30, 60, 240, 360, 360, 360].map(minutes));
        assert_eq!(
            due(&every(24 * 60), 9),
            minutes(24 * 60),
            "its own interval if that is longer"
        );
    }

    #[test]
    fn a_failing_source_is_first_retried_within_minutes_then_less_often() {
        let hours = |schedule: Schedule, last: &str, waits: &[f64]| {
            let due = |consecutive_failures| {
                let history = ScanHistory {
                    consecutive_failures,
                    ..scanned(last)
                };
                schedule
                    .next_due(&history, at(last))
                    .duration_since(at(last))
                    .as_secs_f64()
                    / 3_600.0
            };
            let failures = 1..=u32::try_from(waits.len()).unwrap();
            assert_eq!(failures.map(due).collect::<Vec<_>>(), waits, "{schedule:?}");
        };
        let day = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 24.0];
        hours(every(24 * 60), "23T08:30:00", &day);
        hours(
            every(60),
            "23T08:30:00",
            &[0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 6.0],
        );
        hours(
            every(1),
            "23T08:30:00",
            &[1.0 / 60.0, 2.0 / 60.0, 4.0 / 60.0],
        );
        // Never later than its next time of day, whatever the number of failures.
        hours(
            cron("30 8 * * *"),
            "23T08:30:00",
            &[0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 24.0, 24.0],
        );
        hours(
            cron("30 8 * * *"),
            "23T20:30:00",
            &[0.25, 0.5, 1.0, 2.0, 4.0, 12.0, 12.0],
        );
        hours(
            cron("30 8 * * MON"),
            "23T08:30:00",
            &[0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 168.0],
        );
        // At its own times if they are close.
        hours(
            cron("0 * * * *"),
            "23T08:00:00",
            &[0.25, 1.0, 1.0, 2.0, 4.0, 6.0, 6.0],
        );
        hours(cron("*/15 9-17 * * *"), "23T17:45:00", &[0.25, 0.5, 1.0]);
    }

    #[test]
    fn failed_details_are_retried_no_later_than_the_regular_time() {
        let due = |schedule: &Schedule, details_failures| {
            let history = ScanHistory {
                details_failures,
                ..scanned("23T08:00:00")
            };
            schedule.next_due(&history, at("23T08:00:00"))
        };
        assert_eq!(due(&every(24 * 60), 1), at("23T08:15:00"));
        assert_eq!(due(&every(24 * 60), 3), at("23T09:00:00"));
        assert_eq!(due(&every(15), 3), at("23T08:15:00"));
        assert_eq!(due(&cron("0 12 * * *"), 1), at("23T08:15:00"));
        assert_eq!(due(&cron("0 12 * * *"), 9), at("23T12:00:00"));
    }

    #[test]
    fn a_board_not_found_for_days_is_scanned_once_a_day() {
        let gone = |gone_days| ScanHistory {
            gone_days,
            consecutive_failures: 1,
            ..scanned("23T08:00:00")
        };
        assert_eq!(
            every(15).next_due(&gone(2), at("23T08:01:00")),
            at("23T08:15:00")
        );
        assert_eq!(
            every(15).next_due(&gone(3), at("23T08:01:00")),
            at("24T08:00:00")
        );
    }

    #[test]
    fn a_requested_wait_is_honoured_up_to_a_limit() {
        let resting = |until| ScanHistory {
            rest_until: Some(at(until)),
            ..scanned("23T08:00:00")
        };
        let now = at("23T08:01:00");
        assert_eq!(
            every(15).next_due(&resting("23T09:00:00"), now),
            at("23T09:00:00")
        );
        assert_eq!(
            every(15).next_due(&resting("23T08:05:00"), now),
            at("23T08:15:00")
        );
        assert_eq!(
            every(15).next_due(&resting("29T00:00:00"), now),
            at("23T14:00:00")
        );
        assert_eq!(
            every(15).next_due(&resting("29T00:00:00"), at("23T15:00:00")),
            at("23T14:00:00"),
            "the limit has passed"
        );
    }

    #[test]
    fn a_failing_board_is_not_retried_before_its_requested_wait() {
        let resting = |until| ScanHistory {
            consecutive_failures: 1,
            rest_until: Some(at(until)),
            ..scanned("23T08:00:00")
        };
        for schedule in [every(24 * 60), cron("0 8 * * *")] {
            assert_eq!(
                schedule.next_due(&resting("23T08:05:00"), at("23T08:00:00")),
                at("23T08:15:00")
            );
            assert_eq!(
                schedule.next_due(&resting("23T11:00:00"), at("23T08:00:00")),
                at("23T11:00:00")
            );
            assert_eq!(
                schedule.next_due(&resting("29T00:00:00"), at("23T08:00:00")),
                at("24T08:00:00")
            );
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_a_source_due() {
        let now = at("23T08:00:00");
        assert_eq!(every(15).next_due(&scanned("24T08:00:00"), now), now);
    }

    #[test]
    fn a_pattern_that_is_invalid_or_never_matches_is_rejected_with_a_remedy() {
        for pattern in [
            "",
            "hourly",
            "* * * *",
            "61 * * * *",
            "0 0 8 * * *",
            ", * * * 1",
            "5,,6 * * * *",
        ] {
            let error = pattern.parse::<CronTimes>().unwrap_err().to_string();
            assert!(error.contains("write five fields"), "{pattern}: {error}");
        }
        assert_eq!(
            "0 0 30 2 *".parse::<CronTimes>().unwrap_err(),
            CronTimesError::Never("0 0 30 2 *".to_owned())
        );
        for (pattern, remedy) in [
            ("0 MON * * *", "write it in the fifth field"),
            ("@reboot", "remove `cron`"),
            ("*/90 * * * *", "or `every: 6h`"),
        ] {
            let error = pattern.parse::<CronTimes>().unwrap_err().to_string();
            assert!(error.contains(remedy), "{pattern}: {error}");
        }
        assert!("@daily".parse::<CronTimes>().is_ok());
    }

    #[test]
    fn a_range_that_wraps_around_matches_on_both_sides() {
        let due = |pattern: &str, last: &str| cron(pattern).next_due(&scanned(last), at(last));
        assert_eq!(due("0 22-6/4 * * *", "23T22:00:00"), at("24T02:00:00"));
        assert_eq!(due("0 22-6/4 * * *", "24T06:00:00"), at("24T22:00:00"));
        assert_eq!(
            due("0 8 * * FRI-MON", "23T08:00:00"),
            at("27T08:00:00"),
            "Monday, then Friday"
        );
        assert_eq!(
            due("0 8 * * FRI-MON", "28T08:00:00"),
            at("29T08:00:00"),
            "Saturday, then Sunday"
        );
    }
}
