//! Places, by name or in parts.

use super::country;
use super::words::joined;
use crate::Location;

impl Location {
    /// A place of which the board gives only a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            city: None,
            region: None,
            country: None,
        }
    }

    /// Places of which the board gives only names: each once, in their order, without blank ones.
    pub fn from_names<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Vec<Self> {
        let mut places: Vec<Self> = Vec::new();

        for name in names {
            let name = name.as_ref().trim();
            if !name.is_empty() && !places.iter().any(|place| place.name == name) {
                places.push(Self::named(name));
            }
        }

        places
    }

    /// A place of which the board gives parts, named after them; `country` is a name or a code.
    /// None if all are blank.
    pub fn from_parts(
        city: Option<String>,
        region: Option<String>,
        country: Option<String>,
    ) -> Option<Self> {
        let given = [&city, &region, &country].into_iter().flatten();

        let mut parts: Vec<&str> = Vec::new();
        for part in given.map(|part| part.trim()) {
            // A city that is a state of its own comes as both.
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let name = joined(parts)?;

        let code = country
            .and_then(|name| country::code(&name))
            .map(str::to_owned);
        Some(Self {
            name,
            city,
            region,
            country: code,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_once_and_in_order() {
        assert_eq!(
            Location::from_names(["Wien", " Bonn", "", "Wien "]),
            [Location::named("Wien"), Location::named("Bonn")]
        );
    }

    #[test]
    fn a_place_is_named_after_its_parts() {
        let of = |parts: [&str; 3]| {
            let [city, region, country] =
                parts.map(|part| (!part.is_empty()).then(|| part.to_owned()));
            Location::from_parts(city, region, country)
        };
        let berlin = of(["Berlin", "Berlin", "Germany"]).expect("a place");
        assert_eq!(
            (berlin.name.as_str(), berlin.country.as_deref()),
            ("Berlin, Germany", Some("DE"))
        );
        let nowhere = of(["", "", "European Union"]).expect("a place");
        assert_eq!(
            (nowhere.name.as_str(), nowhere.country),
            ("European Union", None)
        );
        assert_eq!(of(["", "", ""]), None);
    }
}
