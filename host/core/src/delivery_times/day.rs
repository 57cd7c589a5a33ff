//! Times of day: their text form, and their instants on a date.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// The error of a text that should be a time, quiet hours or a limit. It ends with the remedy,
/// after a semicolon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not {form}; write {remedy}", written.escape_debug())]
pub struct TimeError {
    pub(super) written: String,
    pub(super) form: &'static str,
    pub(super) remedy: &'static str,
}

/// Parses a time of day such as `8:00` or `22:30`; `None` if it is not one.
pub(super) fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_written_out = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !is_written_out || !is_number(hour) || !is_number(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// Returns the first instant after `at` at which it is `time` on a date that `is_day` accepts.
/// Among any eight dates in a row there has to be one. After the end of the calendar this is the
/// largest timestamp.
pub(super) fn next(
    at: Timestamp,
    time: Time,
    zone: &TimeZone,
    is_day: impl Fn(Date) -> bool,
) -> Timestamp {
    // The slot of the day before may be after midnight, if the clocks were put forward.
    let today = zone.to_datetime(at).date();
    (-1..=8)
        .map(|days: i32| today.saturating_add(days.days()))
        .filter(|date| is_day(*date))
        .filter_map(|date| instant(date, time, zone))
        .find(|slot| *slot > at)
        .unwrap_or(Timestamp::MAX)
}

/// Returns the last instant up to `at` at which it was `time`; `None` before the calendar begins.
pub(super) fn last(at: Timestamp, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    let today = zone.to_datetime(at).date();
    (-2..=1)
        .rev()
        .map(|days: i32| today.saturating_add(days.days()))
        .filter_map(|date| instant(date, time, zone))
        .find(|slot| *slot <= at)
}

/// Returns the one instant of a time on a date. A skipped time is moved by the length of the gap;
/// of a repeated one, this is the first.
fn instant(date: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(date.to_datetime(time))
        .compatible()
        .ok()
}
