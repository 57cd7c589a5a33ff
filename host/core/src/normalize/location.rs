//! Places: each on one line, without duplicates.

use std::collections::HashSet;

use super::text::{cut, one_line};
use super::warnings::{Problem, Warnings};
use crate::job::Location;
use crate::raw::RawLocation;

/// The longest part of a place, in bytes.
pub(super) const MAX_PART_BYTES: usize = 1024;
/// The number of places of one job: several times the states of a large country.
pub(super) const MAX_LOCATIONS: usize = 256;

/// Returns the first places in the board's order, without empty ones and duplicates.
pub(super) fn locations(raw: Vec<RawLocation>, warnings: &mut Warnings<'_>) -> Vec<Location> {
    let mut seen = HashSet::with_capacity(raw.len().min(MAX_LOCATIONS));
    let mut kept = Vec::with_capacity(raw.len().min(MAX_LOCATIONS));

    for place in raw {
        let Some(place) = location(&place, warnings) else {
            continue;
        };
        if seen.contains(&place) {
            continue;
        }
        if kept.len() == MAX_LOCATIONS {
            warnings.note(Problem::LocationsCut);
            break;
        }

        seen.insert(place.clone());
        kept.push(place);
    }
    kept
}

/// Returns one place; `None` if it is empty. A place without a name is named after its parts.
fn location(raw: &RawLocation, warnings: &mut Warnings<'_>) -> Option<Location> {
    let mut part = |text: &str| {
        let mut line = one_line(text);
        if cut(&mut line, MAX_PART_BYTES) {
            warnings.note(Problem::FieldCut);
        }
        Some(line).filter(|line| !line.is_empty())
    };

    let name = part(&raw.name);
    let city = raw.city.as_deref().and_then(&mut part);
    let region = raw.region.as_deref().and_then(&mut part);
    let country = raw.country.as_deref().and_then(&mut part);
    let country = country.and_then(|code| country_code(&code));

    let name = name.or_else(|| joined([&city, &region, &country]))?;
    Some(Location {
        name,
        city,
        region,
        country,
    })
}

fn joined(parts: [&Option<String>; 3]) -> Option<String> {
    let given: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    Some(given.join(", ")).filter(|name| !name.is_empty())
}

fn country_code(code: &str) -> Option<String> {
    let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| code.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::warnings::Tally;
    use super::*;

    fn place(name: &str, city: &str, region: &str, country: &str) -> RawLocation {
        let part = |text: &str| Some(text.to_owned());
        RawLocation {
            name: name.to_owned(),
            city: part(city),
            region: part(region),
            country: part(country),
        }
    }

    fn named(name: &str) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: None,
        }
    }

    fn kept(raw: &[RawLocation]) -> Vec<Location> {
        locations(raw.to_vec(), &mut Tally::default().of("job"))
    }

    #[test]
    fn places_keep_their_order_without_duplicates() {
        let raw = ["Wien", " Berlin ", "", "Wien\n", "Paris", "Wi\u{202e}en"]
            .map(|name| place(name, "", " ", ""));
        assert_eq!(kept(&raw), ["Wien", "Berlin", "Paris"].map(named));
    }

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!(
            kept(&[place("Wien", "", "", "at")])[0].country.as_deref(),
            Some("AT")
        );
        for code in ["AUT", "Austria", "A1", "Ä"] {
            assert_eq!(
                kept(&[place("Wien", "", "", code)])[0].country,
                None,
                "{code}"
            );
        }
    }

    #[test]
    fn a_place_without_a_name_is_named_after_its_parts() {
        assert_eq!(kept(&[place("", "Wien", "", "at")])[0].name, "Wien, AT");
        assert_eq!(kept(&[place(" ", "", "", "Austria")]), []);
    }

    #[test]
    fn an_overlong_name_is_cut_with_a_warning() {
        let mut tally = Tally::default();
        let kept = locations(
            vec![place(&"a".repeat(2000), "", "", "")],
            &mut tally.of("job"),
        );
        assert_eq!(kept[0].name.len(), MAX_PART_BYTES);
        assert_eq!(tally.into_lines().len(), 1);
    }

    #[test]
    fn too_many_places_are_cut_with_a_warning() {
        let mut tally = Tally::default();
        let many: Vec<_> = (0..=MAX_LOCATIONS)
            .map(|number| place(&number.to_string(), "", "", ""))
            .collect();
        let repeated = [&many[..MAX_LOCATIONS], &many[..MAX_LOCATIONS]].concat();
        assert_eq!(
            locations(repeated, &mut tally.of("job")).len(),
            MAX_LOCATIONS
        );
        assert_eq!(
            locations(many, &mut tally.of("job")).last(),
            Some(&named("255"))
        );
        let given =
            "locations-cut: more than 256 locations; the rest was dropped (once, job `job`)";
        assert_eq!(tally.into_lines(), [given]);
    }
}
