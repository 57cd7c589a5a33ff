//! Plain statements of a description about the place of a remote worker.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::named::{Areas, areas};
use crate::normalize::facts::place::{
    FoldedWords, ItemKind, PlaceItem, WordGap, Zone, items, read_items,
};

/// Phrases that an area follows. A phrase that often begins something else, such as `based in`, is
/// not one of them.
const LEADS: &[&str] = &[
    "must be based in",
    "must be located in",
    "must be located within",
    "must be based within",
    "must reside in",
    "must reside within",
    "must live in",
    "must be residing in",
    "must be a resident of",
    "must be residents of",
    "must currently reside in",
    "must currently be based in",
    "must currently be located in",
    "must be physically located in",
    "need to be based in",
    "need to be located in",
    "needs to be based in",
    "needs to be located in",
    "have to be based in",
    "required to be based in",
    "required to be located in",
    "required to reside in",
    "should be based in",
    "should be located in",
    "only considering candidates in",
    "candidates based in",
    "candidates currently based in",
    "candidates currently located in",
    "candidates based anywhere in",
    "candidates located anywhere in",
    "candidates located in",
    "candidates in",
    "candidates from",
    "candidates who are based in",
    "candidates who are located in",
    "candidates residing in",
    "candidates who reside in",
    "candidates living in",
    "candidates across",
    "candidates within",
    "applicants based in",
    "applicants located in",
    "applicants in",
    "applicants from",
    "applicants residing in",
    "open to anyone in",
    "remote within",
    "remote in",
    "remote from",
    "remote across",
    "remote anywhere in",
    "remote anywhere within",
    "remote from anywhere in",
    "remotely within",
    "remotely in",
    "remotely from",
    "remotely across",
    "remotely from anywhere in",
    "remotely anywhere in",
    "work from anywhere in",
    "work from anywhere within",
    "work anywhere in",
    "be based anywhere in",
    "be located anywhere in",
    "live anywhere in",
    "is open to candidates in",
    "remote role in",
    "remote position in",
    "remote role based in",
    "remote position based in",
    "remote role within",
    "remote position within",
    "remote role open to",
    "remote job in",
    "remote innerhalb von",
    "remote aus",
    "remote innerhalb der",
    "remote in ganz",
    "teletravail depuis",
    "télétravail depuis",
    "télétravail en",
    "remoto en",
    "remoto desde",
    "da remoto in",
];
/// Words before a phrase that turn it around.
const DENIALS: &[&str] = &[
    " not ",
    "n't ",
    "n’t ",
    "unable",
    "cannot",
    " no ",
    "unfortunately",
];
/// Words after an area that make it a benefit: `from anywhere in the world for up to four weeks`.
const LIMITS: &[&str] = &["for", "up", "during"];

/// The number of bytes before and after a phrase that are read.
const BEFORE: usize = 60;
const AFTER: usize = 240;
/// The number of phrases that are looked at.
const MAX_PHRASES: usize = 64;

static LEAD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasickBuilder::new();
    builder.ascii_case_insensitive(true).build(LEADS).ok()
});

/// Returns the areas that a description states. All its statements are added up.
pub(super) fn of_description(text: &str) -> Areas {
    let mut stated = Areas::default();
    let Some(lead) = &*LEAD else {
        return stated;
    };
    for found in lead.find_iter(text).take(MAX_PHRASES) {
        if !is_denied(text, found.start()) && starts_word(text, found.end()) {
            stated.extend(of_sentence(sentence(&text[found.end()..])));
        }
    }
    stated
}

fn starts_word(text: &str, at: usize) -> bool {
    text[at..].starts_with([' ', '\u{a0}', ':', '\n'])
}

fn is_denied(text: &str, at: usize) -> bool {
    let start = text.floor_char_boundary(at.saturating_sub(BEFORE));
    let before = &text[start..at];
    let line = before
        .rsplit(['\n', '.', '!', '?', ';'])
        .next()
        .unwrap_or(before);
    let lower = line.to_lowercase();
    DENIALS.iter().any(|denial| lower.contains(denial))
}

/// Returns the rest of the sentence. A dot in `U.S.` does not end it.
fn sentence(rest: &str) -> &str {
    let rest = &rest[..rest.floor_char_boundary(AFTER)];
    let ends = rest.char_indices().find(|&(at, c)| match c {
        '\n' | '!' | '?' | ';' | '•' => true,
        '.' => rest[..at].ends_with(|c: char| c.is_lowercase() || c == ')'),
        _ => false,
    });
    ends.map_or(rest, |(at, _)| &rest[..at])
}

/// Returns the areas at the beginning of a text, up to the first other word.
fn of_sentence(text: &str) -> Areas {
    let words = FoldedWords::of(text);
    let all = items(&words);
    let is_area = |item: &&PlaceItem| continues(item, &words);
    let count = all.iter().take_while(is_area).count();
    let is_limited = all.get(count).is_some_and(|next| {
        let word = words.phrase(next.words.0, next.words.0 + 1);
        LIMITS.contains(&word)
    });
    if is_limited {
        return Areas::default();
    }

    let named = &all[..count];
    let readings = read_items(named, None);
    areas(named, &readings, &vec![true; count])
}

/// Returns true for an area that is written with a capital letter, and for the words between two.
fn continues(item: &PlaceItem, words: &FoldedWords) -> bool {
    let (first, end) = item.words;
    let is_written_as_name = |at: usize| {
        let word = words.all()[at];
        let is_short = words.phrase(at, at + 1).len() <= 3;
        word.is_caps || (word.is_capitalized && !is_short)
    };
    match item.kind {
        ItemKind::Name(_) => (first..end).any(is_written_as_name),
        ItemKind::Zone(zone) => zone == Zone::Worldwide || (first..end).any(is_written_as_name),
        ItemKind::Noise => {
            (first == 0 || item.gap <= WordGap::Part) && is_between(words.phrase(first, end))
        }
        ItemKind::Alternative | ItemKind::ExceptOne | ItemKind::ExceptRest | ItemKind::TimeZone => {
            true
        }
        ItemKind::Remote | ItemKind::Feature | ItemKind::Unknown => false,
    }
}

fn is_between(word: &str) -> bool {
    matches!(
        word,
        "the" | "any" | "all" | "in" | "within" | "across" | "states" | "countries" | "der" | "den"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let areas = of_description(text);
        let included = areas.included.iter().map(ToString::to_string);
        let except = areas.except.iter().map(|area| format!("-{area}"));
        included.chain(except).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_plain_statement_names_areas() {
        for (text, areas) in [
            ("You must be based in the EU.", "eu"),
            (
                "Candidates must be located in Germany, Austria or Switzerland.",
                "DE AT CH",
            ),
            ("You can work remote within Germany.", "DE"),
            (
                "This role is open to candidates in the US and Canada!",
                "US CA",
            ),
            ("We accept applicants from Latin America only", "latam"),
            ("Must reside in the U.S. at the time of hire", "US"),
            ("Work from anywhere in Europe", "europe"),
            ("Work remotely from anywhere in the world.", "worldwide"),
            ("You MUST BE BASED IN FRANCE", "FR"),
            (
                "Open to candidates currently based in the Middle East",
                "middle-east",
            ),
            ("Open to candidates based anywhere in the U.S.", "US"),
            ("Remote in Spain\nYou must be based in Portugal", "ES PT"),
            ("Trabajo remoto en España", "ES"),
        ] {
            assert_eq!(shown(text), areas, "{text}");
        }
    }

    #[test]
    fn another_text_names_no_area() {
        for text in [
            "Our customers are based in Germany.",
            "We cannot consider candidates from the US.",
            "We do not hire candidates in France",
            "You can work from anywhere in the world for up to four weeks.",
            "Must be based in us",
            "We are remote in spirit",
            "candidates in general",
            "The office must be located in a quiet part",
            "must be based in",
            "remote international team in Germany",
        ] {
            assert_eq!(shown(text), "", "{text}");
        }
    }

    #[test]
    fn a_long_text_is_read_in_one_pass() {
        for part in [
            "must be based in ",
            "remote in Germany ",
            "candidates in the US, ",
            "é",
        ] {
            let text = part.repeat(1_000_000 / part.len());
            assert!(of_description(&text).included.len() <= 2, "{part}");
        }
    }
}
