//! The day on which a snooze ends.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::cli::usage::UsageError;

/// Parses a day.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let wrong = |_| "write a day, such as 2027-01-31".to_owned();
    text.parse().map_err(wrong)
}

/// Returns an error if a snooze until this day would be over already.
pub(super) fn check_until(until: Date, now: Timestamp) -> Result<(), UsageError> {
    let today = Offset::UTC.to_datetime(now).date();
    if until > today {
        return Ok(());
    }
    let wrong = format!("`--until {until}` is not in the future; today is {today} (UTC)");
    Err(UsageError(wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_later_day_ends_a_snooze() {
        let now: Timestamp = "2026-11-30T23:59:00Z".parse().unwrap();
        let check = |text: &str| check_until(day(text).unwrap(), now);
        assert!(check("2026-12-01").is_ok());
        assert!(check("2026-11-30").is_err());
        assert!(day("31.1.2027").is_err());
    }
}
