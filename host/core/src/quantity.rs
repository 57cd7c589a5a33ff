//! Durations such as `15m` and sizes such as `256MiB`, parsed and printed in the same notation.

use std::time::Duration;

use jiff::fmt::friendly::{Spacing, SpanPrinter};
use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Binary units come first: messages use them.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1_000),
    ("B", 1),
];

const DAY: Duration = Duration::from_hours(24);

/// The longest duration that is parsed, about 20,000 years. Several units together can exceed the
/// largest number of hours, and would be printed in hours that do not parse.
const LONGEST: Duration = Duration::from_hours(175_307_616);

/// Parses `500ms`, `15m`, `1h30m`, `PT15M` or `3d`. A day has 24 hours. A number without a unit is
/// rejected.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;

    let duration = Duration::try_from(signed).ok()?;
    Some(duration).filter(|duration| *duration <= LONGEST)
}

/// Parses `256MiB`, `10 KB` or `500B`, with units in any case. A number without a unit is rejected.
pub fn parse_size(text: &str) -> Option<u64> {
    let number_end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(number_end);
    let number: u64 = number.parse().ok()?;

    let unit = unit.trim();
    let (_, factor) = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.checked_mul(*factor)
}

/// Prints a duration as `1h30m`; two or more whole days as `3d`.
pub fn show_duration(duration: Duration) -> String {
    let days = duration.as_secs() / DAY.as_secs();
    let whole_days = DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX));
    if days > 1 && duration == whole_days {
        return format!("{days}d");
    }

    match SignedDuration::try_from(duration) {
        Ok(signed) => {
            let printer = SpanPrinter::new().spacing(Spacing::None);
            printer.duration_to_string(&signed)
        }
        Err(_) => format!("{}s", duration.as_secs()),
    }
}

/// Prints a size as `256MiB`, in the largest binary unit without a fraction.
pub fn show_size(bytes: u64) -> String {
    let whole = UNITS
        .iter()
        .find(|(_, factor)| factor.is_power_of_two() && bytes.is_multiple_of(*factor));
    let (unit, factor) = whole.unwrap_or(&("B", 1));

    format!("{}{unit}", bytes / factor)
}

/// Prints a number with its noun: `1 job`, `412 jobs`.
pub fn counted(count: u64, singular: &str, plural: &str) -> String {
    let noun = if count == 1 { singular } else { plural };
    format!("{count} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed_and_printed_in_the_same_notation() {
        let cases = [
            ("500ms", 500, "500ms"),
            ("15m", 900_000, "15m"),
            ("1h30m", 5_400_000, "1h30m"),
            ("1h 30m", 5_400_000, "1h30m"),
            ("PT15M", 900_000, "15m"),
            ("90s", 90_000, "1m30s"),
            ("3d", 259_200_000, "3d"),
            ("0s", 0, "0s"),
            ("7304484d", 631_107_417_600_000, "7304484d"),
        ];
        for (text, millis, shown) in cases {
            let duration = parse_duration(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(duration, Duration::from_millis(millis), "{text}");
            assert_eq!(show_duration(duration), shown, "{text}");
        }
    }

    #[test]
    fn an_invalid_duration_is_rejected() {
        for text in [
            "",
            "15",
            "m",
            "-5s",
            "5 parsecs",
            "1mo",
            "99999999999999999999h",
            "175307616h 1s",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_parsed_and_printed_in_the_same_notation() {
        let cases = [
            ("256MiB", 256 << 20, "256MiB"),
            ("10 KB", 10_000, "10000B"),
            ("1gib", 1 << 30, "1GiB"),
            ("1536KiB", 1536 << 10, "1536KiB"),
        ];
        for (text, bytes, shown) in cases {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
            assert_eq!(show_size(bytes), shown, "{text}");
        }
    }

    #[test]
    fn an_invalid_size_is_rejected() {
        for text in [
            "",
            "256",
            "MiB",
            "-1MiB",
            "1.5MiB",
            "1 parsec",
            "99999999999999999999B",
            "18446744073709551615KiB",
        ] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
