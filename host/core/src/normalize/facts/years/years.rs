//! The choice among the numbers of years in a description.
//!
//! A number counts if its sentence is about experience and about the applicant. Of several, the
//! highest applies, since the job asks for all of them. Of alternatives (`5 years, or 3 with a
//! master's degree`) the lowest applies. What is only preferred does not count.

use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::phrases::PhraseSearch;
use super::quantity::Quantity;
use super::sentence::asks;

/// The years of experience that a job asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    /// At least this many years; 0 for a job that only limits them.
    pub min: u8,
    /// At most this many years; `None` if the job states no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u8>,
}

/// From this many years on, a number is the history of a company rather than a requirement.
const TOO_MANY: u8 = 20;

/// The most numbers of years that are examined in one text.
const MAX_NUMBERS: usize = 200;

/// The most bytes between two alternatives.
const MAX_BETWEEN: usize = 160;

/// Words for years without their endings. The fewer they are, the faster the search.
const WORDS: [&str; 21] = [
    "year",
    "Year",
    "YEAR",
    "yrs",
    "Yrs",
    "Jahr",
    "jährige",
    " ans ",
    "années",
    "año",
    " anni ",
    "jaar",
    " anos ",
    " lat ",
    " lata ",
    " år ",
    " års ",
    "년 이상",
    "년이상",
    "年以上",
    "年经验",
];

/// Endings of the words for years.
const ENDINGS: [&str; 8] = ["", "s", "S", "e", "en", "es", "n", "r"];

/// Headings of what is preferred, after which a number does not replace an earlier one.
const PREFERRED: [&str; 4] = ["Prefer", "PREFER", "Nice", "Desired"];

/// Headings of what is required.
const REQUIRED: [&str; 3] = ["Requir", "Minimum Q", "Basic Q"];

static WORD_SEARCH: LazyLock<PhraseSearch> = LazyLock::new(|| PhraseSearch::new(&WORDS));

static HEADING_SEARCH: LazyLock<PhraseSearch> =
    LazyLock::new(|| PhraseSearch::new(&[&PREFERRED[..], &REQUIRED].concat()));

/// Returns the years of experience that a description asks for; `None` if it states none.
///
/// The time is linear in the length of the text: a bounded number of bytes is read around at most
/// 200 numbers.
pub fn years(description: &str) -> Option<Years> {
    let words = WORD_SEARCH.find(description);
    let numbers = words.filter_map(|word| Statement::at(description, word.range()));

    let mut found: Option<Statement> = None;
    let mut is_preferred = false;
    let mut headings_to = 0;
    for statement in numbers.take(MAX_NUMBERS) {
        if !asks(description, &statement.quantity, statement.end) {
            continue;
        }
        let Some(earlier) = found else {
            headings_to = statement.end;
            found = Some(statement);
            continue;
        };

        let skipped = description.get(headings_to..statement.quantity.start);
        is_preferred = skipped.and_then(last_heading).unwrap_or(is_preferred);
        headings_to = statement.end;
        found = Some(if is_preferred {
            earlier
        } else {
            earlier.and(statement, description)
        });
    }
    found.and_then(|statement| statement.years())
}

/// Returns true if the last heading is one of what is preferred, and false if it is one of what is
/// required; `None` without a heading.
fn last_heading(text: &str) -> Option<bool> {
    let headings = HEADING_SEARCH.find(text);
    let last = headings
        .filter(|heading| is_line_start(text, heading.start()))
        .last()?;
    Some(last.pattern().as_usize() < PREFERRED.len())
}

struct Statement {
    quantity: Quantity,
    /// The position after the word for years.
    end: usize,
}

impl Statement {
    /// Returns the statement whose word for years is at a place.
    fn at(text: &str, place: Range<usize>) -> Option<Self> {
        let end = end_of_word(text, &place)?;
        let quantity = Quantity::at_end(&text[..place.start])?;
        (quantity.min < TOO_MANY).then_some(Self { quantity, end })
    }

    /// Combines two statements of one text.
    fn and(self, later: Self, text: &str) -> Self {
        let between = text.get(self.end..later.quantity.start).unwrap_or_default();
        let (low, high) = if later.quantity.min > self.quantity.min {
            (self, later)
        } else {
            (later, self)
        };
        if !is_alternative(between) {
            return high;
        }
        let quantity = Quantity {
            max: None,
            ..low.quantity
        };
        Self {
            quantity,
            end: low.end.max(high.end),
        }
    }

    fn years(&self) -> Option<Years> {
        let Quantity { min, max, .. } = self.quantity;
        (min > 0 || max.is_some()).then_some(Years { min, max })
    }
}

/// Returns true for `, or a master's degree and`.
fn is_alternative(between: &str) -> bool {
    if between.is_empty() || between.len() > MAX_BETWEEN || between.contains('\n') {
        return false;
    }
    let lower = between.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    has(&[" or ", ";", " oder ", " ou "])
        && has(&[
            "degree", "master", "phd", "ph.d", "bachelor", "advanced", "studium",
        ])
}

/// Returns the end of the word for years at a place; `None` if it is part of another word.
fn end_of_word(text: &str, place: &Range<usize>) -> Option<usize> {
    let word = &text[place.clone()];
    if word.starts_with(['년', '年']) {
        return Some(place.end);
    }

    let end = place.start + word.trim_end().len();
    // No more than the longest ending: texts may have a "word" of any length.
    let follows = text[end..].char_indices().take(3);
    let letters = follows.take_while(|(_, c)| c.is_alphabetic());
    let length = letters.last().map_or(0, |(at, c)| at + c.len_utf8());
    let ending = &text[end..end + length];
    let is_inside = !word.starts_with(' ') && text[..place.start].ends_with(char::is_alphabetic);
    (ENDINGS.contains(&ending) && !is_inside).then_some(end + ending.len())
}

fn is_line_start(text: &str, at: usize) -> bool {
    let line = text[..at].trim_end_matches([' ', '*', '-', '•', '#']);
    line.is_empty() || line.ends_with('\n')
}
