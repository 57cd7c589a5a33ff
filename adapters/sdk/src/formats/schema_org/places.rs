//! Places of work, and the places where applicants of a remote job may be.

use serde_json::Value;

use super::values::{has_type, name, text, values};
use crate::Location;

/// Returns the places of a posting: all places of work and, for a remote job, the countries and
/// regions of applicants after them. A job without a place of work has only these.
pub(super) fn locations(posting: &Value, is_remote: bool) -> Vec<Location> {
    let company = name(&posting["hiringOrganization"]);
    let of_work = values(&posting["jobLocation"]).filter_map(|it| place(it, company.as_deref()));

    let mut places: Vec<Location> = Vec::new();
    for place in of_work {
        add(&mut places, place);
    }

    if places.is_empty() || is_remote {
        for region in values(&posting["applicantLocationRequirements"]).filter_map(region) {
            add(&mut places, region);
        }
    }
    places
}

fn add(places: &mut Vec<Location>, place: Location) {
    if !places.contains(&place) {
        places.push(place);
    }
}

/// Returns a place of work: its address, after its own name if that says more than the address and
/// the company's name do.
fn place(place: &Value, company: Option<&str>) -> Option<Location> {
    let own_name = name(place)
        .filter(|name| is_given(name))
        .filter(|name| company.is_none_or(|company| !same(name, company)));
    let address = values(&place["address"]).find_map(address);

    match (own_name, address) {
        (Some(name), Some(address)) => Some(Location {
            name: together(name, &address.name),
            ..address
        }),
        (Some(name), None) => Some(Location::named(name)),
        (None, address) => address,
    }
}

fn address(address: &Value) -> Option<Location> {
    let part = |key: &str| name(&address[key]).filter(|part| is_given(part));
    let (city, region) = (part("addressLocality"), part("addressRegion"));

    Location::from_parts(city, region, part("addressCountry"))
        .or_else(|| text(address).map(Location::named))
}

/// Returns a country or region of applicants. Only a country has a code: `CA` as a state is
/// California, as a country Canada.
fn region(value: &Value) -> Option<Location> {
    if let Some(place) = values(&value["address"]).find_map(address) {
        return Some(place);
    }

    let name = name(value)?;
    match ["State", "AdministrativeArea", "City"].map(|kind| has_type(value, kind)) {
        [false, false, false] => Location::from_parts(None, None, Some(name)),
        [.., true] => Location::from_parts(Some(name), None, None),
        _ => Location::from_parts(None, Some(name), None),
    }
}

/// Joins the name of a place with its address, unless one contains the other.
fn together(name: String, address: &str) -> String {
    if contains(&name, address) {
        return name;
    }
    if contains(address, &name) {
        return address.to_owned();
    }
    format!("{name}, {address}")
}

/// Returns true if all words of `part`, separated by commas, are in the text.
fn contains(text: &str, part: &str) -> bool {
    let words: Vec<_> = text.split(',').map(str::trim).collect();
    part.split(',')
        .all(|word| words.iter().any(|it| same(it, word)))
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Returns false for the word that iCIMS writes into unknown parts of an address.
fn is_given(part: &str) -> bool {
    !part.eq_ignore_ascii_case("UNAVAILABLE")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(posting: &Value, is_remote: bool) -> Vec<String> {
        let places = locations(posting, is_remote);
        places.into_iter().map(|place| place.name).collect()
    }

    #[test]
    fn all_places_of_work_are_read_once() {
        let posting = json!({"hiringOrganization": "Acme", "jobLocation": [
            {"name": "HQ", "address": {"addressLocality": "Berlin", "addressCountry": "DE"}},
            {"address": [{"addressLocality": "Bonn", "addressRegion": "UNAVAILABLE"}]},
            {"address": "Hohe Str. 1, Köln"}, "Ulm", {"name": "Ulm"}, {"name": "UNAVAILABLE"}, {},
        ]});
        assert_eq!(
            names(&posting, false),
            ["HQ, Berlin, DE", "Bonn", "Hohe Str. 1, Köln", "Ulm"]
        );
        let headquarters = &locations(&posting, false)[0];
        assert_eq!(
            (
                headquarters.city.as_deref(),
                headquarters.country.as_deref()
            ),
            (Some("Berlin"), Some("DE"))
        );
    }

    #[test]
    fn the_name_of_a_place_does_not_repeat_its_address_or_the_company() {
        let address = json!({"addressLocality": "Berlin", "addressCountry": {"name": "Germany"}});
        for (name, expected) in [
            ("Berlin", "Berlin, Germany"),
            ("berlin, Germany", "berlin, Germany"),
            ("Campus, Berlin, Germany", "Campus, Berlin, Germany"),
            ("Acme ", "Berlin, Germany"),
            ("Lab 2", "Lab 2, Berlin, Germany"),
            ("", "Berlin, Germany"),
        ] {
            let posting = json!({"hiringOrganization": {"name": "ACME"},
                "jobLocation": {"name": name, "address": address}});
            assert_eq!(names(&posting, false), [expected], "{name}");
        }
    }

    #[test]
    fn the_regions_of_applicants_are_places_of_a_remote_job_or_of_one_without_others() {
        let posting = json!({
            "jobLocation": {"address": {"addressLocality": "Bern"}},
            "applicantLocationRequirements": [
                {"@type": "Country", "name": "CA"}, {"@type": "State", "name": "CA"},
                {"@type": "Country", "address": {"addressCountry": "AT"}}, "EU", {"name": "CA"},
            ],
        });
        assert_eq!(names(&posting, true), ["Bern", "CA", "CA", "AT", "EU"]);
        assert_eq!(names(&posting, false), ["Bern"]);
        let places = locations(&posting, true);
        assert_eq!(
            (places[1].country.as_deref(), places[2].country.as_deref()),
            (Some("CA"), None)
        );
        assert_eq!(places[2].region.as_deref(), Some("CA"));

        let nowhere =
            json!({"applicantLocationRequirements": posting["applicantLocationRequirements"]});
        assert_eq!(names(&nowhere, false), ["CA", "CA", "AT", "EU"]);
    }
}
