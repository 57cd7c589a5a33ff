//! The input is a cron pattern.

use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::schedule::{CronTimes, ScanHistory, Schedule};

/// The longest wait for a retry. After three failures a source waits for an hour at most, and for
/// up to an hour more if one of its scheduled times is near.
const LONGEST_RETRY: Duration = Duration::from_hours(2);

/// Checks that an accepted pattern has future times, on full minutes, and that each is due once. A
/// source that failed must be retried later than now and within [`LONGEST_RETRY`], however rare its
/// times are.
pub fn check(pattern: &str) {
    let Ok(times) = pattern.parse::<CronTimes>() else {
        return;
    };

    let schedule = Schedule::Cron(Box::new(times));
    let mut at: Timestamp = "2026-11-23T08:00:30Z".parse().expect("a time");
    for _ in 0..3 {
        let scanned = ScanHistory {
            last_scan_at: Some(at),
            ..ScanHistory::default()
        };

        let due = schedule.next_due(&scanned, at);
        assert!(
            due > at && due.as_second() % 60 == 0 && due.subsec_nanosecond() == 0,
            "{due} after {at}"
        );
        assert_eq!(
            schedule.next_due(&scanned, due),
            due,
            "the due time does not move as time passes"
        );
        assert!(schedule.interval(at) >= Duration::from_mins(1));

        let failed = ScanHistory {
            consecutive_failures: 3,
            ..scanned
        };
        let retry = schedule.next_due(&failed, at);
        assert!(
            retry > at && retry <= at + LONGEST_RETRY,
            "{retry} after {at}"
        );

        at = due;
    }
}
