//! Snippets: a hit with its surrounding text, for people, and the place of the hit in it.

use std::ops::Range;

use crate::query::{FieldSet, LeafKind, ListedTerm, Query};

/// The largest number of characters on each side of a hit. Two short lines are enough to recognize
/// a text.
const CONTEXT: usize = 60;

/// Returns `text[start..end]` with the surrounding text on one line, with `…` where text was cut.
/// Both positions must be char boundaries.
pub(super) fn snippet(text: &str, start: usize, end: usize) -> String {
    let (before, after) = (&text[..start], &text[end..]);
    let from = before
        .char_indices()
        .nth_back(CONTEXT - 1)
        .map_or(0, |(at, _)| at);
    let to = after
        .char_indices()
        .nth(CONTEXT)
        .map_or(text.len(), |(at, _)| end + at);

    let mut line = String::with_capacity(to - from + 2 * '…'.len_utf8());
    if from > 0 {
        line.push('…');
    }
    let words = whole_word_start(text, from, start)..whole_word_end(text, end, to);
    push_on_one_line(&text[words], &mut line);
    if to < text.len() {
        line.push('…');
    }
    line
}

/// Returns the place of a hit in its snippet, to mark it. `term` is the leaf as written, such as
/// `title:engineer*` or `full stack`. `None` for a condition, and if the snippet does not contain the
/// whole hit.
pub fn hit_in_snippet(term: &str, snippet: &str) -> Option<Range<usize>> {
    match search_of(term)? {
        LeafKind::Term { term, .. } => term.rule().first_hit(snippet),
        LeafKind::Regex { regex, .. } => regex.find(snippet).map(|hit| hit.range()),
        LeafKind::Condition(_) => None,
    }
}

/// Returns the search of a leaf. A phrase of a list needs no quotes, so in a query it may be several
/// leaves.
fn search_of(term: &str) -> Option<LeafKind> {
    if let Ok(query) = Query::parse(term)
        && let [leaf] = query.leaves()
    {
        return Some(leaf.kind.clone());
    }
    let listed: ListedTerm = term.parse().ok()?;
    Some(LeafKind::Term {
        term: listed.term,
        fields: FieldSet::of(&[]),
    })
}

/// Skips the rest of a word that was cut at the front, unless nothing else would remain.
fn whole_word_start(text: &str, from: usize, start: usize) -> usize {
    if from == 0 {
        return 0;
    }

    text[from..start]
        .find(char::is_whitespace)
        .map_or(from, |at| from + at)
}

/// Drops the rest of a word that was cut at the end, unless nothing else would remain.
fn whole_word_end(text: &str, end: usize, to: usize) -> usize {
    if to == text.len() {
        return to;
    }

    text[end..to]
        .rfind(char::is_whitespace)
        .map_or(to, |at| end + at)
}

fn push_on_one_line(text: &str, line: &mut String) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, hit: &str) -> String {
        let start = text.find(hit).unwrap();
        snippet(text, start, start + hit.len())
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(
            around("Senior Rust Engineer", "Rust"),
            "Senior Rust Engineer"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words_and_marked() {
        let filler = "word ".repeat(40);
        let cut = around(&format!("{filler}Rust {filler}"), "Rust");
        assert!(
            cut.starts_with("…word word") && cut.ends_with("word word…"),
            "{cut}"
        );
        let length = cut.chars().count();
        assert!((110..=126).contains(&length), "{length} characters: {cut}");
    }

    #[test]
    fn line_breaks_and_runs_of_white_space_become_one_space() {
        assert_eq!(
            around("You know\r\n\r\n  Rust\u{2028}\tand Go.\n", "Rust"),
            "You know Rust and Go."
        );
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let cut = around(
            &format!("{}開発{}", "漢".repeat(100), "字".repeat(100)),
            "開発",
        );
        assert_eq!(cut, format!("…{}開発{}…", "漢".repeat(60), "字".repeat(60)));
    }

    #[test]
    fn the_hit_of_a_term_is_found_in_its_snippet() {
        for (term, snippet, hit) in [
            ("rust", "…trust us: Rust, Go…", Some("Rust")),
            ("full stack", "a Full-Stack role", Some("Full-Stack")),
            (
                "title:\"full stack\"",
                "a full/stack role",
                Some("full/stack"),
            ),
            ("engineer*", "Senior Engineers", Some("Engineer")),
            (
                "*administrator",
                "Systemadministrator",
                Some("administrator"),
            ),
            ("=Go", "go or Go", Some("Go")),
            ("/rust(acean)?/", "a rustacean", Some("rustacean")),
            ("resume", "ein Résumé", Some("Résumé")),
            ("開発", "自社開発部", Some("開発")),
            ("salary >= 70000 EUR/year", "EUR 80,000", None),
            ("rust", "…a cut sn…", None),
            ("", "anything", None),
        ] {
            let range = hit_in_snippet(term, snippet);
            assert_eq!(range.map(|range| &snippet[range]), hit, "{term}");
        }
    }
}
