//! The places that a text means: parts that belong together are joined, then one place is chosen.
//!
//! Each name stands for several places. While the parts of a text can belong to one place (`Austin`,
//! `TX`, `US`), the candidates of the next part are joined with those so far, and only the pairs
//! that agree remain. A part that agrees with none of them begins another place.
//!
//! For a name alone (rules with numbers):
//!
//! - The name of a country is the country, unless it is also a state of the United States or Canada
//!   (`Georgia`, `CA`).
//! - Otherwise the candidate with at least three times the inhabitants of every other is meant:
//!   first among countries, then within the country. Another name of a place (`Cologne`) counts a
//!   tenth. `Paris` is in France; `Cambridge` is unknown; `Arlington` is in the United States, but
//!   no city.
//! - Names that are also common words (`Mobile`) are unknown. The lists are in
//!   `scripts/lib/gazetteer/curated.py`.
//! - A city with the name of its region is the city (`New York`), except for `Quebec`.

use super::fold::WordGap;
use super::items::{ItemKind, Name, PlaceItem, excluded};
use super::table::{CityId, CountryId, EntryPlace, GAZETTEER, NameFlags, RegionId, TableEntry};

/// A candidate is meant if it has this many times the inhabitants of every other.
const BY_FAR: u64 = 3;
/// Another name of a place counts as if it had this part of its inhabitants: a tenth.
const ALTERNATE_SHARE: u64 = 10;
/// The largest number of places of a name that are compared; no name of a city has more.
const MAX_CANDIDATES: usize = 48;
/// A place that is written next to unknown words counts from this size.
const KNOWN_WITH_OTHER_WORDS: u32 = 100_000;
/// A city next to the name of a country it does not lie in counts from this size: `Berlin, Canada`
/// may be a small town.
const LARGE_CITY: u32 = 1_000_000;
/// Countries whose name alone is also their city.
const CITY_STATES: [&str; 5] = ["GI", "HK", "MC", "MO", "SG"];
/// Countries whose states are written without the country.
const STATES_ALONE: [&str; 2] = ["CA", "US"];
/// The region whose name alone is not its city.
const REGION_FIRST: &str = "Quebec";

/// A place of the gazetteer. A city includes its region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaceCandidate {
    pub country: CountryId,
    pub region: Option<RegionId>,
    pub city: Option<CityId>,
    weight: u64,
    flags: NameFlags,
}

/// The result for one place of a text.
#[derive(Debug, Clone)]
pub(crate) struct PlaceReading {
    /// `None` if the place is ambiguous.
    pub place: Option<PlaceCandidate>,
    /// The places that are left if it is ambiguous.
    pub candidates: Vec<PlaceCandidate>,
    /// The first item of the place and the one after the last.
    pub items: (usize, usize),
    /// The text leaves this place out: `non-U.S.`.
    pub is_excluded: bool,
}

/// Returns the places of a text. With a country, only places in it count.
pub(crate) fn read_items(items: &[PlaceItem], country: Option<CountryId>) -> Vec<PlaceReading> {
    let counted = counted_names(items);
    let mut readings = Vec::new();
    let mut group: Option<Group> = None;
    let excluded = excluded(items);

    for (at, item) in items.iter().enumerate() {
        if separates(items, at) {
            readings.extend(group.take().map(Group::finish));
        }
        match item.kind {
            ItemKind::ExceptOne | ItemKind::ExceptRest => {
                readings.extend(group.take().map(Group::finish));
            }
            ItemKind::Name(name) if counted[at] => {
                let next = Group::of(name, at, country, excluded[at]);
                let Some(next) = next else { continue };
                group = Some(match group.take() {
                    Some(current) => current.join(next, item.gap, &mut readings),
                    None => next,
                });
            }
            _ => {}
        }
    }
    readings.extend(group.map(Group::finish));
    readings
}

/// Returns true if an item begins another place whatever it names. In `US-Austin, US-Boston`, each
/// comma does: the country is repeated before the city.
fn separates(items: &[PlaceItem], at: usize) -> bool {
    let item = items[at];
    let is_prefix = item.gap == WordGap::Comma
        && matches!(item.kind, ItemKind::Name(_))
        && items.get(at + 1).is_some_and(|next| {
            next.gap == WordGap::Hyphen && matches!(next.kind, ItemKind::Name(_))
        });
    item.gap >= WordGap::Slash || item.kind == ItemKind::Alternative || is_prefix
}

/// Decides for each item whether it counts as a place. In `New York Privy HQ`, the beginning does;
/// in `Fifth Avenue Victoria House`, nothing does. The name of a country always does.
fn counted_names(items: &[PlaceItem]) -> Vec<bool> {
    let mut counted = vec![false; items.len()];
    let mut start = 0;
    while start < items.len() {
        let is_break = |item: &PlaceItem| item.gap > WordGap::Hyphen;
        let length = items[start + 1..].iter().position(is_break);
        let end = length.map_or(items.len(), |length| start + 1 + length);
        count_piece(&items[start..end], &mut counted[start..end]);
        start = end;
    }
    counted
}

fn count_piece(piece: &[PlaceItem], counted: &mut [bool]) {
    let is_unclear = |item: &PlaceItem| matches!(item.kind, ItemKind::Unknown | ItemKind::Feature);
    let unclear = piece.iter().position(is_unclear);
    for (at, item) in piece.iter().enumerate() {
        let ItemKind::Name(name) = item.kind else {
            continue;
        };
        let is_feature = piece
            .get(at + 1)
            .is_some_and(|next| next.kind == ItemKind::Feature);
        let is_before = unclear.is_none_or(|unclear| at < unclear);
        let is_clear = unclear.is_none() || (is_before && stands_out(name));
        let is_time = piece
            .get(at + 1)
            .is_some_and(|next| next.kind == ItemKind::TimeZone);
        counted[at] = !is_feature && !is_time && (is_clear || name.has_country_name());
    }
}

fn stands_out(name: Name) -> bool {
    name.entries().any(|entry| match entry.place {
        EntryPlace::City(city) => GAZETTEER.city(city).population >= KNOWN_WITH_OTHER_WORDS,
        EntryPlace::Region(_) | EntryPlace::Country(_) => true,
    })
}

/// Parts that belong to one place, and the places that they can mean.
struct Group {
    candidates: Vec<PlaceCandidate>,
    /// The name if the group has one part.
    only: Option<Name>,
    items: (usize, usize),
    /// All parts are codes, and one of them is a region: a city in it follows.
    is_code_path: bool,
    is_excluded: bool,
}

impl Group {
    /// Returns the group of one name; `None` if it names nothing in the country.
    fn of(name: Name, at: usize, country: Option<CountryId>, is_excluded: bool) -> Option<Self> {
        let is_inside =
            |candidate: &PlaceCandidate| country.is_none_or(|id| candidate.country == id);
        let candidates: Vec<PlaceCandidate> = name
            .entries()
            .map(PlaceCandidate::of)
            .filter(is_inside)
            .take(MAX_CANDIDATES)
            .collect();
        (!candidates.is_empty()).then_some(Self {
            candidates,
            only: Some(name),
            items: (at, at + 1),
            is_code_path: name.is_code(),
            is_excluded,
        })
    }

    /// Adds the next part. If it does not belong to this group, this group is finished and the
    /// result is the next group.
    fn join(self, next: Self, gap: WordGap, readings: &mut Vec<PlaceReading>) -> Self {
        let joined = joined(&self.candidates, &next.candidates);
        if joined.is_empty() || self.is_excluded != next.is_excluded {
            return self.follow(next, gap, readings);
        }
        Self {
            candidates: joined,
            only: self.only.filter(|only| Some(*only) == next.only),
            items: (self.items.0, next.items.1),
            is_code_path: self.is_code_path && next.is_code_path,
            is_excluded: self.is_excluded,
        }
    }

    /// Returns the group that goes on after a part that does not agree with this one.
    fn follow(self, next: Self, gap: WordGap, readings: &mut Vec<PlaceReading>) -> Self {
        // `Berlin, MD` is a town that the gazetteer lacks, not the German city.
        if self.is_small_town_in(&next) {
            return next;
        }
        // `US, MA, Berlin` and `US-Berlin`: likewise.
        if self.contains_town(&next, gap) {
            return self;
        }
        // `Bangalore, India, Whitefield` names a part of the city.
        if self.is_complete() && gap == WordGap::Comma && next.is_small() {
            return self;
        }
        readings.push(self.finish());
        next
    }

    fn is_small_town_in(&self, next: &Self) -> bool {
        let Some(next_name) = next.only else {
            return false;
        };
        let is_city = names_a_city(&self.candidates);
        let is_large = self
            .candidates
            .iter()
            .any(|city| city.weight >= u64::from(LARGE_CITY));
        let is_plain = self.only.is_some() && next.items.0 == self.items.1;
        let is_listed_next = next_name.has_country_name() && is_large;
        is_plain && is_city && !next_name.has_city() && !is_listed_next
    }

    fn contains_town(&self, next: &Self, gap: WordGap) -> bool {
        let has_city = names_a_city(&self.candidates);
        let is_region = self.only.is_none() && self.is_code_path;
        let is_tight = gap == WordGap::Hyphen || is_region;
        !has_city && self.is_code_path && is_tight && names_a_city(&next.candidates)
    }

    fn is_complete(&self) -> bool {
        self.only.is_none() && names_a_city(&self.candidates)
    }

    fn is_small(&self) -> bool {
        let is_small = |candidate: &PlaceCandidate| {
            candidate.city.is_some() && candidate.weight < u64::from(KNOWN_WITH_OTHER_WORDS)
        };
        self.candidates.iter().all(is_small)
    }

    fn finish(self) -> PlaceReading {
        let place = match self.only {
            Some(_) => alone(&self.candidates),
            None => together(&self.candidates),
        };
        PlaceReading {
            place,
            candidates: self.candidates,
            items: self.items,
            is_excluded: self.is_excluded,
        }
    }
}

/// Returns true for the name of a city that is not also a country.
fn names_a_city(candidates: &[PlaceCandidate]) -> bool {
    let has_city = candidates.iter().any(|candidate| candidate.city.is_some());
    has_city && !candidates.iter().any(PlaceCandidate::is_country)
}

impl PlaceCandidate {
    fn of(entry: TableEntry) -> Self {
        let (country, region, city, population) = match entry.place {
            EntryPlace::Country(id) => (id, None, None, 0),
            EntryPlace::Region(id) => {
                let region = GAZETTEER.region(id);
                (region.country, Some(id), None, region.population)
            }
            EntryPlace::City(id) => {
                let city = GAZETTEER.city(id);
                (city.country, city.region, Some(id), city.population)
            }
        };
        Self {
            country,
            region,
            city,
            weight: u64::from(population)
                / if entry.flags.is_alternate() {
                    ALTERNATE_SHARE
                } else {
                    1
                },
            flags: entry.flags,
        }
    }

    fn is_country(&self) -> bool {
        self.region.is_none() && self.city.is_none()
    }

    /// Returns the place that both name; `None` if they contradict each other.
    fn and(&self, other: &Self) -> Option<Self> {
        let regions_agree = agree(self.region, other.region);
        let cities_agree = agree(self.city, other.city);
        if self.country != other.country || !regions_agree || !cities_agree {
            return None;
        }
        let more_exact = if self.city.is_some() || (self.region.is_some() && other.city.is_none()) {
            self
        } else {
            other
        };
        Some(Self {
            region: self.region.or(other.region),
            ..*more_exact
        })
    }
}

fn agree<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn joined(left: &[PlaceCandidate], right: &[PlaceCandidate]) -> Vec<PlaceCandidate> {
    let mut joined: Vec<PlaceCandidate> = Vec::new();
    for one in left {
        for candidate in right.iter().filter_map(|other| one.and(other)) {
            let is_known = joined.iter().any(|known| {
                known.city == candidate.city
                    && known.region == candidate.region
                    && known.country == candidate.country
            });
            if !is_known && joined.len() < MAX_CANDIDATES {
                joined.push(candidate);
            }
        }
    }
    joined
}

/// Returns the place of several parts: it must be in one country.
fn together(candidates: &[PlaceCandidate]) -> Option<PlaceCandidate> {
    let country = candidates.first()?.country;
    let is_one = candidates
        .iter()
        .all(|candidate| candidate.country == country);
    is_one.then(|| within(candidates))?
}

/// Returns the place of a name alone.
fn alone(candidates: &[PlaceCandidate]) -> Option<PlaceCandidate> {
    let is_meant = |candidate: &&PlaceCandidate| !candidate.flags.is_never_alone();
    let candidates: Vec<PlaceCandidate> = candidates.iter().filter(is_meant).copied().collect();
    if let Some(country) = candidates.iter().find(|candidate| candidate.is_country()) {
        return country_alone(country, &candidates);
    }
    if let Some(known) = candidates
        .iter()
        .find(|candidate| candidate.flags.is_well_known())
    {
        return Some(*known);
    }

    let country = heaviest_country(&candidates)?;
    let inside: Vec<PlaceCandidate> = candidates
        .into_iter()
        .filter(|candidate| candidate.country == country)
        .collect();
    within(&inside)
}

/// Returns the country, or the city of a city state; `None` if the name is also that of a state.
fn country_alone(
    country: &PlaceCandidate,
    candidates: &[PlaceCandidate],
) -> Option<PlaceCandidate> {
    let is_state = |candidate: &PlaceCandidate| {
        let code = GAZETTEER.country_code(candidate.country);
        let is_region = candidate.region.is_some() && candidate.city.is_none();
        is_region && STATES_ALONE.contains(&code) && !candidate.flags.is_alternate()
    };
    let is_ambiguous = candidates
        .iter()
        .any(|other| (other.is_country() || is_state(other)) && other.country != country.country);
    if is_ambiguous {
        return None;
    }

    let is_city_state = CITY_STATES.contains(&GAZETTEER.country_code(country.country));
    let is_city =
        |other: &&PlaceCandidate| other.city.is_some() && other.country == country.country;
    let city = candidates.iter().find(is_city).filter(|_| is_city_state);
    Some(*city.unwrap_or(country))
}

fn heaviest_country(candidates: &[PlaceCandidate]) -> Option<CountryId> {
    let heaviest = candidates.iter().max_by_key(|candidate| candidate.weight)?;
    let others = candidates
        .iter()
        .filter(|other| other.country != heaviest.country);
    let second = others.map(|other| other.weight).max().unwrap_or(0);
    (heaviest.weight >= second.saturating_mul(BY_FAR)).then_some(heaviest.country)
}

/// Returns the place within one country, as exact as it is certain.
fn within(candidates: &[PlaceCandidate]) -> Option<PlaceCandidate> {
    let is_region =
        |candidate: &&PlaceCandidate| candidate.region.is_some() && candidate.city.is_none();
    let city = by_far(
        candidates
            .iter()
            .filter(|candidate| candidate.city.is_some()),
    );
    let region = by_far(candidates.iter().filter(is_region));
    let common = |candidate: &PlaceCandidate| PlaceCandidate {
        region: None,
        city: None,
        ..*candidate
    };

    let has_cities = candidates.iter().any(|candidate| candidate.city.is_some());
    match (city, region) {
        (Some(city), Some(region)) if city.region == region.region => {
            Some(if is_named_first(&region, &city) {
                region
            } else {
                city
            })
        }
        (Some(city), Some(region)) => Some(elsewhere(&city, &region).unwrap_or(common(&city))),
        (Some(city), None) => Some(city),
        (None, Some(region)) if !has_cities => Some(region),
        (None, _) => candidates.first().map(common),
    }
}

/// Decides between a region and a city in it that share a name. `Oklahoma` is also another name of
/// Oklahoma City, but the state is meant. `Wien` is both, and both are shown as Vienna.
fn is_named_first(region: &PlaceCandidate, city: &PlaceCandidate) -> bool {
    let region_name = region.region.map(|id| GAZETTEER.region(id).name);
    let city_name = city.city.map(|id| GAZETTEER.city(id).name);
    let population = city.weight.saturating_mul(ALTERNATE_SHARE);
    let is_most = population.saturating_mul(2) >= region.weight;
    let is_other = city.flags.is_alternate() && !is_most && region_name != city_name;
    region_name == Some(REGION_FIRST) || is_other
}

/// Decides between a city and a region of the same name elsewhere in the country; `None` if either
/// may be meant, as with `Washington`.
fn elsewhere(city: &PlaceCandidate, region: &PlaceCandidate) -> Option<PlaceCandidate> {
    let is_known = city.weight >= u64::from(LARGE_CITY) || region.flags.is_alternate();
    if !city.flags.is_alternate() && is_known {
        return Some(*city);
    }
    let is_small = city.weight < u64::from(KNOWN_WITH_OTHER_WORDS);
    (is_small && is_by_far(region.weight, city.weight)).then_some(*region)
}

fn is_by_far(weight: u64, other: u64) -> bool {
    weight >= other.saturating_mul(BY_FAR)
}

/// Returns the candidate that is by far the largest; `None` without one.
fn by_far<'c>(
    candidates: impl Iterator<Item = &'c PlaceCandidate> + Clone,
) -> Option<PlaceCandidate> {
    let largest = candidates
        .clone()
        .max_by_key(|candidate| candidate.weight)?;
    let is_other =
        |other: &&PlaceCandidate| other.city != largest.city || other.region != largest.region;
    let mut others = candidates.filter(is_other);
    others
        .all(|other| is_by_far(largest.weight, other.weight))
        .then_some(*largest)
}

impl PlaceReading {
    /// Returns a country that a field of the board states.
    pub(crate) fn of_country(country: CountryId) -> Self {
        Self {
            place: Some(PlaceCandidate {
                country,
                region: None,
                city: None,
                weight: 0,
                flags: NameFlags::default(),
            }),
            candidates: Vec::new(),
            items: (0, 0),
            is_excluded: false,
        }
    }
}
