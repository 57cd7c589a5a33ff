//! Where a token begins and ends. The rules and their reasons are those of the [module](super).

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::fold::{is_invisible, plain};

/// What a term's two ends ask of the text around a place where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Edges {
    first: Edge,
    last: Edge,
    /// Whether the term has a `.`, which then belongs to tokens.
    dotted: bool,
    /// Whether anything may follow.
    pub(super) prefix: bool,
}

/// What a term begins or ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Letter,
    Number,
    /// A letter of a script that puts nothing between words.
    Spaceless,
    PlusOrHash,
    Dot,
    /// Any other sign: no part of a token, so beside it is always a boundary.
    Other,
}

impl Edge {
    fn of(c: char) -> Self {
        match c {
            '+' | '#' => Self::PlusOrHash,
            '.' => Self::Dot,
            c if !is_word(c) => Self::Other,
            c if is_spaceless(c) => Self::Spaceless,
            c if c.is_numeric() => Self::Number,
            _ => Self::Letter,
        }
    }
}

impl Edges {
    /// `None` for a text without a visible character.
    pub(super) fn of(term: &str, prefix: bool) -> Option<Self> {
        let first = forwards(term).next().map(Edge::of)?;
        let last = backwards(term).next().map(Edge::of)?;

        Some(Self {
            first,
            last,
            dotted: forwards(term).any(|c| c == '.'),
            prefix,
        })
    }

    /// Whether a term that was found at `text[start..end]` is a whole token there.
    pub(super) fn fit(&self, text: &str, start: usize, end: usize) -> bool {
        self.begins_token(&text[..start]) && self.ends_token(&text[end..])
    }

    fn begins_token(&self, before: &str) -> bool {
        if self.first == Edge::Other {
            return true;
        }

        let mut back = backwards(before);
        match back.next() {
            Some(previous) if is_word(previous) => {
                is_spaceless(previous) || self.first == Edge::Spaceless
            }
            Some('.') if self.dotted => !back.next().is_some_and(is_word),
            _ => true,
        }
    }

    fn ends_token(&self, after: &str) -> bool {
        if self.prefix || self.last == Edge::Other {
            return true;
        }

        let mut ahead = forwards(after);
        match ahead.next() {
            Some(next) if is_word(next) => {
                !is_mark(next) && (is_spaceless(next) || self.last == Edge::Spaceless)
            }
            Some('.') if self.dotted => !ahead.next().is_some_and(is_word),
            Some(next @ ('+' | '#')) => match self.last {
                Edge::PlusOrHash => false,
                Edge::Number | Edge::Dot => true,
                _ => next == '+' && ahead.next().is_some_and(is_word),
            },
            _ => true,
        }
    }
}

/// Whether a character is a letter, a mark or a digit.
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }

    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark | GeneralCategoryGroup::Number
    )
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Whether a character's script puts nothing between words: Thai, Lao, Burmese, Khmer, Kana and
/// Han.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

fn forwards(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_invisible(*c)).map(plain)
}

fn backwards(text: &str) -> impl Iterator<Item = char> {
    text.chars().rev().filter(|c| !is_invisible(*c)).map(plain)
}
