//! The input is a time as a board wrote it.

use jiff::SignedDuration;
use job_scanner_core::job::BoardTime;
use job_scanner_core::raw::RawJob;

use crate::normalized::{normalize, raw};

/// Checks that an accepted time prints in a form that parses to the same time, is not before 1970,
/// and is over after three days but not before it began. A rejected time must be blank or cause one
/// warning.
pub fn check(text: &str) {
    let (kept, warnings) = normalize_date(text);
    let Some(time) = kept else {
        assert_eq!(
            warnings.len(),
            usize::from(!text.trim().is_empty()),
            "{warnings:?}"
        );
        return;
    };
    assert_eq!(warnings, [""; 0]);

    let printed = time.to_string();
    let read_back = printed
        .parse::<BoardTime>()
        .expect("the printed form is valid");
    assert_eq!(read_back.to_string(), printed);
    assert_eq!(normalize_date(&printed), (Some(read_back), vec![]));

    let year: u16 = printed[..4].parse().expect("a year has four digits");
    assert!(year >= 1970, "{printed}");

    let start = match time {
        BoardTime::Moment(at) => at,
        // A day begins first in the time zone that is 14 hours ahead. The last two days of the
        // calendar end after the last time that can be represented.
        BoardTime::Day(day) => match format!("{day}T00:00:00+14:00").parse() {
            Ok(at) => at,
            Err(_) => return,
        },
    };
    assert!(!time.is_over(start), "{printed} is over at {start}");

    if let Ok(days_later) = start.checked_add(SignedDuration::from_hours(3 * 24)) {
        assert!(
            time.is_over(days_later),
            "{printed} is not over at {days_later}"
        );
    }
}

fn normalize_date(text: &str) -> (Option<BoardTime>, Vec<String>) {
    let (job, warnings) = normalize(RawJob {
        posted_at: Some(text.to_owned()),
        ..raw()
    });
    (job.posted_at, warnings)
}
