//! Ages in their largest unit, for a cell of a table.

use jiff::Timestamp;
use job_scanner_core::job::BoardTime;

use crate::cells::board_day;

/// Returns the age of a job at `now` by the time of posting. If the board gives only a day, it is
/// counted in days.
pub fn age_since_posting(posted: BoardTime, now: Timestamp) -> String {
    match posted {
        BoardTime::Moment(at) => age_since(at, now),
        BoardTime::Day(day) => {
            let today = board_day(BoardTime::Moment(now));
            days_and_weeks(today.duration_since(day).as_hours() / 24)
        }
    }
}

/// Returns the time from `at` to `now` in its largest unit, such as `12m`, `5h`, `3d`, `5w` or
/// `2y`. A time in the future has the age 0.
pub fn age_since(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_mins().max(0) {
        mins @ ..60 => format!("{mins}m"),
        mins @ 60..1_440 => format!("{}h", mins / 60),
        mins => days_and_weeks(mins / 1_440),
    }
}

fn days_and_weeks(days: i64) -> String {
    match days.max(0) {
        days @ ..14 => format!("{days}d"),
        days @ 14..730 => format!("{}w", days / 7),
        days => format!("{}y", days / 365),
    }
}
