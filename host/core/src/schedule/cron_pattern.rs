//! Cron patterns as people write them, converted to a plain form that the `croner` crate parses
//! unambiguously.
//!
//! The crate replaces names of days and months in any field, so that `0 MON * * *` would mean one
//! o'clock. Here each field is parsed on its own: a name is valid only in its own field, and a
//! range may wrap around (`22-6`, `FRI-MON`).

/// The error of a pattern, and the remedy if it is not obvious.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PatternError {
    pub(crate) reason: String,
    pub(crate) remedy: Option<String>,
}

/// One of the five fields.
struct CronField {
    name: &'static str,
    place: &'static str,
    least: u32,
    most: u32,
    /// The names of its values, starting at `least`.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const DAY: usize = 2;
const WEEKDAY: usize = 4;
/// The second number of Sunday, which is also 0.
const SECOND_SUNDAY: u32 = 7;

const FIELDS: [CronField; 5] = [
    CronField {
        name: "a minute",
        place: "first",
        least: 0,
        most: 59,
        names: &[],
    },
    CronField {
        name: "an hour",
        place: "second",
        least: 0,
        most: 23,
        names: &[],
    },
    CronField {
        name: "a day of the month",
        place: "third",
        least: 1,
        most: 31,
        names: &[],
    },
    CronField {
        name: "a month",
        place: "fourth",
        least: 1,
        most: 12,
        names: &MONTHS,
    },
    CronField {
        name: "a day of the week",
        place: "fifth",
        least: 0,
        most: SECOND_SUNDAY,
        names: &WEEKDAYS,
    },
];

const NICKNAMES: [(&str, &str); 7] = [
    ("@YEARLY", "0 0 1 1 *"),
    ("@ANNUALLY", "0 0 1 1 *"),
    ("@MONTHLY", "0 0 1 * *"),
    ("@WEEKLY", "0 0 * * 0"),
    ("@DAILY", "0 0 * * *"),
    ("@MIDNIGHT", "0 0 * * *"),
    ("@HOURLY", "0 * * * *"),
];

impl CronField {
    /// Returns the value with this name in this field.
    fn named(&self, name: &str) -> Option<u32> {
        let at = self.names.iter().position(|known| *known == name)?;
        Some(self.least + u32::try_from(at).ok()?)
    }
}

impl PatternError {
    fn plain(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            remedy: None,
        }
    }

    fn with_remedy(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// Converts a pattern to five fields without names, nicknames and ranges that wrap around.
pub(crate) fn plain(pattern: &str) -> Result<String, PatternError> {
    let pattern = pattern.trim().to_ascii_uppercase();
    if pattern.starts_with('@') {
        return nickname(&pattern);
    }

    let written: Vec<&str> = pattern.split_whitespace().collect();
    let fields: &[&str; 5] = written.as_slice().try_into().map_err(|_| {
        let count = written.len();
        let noun = if count == 1 { "field" } else { "fields" };
        PatternError::plain(format!(
            "it has {count} {noun}: minute, hour, day, month and weekday are needed"
        ))
    })?;

    let mut plain = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        plain.push(plain_field(place, field)?);
    }
    Ok(plain.join(" "))
}

fn nickname(pattern: &str) -> Result<String, PatternError> {
    if let Some((_, fields)) = NICKNAMES.iter().find(|(name, _)| *name == pattern) {
        return Ok((*fields).to_owned());
    }

    if pattern == "@REBOOT" {
        let remedy = "remove `cron`: due sources are scanned at each start";
        return Err(PatternError::with_remedy("`@reboot` is not a time", remedy));
    }
    if pattern.starts_with("@EVERY") {
        let remedy = "write `every: 6h` instead of `cron`";
        return Err(PatternError::with_remedy("`@every` is an interval", remedy));
    }

    let known: Vec<String> = NICKNAMES
        .iter()
        .map(|(name, _)| format!("`{}`", name.to_ascii_lowercase()))
        .collect();
    Err(PatternError::with_remedy(
        "the nickname is unknown",
        format!("write five fields, or one of {}", known.join(", ")),
    ))
}

fn plain_field(place: usize, written: &str) -> Result<String, PatternError> {
    // Either kind of day may be unrestricted. A `+` requires that both kinds match.
    let (both, written) = match written.strip_prefix('+') {
        Some(rest) if place == WEEKDAY => ("+", rest),
        _ => ("", written),
    };

    if written == "?" && (place == DAY || place == WEEKDAY) {
        return Ok("*".to_owned());
    }

    let mut items = Vec::new();
    for item in written.split(',') {
        items.push(plain_item(place, item)?);
    }
    Ok(format!("{both}{}", items.join(",")))
}

fn plain_item(place: usize, item: &str) -> Result<String, PatternError> {
    if item.is_empty() {
        return Err(PatternError::plain("a list has an empty item"));
    }
    // Special days come first: as values, their letters would be rejected.
    if let Some(special) = special_day(place, item)? {
        return Ok(special);
    }

    if let Some((range, step)) = item.split_once('/') {
        let step = read_step(place, item, step)?;
        return plain_steps(place, item, range, step);
    }
    if item == "*" {
        return Ok(item.to_owned());
    }
    match item.split_once('-') {
        Some((first, last)) => plain_range(place, first, last, 1),
        None => Ok(read_value(place, item)?.to_string()),
    }
}

fn plain_steps(place: usize, item: &str, range: &str, step: u32) -> Result<String, PatternError> {
    if range == "*" {
        return Ok(format!("*/{step}"));
    }
    if let Some((first, last)) = range.split_once('-') {
        return plain_range(place, first, last, step);
    }

    let (first, last) = (read_value(place, range)?, last_of(place));
    let reason = format!("`{item}` has a step without a range");
    let remedy = format!("write `{first}-{last}/{step}`, or `*/{step}`");
    Err(PatternError::with_remedy(reason, remedy))
}

/// Returns the forms of special days: the last day of the month, the workday closest to a day, the
/// second Monday, the last Friday.
fn special_day(place: usize, item: &str) -> Result<Option<String>, PatternError> {
    match place {
        DAY => special_day_of_month(item),
        WEEKDAY => special_day_of_week(item),
        _ => Ok(None),
    }
}

fn special_day_of_month(item: &str) -> Result<Option<String>, PatternError> {
    if item == "L" || item == "LW" {
        return Ok(Some(item.to_owned()));
    }

    match item.strip_suffix('W') {
        None | Some("") => Ok(None),
        Some(day) => Ok(Some(format!("{}W", read_value(DAY, day)?))),
    }
}

fn special_day_of_week(item: &str) -> Result<Option<String>, PatternError> {
    let last = item
        .strip_suffix('L')
        .filter(|day| !day.is_empty() && !day.ends_with('#'));
    let (day, which) = match (item.split_once('#'), last) {
        (Some((day, which)), _) => (day, which),
        (None, Some(day)) => (day, "L"),
        (None, None) => return Ok(None),
    };

    let day = read_value(WEEKDAY, day)?;
    Ok(Some(format!("{day}#{which}")))
}

/// Converts a range to a list. A range that begins after its end wraps around.
fn plain_range(place: usize, first: &str, last: &str, step: u32) -> Result<String, PatternError> {
    let field = &FIELDS[place];
    let (first, last) = (read_value(place, first)?, read_value(place, last)?);

    // Sunday as 7 is the start of a week that ends with Saturday.
    let first = if place == WEEKDAY && first == SECOND_SUNDAY && last < first {
        0
    } else {
        first
    };

    let values: Vec<u32> = if first <= last {
        (first..=last).collect()
    } else {
        (first..=last_of(place)).chain(field.least..=last).collect()
    };

    let kept: Vec<String> = values
        .iter()
        .step_by(step as usize)
        .map(u32::to_string)
        .collect();
    Ok(kept.join(","))
}

fn read_step(place: usize, item: &str, step: &str) -> Result<u32, PatternError> {
    let (least, most) = (FIELDS[place].least, last_of(place));

    let step = number(step)
        .ok_or_else(|| PatternError::plain(format!("`{item}` has a step that is not a number")))?;
    if (1..=most - least).contains(&step) {
        return Ok(step);
    }

    let reason = format!("`{item}` has a step larger than its field, and would match {least} only");
    let remedy = format!("write `{least}`, or `every: 6h` instead of `cron` for an interval");
    Err(PatternError::with_remedy(reason, remedy))
}

/// Returns the last value, without the second number of Sunday.
fn last_of(place: usize) -> u32 {
    if place == WEEKDAY {
        SECOND_SUNDAY - 1
    } else {
        FIELDS[place].most
    }
}

fn read_value(place: usize, written: &str) -> Result<u32, PatternError> {
    let field = &FIELDS[place];

    if let Some(value) = field.named(written) {
        return Ok(value);
    }
    let Some(value) = number(written) else {
        return Err(unknown_name(field, written));
    };

    let CronField {
        name, least, most, ..
    } = field;
    if (*least..=*most).contains(&value) {
        return Ok(value);
    }
    let reason = format!("`{written}` is not {name} from {least} to {most}");
    Err(PatternError::plain(reason))
}

/// Returns the error for a word that has no meaning in this field: it belongs to another field, is
/// a name written out, or is not a name.
fn unknown_name(field: &CronField, written: &str) -> PatternError {
    let right_field = FIELDS.iter().find(|other| other.named(written).is_some());
    if let Some(other) = right_field {
        return PatternError::with_remedy(
            format!(
                "`{written}` is {}, in the {} field",
                other.name, field.place
            ),
            format!(
                "write it in the {} field, such as `30 8 * * MON-FRI` (UTC)",
                other.place
            ),
        );
    }

    let short_name = field.names.iter().find(|name| written.starts_with(**name));
    if let Some(name) = short_name {
        return PatternError::with_remedy(
            format!("`{written}` is not abbreviated"),
            format!("write `{name}`"),
        );
    }

    PatternError::plain(format!("`{written}` is not {}", field.name))
}

fn number(written: &str) -> Option<u32> {
    // Rust accepts a sign when it parses a number.
    let digits = written.chars().all(|c| c.is_ascii_digit());
    written.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_nicknames_become_numbers_in_their_fields() {
        for (written, meant) in [
            ("30 8 * * MON-FRI", "30 8 * * 1,2,3,4,5"),
            ("0 6 1 jan,Jul *", "0 6 1 1,7 *"),
            ("  0\t6 ? * 1 ", "0 6 * * 1"),
            ("@midnight", "0 0 * * *"),
            ("@Daily", "0 0 * * *"),
            ("*/15 9-17/4 * * *", "*/15 9,13,17 * * *"),
            ("0 0 L * *", "0 0 L * *"),
            ("0 0 15W,LW * *", "0 0 15W,LW * *"),
            ("0 0 * * TUE#2,FRIL,5#L", "0 0 * * 2#2,5#L,5#L"),
            ("0 0 1 * +MON", "0 0 1 * +1"),
        ] {
            assert_eq!(plain(written).as_deref(), Ok(meant), "{written}");
        }
    }

    #[test]
    fn a_range_may_wrap_around_the_end_of_its_field() {
        for (written, meant) in [
            ("0 22-2 * * *", "0 22,23,0,1,2 * * *"),
            ("0 20-6/4 * * *", "0 20,0,4 * * *"),
            ("50-10/10 * * * *", "50,0,10 * * * *"),
            ("0 0 30-2 * *", "0 0 30,31,1,2 * *"),
            ("0 0 1 NOV-FEB *", "0 0 1 11,12,1,2 *"),
            ("0 0 * * FRI-MON", "0 0 * * 5,6,0,1"),
            ("0 0 * * SAT-SUN", "0 0 * * 6,0"),
            ("0 0 * * 5-7", "0 0 * * 5,6,7"),
            ("0 0 * * 7-2", "0 0 * * 0,1,2"),
            ("0 0 * * SUN-SUN", "0 0 * * 0"),
        ] {
            assert_eq!(plain(written).as_deref(), Ok(meant), "{written}");
        }
    }

    #[test]
    fn an_ambiguous_or_invalid_pattern_is_rejected_with_the_reason() {
        for (written, reason) in [
            (
                "0 MON * * *",
                "`MON` is a day of the week, in the second field",
            ),
            (
                "0 8 MON-FRI * *",
                "`MON` is a day of the week, in the third field",
            ),
            ("0 8 * * JAN", "`JAN` is a month, in the fifth field"),
            (
                "0 8 * MON *",
                "`MON` is a day of the week, in the fourth field",
            ),
            ("0 8 * * MONDAY", "`MONDAY` is not abbreviated"),
            ("0 8 * * MONTUE", "`MONTUE` is not abbreviated"),
            ("5MON * * * *", "`5MON` is not a minute"),
            (
                "*/90 * * * *",
                "`*/90` has a step larger than its field, and would match 0 only",
            ),
            (
                "*/0 * * * *",
                "`*/0` has a step larger than its field, and would match 0 only",
            ),
            ("5/15 * * * *", "`5/15` has a step without a range"),
            ("0 24 * * *", "`24` is not an hour from 0 to 23"),
            ("0 0 0 * *", "`0` is not a day of the month from 1 to 31"),
            ("0 0 * * 8", "`8` is not a day of the week from 0 to 7"),
            ("1- * * * *", "`` is not a minute"),
            ("1-2-3 * * * *", "`2-3` is not a minute"),
            ("-5 * * * *", "`` is not a minute"),
            ("1.5 * * * *", "`1.5` is not a minute"),
            (
                "0 8 * * *  1",
                "it has 6 fields: minute, hour, day, month and weekday are needed",
            ),
            ("@reboot", "`@reboot` is not a time"),
            ("@every 5m", "`@every` is an interval"),
            ("@noon", "the nickname is unknown"),
        ] {
            assert_eq!(
                plain(written).map_err(|wrong| wrong.reason),
                Err(reason.to_owned()),
                "{written}"
            );
        }
    }
}
