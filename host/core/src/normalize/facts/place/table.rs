//! The gazetteer: countries, their first-level regions and cities above 15,000 inhabitants.
//!
//! `scripts/gazetteer` makes the file from GeoNames and the Unicode CLDR (see `NOTICE`). It is built
//! into the program and read where it lies: nothing is parsed at the start, and only the pages that
//! are read take memory. All numbers are little-endian. The parts follow each other:
//!
//! | part | size of an item | content |
//! | --- | --- | --- |
//! | header | 28 | `PLC1`; how many countries, regions, cities, keys and entries; bytes of key text |
//! | countries | 2 | code |
//! | regions | 12 | name, inhabitants of its cities, country, 2 unused bytes |
//! | cities | 20 | name, inhabitants, latitude and longitude in 1/100,000 degree, country, region |
//! | keys | 8 | offsets of the key's text and its first entry; one more item for the end |
//! | entries | 4 | place, 6 bits of flags and 2 bits of kind (`names.py`) |
//! | key text | | the sorted keys |
//! | names | | the names to show; a name is its offset (24 bits) and length (8 bits) |

use std::cmp::Ordering;
use std::sync::LazyLock;

/// The table.
pub(crate) static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::new(include_bytes!("gazetteer.bin")));

const HEADER: usize = 28;
const COUNTRY: usize = 2;
const REGION: usize = 12;
const CITY: usize = 20;
const KEY: usize = 8;
const ENTRY: usize = 4;
const NO_REGION: u16 = u16::MAX;

/// The offsets of the parts.
pub(crate) struct Gazetteer {
    bytes: &'static [u8],
    regions: usize,
    cities: usize,
    keys: usize,
    entries: usize,
    key_text: usize,
    names: usize,
    key_count: usize,
    country_count: usize,
}

/// The number of a country in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CountryId(u16);

/// The number of a region in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RegionId(u16);

/// The number of a city in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CityId(u32);

/// A name in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyId(usize);

/// A place that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableEntry {
    pub place: EntryPlace,
    pub flags: NameFlags,
}

/// The properties of a name as that of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NameFlags(u8);

impl NameFlags {
    /// Returns true if the place has another, usual name.
    pub(crate) fn is_alternate(self) -> bool {
        self.0 & 1 != 0
    }

    /// Returns true for a code, which counts only in upper case.
    pub(crate) fn is_code(self) -> bool {
        self.0 & 2 != 0
    }

    /// Returns true if the name alone does not stand for the place: it is also a common word.
    pub(crate) fn is_never_alone(self) -> bool {
        self.0 & 4 != 0
    }

    /// Returns true if the name alone stands for this place, regardless of the sizes of the others.
    pub(crate) fn is_well_known(self) -> bool {
        self.0 & 8 != 0
    }
}

/// The place of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryPlace {
    Country(CountryId),
    Region(RegionId),
    City(CityId),
}

/// A city of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct City {
    pub name: &'static str,
    pub population: u32,
    pub latitude: f64,
    pub longitude: f64,
    pub country: CountryId,
    /// `None` for a few that GeoNames does not assign.
    pub region: Option<RegionId>,
}

/// A region of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Region {
    pub name: &'static str,
    /// The inhabitants of its cities in the table.
    pub population: u32,
    pub country: CountryId,
}

/// The result of a search for a phrase.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub key: Option<KeyId>,
    /// A longer key begins with the phrase and a space.
    pub has_longer: bool,
}

impl Gazetteer {
    fn new(bytes: &'static [u8]) -> Self {
        let count = |number: usize| u32_at(bytes, 4 + 4 * number) as usize;
        let regions = HEADER + count(0) * COUNTRY;
        let cities = regions + count(1) * REGION;
        let keys = cities + count(2) * CITY;
        let entries = keys + (count(3) + 1) * KEY;
        let key_text = entries + count(4) * ENTRY;
        Self {
            bytes,
            regions,
            cities,
            keys,
            entries,
            key_text,
            names: key_text + count(5),
            key_count: count(3),
            country_count: count(0),
        }
    }

    /// Searches for a folded phrase.
    pub(crate) fn find(&self, phrase: &str) -> Found {
        let (mut low, mut high) = (0, self.key_count);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.key_text(middle).cmp(phrase.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater | Ordering::Equal => high = middle,
            }
        }

        let is_exact = low < self.key_count && self.key_text(low) == phrase.as_bytes();
        let next = low + usize::from(is_exact);
        Found {
            key: is_exact.then_some(KeyId(low)),
            has_longer: next < self.key_count && continues(self.key_text(next), phrase),
        }
    }

    /// Returns the places that have a name: countries, then regions, then cities from the largest.
    pub(crate) fn entries(&self, key: KeyId) -> impl Iterator<Item = TableEntry> + '_ {
        let first = self.key_number(key.0, 1);
        let end = self.key_number(key.0 + 1, 1);
        (first..end).map(|number| entry(u32_at(self.bytes, self.entries + number * ENTRY)))
    }

    /// Returns the ISO 3166-1 alpha-2 code of a country.
    pub(crate) fn country_code(&self, country: CountryId) -> &'static str {
        let at = HEADER + usize::from(country.0) * COUNTRY;
        std::str::from_utf8(&self.bytes[at..at + 2]).unwrap_or_default()
    }

    /// Returns the country with an ISO 3166-1 alpha-2 code in upper case.
    pub(crate) fn country(&self, code: &str) -> Option<CountryId> {
        let mut ids = (0..self.country_count).map(|number| CountryId(u16_of(number)));
        ids.find(|&id| self.country_code(id) == code)
    }

    /// Returns a region.
    pub(crate) fn region(&self, region: RegionId) -> Region {
        let at = self.regions + usize::from(region.0) * REGION;
        Region {
            name: self.name(at),
            population: u32_at(self.bytes, at + 4),
            country: CountryId(u16_at(self.bytes, at + 8)),
        }
    }

    /// Returns all cities.
    pub(crate) fn cities(&self) -> impl Iterator<Item = City> + '_ {
        let count = (self.keys - self.cities) / CITY;
        (0..count).filter_map(|number| Some(self.city(CityId(number.try_into().ok()?))))
    }

    /// Returns a city.
    pub(crate) fn city(&self, city: CityId) -> City {
        let at = self.cities + city.0 as usize * CITY;
        let region = u16_at(self.bytes, at + 18);
        City {
            name: self.name(at),
            population: u32_at(self.bytes, at + 4),
            latitude: degrees_at(self.bytes, at + 8),
            longitude: degrees_at(self.bytes, at + 12),
            country: CountryId(u16_at(self.bytes, at + 16)),
            region: (region != NO_REGION).then_some(RegionId(region)),
        }
    }

    fn key_text(&self, key: usize) -> &'static [u8] {
        let start = self.key_text + self.key_number(key, 0);
        let end = self.key_text + self.key_number(key + 1, 0);
        &self.bytes[start..end]
    }

    fn key_number(&self, key: usize, column: usize) -> usize {
        u32_at(self.bytes, self.keys + key * KEY + 4 * column) as usize
    }

    fn name(&self, at: usize) -> &'static str {
        let reference = u32_at(self.bytes, at);
        let start = self.names + (reference >> 8) as usize;
        let text = &self.bytes[start..start + (reference & 0xFF) as usize];
        std::str::from_utf8(text).unwrap_or_default()
    }
}

fn continues(key: &[u8], phrase: &str) -> bool {
    let rest = key.strip_prefix(phrase.as_bytes());
    rest.is_some_and(|rest| rest.starts_with(b" "))
}

fn entry(packed: u32) -> TableEntry {
    let number = packed >> 8;
    TableEntry {
        place: match packed & 3 {
            0 => EntryPlace::Country(CountryId(u16_of(number as usize))),
            1 => EntryPlace::Region(RegionId(u16_of(number as usize))),
            _ => EntryPlace::City(CityId(number)),
        },
        flags: NameFlags((packed >> 2 & 0x3F) as u8),
    }
}

fn u16_of(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn degrees_at(bytes: &[u8], at: usize) -> f64 {
    f64::from(u32_at(bytes, at).cast_signed()) / 100_000.0
}

#[cfg(test)]
mod tests {
    use super::super::fold::FoldedWords;
    use super::*;

    #[test]
    fn every_key_is_found_in_its_order_and_form() {
        let table = &*GAZETTEER;
        for key in 0..table.key_count {
            let text = std::str::from_utf8(table.key_text(key)).unwrap();
            assert_eq!(table.find(text).key, Some(KeyId(key)), "{text}");

            let words = FoldedWords::of(text);
            assert_eq!(words.phrase(0, words.all().len()), text);
        }
    }

    #[test]
    fn every_place_of_a_key_can_be_read() {
        let table = &*GAZETTEER;
        for entry in (0..table.key_count).flat_map(|key| table.entries(KeyId(key))) {
            let (name, country) = match entry.place {
                EntryPlace::Country(id) => (table.country_code(id), id),
                EntryPlace::Region(id) => (table.region(id).name, table.region(id).country),
                EntryPlace::City(id) => (table.city(id).name, table.city(id).country),
            };
            assert!(!name.is_empty());
            assert_eq!(table.country(table.country_code(country)), Some(country));
        }
    }

    #[test]
    fn the_table_fills_its_file_and_stays_small() {
        let table = &*GAZETTEER;
        let names = table.bytes.len() - table.names;
        assert!(table.bytes.starts_with(b"PLC1"));
        assert!(names < 1 << 24 && table.bytes.len() < 4_000_000);
    }
}
