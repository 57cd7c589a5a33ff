//! The conditions with a colon: `country:DE|AT`, `has:salary`.

use super::{Attribute, Condition, words_of};
use crate::job::Workplace;
use crate::query::error::{quoted, quoted_list};

/// The names of these conditions.
pub(in crate::query) const NAMES: [&str; 5] = ["workplace", "country", "type", "lang", "has"];

/// Reads the values of a condition with a colon. The error says what is allowed.
pub(in crate::query) fn condition(name: &str, values: &[&str]) -> Result<Condition, String> {
    if values.iter().any(|value| value.is_empty()) {
        return Err(format!("expected a value after each `|` of `{name}:`"));
    }
    match name {
        "workplace" => each(values, workplace).map(Condition::Workplace),
        "country" => each(values, country).map(Condition::Country),
        "type" => {
            each(values, |value| Ok(words_of(value).to_lowercase())).map(Condition::EmploymentType)
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
    if value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(value.to_ascii_uppercase())
    } else {
        Err(format!(
            "`{}` is not a country code; write two letters, such as `DE`",
            quoted(value)
        ))
    }
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
