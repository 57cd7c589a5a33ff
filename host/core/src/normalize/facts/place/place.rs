//! The places of one location of a job.

use serde::{Deserialize, Serialize};

use super::fold::FoldedWords;
use super::items::items;
use super::point::Point;
use super::reading::{PlaceCandidate, PlaceReading, read_items};
use super::table::{CountryId, GAZETTEER};
use crate::job::Location;
use crate::normalize::facts::Origin;

/// The largest number of places of one location.
const MAX_PLACES: usize = 64;

/// A place of work, as exact as a location states it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// An ISO 3166-1 alpha-2 code; `None` if the place is ambiguous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The name of a first-level region in the gazetteer, such as `Bavaria`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The name of a city in the gazetteer, such as `Munich`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The coordinates of the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// A field of the board states the country or the city, or all comes from the location's name.
    pub origin: Origin,
}

/// Returns the places of a location in the order of its text: `Berlin or Munich` has two. A place
/// that is named but ambiguous has no country. The result is empty if no place is named.
///
/// The fields for city, region and country come first. What they leave open is read from the name,
/// if it agrees with the country of the field.
pub fn place(location: &Location) -> Vec<Place> {
    let country = location.country.as_deref();
    let country = country.and_then(|code| GAZETTEER.country(code));
    let has_fields = location.city.is_some() || location.region.is_some() || country.is_some();

    let readings = if has_fields {
        read_fields(location, country)
    } else {
        included(read(&location.name, None))
    };
    let origin = match &readings {
        Some(_) if has_fields => Origin::Field,
        _ => Origin::Text,
    };
    let readings =
        readings.unwrap_or_else(|| included(read(&location.name, None)).unwrap_or_default());
    let places = readings.into_iter().take(MAX_PLACES);
    without_repeats(places.map(|reading| Place::of(reading.place, origin)))
}

/// Returns the places that the fields state; `None` if they state none.
fn read_fields(location: &Location, country: Option<CountryId>) -> Option<Vec<PlaceReading>> {
    let read = |text: &str| included(read(text, country));
    let city = location.city.as_deref();
    let region = location.region.as_deref();

    // The region says which city of a name is meant. A list of cities is read without it.
    if let (Some(city), Some(region)) = (city, region) {
        let both = read(&format!("{city}, {region}"))
            .filter(|places| places.len() == 1 && have_cities(places));
        if both.is_some() {
            return both;
        }
    }
    let of_city = city.and_then(read).filter(|places| have_cities(places));
    let of_name = || {
        country
            .and_then(|_| read(&location.name))
            .filter(|places| have_cities(places))
    };
    let of_region = || region.and_then(read).filter(|places| are_known(places));
    let of_rest = || {
        country
            .and_then(|_| read(&location.name))
            .filter(|places| are_known(places))
    };
    let of_country = || country.map(|id| vec![PlaceReading::of_country(id)]);
    of_city
        .or_else(of_name)
        .or_else(of_region)
        .or_else(of_rest)
        .or_else(of_country)
}

fn are_known(readings: &[PlaceReading]) -> bool {
    readings.iter().all(|reading| reading.place.is_some())
}

fn read(text: &str, country: Option<CountryId>) -> Vec<PlaceReading> {
    read_items(&items(&FoldedWords::of(text)), country)
}

/// Returns the places that are not left out by the text; `None` without any.
fn included(readings: Vec<PlaceReading>) -> Option<Vec<PlaceReading>> {
    let included: Vec<PlaceReading> = readings
        .into_iter()
        .filter(|reading| !reading.is_excluded)
        .collect();
    (!included.is_empty()).then_some(included)
}

fn have_cities(readings: &[PlaceReading]) -> bool {
    let has_city = |reading: &PlaceReading| reading.place.is_some_and(|place| place.city.is_some());
    readings.iter().all(has_city)
}

impl Place {
    fn of(candidate: Option<PlaceCandidate>, origin: Origin) -> Self {
        let city = candidate
            .and_then(|place| place.city)
            .map(|id| GAZETTEER.city(id));
        let region = candidate
            .and_then(|place| place.region)
            .map(|id| GAZETTEER.region(id));
        Self {
            country: candidate.map(|place| GAZETTEER.country_code(place.country).to_owned()),
            region: region.map(|region| region.name.to_owned()),
            city: city.map(|city| city.name.to_owned()),
            point: city.map(|city| Point {
                lat: city.latitude,
                lon: city.longitude,
            }),
            origin,
        }
    }
}

fn without_repeats(places: impl Iterator<Item = Place>) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::new();
    for place in places {
        if !kept.contains(&place) {
            kept.push(place);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(name: &str) -> Location {
        fields(name, "", "", "")
    }

    fn fields(name: &str, city: &str, region: &str, country: &str) -> Location {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Location {
            name: name.to_owned(),
            city: given(city),
            region: given(region),
            country: given(country),
        }
    }

    /// Returns places as the table writes them: `DE/Bavaria/Munich | FR/-/-`, `?/-/-` if ambiguous.
    fn shown(location: &Location) -> String {
        let places = place(location).into_iter().map(|place| {
            assert_eq!(place.city.is_some(), place.point.is_some());
            let [country, region, city] =
                [(place.country, "?"), (place.region, "-"), (place.city, "-")]
                    .map(|(part, missing)| part.unwrap_or_else(|| missing.to_owned()));
            format!("{country}/{region}/{city}")
        });
        places.collect::<Vec<_>>().join(" | ")
    }

    /// The table has a line for each name: `NAME => PLACES`.
    #[test]
    fn every_example_has_its_places() {
        let examples = include_str!("examples.txt");
        assert!(examples.lines().count() >= 300);
        for line in examples.lines() {
            let (name, places) = line.split_once(" =>").unwrap();
            assert_eq!(shown(&named(name)), places.trim(), "{name}");
        }
    }

    #[test]
    fn fields_come_before_the_name() {
        for (name, city, region, country, places) in [
            ("Office", "Wien", "", "AT", "AT/Vienna/Vienna"),
            ("Office", "Springfield", "Ohio", "US", "US/Ohio/Springfield"),
            (
                "Office",
                "Kansas City",
                "Kansas",
                "US",
                "US/Kansas/Kansas City",
            ),
            ("Office", "Halifax", "England", "GB", "GB/England/Halifax"),
            ("Office", "Akron", "OH", "", "US/Ohio/Akron"),
            ("Berlin", "", "", "CN", "CN/-/-"),
            ("Cambridge", "", "", "GB", "GB/England/Cambridge"),
            ("Georgia", "", "", "GE", "GE/-/-"),
            ("England", "", "", "GB", "GB/England/-"),
            ("Remote", "Remote", "Texas", "US", "US/Texas/-"),
            (
                "Two",
                "Porto, Lisbon",
                "",
                "PT",
                "PT/Porto/Porto | PT/Lisbon/Lisbon",
            ),
            ("Anywhere in Peru", "Europe", "", "", "PE/-/-"),
        ] {
            let location = fields(name, city, region, country);
            assert_eq!(shown(&location), places, "{name} {city}");
        }
    }

    #[test]
    fn a_place_knows_whether_a_field_states_it() {
        let origin = |location: &Location| place(location)[0].origin;
        assert_eq!(origin(&fields("Wien", "", "", "AT")), Origin::Field);
        assert_eq!(origin(&fields("Office", "Wien", "", "")), Origin::Field);
        assert_eq!(origin(&named("Wien")), Origin::Text);
        assert_eq!(origin(&fields("Wien", "Nowhere", "", "")), Origin::Text);
    }

    #[test]
    fn the_number_of_places_is_bounded() {
        for part in [
            "Berlin; Paris; ",
            "San Jose, ",
            "a ",
            "US-",
            "((",
            "Springfield/",
        ] {
            let long = part.repeat(100_000 / part.len());
            assert!(place(&named(&long)).len() <= MAX_PLACES, "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(
            name in ".{0,200}",
            city in ".{0,40}",
            region in "[A-Z]{2}|.{0,20}",
            country in "[A-Z]{2}",
        ) {
            place(&named(&name));
            place(&fields(&name, &city, &region, &country));
        }

        #[test]
        fn any_list_of_names_is_read(
            parts in prop::collection::vec("Berlin|San Jose|US|CA|Georgia|Remote|non|except|or|EMEA|York Street", 0..20),
            separator in ", |; | |-|/| - ",
        ) {
            for place in place(&named(&parts.join(&separator))) {
                prop_assert!(place.country.is_some() || place.city.is_none());
            }
        }
    }
}
