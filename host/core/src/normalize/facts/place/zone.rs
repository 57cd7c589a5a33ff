//! Zones: named groups of countries, such as `EMEA` and `the Nordics`.
//!
//! The members of continents follow the United Nations
//! ([M49](https://unstats.un.org/unsd/methodology/m49/)), with Cyprus in Europe too, and Taiwan and
//! Kosovo where they lie. Business zones have no official members; the tables here are what boards
//! usually mean.

use super::fold::FoldedWords;
use crate::words;

words! {
    /// A named group of countries.
    pub enum Zone: "a zone" {
        Worldwide = "worldwide",
        Africa = "africa",
        Americas = "americas",
        /// Asia without its west and centre, and Oceania.
        Apac = "apac",
        Asia = "asia",
        Benelux = "benelux",
        /// Germany, Austria and Switzerland.
        Dach = "dach",
        /// The European Economic Area.
        Eea = "eea",
        /// Europe, the Middle East and Africa.
        Emea = "emea",
        /// The European Union.
        Eu = "eu",
        Europe = "europe",
        Latam = "latam",
        /// The Middle East and North Africa.
        Mena = "mena",
        MiddleEast = "middle-east",
        Nordics = "nordics",
        /// Canada, Mexico and the United States.
        NorthAmerica = "north-america",
        Oceania = "oceania",
        SouthAmerica = "south-america",
    }
}

const EU: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
const EEA_ONLY: &str = "IS LI NO";
const EUROPE_ONLY: &str = "AD AL AX BA BY CH FO GB GG GI IM JE MC MD ME MK RS RU SJ SM UA VA XK";
const NORTH_AFRICA: &str = "DZ EG LY MA SD TN";
const OTHER_AFRICA: &str = "AO BF BI BJ BW CD CF CG CI CM CV DJ EH ER ET GA GH GM GN GQ GW KE KM LR LS MG ML MR MU MW \
    MZ NA NE NG RE RW SC SH SL SN SO SS ST SZ TD TG TZ UG YT ZA ZM ZW";
const MIDDLE_EAST: &str = "AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE";
const OTHER_ASIA: &str = "AF AM AZ BD BN BT CN CY GE HK ID IN JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ \
    TL TM TW UZ VN";
const EAST_AND_SOUTH_ASIA: &str =
    "BD BN BT CN HK ID IN JP KH KP KR LA LK MM MN MO MV MY NP PH PK SG TH TL TW VN";
const OCEANIA: &str =
    "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS";
const US_AND_CANADA: &str = "CA US";
const MEXICO: &str = "MX";
const SOUTH_AMERICA: &str = "AR BO BR CL CO EC FK GF GY PE PY SR UY VE";
const CENTRAL_AMERICA_AND_CARIBBEAN: &str = "AG AI AW BB BL BQ BS BZ CR CU CW DM DO GD GP GT HN HT JM KN KY LC MF MQ MS \
    NI PA PR SV SX TC TT VC VG VI";
const ATLANTIC: &str = "BM GL PM";

/// The names of zones in folded form.
const NAMES: &[(&str, Zone)] = &[
    ("africa", Zone::Africa),
    ("afrika", Zone::Africa),
    ("afrique", Zone::Africa),
    ("america latina", Zone::Latam),
    ("americas", Zone::Americas),
    ("amerique latine", Zone::Latam),
    ("amerique du nord", Zone::NorthAmerica),
    ("apac", Zone::Apac),
    ("apj", Zone::Apac),
    ("asia", Zone::Asia),
    ("asia pacific", Zone::Apac),
    ("asie", Zone::Asia),
    ("asien", Zone::Asia),
    ("benelux", Zone::Benelux),
    ("d a ch", Zone::Dach),
    ("dach", Zone::Dach),
    ("dach region", Zone::Dach),
    ("eea", Zone::Eea),
    ("emea", Zone::Emea),
    ("eu", Zone::Eu),
    ("europa", Zone::Europe),
    ("europe", Zone::Europe),
    ("european economic area", Zone::Eea),
    ("european union", Zone::Eu),
    ("europaische union", Zone::Eu),
    ("latam", Zone::Latam),
    ("lateinamerika", Zone::Latam),
    ("latin america", Zone::Latam),
    ("latinoamerica", Zone::Latam),
    ("mena", Zone::Mena),
    ("middle east", Zone::MiddleEast),
    ("noram", Zone::NorthAmerica),
    ("nordamerika", Zone::NorthAmerica),
    ("nordic countries", Zone::Nordics),
    ("nordics", Zone::Nordics),
    ("norteamerica", Zone::NorthAmerica),
    ("north america", Zone::NorthAmerica),
    ("northern america", Zone::NorthAmerica),
    ("oceania", Zone::Oceania),
    ("south america", Zone::SouthAmerica),
    ("sudamerica", Zone::SouthAmerica),
    ("suedamerika", Zone::SouthAmerica),
    ("sudamerika", Zone::SouthAmerica),
    ("the americas", Zone::Americas),
    ("the nordics", Zone::Nordics),
    ("union europea", Zone::Eu),
    ("union europeenne", Zone::Eu),
    ("world wide", Zone::Worldwide),
    ("worldwide", Zone::Worldwide),
    ("weltweit", Zone::Worldwide),
    ("global", Zone::Worldwide),
    ("globally", Zone::Worldwide),
    ("anywhere in the world", Zone::Worldwide),
    ("the world", Zone::Worldwide),
    ("mondial", Zone::Worldwide),
    ("mundial", Zone::Worldwide),
];

impl Zone {
    /// Returns the zone with a folded name.
    pub(crate) fn named(folded: &str) -> Option<Self> {
        let mut named = NAMES.iter().filter(|(name, _)| *name == folded);
        named.next().map(|&(_, zone)| zone)
    }

    /// Returns the most words that a name has which begins with this word.
    pub(crate) fn longest_name(first_word: &str) -> usize {
        let begins = |name: &str| {
            let rest = name.strip_prefix(first_word);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let names = NAMES.iter().map(|(name, _)| *name);
        let lengths = names
            .filter(|name| begins(name))
            .map(|name| name.split(' ').count());
        lengths.max().unwrap_or(0)
    }

    /// Returns true if a country, by its ISO 3166-1 alpha-2 code, is a member.
    pub fn has(self, country: &str) -> bool {
        self == Self::Worldwide || self.members().iter().any(|list| is_listed(list, country))
    }

    /// Returns the zone with a name in any spelling, such as `Latin America`.
    pub fn with_name(name: &str) -> Option<Self> {
        let words = FoldedWords::of(name);
        match words.all().len() {
            0 => None,
            count => Self::named(words.phrase(0, count)),
        }
    }

    /// Returns the codes of the member countries; none for [`Self::Worldwide`].
    pub fn countries(self) -> impl Iterator<Item = &'static str> {
        self.members().iter().flat_map(|list| list.split(' '))
    }

    /// Returns the countries, as lists of codes; none for [`Self::Worldwide`].
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Worldwide => &[],
            Self::Africa => &[NORTH_AFRICA, OTHER_AFRICA],
            Self::Americas => &[
                US_AND_CANADA,
                MEXICO,
                SOUTH_AMERICA,
                CENTRAL_AMERICA_AND_CARIBBEAN,
                ATLANTIC,
            ],
            Self::Apac => &[EAST_AND_SOUTH_ASIA, OCEANIA],
            Self::Asia => &[OTHER_ASIA, MIDDLE_EAST],
            Self::Benelux => &["BE LU NL"],
            Self::Dach => &["AT CH DE"],
            Self::Eea => &[EU, EEA_ONLY],
            Self::Emea => &[
                EU,
                EEA_ONLY,
                EUROPE_ONLY,
                MIDDLE_EAST,
                NORTH_AFRICA,
                OTHER_AFRICA,
            ],
            Self::Eu => &[EU],
            Self::Europe => &[EU, EEA_ONLY, EUROPE_ONLY],
            Self::Latam => &[MEXICO, SOUTH_AMERICA, CENTRAL_AMERICA_AND_CARIBBEAN],
            Self::Mena => &[MIDDLE_EAST, NORTH_AFRICA],
            Self::MiddleEast => &[MIDDLE_EAST, "EG"],
            Self::Nordics => &["AX DK FI FO GL IS SE NO"],
            Self::NorthAmerica => &[US_AND_CANADA, MEXICO],
            Self::Oceania => &[OCEANIA],
            Self::SouthAmerica => &[SOUTH_AMERICA],
        }
    }
}

fn is_listed(list: &str, country: &str) -> bool {
    list.split(' ').any(|member| member == country)
}

#[cfg(test)]
mod tests {
    use super::super::table::GAZETTEER;
    use super::*;

    #[test]
    fn every_member_of_a_zone_is_a_country_of_the_table() {
        for &zone in Zone::ALL {
            for country in zone.countries() {
                assert!(GAZETTEER.country(country).is_some(), "{zone} {country}");
            }
        }
    }

    #[test]
    fn zones_contain_each_other_as_their_names_say() {
        for (wide, narrow) in [
            (Zone::Europe, Zone::Eea),
            (Zone::Eea, Zone::Eu),
            (Zone::Emea, Zone::Europe),
            (Zone::Emea, Zone::Africa),
            (Zone::Emea, Zone::Mena),
            (Zone::Europe, Zone::Dach),
            (Zone::Eu, Zone::Benelux),
            (Zone::Americas, Zone::Latam),
            (Zone::Americas, Zone::NorthAmerica),
            (Zone::Latam, Zone::SouthAmerica),
            (Zone::Apac, Zone::Oceania),
        ] {
            for country in narrow.countries() {
                assert!(wide.has(country), "{wide} {country}");
            }
        }
        assert!(!Zone::Eu.has("GB") && Zone::Europe.has("GB") && Zone::Worldwide.has("GB"));
    }

    #[test]
    fn names_are_in_the_form_of_the_search() {
        for (name, zone) in NAMES {
            let words = FoldedWords::of(name);
            assert_eq!(words.phrase(0, words.all().len()), *name);
            assert_eq!(Zone::named(name), Some(*zone));
        }
    }
}
