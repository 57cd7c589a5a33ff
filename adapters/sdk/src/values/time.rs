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

/// Converts seconds or milliseconds since 1970, where a board does not say which of the two.
///
/// A number beyond the year 5138 in seconds is one of milliseconds.
pub(crate) fn from_epoch(number: i64) -> Option<String> {
    const MOST_SECONDS: i64 = 100_000_000_000;

    if number < MOST_SECONDS {
        from_epoch_seconds(number)
    } else {
        from_epoch_millis(number)
    }
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

/// Converts a time in the format of mail and RSS: `Fri, 04 Sep 2026 14:50:13 +0300` ([RFC 5322,
/// section 3.3](https://www.rfc-editor.org/rfc/rfc5322#section-3.3), with the years and zone names
/// of [section 4.3](https://www.rfc-editor.org/rfc/rfc5322#section-4.3)).
///
/// With an unknown zone the result is the date alone. The standard treats all other names, and the
/// single letters of military zones, as `-0000`: the time is valid, and its offset is unknown. Read
/// as UTC, it could be wrong by 14 hours.
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
        short @ 50..=999 => 1900 + short,
        year => year,
    };
    let date = format!("{year:04}-{month:02}-{day:02}");

    let Some(time) = words.next() else {
        return Some(date);
    };
    let (hour, minute, second) = clock(time)?;

    Some(match words.next().and_then(offset) {
        Some(offset) => format!("{date}T{hour:02}:{minute:02}:{second:02}{offset}"),
        None => date,
    })
}

/// Reduces a time without an offset to its date, which is all that is certain:
/// `2026-09-04T14:50:13` becomes `2026-09-04`.
///
/// Any other text is returned unchanged: the host reports dates that it cannot parse.
pub fn date_or_time(text: String) -> String {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else {
        return text;
    };
    let is_date = date.len() == 10 && date.starts_with(|first: char| first.is_ascii_digit());
    let has_offset = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    if is_date && !has_offset {
        date.to_owned()
    } else {
        text
    }
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

/// Converts an offset such as `+0300` to `+03:00`, and a name to its offset. `None` for an unknown
/// zone.
///
/// The standard knows the zones of North America only. Feeds also have those of Europe, whose names
/// mean one offset each; `MEZ` and `MESZ` are the German ones. Names that mean several, such as
/// `BST` and `IST`, are unknown.
fn offset(zone: &str) -> Option<String> {
    let hours: i8 = match &*zone.to_ascii_uppercase() {
        "GMT" | "UT" | "UTC" | "Z" | "WET" => return Some("Z".to_owned()),
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "MET" | "MEZ" | "WEST" => 1,
        "CEST" | "MEST" | "MESZ" | "EET" => 2,
        "EEST" | "MSK" => 3,
        _ => return numeric_offset(zone),
    };
    Some(format!("{hours:+03}:00"))
}

/// Converts `+0300`. Some feeds write `+03:00`.
fn numeric_offset(zone: &str) -> Option<String> {
    let (sign, digits) = zone.split_at_checked(1)?;
    let digits = digits.replacen(':', "", 1);
    let is_offset = matches!(sign, "+" | "-")
        && digits.len() == 4
        && digits.bytes().all(|it| it.is_ascii_digit());
    if !is_offset {
        return None;
    }

    let (hours, minutes) = digits.split_at(2);
    // Both have two digits, so they compare like numbers.
    (hours <= "23" && minutes <= "59").then(|| format!("{sign}{hours}:{minutes}"))
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
            ("4 Sep 126 09:05 +0000", "2026-09-04T09:05:00+00:00"),
        ] {
            assert_eq!(from_rfc2822(text), expected);
        }
        for other in ["2026-07-17", "Fri, 04 Sol 2026 14:50:13 +0300", ""] {
            assert_eq!(from_rfc2822(other), other);
        }
    }

    #[test]
    fn the_name_of_a_zone_is_its_offset_and_of_an_unknown_one_the_date_stands() {
        for (zone, expected) in [
            ("GMT", "2026-03-05T14:50:13Z"),
            ("UT", "2026-03-05T14:50:13Z"),
            ("utc", "2026-03-05T14:50:13Z"),
            ("Z", "2026-03-05T14:50:13Z"),
            ("EST", "2026-03-05T14:50:13-05:00"),
            ("EDT", "2026-03-05T14:50:13-04:00"),
            ("CST", "2026-03-05T14:50:13-06:00"),
            ("CDT", "2026-03-05T14:50:13-05:00"),
            ("MST", "2026-03-05T14:50:13-07:00"),
            ("MDT", "2026-03-05T14:50:13-06:00"),
            ("PST", "2026-03-05T14:50:13-08:00"),
            ("PDT", "2026-03-05T14:50:13-07:00"),
            ("WET", "2026-03-05T14:50:13Z"),
            ("WEST", "2026-03-05T14:50:13+01:00"),
            ("CET", "2026-03-05T14:50:13+01:00"),
            ("MEZ", "2026-03-05T14:50:13+01:00"),
            ("CEST", "2026-03-05T14:50:13+02:00"),
            ("MESZ", "2026-03-05T14:50:13+02:00"),
            ("EET", "2026-03-05T14:50:13+02:00"),
            ("EEST", "2026-03-05T14:50:13+03:00"),
            ("+0530", "2026-03-05T14:50:13+05:30"),
            ("-03:30", "2026-03-05T14:50:13-03:30"),
            ("-0000", "2026-03-05T14:50:13-00:00"),
            ("+0100 (CET)", "2026-03-05T14:50:13+01:00"),
            // Unknown zones.
            ("ABC", "2026-03-05"),
            ("IST", "2026-03-05"),
            ("A", "2026-03-05"),
            ("GMT+2", "2026-03-05"),
            ("+2400", "2026-03-05"),
            ("+0160", "2026-03-05"),
            ("+1", "2026-03-05"),
            ("+0x00", "2026-03-05"),
            ("é", "2026-03-05"),
            ("", "2026-03-05"),
        ] {
            let text = format!("Thu, 05 Mar 2026 14:50:13 {zone}");
            assert_eq!(from_rfc2822(&text), expected, "{zone}");
        }
        assert_eq!(from_rfc2822("Thu, 05 Mar 2026"), "2026-03-05");
    }

    #[test]
    fn of_a_time_without_an_offset_the_date_stands() {
        for (text, expected) in [
            ("2026-09-04T14:50:13", "2026-09-04"),
            ("2026-09-04 00:00", "2026-09-04"),
            ("2026-09-04T14:50:13Z", "2026-09-04T14:50:13Z"),
            ("2026-09-04T14:50:13-03:00", "2026-09-04T14:50:13-03:00"),
            ("2026-09-04", "2026-09-04"),
            ("Fri, 04 Sol 2026", "Fri, 04 Sol 2026"),
            ("soon", "soon"),
        ] {
            assert_eq!(date_or_time(text.to_owned()), expected);
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
