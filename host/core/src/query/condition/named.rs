//! The conditions with a colon: `country:DE|AT`, `level:senior`, `has:salary`.

use super::employment_type::WantedType;
use super::{Attribute, Condition};
use crate::job::Workplace;
use crate::normalize::facts::Level;
use crate::normalize::facts::open_to::{Area, UnknownArea};
use crate::normalize::facts::place::{Near, RegionName, Zone, country_named, regions_named};
use crate::query::error::{quoted, quoted_list};

/// The names of these conditions.
pub(in crate::query) const NAMES: [&str; 9] = [
    "workplace",
    "country",
    "region",
    "near",
    "open-to",
    "type",
    "lang",
    "level",
    "has",
];

/// The longest name of a place, in bytes.
const MAX_PLACE_BYTES: usize = 200;

/// Reads the values of a condition with a colon. The error says what is allowed.
pub(in crate::query) fn condition(name: &str, values: &[&str]) -> Result<Condition, String> {
    if values.iter().any(|value| value.is_empty()) {
        return Err(format!("expected a value after each `|` of `{name}:`"));
    }
    match name {
        "workplace" => each(values, workplace).map(Condition::Workplace),
        "country" => each(values, country).map(Condition::Country),
        "region" => each(values, region).map(|found| Condition::Region(found.concat())),
        "near" => each(values, near).map(Condition::Near),
        "open-to" => each(values, area).map(Condition::OpenTo),
        "level" => each(values, level).map(Condition::Level),
        "type" => {
            let wanted = values.iter().map(|value| WantedType::read(value));
            Ok(Condition::EmploymentType(wanted.collect()))
        }
        "lang" => each(values, language).map(Condition::Language),
        _ => match values {
            [value] => attribute(value).map(Condition::Has),
            _ => Err(
                "write one `has:` for each value, such as `has:salary AND has:country`".to_owned(),
            ),
        },
    }
}

fn each<T>(values: &[&str], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.iter().map(|value| read(value)).collect()
}

fn workplace(value: &str) -> Result<Workplace, String> {
    let value = value.to_lowercase();
    let value = if value == "onsite" { "on-site" } else { &value };
    value.parse().map_err(|_| {
        let value = quoted(value);
        format!("`{value}` is not a workplace; write `remote`, `hybrid` or `on-site`")
    })
}

fn country(value: &str) -> Result<String, String> {
    let value = place(value)?;
    if let Some(code) = country_named(value) {
        return Ok(code.to_owned());
    }
    let remedy = match Zone::with_name(value) {
        Some(zone) => {
            format!("several countries; write their codes, or `open-to:{zone}` for remote jobs")
        }
        None => "not a country; write its code, such as `DE`, or its name".to_owned(),
    };
    Err(format!("`{}` is {remedy}", quoted(value)))
}

fn region(value: &str) -> Result<Vec<RegionName>, String> {
    regions_named(place(value)?).map_err(|error| error.to_string())
}

fn near(value: &str) -> Result<Near, String> {
    Near::parse(place(value)?).map_err(|error| error.to_string())
}

fn area(value: &str) -> Result<Area, String> {
    place(value)?
        .parse()
        .map_err(|error: UnknownArea| error.to_string())
}

/// Refuses a name that is too long to be repeated in a message.
fn place(value: &str) -> Result<&str, String> {
    if value.len() > MAX_PLACE_BYTES {
        return Err(format!("`{}` is too long to be a place", quoted(value)));
    }
    Ok(value)
}

fn level(value: &str) -> Result<Level, String> {
    value.to_lowercase().parse().map_err(|_| {
        let all = quoted_list(Level::ALL.iter().map(|level| level.as_str()));
        format!("`{}` is not a level; write one of {all}", quoted(value))
    })
}

fn language(value: &str) -> Result<String, String> {
    let is_tag = (2..=3).contains(&value.split('-').next().unwrap_or_default().len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_tag {
        Ok(value.to_ascii_lowercase())
    } else {
        Err(format!(
            "`{}` is not a language tag; write two letters, such as `de`",
            quoted(value)
        ))
    }
}

fn attribute(value: &str) -> Result<Attribute, String> {
    value.parse().map_err(|_| {
        let all = Attribute::ALL.iter().map(|known| known.as_str());
        format!(
            "`{}` cannot be asked for; write one of {}",
            quoted(value),
            quoted_list(all)
        )
    })
}
