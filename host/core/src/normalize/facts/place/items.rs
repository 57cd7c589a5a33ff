//! The parts of a text that names places: countries, zones, marks such as `Remote`, and the rest.

use super::fold::{FoldedWords, WordGap};
use super::table::{EntryPlace, GAZETTEER, KeyId, TableEntry};
use super::zone::Zone;

/// The longest name that is looked for, in words.
const MAX_NAME_WORDS: usize = 8;

/// The words of a work from home: the mark itself and the words that begin a longer one.
const REMOTE_MARKS: &[&str] = &[
    "remote",
    "remotely",
    "remoto",
    "remota",
    "fernarbeit",
    "homeoffice",
    "telework",
    "telecommute",
    "teletravail",
    "wfh",
    "distance",
    "anywhere",
    "distributed",
];
const REMOTE_PHRASES: &[&str] = &["home based", "home office", "work from home", "a distance"];

/// Words that separate two places.
const ALTERNATIVES: &[&str] = &[
    "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of", "och", "eller", "og",
    "either",
];

/// Words before a place that is left out: `Remote (non-U.S.)`, `worldwide except China`.
const EXCLUDING_ONE: &[&str] = &["non", "not", "no"];
const EXCLUDING_REST: &[&str] = &[
    "except",
    "excluding",
    "excl",
    "outside",
    "ausser",
    "without",
    "sauf",
    "excepto",
];

/// Words that name something inside or around a place, and change nothing about it.
const NOISE: &[&str] = &[
    "office",
    "offices",
    "hq",
    "headquarters",
    "headquarter",
    "headquartered",
    "hub",
    "based",
    "base",
    "home",
    "hybrid",
    "onsite",
    "site",
    "on",
    "in",
    "the",
    "at",
    "area",
    "metro",
    "metropolitan",
    "greater",
    "region",
    "campus",
    "within",
    "from",
    "only",
    "locations",
    "location",
    "multiple",
    "various",
    "several",
    "any",
    "day",
    "days",
    "week",
    "per",
    "data",
    "center",
    "centre",
    "central",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "coast",
    "national",
    "nationwide",
    "country",
    "all",
    "city",
    "downtown",
    "job",
    "jobs",
    "work",
    "working",
    "full",
    "fully",
    "time",
    "flexible",
    "optional",
    "across",
    "throughout",
    "near",
    "around",
    "raum",
    "grossraum",
    "bei",
    "standort",
    "buro",
    "buero",
    "bureau",
    "innerhalb",
    "deutschlandweit",
    "vor",
    "ort",
    "teilweise",
    "presencial",
    "hibrido",
    "ibrido",
    "hybride",
    "hybrides",
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "el",
    "d",
    "l",
    "da",
    "do",
    "di",
    "eligible",
    "friendly",
    "first",
    "possible",
    "preferred",
    "ideally",
    "rem",
    "a",
    "to",
    "for",
    "you",
    "be",
    "states",
    "state",
    "province",
    "provinces",
    "countries",
    "district",
];

/// Words that make another thing of a place's name before them: `Orange County`, `York Street`.
const FEATURES: &[&str] = &[
    "county",
    "valley",
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "boulevard",
    "blvd",
    "lane",
    "drive",
    "square",
    "university",
    "hills",
    "strasse",
    "str",
    "platz",
    "allee",
    "weg",
];

/// Codes that are also words. They count only where a comma or a hyphen separates them.
const WORDLIKE_CODES: &[&str] = &[
    "in", "or", "and", "de", "la", "me", "per", "can", "no", "so", "es", "al", "do", "is", "it",
    "ok", "hi", "oh", "pa",
];

/// Words of time zones. A time zone is not a place, and its countries are not known exactly.
const TIME_ZONES: &[&str] = &[
    "timezone",
    "timezones",
    "hours",
    "zeitzone",
    "et",
    "est",
    "edt",
    "cst",
    "cdt",
    "mst",
    "mdt",
    "pst",
    "pdt",
    "gmt",
    "utc",
    "cet",
    "cest",
    "bst",
    "ist",
    "jst",
];
/// Time zones of North America that are also codes of countries or states: `PT/ET`.
const SHORT_TIME_ZONES: &[&str] = &["pt", "mt", "ct"];

/// A part of a text, with the separator before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaceItem {
    pub kind: ItemKind,
    pub gap: WordGap,
    /// The number of open brackets.
    pub depth: u8,
    /// The first word and the one after the last.
    pub words: (usize, usize),
}

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    /// The name of places.
    Name(Name),
    Zone(Zone),
    /// A mark of remote work.
    Remote,
    /// `or` and the like.
    Alternative,
    /// The next place is left out.
    ExceptOne,
    /// All places that follow are left out.
    ExceptRest,
    TimeZone,
    Noise,
    Feature,
    Unknown,
}

/// A key of the gazetteer, and whether its codes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    pub key: KeyId,
    is_code: bool,
}

impl Name {
    /// Returns the places that have the name: countries, regions, then cities from the largest.
    pub(crate) fn entries(self) -> impl Iterator<Item = TableEntry> {
        let entries = GAZETTEER.entries(self.key);
        entries.filter(move |entry| self.is_code || !entry.flags.is_code())
    }

    /// Returns true if the text writes a code, such as `TX`.
    pub(crate) fn is_code(self) -> bool {
        let is_city = |entry: &TableEntry| matches!(entry.place, EntryPlace::City(_));
        self.is_code && self.entries().any(|entry| !is_city(&entry))
    }

    /// Returns true if a city has the name.
    pub(crate) fn has_city(self) -> bool {
        self.entries()
            .any(|entry| matches!(entry.place, EntryPlace::City(_)))
    }

    /// Returns true if a country has the name, not only the code.
    pub(crate) fn has_country_name(self) -> bool {
        self.entries()
            .any(|entry| matches!(entry.place, EntryPlace::Country(_)) && !entry.flags.is_code())
    }
}

/// Returns the parts of a text in their order.
pub(crate) fn items(words: &FoldedWords) -> Vec<PlaceItem> {
    let mut items: Vec<PlaceItem> = Vec::with_capacity(words.all().len());
    let mut first = 0;
    while first < words.all().len() {
        let (kind, count) = item(words, first, items.last());
        let word = words.all()[first];
        items.push(PlaceItem {
            kind,
            gap: word.gap,
            depth: word.depth,
            words: (first, first + count),
        });
        first += count;
    }
    items
}

/// Returns the longest part that begins at a word, and the number of its words.
fn item(words: &FoldedWords, first: usize, before: Option<&PlaceItem>) -> (ItemKind, usize) {
    let zone = zone(words, first);
    let (name, name_words) = name(words, first, before);
    if let Some((zone, count)) = zone
        && count >= name_words
    {
        return (ItemKind::Zone(zone), count);
    }
    if name_words < 2
        && let Some(known) = known_words(words, first, before)
    {
        return known;
    }
    match name {
        Some(name) => (ItemKind::Name(name), name_words),
        None => (ItemKind::Unknown, 1),
    }
}

fn zone(words: &FoldedWords, first: usize) -> Option<(Zone, usize)> {
    let longest = Zone::longest_name(words.phrase(first, first + 1));
    let ends = (1..=longest)
        .rev()
        .filter(|count| is_phrase(words, first, *count));
    let mut zones = ends.filter_map(|count| {
        let zone = Zone::named(words.phrase(first, first + count))?;
        Some((zone, count))
    });
    zones.next()
}

/// Returns the longest name of the gazetteer, and the number of its words.
fn name(words: &FoldedWords, first: usize, before: Option<&PlaceItem>) -> (Option<Name>, usize) {
    let mut longest = (None, 0);
    for count in 1..=MAX_NAME_WORDS {
        if !is_phrase(words, first, count) {
            break;
        }

        let found = GAZETTEER.find(words.phrase(first, first + count));
        if let Some(key) = found.key {
            let is_code = count == 1 && counts_as_code(words, first, before);
            let name = Name { key, is_code };
            if name.entries().next().is_some() {
                longest = (Some(name), count);
            }
        }
        if !found.has_longer {
            break;
        }
    }
    longest
}

fn is_phrase(words: &FoldedWords, first: usize, count: usize) -> bool {
    let Some(phrase) = words.all().get(first..first + count) else {
        return false;
    };
    phrase[1..].iter().all(|word| word.gap <= WordGap::Part)
}

fn counts_as_code(words: &FoldedWords, at: usize, before: Option<&PlaceItem>) -> bool {
    let word = words.all()[at];
    let text = words.phrase(at, at + 1);
    if !word.is_caps || text.len() > 3 {
        return false;
    }

    let is_separate = word.gap > WordGap::Space && words.gap_after(at) > WordGap::Space;
    let follows_place = before.is_some_and(|item| matches!(item.kind, ItemKind::Name(_)));
    let is_joiner = matches!(text, "or" | "and");
    let is_allowed_inside = follows_place && !is_joiner;
    !WORDLIKE_CODES.contains(&text) || is_separate || is_allowed_inside
}

/// Returns the kind of a word that is not a place.
fn known_words(
    words: &FoldedWords,
    first: usize,
    before: Option<&PlaceItem>,
) -> Option<(ItemKind, usize)> {
    if is_phrase(words, first, 2) && REMOTE_PHRASES.contains(&words.phrase(first, first + 2)) {
        return Some((ItemKind::Remote, 2));
    }
    if is_phrase(words, first, 2) && words.phrase(first, first + 2).starts_with("time zone") {
        return Some((ItemKind::TimeZone, 2));
    }

    let text = words.phrase(first, first + 1);
    let is_joined = words.all()[first].gap <= WordGap::Hyphen;
    let follows_name = before.is_some_and(|item| matches!(item.kind, ItemKind::Name(_)));
    let kind = if REMOTE_MARKS.contains(&text) {
        ItemKind::Remote
    } else if is_time_zone(words, first, before) {
        ItemKind::TimeZone
    } else if counts_as_code(words, first, before) && GAZETTEER.find(text).key.is_some() {
        return None;
    } else if is_joined && follows_name && FEATURES.contains(&text) {
        ItemKind::Feature
    } else if ALTERNATIVES.contains(&text) {
        ItemKind::Alternative
    } else if EXCLUDING_ONE.contains(&text) {
        ItemKind::ExceptOne
    } else if EXCLUDING_REST.contains(&text) {
        ItemKind::ExceptRest
    } else if NOISE.contains(&text) || text.starts_with(|c: char| c.is_ascii_digit()) {
        ItemKind::Noise
    } else {
        return None;
    };
    Some((kind, 1))
}

fn is_time_zone(words: &FoldedWords, at: usize, before: Option<&PlaceItem>) -> bool {
    let text = words.phrase(at, at + 1);
    if TIME_ZONES.contains(&text) {
        return words.all()[at].is_caps || text.len() > 4;
    }

    // `et` is also a French word.
    let follows = before.is_some_and(|item| item.kind == ItemKind::TimeZone);
    let next = words
        .all()
        .get(at + 1)
        .map(|_| words.phrase(at + 1, at + 2));
    let precedes = next.is_some_and(|next| TIME_ZONES.contains(&next));
    SHORT_TIME_ZONES.contains(&text) && (follows || precedes)
}

/// Decides for each item whether the text leaves it out: the place next to `non`, and all places
/// after `except` up to a semicolon or bar.
pub(crate) fn excluded(items: &[PlaceItem]) -> Vec<bool> {
    let mut leaves_out_one = false;
    let mut leaves_out_rest = false;
    let mut excluded = Vec::with_capacity(items.len());
    for item in items {
        leaves_out_rest &= item.gap != WordGap::Hard;
        leaves_out_one &= item.gap <= WordGap::Hyphen;
        excluded.push(leaves_out_one || leaves_out_rest);
        match item.kind {
            ItemKind::ExceptOne => leaves_out_one = true,
            ItemKind::ExceptRest => leaves_out_rest = true,
            ItemKind::Noise => {}
            _ => leaves_out_one = false,
        }
    }
    excluded
}
