//! Times and durations in the common form of rows, JSON, tables and log lines.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// Prints a time as `2026-11-23T08:15:00.000Z`: UTC, fixed width, with milliseconds, so that times
/// sort as text.
pub fn utc_millis(at: Timestamp) -> impl fmt::Display {
    UtcMillis(at)
}

struct UtcMillis(Timestamp);

impl fmt::Display for UtcMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

/// Returns the whole milliseconds of a duration; `u64::MAX` if they exceed it.
pub fn saturating_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the whole milliseconds as a signed integer, as databases use; `i64::MAX` if they exceed
/// it.
pub fn saturating_millis_signed(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_any_precision_print_with_the_same_width() {
        for (read, printed) in [
            ("2026-11-23T08:15:00Z", "2026-11-23T08:15:00.000Z"),
            ("2026-11-23T09:15:00.1+01:00", "2026-11-23T08:15:00.100Z"),
            ("2026-11-23T08:15:00.123456789Z", "2026-11-23T08:15:00.123Z"),
        ] {
            let at: Timestamp = read.parse().unwrap();
            assert_eq!(utc_millis(at).to_string(), printed, "{read}");
        }
    }

    #[test]
    fn a_duration_that_overflows_becomes_the_largest_number() {
        let short = Duration::from_micros(1_999);
        assert_eq!(saturating_millis(short), 1);
        assert_eq!(saturating_millis_signed(short), 1);

        assert_eq!(saturating_millis(Duration::MAX), u64::MAX);
        assert_eq!(saturating_millis_signed(Duration::MAX), i64::MAX);
    }
}
