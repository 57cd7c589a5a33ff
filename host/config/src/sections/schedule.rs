//! Schedules of sources: `scan_interval` for all sources, `every` or `cron` for one source.

use std::ops::RangeInclusive;
use std::time::Duration;

use job_scanner_core::quantity::{parse_duration, show_duration};
use job_scanner_core::schedule::{CronTimes, CronTimesError, Schedule};

use crate::reading::read::Section;

/// With shorter intervals, boards would be scanned more often than they change. With longer ones,
/// jobs could open and close unseen.
pub(crate) const SCAN_INTERVAL: RangeInclusive<Duration> =
    Duration::from_mins(5)..=Duration::from_hours(24);

/// The maximum frequency of `cron`, for the same reason.
const MAX_TIMES_PER_HOUR: usize = 12;

/// Suits most boards.
const DEFAULT_SCAN_INTERVAL: Duration = Duration::from_mins(15);

/// Reads `scan_interval`. The environment overrides it.
pub(crate) fn read_scan_interval(
    root: &mut Section<'_>,
    from_environment: Option<Duration>,
) -> Duration {
    let read = root
        .field("scan_interval")
        .and_then(|field| field.duration(&SCAN_INTERVAL, DEFAULT_SCAN_INTERVAL));
    from_environment.or(read).unwrap_or(DEFAULT_SCAN_INTERVAL)
}

/// Reads a source's own schedule, or returns the common one.
pub(crate) fn read_schedule(source: &mut Section<'_>, scan_interval: Duration) -> Schedule {
    let every = source.field("every");
    let cron = source.field("cron");
    if let (Some(_), Some(cron)) = (&every, &cron) {
        cron.report("cannot be combined with `every`", "keep one of them");
    }

    let every = every.and_then(|field| field.duration(&SCAN_INTERVAL, Duration::from_hours(1)));
    let cron = cron.and_then(|field| field.parsed(parse_cron, "write five fields"));
    match (cron, every) {
        (Some(times), _) => Schedule::Cron(Box::new(times)),
        (None, every) => Schedule::Every(every.unwrap_or(scan_interval)),
    }
}

/// Parses a cron pattern and checks that it is not due more often than the shortest interval.
fn parse_cron(pattern: &str) -> Result<CronTimes, String> {
    let times: CronTimes = pattern
        .parse()
        .map_err(|error: CronTimesError| error.to_string())?;
    match times.times_an_hour() {
        frequency if frequency > MAX_TIMES_PER_HOUR => Err(format!(
            "`{pattern}` is due {frequency} times an hour; write a pattern that is due at most {MAX_TIMES_PER_HOUR} times, such as `*/15 * * * *`"
        )),
        _ => Ok(times),
    }
}

/// Parses the value of `SCAN_INTERVAL`. The error is the correction.
pub(crate) fn parse_scan_interval(text: &str) -> Result<Duration, String> {
    let read = parse_duration(text).filter(|interval| SCAN_INTERVAL.contains(interval));
    read.ok_or_else(|| {
        let (least, most) = (
            show_duration(*SCAN_INTERVAL.start()),
            show_duration(*SCAN_INTERVAL.end()),
        );

        format!(
            "write a duration from {least} to {most}, such as `{}`",
            show_duration(DEFAULT_SCAN_INTERVAL)
        )
    })
}
