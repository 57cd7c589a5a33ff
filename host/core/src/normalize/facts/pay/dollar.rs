//! The country of a `$` and of a "kr".
//!
//! Both are signs of several currencies. The sentence decides if it names a country or a place of
//! one; otherwise the whole text does, if all its evidence is for one country.

use super::amounts::Currency;
use std::cell::OnceCell;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Evidence for a country, by the code of its currency. Words are compared with their case.
const EVIDENCE: &[(&str, &str)] = &[
    (
        "USD",
        "\
        USD|US|U.S.|U.S|USA|U.S.A.|United States|US-based|America|NYC|New York|San Francisco|SF|\
        Bay Area|Los Angeles|Seattle|Boston|Chicago|Austin|Denver|Atlanta|Miami|Washington|\
        California|Colorado|Texas|Illinois|Massachusetts|New Jersey|Florida|Palo Alto|\
        Mountain View|San Jose|San Diego|Minneapolis|Brooklyn|Dallas|Houston|Philadelphia|\
        Portland|Pittsburgh|Phoenix|Arizona|Nevada|Oregon|Virginia|Maryland|Ohio|Michigan|\
        Minnesota|Pennsylvania|North Carolina|Utah|Tennessee|401k|401K|401(k)|401(K)|W2|W-2|1099|\
        E-Verify|, CA|, NY|, TX|, MA|, WA|, IL|, FL|, CO|, GA|, NC|, NJ|, PA|, VA|, MD|, MN|, OR|\
        , AZ|, UT|, OH|, DC|, MI|, TN",
    ),
    (
        "CAD",
        "\
        CAD|CDN|Canada|Canadian|Toronto|Vancouver|Montreal|Montréal|Ottawa|Calgary|Ontario|\
        Quebec|Québec|British Columbia|Alberta|Edmonton|Waterloo|Winnipeg|RRSP|, ON|, BC|, QC|\
        , AB",
    ),
    (
        "AUD",
        "\
        AUD|Australia|Australian|Sydney|Melbourne|Brisbane|Perth|Adelaide|Canberra|NSW|\
        Queensland|superannuation|Superannuation",
    ),
    ("NZD", "NZD|New Zealand|Auckland|Wellington|KiwiSaver"),
    ("SGD", "SGD|Singapore"),
    ("HKD", "HKD|Hong Kong"),
    ("MXN", "MXN|Mexico|México|Guadalajara|Monterrey|CDMX"),
    ("ARS", "ARS|Argentina|Buenos Aires"),
    ("CLP", "CLP|Chile|Santiago"),
    ("COP", "COP|Colombia|Bogotá|Bogota|Medellín|Medellin"),
    ("TWD", "TWD|Taiwan|Taipei"),
    (
        "SEK",
        "\
        SEK|Sweden|Sverige|Swedish|Stockholm|Göteborg|Gothenburg|Malmö|månad|månaden|mån|lön|Lön|\
        månadslön|Månadslön|årslön|Årslön",
    ),
    (
        "DKK",
        "\
        DKK|Denmark|Danmark|Danish|Copenhagen|København|Aarhus|om måneden|pr. måned|pr. md|løn|\
        Løn|månedsløn|Månedsløn",
    ),
    (
        "NOK",
        "\
        NOK|Norway|Norge|Norwegian|Oslo|Bergen|Trondheim|lønn|Lønn|lønnes|årslønn|Årslønn|\
        månedslønn|i måneden",
    ),
    ("ISK", "ISK|Iceland|Reykjavik|Ísland"),
];

/// The codes of the currencies that "kr" stands for.
const KRONE: &[&str] = &["SEK", "DKK", "NOK", "ISK"];

/// Words before "US" in capitals in a heading, such as "ABOUT US".
const BEFORE_PRONOUN: &[&str] = &[
    "ABOUT", "JOIN", "WITH", "CONTACT", "TO", "FOR", "OF", "TELL", "WHY", "HELP", "AT", "BY",
    "FOLLOW", "FROM", "LET", "GIVE", "MEET", "MAKES",
];

struct Evidence {
    codes: Vec<&'static str>,
    automaton: Option<AhoCorasick>,
}

static ALL: LazyLock<Evidence> = LazyLock::new(|| {
    let (mut codes, mut words) = (Vec::new(), Vec::new());
    for (code, list) in EVIDENCE {
        for word in list.split('|') {
            codes.push(*code);
            words.push(word);
        }
    }
    // Short constant patterns always make an automaton.
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok();
    Evidence { codes, automaton }
});

/// The currencies of a text's signs. Each is looked up in the text at most once.
pub(super) struct Signs<'t> {
    text: &'t str,
    dollar: OnceCell<Option<&'static str>>,
    krone: OnceCell<Option<&'static str>>,
}

impl<'t> Signs<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            dollar: OnceCell::new(),
            krone: OnceCell::new(),
        }
    }

    /// Returns the code of a currency; `None` if the sign leaves a choice. `line` is the text
    /// directly around the amount.
    pub(super) fn code(&self, currency: Currency, line: &str) -> Option<&'static str> {
        let is_krone = |code: &str| KRONE.contains(&code);
        match currency {
            Currency::Code(code) => Some(code),
            Currency::Unknown => None,
            Currency::Dollar => only_code(line, |code| !is_krone(code)).or_else(|| {
                *self
                    .dollar
                    .get_or_init(|| only_code(self.text, |code| !is_krone(code)))
            }),
            Currency::Krone => only_code(line, is_krone)
                .or_else(|| *self.krone.get_or_init(|| only_code(self.text, is_krone))),
        }
    }
}

/// Returns true if each part of a name, as in "NYC or SF", is a well-known place.
pub(super) fn is_place(name: &str) -> bool {
    let mut parts = name
        .split([',', '/', '&'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" or "));
    parts.all(|part| is_known(part.trim()))
}

/// Returns true for a word of the evidence that is not the code of a currency, and for a state.
fn is_known(part: &str) -> bool {
    let is_listed =
        |(code, list): &(&str, &str)| part != *code && list.split('|').any(|word| word == part);
    let is_state = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    is_state || EVIDENCE.iter().any(is_listed)
}

/// Returns the code for which a text has evidence; `None` if there is none, or for several.
fn only_code(text: &str, is_candidate: impl Fn(&str) -> bool) -> Option<&'static str> {
    let mut only = None;
    for found in ALL.automaton.as_ref()?.find_overlapping_iter(text) {
        let code = ALL.codes[found.pattern().as_usize()];
        if only == Some(code) || !is_candidate(code) {
            continue;
        }
        if !is_word(text, found.start(), found.end()) {
            continue;
        }
        if only.is_some() {
            return None;
        }
        only = Some(code);
    }
    only
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (&text[..start], &text[end..]);
    let word = &text[start..end];
    let is_whole = (word.starts_with(',') || !before.ends_with(char::is_alphanumeric))
        && !after.starts_with(char::is_alphanumeric);
    // "CAD" is also computer-aided design, and "2D CAD" is one of its tools.
    let is_amount_code = word != "CAD" || is_near_amount(before, after);
    let is_country = word != "US"
        || !before
            .split_whitespace()
            .next_back()
            .is_some_and(|last| BEFORE_PRONOUN.contains(&last));
    is_whole && is_amount_code && is_country
}

/// Returns true if a digit or a currency sign is next to the word.
fn is_near_amount(before: &str, after: &str) -> bool {
    let is_amount = |sign: char| sign.is_ascii_digit() || matches!(sign, '$' | 'k' | 'K');
    before.trim_end_matches([' ', '(']).ends_with(is_amount)
        || after.trim_start_matches([' ', ')']).starts_with(is_amount)
}
