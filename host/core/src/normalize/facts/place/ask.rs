//! Countries and regions that a person asks for.

use super::fold::FoldedWords;
use super::table::{EntryPlace, GAZETTEER};

/// A first-level region, in the form of [`Place`](super::Place).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionName {
    /// An ISO 3166-1 alpha-2 code.
    pub country: &'static str,
    pub name: &'static str,
}

/// The error for a text that names no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a region that the program knows; write a state or province, such as `Bavaria` or `Texas`"
)]
pub struct UnknownRegion {
    pub text: String,
}

/// Returns the regions that a text names, in any language of the gazetteer: `Bavaria`, `Bayern`,
/// `TX`. Several countries may have a region of that name.
pub fn regions_named(text: &str) -> Result<Vec<RegionName>, UnknownRegion> {
    let folded = folded(text);
    let key = GAZETTEER.find(&folded).key;
    let entries = key.into_iter().flat_map(|key| GAZETTEER.entries(key));
    let regions: Vec<RegionName> = entries
        .filter_map(|entry| match entry.place {
            EntryPlace::Region(id) => Some(GAZETTEER.region(id)),
            _ => None,
        })
        .map(|region| RegionName {
            country: GAZETTEER.country_code(region.country),
            name: region.name,
        })
        .collect();

    if regions.is_empty() {
        let text = text.to_owned();
        return Err(UnknownRegion { text });
    }
    Ok(regions)
}

/// Returns the ISO 3166-1 alpha-2 code of a country by its name in a European language or its code:
/// `Germany`, `Deutschland`, `DE`, `DEU`, `uk`.
pub fn country_named(text: &str) -> Option<&'static str> {
    let key = GAZETTEER.find(&folded(text)).key?;
    let mut countries = GAZETTEER
        .entries(key)
        .filter_map(|entry| match entry.place {
            EntryPlace::Country(id) => Some(GAZETTEER.country_code(id)),
            _ => None,
        });
    countries.next()
}

fn folded(text: &str) -> String {
    let words = FoldedWords::of(text);
    match words.all().len() {
        0 => String::new(),
        count => words.phrase(0, count).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_named_in_several_languages_and_by_its_code() {
        for (text, country, name) in [
            ("Bavaria", "DE", "Bavaria"),
            ("bayern", "DE", "Bavaria"),
            ("Catalunya", "ES", "Catalonia"),
            ("TX", "US", "Texas"),
            ("Île-de-France", "FR", "Île-de-France"),
            ("Scotland", "GB", "Scotland"),
        ] {
            assert!(
                regions_named(text)
                    .unwrap()
                    .contains(&RegionName { country, name }),
                "{text}"
            );
        }
        let error = regions_named("Gondor").unwrap_err().to_string();
        assert!(
            error.contains("`Gondor`") && error.contains("write"),
            "{error}"
        );
        assert!(regions_named("").is_err());
    }

    #[test]
    fn a_country_is_named_in_several_languages_and_by_its_codes() {
        for (text, code) in [
            ("Germany", "DE"),
            ("Deutschland", "DE"),
            ("Allemagne", "DE"),
            ("de", "DE"),
            ("DEU", "DE"),
            ("UK", "GB"),
            ("U.S.", "US"),
            ("Holland", "NL"),
            ("Czechia", "CZ"),
            ("Česko", "CZ"),
            ("Österreich", "AT"),
            ("Georgia", "GE"),
        ] {
            assert_eq!(country_named(text), Some(code), "{text}");
        }
        for text in ["", "Berlin", "Europe", "Atlantis"] {
            assert_eq!(country_named(text), None, "{text}");
        }
    }
}
