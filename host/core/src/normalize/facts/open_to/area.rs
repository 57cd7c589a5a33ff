//! Areas: countries and zones.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::normalize::facts::place::{GAZETTEER, Zone, country_named};
use crate::words::closest_match;

/// A country or a zone. It is written as a code (`DE`) or the word of a zone (`europe`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Area {
    /// An ISO 3166-1 alpha-2 code.
    Country(String),
    Zone(Zone),
}

/// The error for a text that is not an area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither a country nor a zone{}; write a country such as `DE` or `Germany`, or one of {}", suggestion(.closest.as_deref()), zones())]
pub struct UnknownArea {
    pub text: String,
    /// The zone with the most similar word.
    pub closest: Option<String>,
}

impl Area {
    /// Returns true if a country, by its ISO 3166-1 alpha-2 code, is the area or lies in it.
    pub fn has(&self, country: &str) -> bool {
        match self {
            Self::Country(code) => code == country,
            Self::Zone(zone) => zone.has(country),
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country(code) => f.write_str(code),
            Self::Zone(zone) => zone.fmt(f),
        }
    }
}

/// Reads the word or a name of a zone (`europe`, `latin america`), or the name or code of a country
/// (`Germany`, `DE`).
impl FromStr for Area {
    type Err = UnknownArea;

    fn from_str(text: &str) -> Result<Self, UnknownArea> {
        let word = text.trim().to_lowercase();
        let zone = word.parse().ok().or_else(|| Zone::with_name(&word));
        let country = || country_named(text).filter(|code| GAZETTEER.country(code).is_some());
        zone.map(Self::Zone)
            .or_else(|| country().map(|code| Self::Country(code.to_owned())))
            .ok_or_else(|| UnknownArea {
                text: text.to_owned(),
                closest: closest_zone(&word),
            })
    }
}

impl TryFrom<String> for Area {
    type Error = UnknownArea;

    fn try_from(text: String) -> Result<Self, UnknownArea> {
        text.parse()
    }
}

impl From<Area> for String {
    fn from(area: Area) -> Self {
        area.to_string()
    }
}

fn closest_zone(word: &str) -> Option<String> {
    let words = Zone::ALL.iter().map(|zone| zone.as_str());
    closest_match(word, words).map(str::to_owned)
}

fn suggestion(closest: Option<&str>) -> String {
    closest.map_or_else(String::new, |zone| format!(" (did you mean `{zone}`?)"))
}

fn zones() -> String {
    let words: Vec<String> = Zone::ALL.iter().map(|zone| format!("`{zone}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_reads_back_from_its_word() {
        for (text, word) in [
            ("DE", "DE"),
            ("germany", "DE"),
            ("Deutschland", "DE"),
            ("usa", "US"),
            ("Europe", "europe"),
            ("EU", "eu"),
            ("north-america", "north-america"),
            ("Latin America", "latam"),
            ("worldwide", "worldwide"),
        ] {
            let area: Area = text.parse().unwrap();
            assert_eq!(area.to_string(), word, "{text}");
            let json = serde_json::to_string(&area).unwrap();
            assert_eq!(json, format!("\"{word}\""));
            assert_eq!(serde_json::from_str::<Area>(&json).unwrap(), area);
        }
    }

    #[test]
    fn an_unknown_area_suggests_the_closest_zone() {
        let error = "erope".parse::<Area>().unwrap_err().to_string();
        assert!(
            error.contains("did you mean `europe`?") && error.contains("`emea`"),
            "{error}"
        );
        for text in ["", "Berlin", "atlantis"] {
            assert!(text.parse::<Area>().is_err(), "{text}");
        }
    }
}
