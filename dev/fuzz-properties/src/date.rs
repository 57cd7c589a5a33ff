//! The input is a time as a board wrote it.

use jiff::SignedDuration;
use job_scanner_core::job::BoardTime;
use job_scanner_core::raw::RawJob;

use crate::normalized::{normalize, raw};

/// A time that is kept prints in a form that means the same, lies in years that can be meant, and
/// is over at some time but not before it began. One that is not kept is blank or costs a warning.
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
        .expect("what we print, we read");
    assert_eq!(read_back.to_string(), printed);
    assert_eq!(normalize_date(&printed), (Some(read_back), vec![]));

    let year: u16 = printed[..4].parse().expect("a year has four digits");
    assert!(year >= 1970, "{printed}");

    let start = match time {
        BoardTime::Moment(at) => at,
        // The day begins first where the clocks are 14 hours ahead. The last two days of the
        // calendar end beyond it.
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
