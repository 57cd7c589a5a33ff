//! When sources are scanned: `scan_interval` for all, `every` or `cron` of one source in its place.

use std::ops::RangeInclusive;
use std::time::Duration;

use job_scanner_core::quantity::{parse_duration, show_duration};
use job_scanner_core::schedule::{CronTimes, CronTimesError, Schedule};

use crate::reading::read::Section;

/// Below, boards would be asked more often than they change; above, postings would come and go
/// unseen.
pub(crate) const SCAN_INTERVAL: RangeInclusive<Duration> =
    Duration::from_mins(5)..=Duration::from_hours(24);

/// What `cron` may ask for, for the same reason.
const MOST_TIMES_AN_HOUR: usize = 12;

/// What most boards deserve.
const DEFAULT_SCAN_INTERVAL: Duration = Duration::from_mins(15);

/// `scan_interval`, unless the environment said otherwise.
pub(crate) fn read_scan_interval(
    root: &mut Section<'_>,
    from_environment: Option<Duration>,
) -> Duration {
    let read = root
        .field("scan_interval")
        .and_then(|field| field.duration(&SCAN_INTERVAL, DEFAULT_SCAN_INTERVAL));
    from_environment.or(read).unwrap_or(DEFAULT_SCAN_INTERVAL)
}

/// A source's own schedule, or the one of all.
pub(crate) fn read_schedule(source: &mut Section<'_>, scan_interval: Duration) -> Schedule {
    let every = source.field("every");
    let cron = source.field("cron");
    if let (Some(_), Some(cron)) = (&every, &cron) {
        cron.report("stands beside `every`", "keep one of the two");
    }

    let every = every.and_then(|field| field.duration(&SCAN_INTERVAL, Duration::from_hours(1)));
    let cron = cron.and_then(|field| field.parsed(parse_cron, "write five fields"));
    match (cron, every) {
        (Some(times), _) => Schedule::Cron(Box::new(times)),
        (None, every) => Schedule::Every(every.unwrap_or(scan_interval)),
    }
}

/// Times that come no more often than an interval may be short.
fn parse_cron(pattern: &str) -> Result<CronTimes, String> {
    let times: CronTimes = pattern
        .parse()
        .map_err(|error: CronTimesError| error.to_string())?;
    match times.times_an_hour() {
        often if often > MOST_TIMES_AN_HOUR => Err(format!(
            "`{pattern}` comes {often} times an hour; write at most {MOST_TIMES_AN_HOUR}, such as `*/15 * * * *`"
        )),
        _ => Ok(times),
    }
}

/// The value of `SCAN_INTERVAL`: what is wrong with it, and what to write.
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
