//! Facts in words, as explanations and tables show them. A value of a text says so.

use super::facts::{Facts, KnownPay};
use super::origin::{Known, Origin};
use super::pay::PayKind;
use super::place::Place;

/// Returns the ranges of pay; `None` without any.
pub fn salary(facts: &Facts) -> Option<String> {
    listed(facts.pay.iter().map(range))
}

/// Returns the codes of the countries; `None` without any.
pub fn country(facts: &Facts) -> Option<String> {
    let country = |place: &Place| Some(with_origin(place.country.as_deref()?, place.origin));
    listed(facts.places.iter().filter_map(country))
}

/// Returns the regions with their countries; `None` without any.
pub fn region(facts: &Facts) -> Option<String> {
    let region = |place: &Place| {
        let (region, country) = (place.region.as_deref()?, place.country.as_deref()?);
        Some(with_origin(&format!("{region}, {country}"), place.origin))
    };
    listed(facts.places.iter().filter_map(region))
}

/// Returns the areas and those that are left out; `None` if they are not stated.
pub fn open_to(facts: &Facts) -> Option<String> {
    let open_to = facts.open_to.as_ref()?;
    let areas = open_to.areas.iter().map(ToString::to_string);
    let except = open_to.except.iter().map(|area| format!("not {area}"));
    let text = listed(areas.chain(except))?;
    Some(with_origin(&text, open_to.origin))
}

/// Returns the kinds of employment; `None` without any.
pub fn employment(facts: &Facts) -> Option<String> {
    let kinds = facts.employment.iter();
    listed(kinds.map(|Known { value, origin }| with_origin(value.as_str(), *origin)))
}

/// Returns the tag of the language; `None` if it is unknown.
pub fn language(facts: &Facts) -> Option<String> {
    let Known { value, origin } = facts.language.as_ref()?;
    Some(with_origin(value, *origin))
}

/// Returns the levels; `None` if the title names none.
pub fn level(facts: &Facts) -> Option<String> {
    listed(facts.levels.iter().map(ToString::to_string))
}

/// Returns the years of experience; `None` if the description asks for none.
pub fn years(facts: &Facts) -> Option<String> {
    let years = facts.years?;
    Some(match years.max {
        None => format!("{}+", years.min),
        Some(max) if max == years.min => max.to_string(),
        Some(max) => format!("{}–{max}", years.min),
    })
}

fn range(pay: &KnownPay) -> String {
    let range = &pay.range;
    let amounts = match (range.min, range.max) {
        (Some(min), Some(max)) if min.total_cmp(&max).is_eq() => min.to_string(),
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("from {min}"),
        (None, Some(max)) => format!("up to {max}"),
        (None, None) => "?".to_owned(),
    };
    let currency = range.currency.as_deref().unwrap_or("?");
    let period = range.period.map_or("?", |period| period.as_str());
    let kind = match range.kind {
        PayKind::Base => "",
        PayKind::OnTarget => " on target",
    };
    let place = range.place.as_deref();
    let place = place.map_or_else(String::new, |place| format!(" for {place}"));
    with_origin(
        &format!("{amounts} {currency}/{period}{kind}{place}"),
        pay.origin,
    )
}

/// Returns the value, with its origin unless it is a field of the board.
pub(crate) fn with_origin(value: &str, origin: Origin) -> String {
    match origin {
        Origin::Field => value.to_owned(),
        Origin::Text => format!("{value} (from the text)"),
    }
}

/// Joins the values, each once; `None` without any.
pub(crate) fn listed(values: impl Iterator<Item = String>) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    Some(all.join(", ")).filter(|text| !text.is_empty())
}
