//! The areas that the name of a location or a title states.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::area::Area;
use crate::normalize::facts::place::{
    FoldedWords, GAZETTEER, ItemKind, PlaceCandidate, PlaceItem, PlaceReading, WordGap, Zone,
    excluded, items, read_items,
};

/// Letters of every word that marks remote work. Most texts have none of them and need no reading.
const MARK_LETTERS: &[&str] = &[
    "remot",
    "home",
    "anywhere",
    "wfh",
    "world",
    "weltweit",
    "mondial",
    "mundial",
    "global",
    "distribut",
    "distanc",
    "tele",
    "télé",
    "fernarbeit",
];

static MARK: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasickBuilder::new();
    builder
        .ascii_case_insensitive(true)
        .build(MARK_LETTERS)
        .ok()
});

/// The largest number of areas of one text.
const MAX_AREAS: usize = 64;

/// The areas that a text states.
#[derive(Debug, Default)]
pub(super) struct Areas {
    pub included: Vec<Area>,
    pub except: Vec<Area>,
    /// A mark of remote work is part of the text.
    pub is_marked: bool,
    /// The text names more that is not known exactly, such as `European time zones`.
    pub is_open_ended: bool,
}

impl Areas {
    /// Returns true without an area and without an exception.
    pub(super) fn is_empty(&self) -> bool {
        self.included.is_empty() && self.except.is_empty()
    }

    /// Adds the areas of another text.
    pub(super) fn extend(&mut self, other: Self) {
        other
            .included
            .into_iter()
            .for_each(|area| add(&mut self.included, area));
        other
            .except
            .into_iter()
            .for_each(|area| add(&mut self.except, area));
        self.is_open_ended |= other.is_open_ended;
    }

    /// Adds an area.
    pub(super) fn include(&mut self, area: Area) {
        add(&mut self.included, area);
    }
}

fn add(areas: &mut Vec<Area>, area: Area) {
    if areas.len() < MAX_AREAS && !areas.contains(&area) {
        areas.push(area);
    }
}

/// Returns the areas of a location's name: all of them for a remote job, otherwise those next to a
/// mark such as `Remote`. In `NYC, SF, Remote (US)`, only the last part counts.
pub(super) fn of_location(name: &str, is_remote_job: bool) -> Areas {
    if !is_remote_job && !may_have_mark(name) {
        return Areas::default();
    }
    let items = items(&FoldedWords::of(name));
    let readings = read_items(&items, None);
    let has_mark = items.iter().any(is_mark);
    let is_whole = is_remote_job || (has_mark && !has_city(&readings));
    let counted = if is_whole {
        vec![true; items.len()]
    } else {
        marked(&items)
    };
    Areas {
        is_marked: has_mark,
        ..areas(&items, &readings, &counted)
    }
}

/// Returns the areas that a part of a title states together with a mark: `(Remote - US)`, `EMEA
/// Remote`. Other areas of a title are those where customers are.
pub(super) fn of_title(title: &str) -> Areas {
    if !may_have_mark(title) {
        return Areas::default();
    }
    let items = items(&FoldedWords::of(title));
    let mut counted = vec![false; items.len()];
    for (start, end) in title_parts(&items) {
        let part = &items[start..end];
        let is_plain = part
            .iter()
            .all(|item| !matches!(item.kind, ItemKind::Unknown | ItemKind::Feature));
        if part.iter().any(is_remote) && is_plain {
            counted[start..end].fill(true);
        }
    }

    let readings = read_items(&items, None);
    let counts = |reading: &PlaceReading| counted[reading.items.0] && counted[reading.items.1 - 1];
    if has_city(
        &readings
            .iter()
            .filter(|reading| counts(reading))
            .cloned()
            .collect::<Vec<_>>(),
    ) {
        return Areas::default();
    }
    areas(&items, &readings, &counted)
}

/// Returns the areas of items that count.
pub(super) fn areas(items: &[PlaceItem], readings: &[PlaceReading], counted: &[bool]) -> Areas {
    let mut areas = Areas::default();
    let is_timed = |at: usize| {
        let next = items.get(at + 1);
        next.is_some_and(|next| next.kind == ItemKind::TimeZone && next.gap <= WordGap::Hyphen)
    };
    areas.is_open_ended = items
        .iter()
        .zip(counted)
        .any(|(item, counted)| *counted && item.kind == ItemKind::TimeZone);

    for reading in readings {
        let (first, end) = reading.items;
        if !counted[first..end].contains(&true) || is_timed(end - 1) {
            continue;
        }
        let Some(place) = reading.place else {
            areas.is_open_ended = true;
            continue;
        };
        let country = Area::Country(GAZETTEER.country_code(place.country).to_owned());
        add_or_except(&mut areas, country, reading.is_excluded);
    }

    let excluded = excluded(items);
    for (at, item) in items.iter().enumerate() {
        if let ItemKind::Zone(zone) = item.kind
            && counted[at]
            && !is_timed(at)
        {
            add_or_except(&mut areas, Area::Zone(zone), excluded[at]);
        }
    }
    areas
}

fn add_or_except(areas: &mut Areas, area: Area, is_excluded: bool) {
    let list = if is_excluded {
        &mut areas.except
    } else {
        &mut areas.included
    };
    add(list, area);
}

fn may_have_mark(text: &str) -> bool {
    MARK.as_ref().is_none_or(|mark| mark.is_match(text))
}

fn is_remote(item: &PlaceItem) -> bool {
    item.kind == ItemKind::Remote
}

/// Returns true for a mark in the name of a place: there, `Worldwide` means a remote job too.
fn is_mark(item: &PlaceItem) -> bool {
    is_remote(item) || item.kind == ItemKind::Zone(Zone::Worldwide)
}

fn has_city(readings: &[PlaceReading]) -> bool {
    readings.iter().any(|reading| {
        let has_city = |place: &PlaceCandidate| place.city.is_some();
        reading.place.as_ref().is_some_and(has_city)
            || (reading.place.is_none() && reading.candidates.iter().all(has_city))
    })
}

/// Marks the items of those parts of a list that have a mark.
fn marked(items: &[PlaceItem]) -> Vec<bool> {
    let mut counted = vec![false; items.len()];
    let mut start = 0;
    while start < items.len() {
        let ends_part = |item: &PlaceItem| {
            let is_listed = item.gap == WordGap::Comma || item.gap == WordGap::Hard;
            item.depth == 0 && (is_listed || item.kind == ItemKind::Alternative)
        };
        let length = items[start + 1..].iter().position(ends_part);
        let end = length.map_or(items.len(), |length| start + 1 + length);
        let has_mark = items[start..end].iter().any(is_mark);
        counted[start..end].fill(has_mark);
        start = end;
    }
    counted
}

/// Returns the parts of a title: the inside of each bracket, and what dashes and bars separate. A
/// part that is only a mark goes on in the next one: `Remote - US`.
fn title_parts(items: &[PlaceItem]) -> Vec<(usize, usize)> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let is_inside = item.depth > 0 && at > 0 && items[at - 1].depth == item.depth;
        let is_list = at > 0 && names_area(item) && names_area(&items[at - 1]);
        let starts = match item.gap {
            WordGap::Part | WordGap::Hard => !is_inside,
            WordGap::Slash => !is_inside && !is_list,
            WordGap::Space | WordGap::Hyphen | WordGap::Comma => at == 0,
        };
        let follows_mark = parts
            .last()
            .is_some_and(|&(start, _)| items[start..at].iter().all(is_remote));
        match parts.last_mut() {
            Some(part) if !starts || follows_mark => part.1 = at + 1,
            _ => parts.push((at, at + 1)),
        }
    }
    parts
}

fn names_area(item: &PlaceItem) -> bool {
    match item.kind {
        ItemKind::Name(name) => !name.has_city(),
        ItemKind::Zone(_) | ItemKind::TimeZone => true,
        _ => false,
    }
}
