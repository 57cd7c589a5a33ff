//! Conditions on the places of work: `country:DE`, `region:Bavaria`, `near:"Berlin, 50 km"`.
//!
//! Each is true if any place satisfies it, false if all places are known and none does, and unknown
//! if none does and one place is not known well enough.

use crate::normalize::facts::Facts;
use crate::normalize::facts::place::{Near, Place, RegionName};
use crate::query::truth::Truth;

/// Compares the countries of the places with these codes.
pub(super) fn country(wanted: &[String], facts: &Facts) -> Truth {
    of_places(facts, |place| {
        known(place.country.as_deref(), |country| {
            wanted.iter().any(|wanted| wanted == country)
        })
    })
}

/// Compares the first-level regions of the places with these. A place in another country is in none
/// of them.
pub(super) fn region(wanted: &[RegionName], facts: &Facts) -> Truth {
    of_places(facts, |place| {
        let country = place.country.as_deref();
        let mut there = wanted.iter().filter(|it| Some(it.country) == country);
        match (country, place.region.as_deref()) {
            (None, _) => Truth::Unknown,
            (_, Some(region)) => there.any(|wanted| wanted.name == region).into(),
            (_, None) if there.next().is_none() => Truth::False,
            (_, None) => Truth::Unknown,
        }
    })
}

/// Compares the places with these areas.
pub(super) fn near(wanted: &[Near], facts: &Facts) -> Truth {
    of_places(facts, |place| {
        let in_area = |area: &Near| known(area.includes_place(place), |is_there| is_there);
        Truth::of_values(wanted.iter().map(in_area))
    })
}

fn of_places(facts: &Facts, is_wanted: impl Fn(&Place) -> Truth) -> Truth {
    let unknown = facts.has_unknown_place.then_some(Truth::Unknown);
    Truth::of_values(facts.places.iter().map(is_wanted).chain(unknown))
}

fn known<T>(value: Option<T>, holds: impl FnOnce(T) -> bool) -> Truth {
    value.map_or(Truth::Unknown, |value| holds(value).into())
}
