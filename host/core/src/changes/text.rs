//! The difference between two texts: the numbers of words, and the first passages that differ.

use std::ops::Range;

use serde::Serialize;

use crate::changes::edits::{Edit, edits};
use crate::matching::is_spaceless;

/// The number of passages that are shown. The rest is on the job's page.
const PASSAGES: usize = 3;

/// The maximum length of one side of a passage, two lines of a message.
const PASSAGE_CHARS: usize = 160;

/// The number of unchanged words that are shown on each side of a change.
const CONTEXT: usize = 3;

/// A short account of the difference between two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextDifference {
    /// The number of words that the new text has in addition. Both numbers are 0 if only white
    /// space differs. In a script without spaces, each letter counts.
    pub words_added: usize,
    /// The number of words that the new text lacks.
    pub words_removed: usize,
    /// The first passages that differ, in the order of the text.
    pub passages: Vec<Passage>,
    /// The number of passages that are not listed.
    pub more_passages: usize,
}

/// A place where two texts differ: an excerpt of each, on one line, with some unchanged words
/// around and `…` where text was cut. The excerpts are untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// From the old text; `None` if nothing was removed here.
    pub removed: Option<String>,
    /// From the new text; `None` if nothing was added here.
    pub added: Option<String>,
}

/// A text and its words, with the position of each.
struct Words<'a> {
    text: &'a str,
    list: Vec<&'a str>,
    starts: Vec<usize>,
}

impl TextDifference {
    /// Compares two texts word by word.
    pub fn between(old: &str, new: &str) -> Self {
        let (old, new) = (Words::of(old), Words::of(new));
        let edits = edits(&old.list, &new.list);
        let words_added = edits.iter().map(|edit| edit.new.len()).sum();
        let words_removed = edits.iter().map(|edit| edit.old.len()).sum();

        let places = join_neighbours(edits);
        let shown = places.iter().take(PASSAGES).map(|place| Passage {
            removed: old.excerpt(&place.old),
            added: new.excerpt(&place.new),
        });
        Self {
            words_added,
            words_removed,
            passages: shown.collect(),
            more_passages: places.len().saturating_sub(PASSAGES),
        }
    }
}

/// Joins edits that are so close that the words around them would be shown twice.
fn join_neighbours(edits: Vec<Edit>) -> Vec<Edit> {
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match joined.last_mut() {
            Some(last) if edit.old.start - last.old.end <= 2 * CONTEXT => {
                last.old.end = edit.old.end;
                last.new.end = edit.new.end;
            }
            _ => joined.push(edit),
        }
    }
    joined
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let (mut list, mut starts) = (Vec::new(), Vec::new());
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let ends_word = c.is_whitespace() || is_spaceless(c);
            if ends_word && from < at {
                list.push(&text[from..at]);
                starts.push(from);
            }
            if ends_word {
                from = at + c.len_utf8();
            }
            if is_spaceless(c) {
                list.push(&text[at..from]);
                starts.push(at);
            }
        }

        if from < text.len() {
            list.push(&text[from..]);
            starts.push(from);
        }
        Self { text, list, starts }
    }

    /// Returns these words with their context, on one line; `None` if there are none.
    fn excerpt(&self, words: &Range<usize>) -> Option<String> {
        if words.is_empty() {
            return None;
        }

        let first = words.start.saturating_sub(CONTEXT);
        let last = (words.end + CONTEXT).min(self.list.len()) - 1;
        let end = self.starts[last] + self.list[last].len();
        let text = &self.text[self.starts[first]..end];

        let before = if first > 0 { "…" } else { "" };
        let after = last + 1 < self.list.len();
        Some(format!("{before}{}", on_one_line(text, after)))
    }
}

/// Returns the beginning of a text on one line, with `…` at the end if it was cut or `continues`.
fn on_one_line(text: &str, continues: bool) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = words.join(" ");

    let limit = line.char_indices().nth(PASSAGE_CHARS);
    if let Some((end, _)) = limit {
        line.truncate(end);
    }
    if limit.is_some() || continues {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the numbers of added and removed words, and the passages as `old > new`.
    fn shown(old: &str, new: &str) -> (usize, usize, Vec<String>) {
        let difference = TextDifference::between(old, new);
        let side = |side: Option<String>| side.unwrap_or_else(|| "-".to_owned());
        let passages = difference.passages.into_iter();
        let passages = passages.map(|it| format!("{} > {}", side(it.removed), side(it.added)));
        (
            difference.words_added,
            difference.words_removed,
            passages.collect(),
        )
    }

    #[test]
    fn a_passage_shows_the_changed_words_with_their_neighbours() {
        let cases: [(&str, &str, usize, usize, &[&str]); 8] = [
            (
                "You work in the office on two days a week.",
                "You work in the office on four days a week.",
                1,
                1,
                &["…the office on two days a week. > …the office on four days a week."],
            ),
            (
                "We bake.",
                "We bake.\n\nYou get bread.",
                3,
                0,
                &["- > We bake. You get bread."],
            ),
            (
                "We bake bread. No nights.",
                "We bake bread.",
                0,
                2,
                &["We bake bread. No nights. > -"],
            ),
            ("", "Bake.", 1, 0, &["- > Bake."]),
            (
                "a b c d e f g h i",
                "a B c d e f g H i",
                2,
                2,
                &["a b c d e f g h i > a B c d e f g H i"],
            ),
            (
                "a b c d e f g h i j k",
                "a B c d e f g h i J k",
                2,
                2,
                &["a b c d e… > a B c d e…", "…g h i j k > …g h i J k"],
            ),
            (
                "東京で働く。",
                "大阪で働く。",
                2,
                2,
                &["東京で働く… > 大阪で働く…"],
            ),
            ("one\ntwo", "one  two", 0, 0, &[]),
        ];
        for (old, new, added, removed, passages) in cases {
            let expected: Vec<String> = passages.iter().map(ToString::to_string).collect();
            assert_eq!(
                shown(old, new),
                (added, removed, expected),
                "{old:?} to {new:?}"
            );
        }
    }

    #[test]
    fn a_text_that_is_rewritten_shows_its_first_passages_within_limits() {
        let old: Vec<String> = (0..400).map(|n| format!("w{n}")).collect();
        let mut new = old.clone();
        for word in new.iter_mut().skip(5).step_by(10) {
            word.insert_str(0, "new");
        }
        let (old, new) = (old.join(" "), new.join(" "));
        let difference = TextDifference::between(&old, &new);
        assert_eq!((difference.words_added, difference.words_removed), (40, 40));
        assert_eq!(
            (difference.passages.len(), difference.more_passages),
            (PASSAGES, 40 - PASSAGES)
        );

        let long = "word".repeat(1_000);
        let whole = TextDifference::between("", &format!("{long} {long}"));
        let added = whole.passages[0].added.as_deref().unwrap();
        assert_eq!(added.chars().count(), PASSAGE_CHARS + 1);
        assert!(added.ends_with('…'), "{added}");
    }
}
