//! The period that follows an amount: "per hour", "/yr", "a year", "brutto/Jahr", "par an".

use crate::raw::PayPeriod;

use super::super::edges::ceil;
use super::period_words::{ADVERBS, BETWEEN, NOUNS, PER, period_of};

/// The unit after an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Period(PayPeriod),
    /// "per word", "/visit": the amount is for a piece of work or of use.
    Other,
}

/// The bytes after an amount in which its unit is looked for.
const MAX_BYTES: usize = 64;

/// The words that may stand between an amount and its unit.
const MAX_WORDS: usize = 6;

/// Returns the unit that follows an amount, and its end.
pub(super) fn unit_after(text: &str, end: usize) -> Option<(Unit, usize)> {
    let window = &text[end..ceil(text, end + MAX_BYTES)];
    let line = window.split(['\n', ';', '|']).next().unwrap_or_default();
    let is_attached = line.starts_with('/') && !line.starts_with("/ ");

    let tokens = tokens(line);
    for (at, token) in tokens.iter().enumerate().take(MAX_WORDS) {
        let word = &*token.word;
        if let Some(period) = period_of(word, ADVERBS) {
            return Some((Unit::Period(period), end + token.end));
        }
        if PER.contains(&word) {
            let next = tokens.get(at + 1)?;
            if let Some(period) = period_of(&next.word, NOUNS) {
                return Some((Unit::Period(period), end + next.end));
            }
            let is_price = word == "per" || (word == "/" && at == 0 && is_attached);
            if is_price && is_other_unit(&next.word) {
                return Some((Unit::Other, end + next.end));
            }
        } else if !BETWEEN.contains(&word) || (word == "+" && !line.starts_with('+')) {
            // In "50,000 + annual bonus", the word belongs to the bonus.
            return None;
        }
    }
    None
}

/// Returns true if the word after "per" or "/" is the unit of a price, such as "visit".
fn is_other_unit(word: &str) -> bool {
    let is_known = BETWEEN.contains(&word)
        || PER.contains(&word)
        || matches!(word, "first" | "full" | "calendar")
        || period_of(word, ADVERBS).is_some();
    word.starts_with(char::is_alphanumeric) && !is_known
}

/// A word in lower case, or one of the signs `/` and `+`.
struct UnitToken {
    word: String,
    end: usize,
}

/// Returns the first tokens of a line, up to the end of the clause. "p.a." is one of them.
fn tokens(line: &str) -> Vec<UnitToken> {
    let mut tokens: Vec<UnitToken> = Vec::new();
    let mut at = 0;
    while at < line.len() && tokens.len() <= MAX_WORDS {
        let rest = &line[at..];
        let len = token_len(rest);
        let written = &rest[..len];
        let is_word = written.starts_with(char::is_alphanumeric) || matches!(written, "/" | "+");
        if ends_clause(written, tokens.last()) {
            break;
        }
        at += len;
        if is_word {
            let word = if written.starts_with("p.") {
                "pa".to_owned()
            } else {
                written.to_lowercase()
            };
            tokens.push(UnitToken { word, end: at });
        }
    }
    tokens
}

/// Returns the length of the word or of the sign at the start of a text.
fn token_len(text: &str) -> usize {
    for abbreviation in ["p.a.", "p.a", "p. a."] {
        if text.starts_with(abbreviation) {
            return abbreviation.len();
        }
    }
    let word_len = text.find(|sign: char| !sign.is_alphanumeric());
    match word_len.unwrap_or(text.len()) {
        0 => text.chars().next().map_or(1, char::len_utf8),
        len => len,
    }
}

/// Returns true for a sign that ends the clause. A full stop after an abbreviation does not.
fn ends_clause(sign: &str, before: Option<&UnitToken>) -> bool {
    match (sign, before) {
        (".", Some(token)) => token.word.len() > 4,
        ("." | ",", None) | ("," | "-" | "–" | ":", Some(_)) => true,
        _ => false,
    }
}
