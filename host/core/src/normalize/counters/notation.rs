//! The notation of phrases, and its meaning.
//!
//! A phrase is a sequence of items with spaces between them. An item is a list of alternatives
//! with `|` between them, and is optional in square brackets. An alternative is a sequence of
//! parts with `_` between them. A part is a word, a sign, or the name of other phrases in braces.
//! So `{n} times|x viewed [so_far]` fits "17 times viewed" and "3x viewed so far".

use super::tokens::{Kind, Tokens};

/// A list of named phrases. They may use each other's names, but not in a circle.
pub(super) type Names<'a> = &'a [(&'a str, &'a [&'a str])];

/// A phrase, ready to be compared with the tokens of a text.
#[derive(Debug)]
pub(super) struct Phrase(pub(super) Vec<Item>);

#[derive(Debug)]
pub(super) enum Item {
    /// One of these words, which are sorted.
    Words(Vec<String>),
    AnyWord,
    /// A number, with an optional "k" for thousand and "+" for more.
    Number,
    /// A number of four digits.
    Year,
    /// A date of three numbers with dots between them.
    DottedDate,
    /// The sign, or the end of the line, between a name and its value.
    Is,
    Sign(char),
    OneOf(Vec<Vec<Item>>),
    Optional(Box<Item>),
}

/// The numbers of tokens that a match may have, one bit each. Phrases are shorter than 64 tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lengths(u64);

impl Phrase {
    pub(super) fn new(phrase: &str, names: Names<'_>) -> Self {
        Self(sequence(phrase, names))
    }

    /// Returns the number of tokens of the longest match that begins at `at`; `None` if there is no
    /// match.
    pub(super) fn longest_match(&self, tokens: &Tokens, at: usize) -> Option<usize> {
        lengths(&self.0, tokens, at).longest()
    }
}

/// Returns the position of the word with which a match at this position has to begin: after a
/// number, if there is one.
pub(super) fn first_word_at(tokens: &Tokens, at: usize) -> usize {
    at + number(tokens, at).unwrap_or(0)
}

fn sequence(phrase: &str, names: Names<'_>) -> Vec<Item> {
    phrase.split(' ').map(|item| item_of(item, names)).collect()
}

fn item_of(item: &str, names: Names<'_>) -> Item {
    match item
        .strip_prefix('[')
        .and_then(|item| item.strip_suffix(']'))
    {
        Some(inner) => Item::Optional(Box::new(one_of(inner, names))),
        None => one_of(item, names),
    }
}

/// Returns the item for alternatives. Single words are gathered, since they are found quickly.
fn one_of(alternatives: &str, names: Names<'_>) -> Item {
    let mut words = Vec::new();
    let mut others = Vec::new();
    for alternative in alternatives.split('|') {
        let mut parts: Vec<Item> = alternative
            .split('_')
            .flat_map(|part| items(part, names))
            .collect();
        match parts.as_mut_slice() {
            [Item::Words(more)] => words.append(more),
            [Item::OneOf(more)] => others.append(more),
            _ => others.push(parts),
        }
    }

    words.sort_unstable();
    if others.is_empty() {
        return Item::Words(words);
    }
    if !words.is_empty() {
        others.push(vec![Item::Words(words)]);
    }
    Item::OneOf(others)
}

/// Returns the items of a part. One part may be several tokens, such as "aujourd'hui".
fn items(part: &str, names: Names<'_>) -> Vec<Item> {
    match part {
        "{n}" => return vec![Item::Number],
        "{year}" => return vec![Item::Year],
        "{d.m.y}" => return vec![Item::DottedDate],
        "{word}" => return vec![Item::AnyWord],
        "{is}" => return vec![Item::Is],
        _ => {}
    }
    if let Some((_, phrases)) = names.iter().find(|(name, _)| *name == part) {
        let options = phrases.iter().map(|phrase| sequence(phrase, names));
        return vec![Item::OneOf(options.collect())];
    }

    let tokens = Tokens::of(part);
    let item = |at| match tokens.get(at)?.kind {
        Kind::Sign(sign) => Some(Item::Sign(sign)),
        _ => Some(Item::Words(vec![tokens.word(at)?.to_owned()])),
    };
    (0..).map_while(item).collect()
}

fn lengths(sequence: &[Item], tokens: &Tokens, at: usize) -> Lengths {
    let mut lengths = Lengths::of(0);
    for item in sequence {
        lengths = lengths.then(|length| item.lengths(tokens, at + length));
        if lengths == Lengths::NONE {
            break;
        }
    }
    lengths
}

impl Item {
    fn lengths(&self, tokens: &Tokens, at: usize) -> Lengths {
        let one_if = |matches| {
            if matches {
                Lengths::of(1)
            } else {
                Lengths::NONE
            }
        };
        match self {
            Self::Words(words) => one_if(tokens.word(at).is_some_and(|word| {
                words
                    .binary_search_by(|known| known.as_str().cmp(word))
                    .is_ok()
            })),
            Self::AnyWord => one_if(tokens.word(at).is_some()),
            Self::DottedDate => one_if(tokens.is(at, &Kind::Date)),
            Self::Sign(sign) => one_if(tokens.is(at, &Kind::Sign(*sign))),
            Self::Number => number(tokens, at).map_or(Lengths::NONE, Lengths::of),
            Self::Year => one_if(is_year(tokens, at)),
            Self::Is => is(tokens, at).map_or(Lengths::NONE, Lengths::of),
            Self::OneOf(options) => options.iter().fold(Lengths::NONE, |all, option| {
                all.or(lengths(option, tokens, at))
            }),
            Self::Optional(item) => item.lengths(tokens, at).or(Lengths::of(0)),
        }
    }
}

impl Lengths {
    const NONE: Self = Self(0);

    fn of(length: usize) -> Self {
        Self(1 << length)
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the lengths of these matches, each followed by one that `next` returns.
    fn then(self, next: impl Fn(usize) -> Self) -> Self {
        let mut rest = self.0;
        let mut all = Self::NONE;
        while rest != 0 {
            let length = rest.trailing_zeros();
            rest &= rest - 1;
            all = all.or(Self(next(length as usize).0 << length));
        }
        all
    }

    fn longest(self) -> Option<usize> {
        self.0.checked_ilog2().map(|length| length as usize)
    }
}

/// Returns the number of tokens of a number; `None` if there is no number.
fn number(tokens: &Tokens, at: usize) -> Option<usize> {
    if !tokens.is(at, &Kind::Number) {
        return None;
    }
    let with_k = 1 + usize::from(tokens.word(at + 1) == Some("k"));
    Some(with_k + usize::from(tokens.is(at + with_k, &Kind::Sign('+'))))
}

fn is_year(tokens: &Tokens, at: usize) -> bool {
    let token = tokens.get(at);
    token.is_some_and(|token| token.kind == Kind::Number && token.place.len() == 4)
}

/// Returns the number of tokens between a name and its value; `None` if the value does not follow.
/// A text from a table has ` | ` there, and one from a list of terms the end of the line.
fn is(tokens: &Tokens, at: usize) -> Option<usize> {
    let colon = usize::from(tokens.is(at, &Kind::Sign(':')));
    let after_colon = at + colon;
    let gap = tokens.is(after_colon, &Kind::Sign('|')) || tokens.is(after_colon, &Kind::Break);
    Some(colon + usize::from(gap)).filter(|&length| length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'static> = &[
        ("{ago}", &["{span} ago", "today"]),
        ("{span}", &["{n} day|days"]),
    ];

    #[test]
    fn a_phrase_fits_each_way_that_its_notation_allows() {
        for (notation, text, end) in [
            ("{n} times|x viewed [so_far]", "17 times viewed", Some(3)),
            ("{n} times|x viewed [so_far]", "3x Viewed so far", Some(5)),
            ("{n} times|x viewed [so_far]", "3x Viewed so good", Some(3)),
            ("{n} times|x viewed [so_far]", "times viewed", None),
            ("posted [on] {ago}", "posted today", Some(2)),
            ("posted [on] {ago}", "Posted on 3 days ago", Some(5)),
            ("posted [on] {ago}", "posted 3 days", None),
            ("aujourd'hui|il_y_a_{n}_jours", "aujourd’hui", Some(3)),
            ("aujourd'hui|il_y_a_{n}_jours", "il y a 3 jours", Some(5)),
            ("bewerber*innen", "Bewerber*innen", Some(3)),
            ("{n} views", "1.2k+ views", Some(4)),
            ("views{is}{n}", "views: 3", None),
            ("views {is} {n}", "views: 3", Some(3)),
            ("views {is} {n}", "views | 3", Some(3)),
            ("views {is} {n}", "views:\n3", Some(4)),
            ("views {is} {n}", "views 3", None),
            ("{word} {n}", "May 3", Some(2)),
            ("{word} {year}", "May 2026", Some(2)),
            ("{word} {year}", "May 26", None),
        ] {
            let phrase = Phrase::new(notation, NAMES);
            assert_eq!(
                phrase.longest_match(&Tokens::of(text), 0),
                end,
                "{notation}: {text}"
            );
        }
    }
}
