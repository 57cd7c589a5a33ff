//! The text around a range: the sentence or line before it, or the heading above, and the words
//! directly after it.

use super::amounts::Range;
use super::edges::{ceil, floor};
use super::words::{PayWord, words_in};

/// The bytes before a range that may say what it is.
const MAX_BEFORE: usize = 240;

/// The bytes after a range that may say what it is.
const MAX_AFTER: usize = 120;

/// The bytes of a heading that count.
const MAX_HEADING: usize = 120;

/// The bytes after a range that may name it.
const MAX_CLAUSE: usize = 56;

/// Words that end the clause after a range.
const END_OF_CLAUSE: &[&str] = &[
    "and",
    "plus",
    "with",
    "und",
    "et",
    "y",
    "oraz",
    "och",
    "og",
    "en",
    "-",
    "–",
    "—",
    "&",
    "zzgl",
    "including",
    "depending",
    "based",
    "to",
    "will",
    "is",
    "are",
    "as",
    "if",
    "when",
    "once",
    "upon",
    "on",
];

/// Words between the start of a segment and its amount.
const QUALIFIERS: &[&str] = &[
    "up to", "circa", "ca.", "c.", "from", "approx.", "bis zu", "ab",
];

/// Everything that decides if a range is pay.
#[derive(Debug)]
pub(super) struct Context<'t> {
    /// The sentence before the range in lower case, with the heading if the sentence is empty.
    pub(super) before: String,
    pub(super) words_before: Vec<PayWord>,
    /// The words in the clause after the amounts.
    pub(super) words_after: Vec<PayWord>,
    /// The sentence before the range, as it is written.
    pub(super) sentence: &'t str,
    /// The rest of the line after the range, as it is written.
    pub(super) rest: &'t str,
    /// The text after the range, over the end of the line.
    pub(super) following: &'t str,
    /// True for "50,000+ bonus", in which the bonus is added.
    pub(super) is_sum: bool,
    /// True if a line, a cell, a parenthesis or an item of a list begins with the range.
    pub(super) begins_segment: bool,
    /// True if the same ends with the range or with "+ equity".
    pub(super) ends_segment: bool,
}

impl<'t> Context<'t> {
    pub(super) fn of(range: &Range, text: &'t str) -> Self {
        let line = line_before(text, range.start);
        let sentence = last_sentence(line);
        let heading = if has_word(sentence) {
            None
        } else {
            heading(text, range.start - line.len())
        };
        let before = format!("{} {}", heading.unwrap_or_default(), sentence).to_lowercase();

        let rest_end = ceil(text, range.end + MAX_AFTER);
        let following = &text[range.end..rest_end];
        let rest = first_line(following);
        let named = &text[range.amount_end..ceil(text, range.amount_end + MAX_AFTER)];
        let after = clause(first_line(named)).to_lowercase();
        Self {
            words_before: words_in(&before),
            words_after: words_in(&after),
            before,
            sentence,
            rest,
            following,
            is_sum: named.starts_with('+'),
            begins_segment: begins_segment(sentence),
            ends_segment: ends_segment(rest),
        }
    }

    /// Returns the bytes between a word before the range and the range.
    pub(super) fn distance(&self, hit: &PayWord) -> usize {
        self.before.len() - hit.end
    }
}

/// Returns the line before a position, at most [`MAX_BEFORE`] bytes of it.
fn line_before(text: &str, end: usize) -> &str {
    let start = floor(text, end.saturating_sub(MAX_BEFORE));
    let window = &text[start..end];
    window.rfind('\n').map_or(window, |at| &window[at + 1..])
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// Returns the part of a line after its last full stop, question mark, exclamation mark or bar.
fn last_sentence(line: &str) -> &str {
    let mut start = 0;
    let bytes = line.as_bytes();
    for (at, _) in line.match_indices(['.', '!', '?', '|', ';']) {
        if bytes[at] == b'|' || is_end_of_sentence(line, at) {
            start = at + 1;
        }
    }
    &line[start..]
}

/// Returns true if the sign ends a sentence, rather than an abbreviation such as "ca.".
fn is_end_of_sentence(line: &str, at: usize) -> bool {
    let after = line[at + 1..].trim_start_matches([')', '"']);
    let next = after.trim_start().chars().next();
    let is_spaced = after.starts_with([' ', '\u{a0}']);
    let word = line[..at]
        .rsplit([' ', '.', '('])
        .next()
        .unwrap_or_default();
    let is_abbreviation = line.as_bytes()[at] == b'.'
        && (word.len() <= 2 || matches!(word, "max" | "min" | "mind" | "inkl" | "incl" | "approx"));
    is_spaced && next.is_some_and(char::is_alphabetic) && !is_abbreviation
}

/// Returns the heading of a line that starts at `line_start`: the last line before it that has
/// words. An item of a list and a sentence that is complete are not headings.
fn heading(text: &str, line_start: usize) -> Option<&str> {
    let start = floor(text, line_start.saturating_sub(MAX_BEFORE));
    let mut lines = text[start..line_start].rsplit('\n');
    let line = lines.find(|line| has_word(line))?.trim_end();
    let is_item = line.starts_with(['-', '•', '*', '·']) && !line.ends_with(':');
    if is_item || line.ends_with(['.', '!', '?']) {
        return None;
    }
    let from = ceil(line, line.len().saturating_sub(MAX_HEADING));
    Some(last_sentence(&line[from..]))
}

fn has_word(line: &str) -> bool {
    let letters = line.chars().filter(|sign| sign.is_alphabetic());
    letters.take(2).count() == 2
}

/// Returns the clause at the start of a text: up to a sign, a conjunction or a preposition. The
/// addition in " + bonus" is not a part of it, but "deals" in "+ deals" directly after an amount is.
fn clause(rest: &str) -> &str {
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let rest = &rest[..floor(rest, MAX_CLAUSE)];
    let sign = rest.find(['.', ',', ';', '|', '(', ')', '+', ':', '*', '•']);
    let rest = &rest[..sign.unwrap_or(rest.len())];

    let mut at = 0;
    for word in rest.split(' ') {
        if END_OF_CLAUSE.contains(&word) {
            return &rest[..at];
        }
        at += word.len() + 1;
    }
    rest
}

fn begins_segment(sentence: &str) -> bool {
    let is_space = [' ', '\u{a0}', '~', '*', '_'];
    let trimmed = sentence.trim_end_matches(is_space);
    let lower = trimmed.to_lowercase();
    let qualifier = QUALIFIERS.iter().find(|word| lower.ends_with(**word));
    let kept = trimmed
        .len()
        .saturating_sub(qualifier.map_or(0, |word| word.len()));
    let before = trimmed
        .get(..kept)
        .unwrap_or(trimmed)
        .trim_end_matches(is_space);
    before.is_empty()
        || before.ends_with(['(', '[', '-', '–', '—', ':', '•', '·', ',', '/', '|', '>'])
}

fn ends_segment(rest: &str) -> bool {
    let after = rest.trim_start_matches([' ', '\u{a0}', '*', '_']);
    let is_range_end = after.is_empty()
        || after.starts_with([')', '|', ']', '+', ';', '(', ',', ':', '—', '–', '-']);
    let words = [
        "base",
        "ote",
        "gross",
        "brutto",
        "doe",
        "salary",
        "plus",
        "equity",
        "depending",
        "based",
        "usd",
        "a year",
    ];
    let lower = after[..ceil(after, 12)].to_lowercase();
    is_range_end || after == "." || words.iter().any(|word| lower.starts_with(word))
}
