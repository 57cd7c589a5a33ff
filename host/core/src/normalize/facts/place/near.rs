//! The area around a city that a person asks for.

use std::collections::HashSet;

use super::fold::FoldedWords;
use super::items::items;
use super::place::Place;
use super::point::Point;
use super::reading::{PlaceCandidate, read_items};
use super::table::{City, GAZETTEER};

const KM_PER_MILE: f64 = 1.609_344;
/// A little less than the distance between two degrees of latitude.
const KM_PER_DEGREE: f64 = 110.0;
/// Half of the way around the earth.
const MAX_KM: f64 = 20_000.0;
/// The number of cities that an error names.
const MAX_NAMED: usize = 4;

/// The area around a city.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The city and its country, such as `Berlin, DE`.
    pub city: String,
    pub point: Point,
    /// The radius, greater than 0.
    pub km: f64,
    /// The regions with a city in the area.
    regions: Vec<RegionOfCity>,
}

/// The codes or names of a country and a region; `None` for a city without a region.
type RegionOfCity = (&'static str, Option<&'static str>);

/// The reason why a text is not an area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NearError {
    #[error(
        "`{text}` has no distance; write a city, a comma and a distance, such as `Berlin, 50 km`"
    )]
    NoDistance { text: String },
    #[error(
        "`{text}` is not a distance; write a number above 0 and `km` or `mi`, up to 20000 km, such as `50 km`"
    )]
    BadDistance { text: String },
    #[error(
        "`{text}` is not a city that the program knows; write a city above 15,000 inhabitants, such as `Berlin`"
    )]
    UnknownCity { text: String },
    #[error("several cities are named `{text}`; write one of {candidates}")]
    Ambiguous { text: String, candidates: String },
}

impl Near {
    /// Parses `Berlin, 50 km` or `Portland, Oregon, 20 mi`.
    pub fn parse(text: &str) -> Result<Self, NearError> {
        let Some((place, distance)) = text.rsplit_once(',') else {
            let text = text.to_owned();
            return Err(NearError::NoDistance { text });
        };
        let km = kilometres(distance.trim())?;
        let city = city(place.trim())?;
        let center = point(&city);
        Ok(Self {
            city: shown(&city),
            point: center,
            km,
            regions: regions_around(center, km),
        })
    }

    /// Returns true if a place lies in the area, and `None` if that is unknown: the place has no city,
    /// and its country or region has one in the area.
    pub fn includes_place(&self, place: &Place) -> Option<bool> {
        if let Some(point) = place.point {
            return Some(self.includes(point));
        }
        let country = place.country.as_deref()?;
        let region = place.region.as_deref();
        let mut around = self.regions.iter();
        let may_be = around.any(|(of_country, of_region)| {
            *of_country == country
                && (region.is_none() || of_region.is_none() || *of_region == region)
        });
        (!may_be).then_some(false)
    }

    /// Returns true if a point lies in the area.
    pub fn includes(&self, point: Point) -> bool {
        self.point.km_to(point) <= self.km
    }
}

/// Returns the regions with a city within a distance of a point.
fn regions_around(center: Point, km: f64) -> Vec<RegionOfCity> {
    let is_near = |city: &City| {
        // The difference of latitudes is quick to compute, and rules out almost all cities.
        let km_north = (city.latitude - center.lat).abs() * KM_PER_DEGREE;
        km_north <= km && center.km_to(point(city)) <= km
    };
    let near = GAZETTEER.cities().filter(is_near);
    let regions: HashSet<_> = near.map(|city| (city.country, city.region)).collect();
    let named = |(country, region): (_, Option<_>)| {
        let region = region.map(|id| GAZETTEER.region(id).name);
        (GAZETTEER.country_code(country), region)
    };
    let mut regions: Vec<_> = regions.into_iter().map(named).collect();
    regions.sort_unstable();
    regions
}

fn kilometres(text: &str) -> Result<f64, NearError> {
    let bad = || NearError::BadDistance {
        text: text.to_owned(),
    };
    let unit_at = text.find(|c: char| c.is_alphabetic()).ok_or_else(bad)?;
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.trim().parse().map_err(|_| bad())?;
    let km = match unit.trim().to_ascii_lowercase().as_str() {
        "km" | "kilometers" | "kilometres" => number,
        "mi" | "mile" | "miles" => number * KM_PER_MILE,
        _ => return Err(bad()),
    };
    if km > 0.0 && km <= MAX_KM {
        Ok(km)
    } else {
        Err(bad())
    }
}

fn city(text: &str) -> Result<City, NearError> {
    let unknown = || NearError::UnknownCity {
        text: text.to_owned(),
    };
    let mut readings = read_items(&items(&FoldedWords::of(text)), None);
    let reading = readings
        .pop()
        .filter(|_| readings.is_empty())
        .ok_or_else(unknown)?;
    if let Some(id) = reading.place.and_then(|place| place.city) {
        return Ok(GAZETTEER.city(id));
    }

    let cities = cities(&reading.candidates);
    if cities.is_empty() {
        return Err(unknown());
    }
    // `Mobile` is ambiguous only as a word.
    if let [only] = cities[..] {
        return Ok(only);
    }
    let shown: Vec<String> = cities
        .iter()
        .take(MAX_NAMED)
        .map(|city| format!("`{}`", shown(city)))
        .collect();
    Err(NearError::Ambiguous {
        text: text.to_owned(),
        candidates: shown.join(", "),
    })
}

/// Returns the cities among the candidates, from the largest.
fn cities(candidates: &[PlaceCandidate]) -> Vec<City> {
    let ids = candidates.iter().filter_map(|candidate| candidate.city);
    let mut cities: Vec<City> = ids.map(|id| GAZETTEER.city(id)).collect();
    cities.sort_by_key(|city| std::cmp::Reverse(city.population));
    cities
}

fn shown(city: &City) -> String {
    let country = GAZETTEER.country_code(city.country);
    match city.region.map(|id| GAZETTEER.region(id).name) {
        Some(region) if region != city.name => format!("{}, {region}, {country}", city.name),
        _ => format!("{}, {country}", city.name),
    }
}

fn point(city: &City) -> Point {
    Point {
        lat: city.latitude,
        lon: city.longitude,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::facts::Origin;

    fn error(text: &str) -> String {
        Near::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_area_is_a_city_and_a_distance() {
        for (text, city, km) in [
            ("Berlin, 50 km", "Berlin, DE", 50.0),
            ("Berlin,50km", "Berlin, DE", 50.0),
            ("münchen, 12.5 km", "Munich, Bavaria, DE", 12.5),
            ("Portland, Oregon, 10 mi", "Portland, Oregon, US", 16.09344),
            (
                "Cambridge, UK, 20 miles",
                "Cambridge, England, GB",
                32.18688,
            ),
            ("NYC, 5 KM", "New York City, New York, US", 5.0),
            ("Mobile, 5 km", "Mobile, Alabama, US", 5.0),
        ] {
            let near = Near::parse(text).unwrap();
            assert_eq!(near.city, city, "{text}");
            assert!((near.km - km).abs() < 0.001, "{text}: {}", near.km);
        }
    }

    #[test]
    fn a_point_within_the_distance_is_included() {
        let near = Near::parse("Berlin, 30 km").unwrap();
        let potsdam = Point {
            lat: 52.399,
            lon: 13.066,
        };
        let leipzig = Point {
            lat: 51.340,
            lon: 12.375,
        };
        assert!(near.includes(potsdam) && !near.includes(leipzig));
    }

    #[test]
    fn an_error_says_what_to_write() {
        assert!(error("Berlin").contains("a city, a comma and a distance"));
        for distance in [
            "50", "far", "-5 km", "0 km", "50 ly", "nan km", "inf km", "30000 km", "",
        ] {
            assert!(
                error(&format!("Berlin, {distance}")).contains("is not a distance"),
                "{distance}"
            );
        }
        for city in ["Gondor", "", "Germany", "Berlin; Munich"] {
            assert!(
                error(&format!("{city}, 5 km")).contains("is not a city"),
                "{city}"
            );
        }
        let cambridge = error("Cambridge, 5 km");
        assert!(
            cambridge.contains("`Cambridge, England, GB`"),
            "{cambridge}"
        );
        assert!(
            cambridge.contains("`Cambridge, Massachusetts, US`"),
            "{cambridge}"
        );
    }

    #[test]
    fn a_place_without_a_city_is_outside_unless_its_region_has_a_city_in_the_area() {
        let area = Near::parse("Salzburg, 50 km").unwrap();
        let place = |country: &str, region: Option<&str>| Place {
            country: Some(country.to_owned()),
            region: region.map(str::to_owned),
            city: None,
            point: None,
            origin: Origin::Text,
        };
        assert_eq!(area.includes_place(&place("FR", None)), Some(false));
        assert_eq!(area.includes_place(&place("DE", None)), None);
        assert_eq!(area.includes_place(&place("DE", Some("Bavaria"))), None);
        assert_eq!(
            area.includes_place(&place("DE", Some("Berlin"))),
            Some(false)
        );
    }
}
