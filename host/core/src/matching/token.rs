//! The boundaries of tokens. The [module](super) has the rules and their reasons.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::fold::{is_invisible, plain};

/// The conditions of a term's two ends on the surrounding text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Edges {
    first: Edge,
    last: Edge,
    /// True if the term has a `.`, which then belongs to tokens.
    dotted: bool,
    is_single_letter: bool,
    pub(super) open: OpenEnds,
}

/// The ends of a term at which a token may continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct OpenEnds {
    /// Anything may stand before the term.
    pub(super) start: bool,
    /// Anything may follow.
    pub(super) end: bool,
}

/// The kind of character at the beginning or end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Letter,
    Number,
    /// A letter of a script without spaces between words.
    Spaceless,
    PlusOrHash,
    Dot,
    /// Any other sign. It is not part of a token, so a boundary is always next to it.
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
    /// Returns the edges of a term; `None` for a text without a visible character.
    pub(super) fn of(term: &str, open: OpenEnds) -> Option<Self> {
        let first = forwards(term).next().map(Edge::of)?;
        let last = backwards(term).next().map(Edge::of)?;

        Some(Self {
            first,
            last,
            dotted: forwards(term).any(|c| c == '.'),
            is_single_letter: first == Edge::Letter && forwards(term).count() == 1,
            open,
        })
    }

    /// Returns true if a term that was found at `text[start..end]` is a whole token there.
    pub(super) fn accepts(&self, text: &str, start: usize, end: usize) -> bool {
        self.begins_token(&text[..start]) && self.ends_token(&text[end..])
    }

    fn begins_token(&self, before: &str) -> bool {
        if self.open.start || self.first == Edge::Other {
            return true;
        }

        let mut back = backwards(before);
        match back.next() {
            Some(previous) if is_word(previous) => {
                is_spaceless(previous) || self.first == Edge::Spaceless
            }
            Some('.') if self.dotted => !back.next().is_some_and(is_word),
            Some('&') if self.is_single_letter => !is_single(back),
            _ => true,
        }
    }

    fn ends_token(&self, after: &str) -> bool {
        if self.open.end || self.last == Edge::Other {
            return true;
        }

        let mut ahead = forwards(after);
        match ahead.next() {
            Some(next) if is_word(next) => match self.last {
                Edge::Spaceless => !is_mark(next),
                Edge::PlusOrHash if next.is_numeric() => true,
                _ => is_spaceless(next) && !is_mark(next),
            },
            Some('.') if self.dotted => !ahead.next().is_some_and(is_word),
            Some('&') if self.is_single_letter => !is_single(ahead),
            Some(next @ ('+' | '#')) => match self.last {
                Edge::PlusOrHash => false,
                Edge::Number | Edge::Dot => true,
                _ => next == '+' && ahead.next().is_some_and(is_word),
            },
            _ => true,
        }
    }
}

/// Returns true for a letter, a mark or a digit.
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }

    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark | GeneralCategoryGroup::Number
    )
}

/// Returns true if the text begins with a letter, mark or digit that no other one follows.
fn is_single(mut text: impl Iterator<Item = char>) -> bool {
    text.next().is_some_and(is_word) && !text.next().is_some_and(is_word)
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Returns true for a script without spaces between words: Thai, Lao, Burmese, Khmer, Kana and Han.
pub(crate) fn is_spaceless(c: char) -> bool {
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
