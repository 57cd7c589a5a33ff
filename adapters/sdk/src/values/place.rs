//! Constructors of places, by name or by parts.

use super::country;
use super::words::joined;
use crate::Location;

impl Location {
    /// Returns a place that has only a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            city: None,
            region: None,
            country: None,
        }
    }

    /// Returns places that have only names, in order, without blank names and duplicates.
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

    /// Returns a place that the board gives in parts. Its name consists of them.
    ///
    /// `country` is a name or a code. `None` if all parts are blank.
    pub fn from_parts(
        city: Option<String>,
        region: Option<String>,
        country: Option<String>,
    ) -> Option<Self> {
        let given = [&city, &region, &country].into_iter().flatten();

        let mut parts: Vec<&str> = Vec::new();
        for part in given.map(|part| part.trim()) {
            // A city state has the same name as city and as region.
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
    fn places_from_names_keep_their_order_without_duplicates() {
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
