//! When a source is due: a pure question about its schedule, its past and the time.
//!
//! Nothing is planned ahead and nothing waits in memory. What a source did is on record, and from
//! that its next time follows, so that a restart neither skips nor storms, and runs that were
//! missed coalesce into one.
//!
//! Not here: waiting for it (`scheduler`), and what a run does (`pipeline`).

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use croner::Cron;
use jiff::Timestamp;

use crate::schedule::cron_pattern;

/// After a first failure a source is asked again so soon, or after its interval where that is
/// shorter: one that is read once a day shall not lose a day to a moment without a network.
const FIRST_RETRY: Duration = Duration::from_mins(15);

/// A failing source is asked less and less often, down to this or its own interval, whichever is
/// longer.
const LONGEST_BACKOFF: Duration = Duration::from_hours(6);

/// A board that was gone on several days is asked this often.
const GONE_INTERVAL: Duration = Duration::from_hours(24);

/// On how many different days a board has to be gone before we believe it.
const GONE_DAYS: u32 = 3;

/// What falls due within this time shares a run.
pub const SHARED: Duration = Duration::from_mins(1);

/// When a source wants to be scanned.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// So long after its last scan.
    Every(Duration),
    /// At these times, in UTC.
    Cron(Box<CronTimes>),
}

/// A cron pattern, in UTC. Some time ahead always matches it.
#[derive(Debug, Clone, PartialEq)]
pub struct CronTimes(Cron);

/// The reason why a text is not a cron pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronTimesError {
    /// It does not parse.
    #[error("`{pattern}` is not a cron pattern ({reason}); {remedy}")]
    Pattern {
        /// What was written.
        pattern: String,
        /// The fault.
        reason: String,
        /// The remedy.
        remedy: String,
    },
    /// It parses, and no time will ever match it.
    #[error("`{0}` never comes; name a day that exists")]
    Never(String),
}

/// What is on record of a source's scans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanHistory {
    /// When the last scan began, however it ended; `None` before the first.
    pub last_scan_at: Option<Timestamp>,
    /// Scans that failed since the last that did not.
    pub consecutive_failures: u32,
    /// Until when the board asked us to stay away.
    pub rest_until: Option<Timestamp>,
    /// On how many different days, without a success in between, the board was gone.
    pub gone_days: u32,
    /// The least number of times that jobs were asked for in vain whose details are awaited; 0 when
    /// there are none.
    pub details_failures: u32,
}

impl ScanHistory {
    /// Whether the board has been gone for so long that it is asked once a day.
    pub fn is_gone(&self) -> bool {
        self.consecutive_failures > 0 && self.gone_days >= GONE_DAYS
    }
}

impl Schedule {
    /// When a source with this past is due. A time in the past or now means that it is due now.
    ///
    /// A scan that seems to lie ahead says that the clock was set back; the source is due then,
    /// rather than never.
    pub fn next_due(&self, history: &ScanHistory, now: Timestamp) -> Timestamp {
        let Some(last) = history.last_scan_at.filter(|last| *last <= now) else {
            return now;
        };

        let regular = self.after(last);
        let due = match (history.consecutive_failures, history.details_failures) {
            (0, 0) => regular,
            (0, failures) => regular.min(self.retry(last, failures)),
            _ if history.is_gone() => regular.max(self.not_before(last + GONE_INTERVAL)),
            (failures, _) => self.retry(last, failures),
        };

        // A board may ask for any rest; it gets no longer one than a failing source would.
        let Some(rest_until) = history.rest_until else {
            return due;
        };
        let longest_rest = last + LONGEST_BACKOFF.max(self.interval(last));
        due.max(rest_until.min(longest_rest))
    }

    /// The first of its times after a scan at `at`. A scan that shared a run with others may have
    /// begun a little before the time that it was for.
    fn after(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Every(interval) => at + *interval,
            Self::Cron(times) => times.next(at + SHARED, false),
        }
    }

    /// The time at which a source that has failed so often is asked again. A cron source keeps to
    /// its times where one of them comes soon enough.
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

        // However long it has failed, it does not miss a time of its own that comes after the
        // longest wait.
        retry.min(self.not_before(last + LONGEST_BACKOFF))
    }

    /// The first of its times at or after `at`; any time suits an interval.
    fn not_before(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Every(_) => at,
            Self::Cron(times) => times.next(at, true),
        }
    }

    /// How long it leaves between two scans around `at`.
    pub fn interval(&self, at: Timestamp) -> Duration {
        match self {
            Self::Every(interval) => *interval,
            Self::Cron(_) => {
                let next = self.after(at);
                self.after(next).duration_since(next).unsigned_abs()
            }
        }
    }

    /// The time for which a source in trouble is left alone: minutes after the first failure,
    /// doubling from there.
    fn backoff(&self, last: Timestamp, failures: u32) -> Duration {
        let interval = self.interval(last);
        let doublings = failures.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);

        let wait = FIRST_RETRY.min(interval).saturating_mul(factor);
        wait.min(LONGEST_BACKOFF.max(interval))
    }
}

impl FromStr for CronTimes {
    type Err = CronTimesError;

    /// Reads five fields (minute, hour, day, month, weekday) or a nickname such as `@daily`.
    fn from_str(pattern: &str) -> Result<Self, CronTimesError> {
        let refuse = |reason: String, remedy: Option<String>| CronTimesError::Pattern {
            pattern: pattern.to_owned(),
            reason,
            remedy: remedy.unwrap_or_else(|| {
                "write five fields, such as `30 8 * * MON-FRI` (UTC)".to_owned()
            }),
        };

        // The parser would misread names (see `cron_pattern`), so it is given none.
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
    /// How many of its times an hour has that has any.
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

    /// The first match after `at`, or at it. Only the end of the calendar has none, and there the
    /// wait is over.
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
    fn a_pattern_tells_how_often_an_hour_it_comes() {
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
    fn the_next_time_follows_from_the_last_scan_and_not_from_the_start_of_the_process() {
        let history = scanned("23T08:00:00");
        assert_eq!(
            every(15).next_due(&history, at("23T08:01:00")),
            at("23T08:15:00")
        );
        assert_eq!(
            every(15).next_due(&history, at("23T11:00:00")),
            at("23T08:15:00"),
            "missed runs are one run"
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
    fn a_time_that_was_shared_a_little_early_is_not_kept_twice() {
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
    fn a_failing_source_is_asked_less_often_but_never_given_up() {
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
            "its own interval, where that is longer"
        );
    }

    #[test]
    fn a_source_with_a_long_interval_that_fails_is_asked_again_within_minutes_and_then_less_often()
    {
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
        // Never later than its next time of day, however long it has failed.
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
        // At its own times where they come soon.
        hours(
            cron("0 * * * *"),
            "23T08:00:00",
            &[0.25, 1.0, 1.0, 2.0, 4.0, 6.0, 6.0],
        );
        hours(cron("*/15 9-17 * * *"), "23T17:45:00", &[0.25, 0.5, 1.0]);
    }

    #[test]
    fn a_source_whose_details_failed_is_asked_again_before_its_time_and_never_after_it() {
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
    fn a_board_that_is_gone_is_asked_once_a_day() {
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
    fn a_board_that_asked_for_rest_gets_it_within_reason() {
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
            "that has come"
        );
    }

    #[test]
    fn a_failing_board_that_asked_for_rest_is_not_asked_sooner() {
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
    fn patterns_that_are_none_or_never_come_are_refused_with_what_to_write() {
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
            ("@reboot", "leave `cron` out"),
            ("*/90 * * * *", "or `every: 6h`"),
        ] {
            let error = pattern.parse::<CronTimes>().unwrap_err().to_string();
            assert!(error.contains(remedy), "{pattern}: {error}");
        }
        assert!("@daily".parse::<CronTimes>().is_ok());
    }

    #[test]
    fn a_range_past_the_end_of_its_field_comes_on_both_sides_of_it() {
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
