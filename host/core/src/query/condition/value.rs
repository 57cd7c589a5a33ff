//! The values of a job that only a condition shows.

use super::job_values::JobValues;
use crate::job::{Known, Origin};
use crate::normalize::facts::Facts;
use crate::normalize::facts::in_words::{listed, with_origin};
use crate::normalize::facts::place::{Near, Place};

/// Returns the cities, each with its distance to the nearest of these areas; `None` without any.
pub(super) fn near(wanted: &[Near], facts: &Facts) -> Option<String> {
    let city = |place: &Place| {
        let (city, point) = (place.city.as_deref()?, place.point?);
        let distances = wanted.iter().map(|area| area.point.km_to(point));
        let nearest = distances.min_by(f64::total_cmp)?;
        let text = format!("{city}, {nearest:.0} km away");
        Some(with_origin(&text, place.origin))
    };
    listed(facts.places.iter().filter_map(city))
}

/// Returns the board's words, and the kinds that only the title names; `None` without any.
pub(super) fn employment(job: &JobValues<'_>) -> Option<String> {
    let of_text = |known: &&Known<_>| known.origin == Origin::Text;
    let kinds = job.facts.employment.iter().filter(of_text);
    let kinds = kinds.map(|Known { value, origin }| with_origin(value.as_str(), *origin));
    let words = job.employment_type.map(str::to_owned);
    listed(words.into_iter().chain(kinds))
}
