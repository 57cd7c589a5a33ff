//! Cron patterns as people write them, brought into the plain form that the `croner` crate reads
//! without doubt.
//!
//! The crate replaces names of days and months wherever they stand, so that `0 MON * * *` would
//! mean one o'clock. Here each field is read on its own: a name belongs into its field, and a range
//! may go past the end (`22-6`, `FRI-MON`).

/// The fault of a pattern, and the remedy where that is not plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) reason: String,
    pub(crate) remedy: Option<String>,
}

/// One of the five fields.
struct Field {
    name: &'static str,
    place: &'static str,
    least: u32,
    most: u32,
    /// The names of its values, from `least` on.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const DAY: usize = 2;
const WEEKDAY: usize = 4;
/// Sunday is 0, and 7 as well.
const SUNDAY_AGAIN: u32 = 7;

const FIELDS: [Field; 5] = [
    Field {
        name: "a minute",
        place: "first",
        least: 0,
        most: 59,
        names: &[],
    },
    Field {
        name: "an hour",
        place: "second",
        least: 0,
        most: 23,
        names: &[],
    },
    Field {
        name: "a day of the month",
        place: "third",
        least: 1,
        most: 31,
        names: &[],
    },
    Field {
        name: "a month",
        place: "fourth",
        least: 1,
        most: 12,
        names: &MONTHS,
    },
    Field {
        name: "a day of the week",
        place: "fifth",
        least: 0,
        most: SUNDAY_AGAIN,
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

impl Field {
    /// The value that has this name here.
    fn named(&self, name: &str) -> Option<u32> {
        let at = self.names.iter().position(|known| *known == name)?;
        Some(self.least + u32::try_from(at).ok()?)
    }
}

impl Wrong {
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

/// The same times in five fields without names, nicknames and ranges past the end.
pub(crate) fn plain(pattern: &str) -> Result<String, Wrong> {
    let pattern = pattern.trim().to_ascii_uppercase();
    if pattern.starts_with('@') {
        return nickname(&pattern);
    }

    let written: Vec<&str> = pattern.split_whitespace().collect();
    let fields: &[&str; 5] = written.as_slice().try_into().map_err(|_| {
        let count = written.len();
        let noun = if count == 1 { "field" } else { "fields" };
        Wrong::plain(format!(
            "it has {count} {noun}: minute, hour, day, month and weekday are needed"
        ))
    })?;

    let mut plain = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        plain.push(plain_field(place, field)?);
    }
    Ok(plain.join(" "))
}

fn nickname(pattern: &str) -> Result<String, Wrong> {
    if let Some((_, fields)) = NICKNAMES.iter().find(|(name, _)| *name == pattern) {
        return Ok((*fields).to_owned());
    }

    if pattern == "@REBOOT" {
        let remedy = "leave `cron` out: what is due is scanned at each start";
        return Err(Wrong::with_remedy("`@reboot` is not a time", remedy));
    }
    if pattern.starts_with("@EVERY") {
        let remedy = "write `every: 6h` in place of `cron`";
        return Err(Wrong::with_remedy("`@every` is an interval", remedy));
    }

    let known: Vec<String> = NICKNAMES
        .iter()
        .map(|(name, _)| format!("`{}`", name.to_ascii_lowercase()))
        .collect();
    Err(Wrong::with_remedy(
        "that nickname is not known",
        format!("write five fields, or one of {}", known.join(", ")),
    ))
}

fn plain_field(place: usize, written: &str) -> Result<String, Wrong> {
    // Days of both kinds may be left open; `+` wants both kinds to fit.
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

fn plain_item(place: usize, item: &str) -> Result<String, Wrong> {
    if item.is_empty() {
        return Err(Wrong::plain("a list has an empty part"));
    }
    // Special days come first: read as values, their letters would be refused.
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

fn plain_steps(place: usize, item: &str, range: &str, step: u32) -> Result<String, Wrong> {
    if range == "*" {
        return Ok(format!("*/{step}"));
    }
    if let Some((first, last)) = range.split_once('-') {
        return plain_range(place, first, last, step);
    }

    let (first, last) = (read_value(place, range)?, last_of(place));
    let reason = format!("`{item}` has a step without a range");
    let remedy = format!("write `{first}-{last}/{step}`, or `*/{step}`");
    Err(Wrong::with_remedy(reason, remedy))
}

/// The last day of the month, the workday next to one, the second Monday, the last Friday: what has
/// a form of its own.
fn special_day(place: usize, item: &str) -> Result<Option<String>, Wrong> {
    match place {
        DAY => special_day_of_month(item),
        WEEKDAY => special_day_of_week(item),
        _ => Ok(None),
    }
}

fn special_day_of_month(item: &str) -> Result<Option<String>, Wrong> {
    if item == "L" || item == "LW" {
        return Ok(Some(item.to_owned()));
    }

    match item.strip_suffix('W') {
        None | Some("") => Ok(None),
        Some(day) => Ok(Some(format!("{}W", read_value(DAY, day)?))),
    }
}

fn special_day_of_week(item: &str) -> Result<Option<String>, Wrong> {
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

/// A range that begins after its end goes on at the beginning.
fn plain_range(place: usize, first: &str, last: &str, step: u32) -> Result<String, Wrong> {
    let field = &FIELDS[place];
    let (first, last) = (read_value(place, first)?, read_value(place, last)?);

    // Sunday as 7 begins a week that ends with Saturday.
    let first = if place == WEEKDAY && first == SUNDAY_AGAIN && last < first {
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

fn read_step(place: usize, item: &str, step: &str) -> Result<u32, Wrong> {
    let (least, most) = (FIELDS[place].least, last_of(place));

    let step = number(step)
        .ok_or_else(|| Wrong::plain(format!("`{item}` has a step that is not a number")))?;
    if (1..=most - least).contains(&step) {
        return Ok(step);
    }

    let reason = format!("`{item}` has a step beyond its field, and would come at {least} alone");
    let remedy = format!("write `{least}`, or `every: 6h` in place of `cron` for an interval");
    Err(Wrong::with_remedy(reason, remedy))
}

/// The last value that has no other name.
fn last_of(place: usize) -> u32 {
    if place == WEEKDAY {
        SUNDAY_AGAIN - 1
    } else {
        FIELDS[place].most
    }
}

fn read_value(place: usize, written: &str) -> Result<u32, Wrong> {
    let field = &FIELDS[place];

    if let Some(value) = field.named(written) {
        return Ok(value);
    }
    let Some(value) = number(written) else {
        return Err(unknown_name(field, written));
    };

    let Field {
        name, least, most, ..
    } = field;
    if (*least..=*most).contains(&value) {
        return Ok(value);
    }
    let reason = format!("`{written}` is not {name} from {least} to {most}");
    Err(Wrong::plain(reason))
}

/// The fault of a word that has no meaning in this field: it belongs into another one, is a name
/// written out, or is not a name at all.
fn unknown_name(field: &Field, written: &str) -> Wrong {
    let right_field = FIELDS.iter().find(|other| other.named(written).is_some());
    if let Some(other) = right_field {
        return Wrong::with_remedy(
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
        return Wrong::with_remedy(
            format!("`{written}` is too long a name"),
            format!("write `{name}`"),
        );
    }

    Wrong::plain(format!("`{written}` is not {}", field.name))
}

fn number(written: &str) -> Option<u32> {
    // Parsing alone would take a sign.
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
    fn a_range_may_go_past_the_end_of_its_field() {
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
    fn what_would_mean_another_time_is_refused_with_the_reason() {
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
            ("0 8 * * MONDAY", "`MONDAY` is too long a name"),
            ("0 8 * * MONTUE", "`MONTUE` is too long a name"),
            ("5MON * * * *", "`5MON` is not a minute"),
            (
                "*/90 * * * *",
                "`*/90` has a step beyond its field, and would come at 0 alone",
            ),
            (
                "*/0 * * * *",
                "`*/0` has a step beyond its field, and would come at 0 alone",
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
            ("@noon", "that nickname is not known"),
        ] {
            assert_eq!(
                plain(written).map_err(|wrong| wrong.reason),
                Err(reason.to_owned()),
                "{written}"
            );
        }
    }
}
