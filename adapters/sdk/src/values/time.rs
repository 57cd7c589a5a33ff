//! Conversions of a board's times to [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339).

/// Converts milliseconds since 1970 to RFC 3339 in UTC: `2026-05-19T20:38:11.267Z`.
///
/// `None` outside the years 1 to 9999.
pub fn from_epoch_millis(millis: i64) -> Option<String> {
    const DAY: i64 = 86_400_000;

    let (year, month, day) = date(millis.div_euclid(DAY));
    let of_day = millis.rem_euclid(DAY);
    let (hour, minute, second) = (
        of_day / 3_600_000,
        of_day / 60_000 % 60,
        of_day / 1_000 % 60,
    );

    (1..=9999).contains(&year).then(|| {
        format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            of_day % 1_000
        )
    })
}

/// Converts seconds since 1970, like [`from_epoch_millis`].
pub fn from_epoch_seconds(seconds: i64) -> Option<String> {
    from_epoch_millis(seconds.checked_mul(1_000)?)
}

/// Converts a time in Ruby's format: `2026-07-17 11:00:39 UTC`.
///
/// Any other text is returned unchanged: the host parses more formats and reports dates that it
/// cannot parse.
pub fn from_ruby(text: &str) -> String {
    match text
        .strip_suffix(" UTC")
        .and_then(|moment| moment.split_once(' '))
    {
        Some((date, time)) => format!("{date}T{time}Z"),
        None => text.to_owned(),
    }
}

/// Converts a time in the format of mail and RSS: `Fri, 04 Sep 2026 14:50:13 +0300` ([RFC 2822,
/// section 3.3](https://www.rfc-editor.org/rfc/rfc2822#section-3.3), with the zone names of
/// [section 4.3](https://www.rfc-editor.org/rfc/rfc2822#section-4.3)).
///
/// Any other text is returned unchanged: the host reports dates that it cannot parse.
pub fn from_rfc2822(text: &str) -> String {
    read_rfc2822(text).unwrap_or_else(|| text.to_owned())
}

fn read_rfc2822(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let after_weekday = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = after_weekday.split_ascii_whitespace();

    let day: u8 = words.next()?.parse().ok()?;
    let month = words.next()?.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let year: u16 = match words.next()?.parse().ok()? {
        short @ 0..=49 => 2000 + short,
        short @ 50..=99 => 1900 + short,
        year => year,
    };
    let (hour, minute, second) = clock(words.next()?)?;
    let offset = offset(words.next()?)?;

    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}"
    ))
}

/// Parses hour, minute and second: `9:05`, `09:05:00`.
fn clock(text: &str) -> Option<(u8, u8, u8)> {
    let number = |part: &str, max: u8| {
        let is_number = matches!(part.len(), 1 | 2) && part.bytes().all(|it| it.is_ascii_digit());
        part.parse()
            .ok()
            .filter(|&number| is_number && number <= max)
    };

    let mut parts = text.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));

    // A leap second is second 60.
    Some((number(hour, 23)?, number(minute, 59)?, number(second, 60)?))
}

/// Converts an offset such as `+0300` to `+03:00`. Obsolete zone names have an offset too.
fn offset(zone: &str) -> Option<String> {
    let hours = match zone {
        "GMT" | "UT" | "UTC" | "Z" => return Some("Z".to_owned()),
        "EDT" => 4,
        "EST" | "CDT" => 5,
        "CST" | "MDT" => 6,
        "MST" | "PDT" => 7,
        "PST" => 8,
        _ => {
            let (hours, minutes) = zone
                .split_at_checked(3)
                .filter(|_| zone.len() == 5 && zone.starts_with(['+', '-']))?;
            return Some(format!("{hours}:{minutes}"));
        }
    };
    Some(format!("-{hours:02}:00"))
}

/// Returns year, month and day of the date this many days after 1970-01-01.
///
/// The algorithm is [`civil_from_days`](https://howardhinnant.github.io/date_algorithms.html):
/// years start in March, so that a leap day is the last day of its year. Eras of 400 years all have
/// the same number of days.
fn date(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;

    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / (ERA - 1)) / 365;

    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };

    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_since_1970_become_a_time() {
        for (millis, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_502_907_102_690, "2017-08-16T18:11:42.690Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(
                from_epoch_millis(millis).as_deref(),
                Some(expected),
                "{millis}"
            );
        }
    }

    #[test]
    fn only_the_format_of_ruby_is_converted() {
        assert_eq!(from_ruby("2026-07-17 11:00:39 UTC"), "2026-07-17T11:00:39Z");
        for other in ["2026-07-17", "2026-07-17T11:00:39Z", "", "soon UTC"] {
            assert_eq!(from_ruby(other), other);
        }
    }

    #[test]
    fn only_the_format_of_mail_is_converted() {
        for (text, expected) in [
            (
                "Fri, 04 Sep 2026 14:50:13 +0300",
                "2026-09-04T14:50:13+03:00",
            ),
            ("4 Sep 26 9:05 GMT", "2026-09-04T09:05:00Z"),
            ("Fri, 04 Sep 2026 9:05:07 GMT", "2026-09-04T09:05:07Z"),
            ("04 Sep 2026 23:59:60 UTC", "2026-09-04T23:59:60Z"),
            ("Tue, 1 July 2025 00:00:00 PDT", "2025-07-01T00:00:00-07:00"),
        ] {
            assert_eq!(from_rfc2822(text), expected);
        }
        for other in [
            "2026-07-17",
            "Fri, 04 Sep 2026",
            "Fri, 04 Sol 2026 14:50:13 +0300",
            "",
            "04 Sep 2026 14:50:13 CEST",
        ] {
            assert_eq!(from_rfc2822(other), other);
        }
    }

    #[test]
    fn an_invalid_time_of_day_is_not_converted() {
        for clock in [
            "9",
            "24:00",
            "9:60",
            "9:05:61",
            "9:05:07:00",
            "009:05",
            "+9:05",
            "9:05:",
            ":05",
            "noon",
            "9:05pm",
        ] {
            let text = format!("Fri, 04 Sep 2026 {clock} GMT");
            assert_eq!(from_rfc2822(&text), text);
        }
    }

    #[test]
    fn a_time_beyond_the_year_9999_is_unknown() {
        for count in [i64::MAX, i64::MIN, 253_402_300_800_000] {
            assert_eq!(from_epoch_millis(count), None, "{count}");
            assert_eq!(from_epoch_seconds(count), None, "{count}");
        }
    }

    #[test]
    fn seconds_are_a_thousand_milliseconds_each() {
        assert_eq!(
            from_epoch_seconds(951_782_400),
            from_epoch_millis(951_782_400_000)
        );
    }
}
