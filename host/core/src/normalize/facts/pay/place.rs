//! The place that a range is for, as the text names it: "For candidates located in NYC or SF, the
//! range is …", "USA-based roles only: …", "The salary range for New York, NY is …".

use super::amounts::currency_before;
use super::dollar;
use super::edges::ceil;
use super::words::words_in;

/// The longest name of a place, in bytes.
const MAX_BYTES: usize = 60;

/// Words after which the sentence names a place.
const AFTER: &[&str] = &[
    "located in ",
    "based in ",
    "residing in ",
    "reside in ",
    "who live in ",
    "working in ",
    "candidates in ",
    "applicants in ",
    "employees in ",
    "hires in ",
    "residents of ",
    "salary range for ",
    "pay range for ",
    "salary for ",
    "range in ",
    "salary in ",
];

/// Words that end a name.
const ENDS: &[&str] = &[
    ", the ",
    ", our ",
    ", this ",
    ", we ",
    " the ",
    " is ",
    " are ",
    " will ",
    " at ",
    " this ",
    " and the ",
    ":",
    "(",
    ")",
    "$",
    " for ",
    " we ",
    " between ",
    " who ",
    " with ",
];

/// Words that begin something else than a name.
const NOT_NAMES: &[&str] = &["this", "the", "our", "a", "an", "full", "all roles", "each"];

/// Returns the place that the sentence before a range names; `None` if it does not name one.
pub(super) fn place_before(sentence: &str) -> Option<String> {
    based(sentence)
        .or_else(|| named(sentence))
        .or_else(|| label(sentence))
}

/// Returns the place in parentheses after a range, as in "$90,000 (Canada)".
pub(super) fn place_after(rest: &str) -> Option<String> {
    let (name, _) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    known_place(name)
}

/// Returns "Colorado" of "Colorado: ".
fn label(sentence: &str) -> Option<String> {
    let label = sentence.trim_end().strip_suffix(':')?;
    let name = label.rsplit(['\u{2022}', ';', '|', '-', '*']).next()?;
    known_place(name.trim())
}

/// Returns the name if it is that of a well-known place, and not more than that.
fn known_place(name: &str) -> Option<String> {
    let is_short = !name.is_empty() && name.len() <= MAX_BYTES;
    let is_about_pay = is_short && !words_in(&name.to_lowercase()).is_empty();
    (is_short && !is_about_pay && dollar::is_place(name)).then(|| name.to_owned())
}

/// Returns "USA" of "USA-based roles only".
fn based(sentence: &str) -> Option<String> {
    let (before, _) = sentence.split_once("-based")?;
    let name = before.rsplit([' ', '(', ':']).next()?;
    is_name(name).then(|| name.to_owned())
}

/// Returns the name after the first of the words of [`AFTER`] that the sentence has.
fn named(sentence: &str) -> Option<String> {
    // The words are ASCII, so the position is that of the same character in the sentence.
    let lower = sentence.to_ascii_lowercase();
    let mut places = AFTER.iter().map(|words| (lower.rfind(words), words));
    places.find_map(|(at, words)| named_after(sentence, at?, words))
}

/// Returns the name after the words that begin at `at`.
fn named_after(sentence: &str, at: usize, words: &str) -> Option<String> {
    let rest = &sentence[at + words.len()..];
    let rest = &rest[..ceil(rest, MAX_BYTES)];
    let end = ENDS.iter().filter_map(|end| rest.find(end)).min()?;
    let name = rest[..end].trim().trim_end_matches(',');
    (is_name(name) && is_place(name, words)).then(|| name.to_owned())
}

fn is_name(name: &str) -> bool {
    let first_word = name.split(' ').next().unwrap_or_default().to_lowercase();
    !name.is_empty()
        && name.len() <= MAX_BYTES
        && !is_code(name)
        && !NOT_NAMES.contains(&first_word.as_str())
}

/// Returns true for a code such as "EUR", which a currency has.
fn is_code(name: &str) -> bool {
    name.len() == 3 && currency_before(name, name.len()).is_some()
}

/// Returns true if a name is that of a place. After "located in" every name is one, and after
/// "salary range for" only one with a state: that of a title has no comma.
fn is_place(name: &str, words: &str) -> bool {
    let begins_large = name.starts_with(char::is_uppercase);
    if words.ends_with("for ") {
        return begins_large && name.split(", ").skip(1).any(is_state);
    }
    begins_large || name.starts_with("all other")
}

/// Returns true if a part of a name begins with the two letters of a state.
fn is_state(part: &str) -> bool {
    let code = part.split(' ').next().unwrap_or_default();
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
