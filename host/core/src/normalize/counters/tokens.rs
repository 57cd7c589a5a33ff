//! The words, numbers and signs of a text.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters. The range is that of their lower-case form.
    Word(Range<usize>),
    /// Digits, and the separators between them.
    Number,
    /// A day, a month and a year in digits with dots between them.
    Date,
    /// The end of a line.
    Break,
    /// Any other visible character.
    Sign(char),
}

/// A token and its place in the text.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
}

/// A little less than the bytes of an average token and the space after it, so that the tokens of
/// most texts are allocated once.
const BYTES_PER_TOKEN: usize = 5;

/// The tokens of a text. Spaces only separate tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    all: Vec<Token>,
    /// The lower-case forms of all words, one after the other.
    words: String,
}

impl Tokens {
    /// Divides a text. A word ends where digits begin, as in "3d".
    pub(super) fn of(text: &str) -> Self {
        let mut tokens = Self {
            all: Vec::with_capacity(text.len() / BYTES_PER_TOKEN),
            words: String::with_capacity(text.len()),
        };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let start = text.len() - rest.len();
            let length = tokens.push(c, rest, start);
            rest = &rest[length..];
        }
        tokens
    }

    /// Returns the end of the token at this position in the text.
    pub(super) fn end_of(&self, at: usize) -> usize {
        self.all.get(at).map_or(0, |token| token.place.end)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.all.get(at)
    }

    /// Returns the lower-case word at this position; `None` if the token is not a word.
    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match &self.all.get(at)?.kind {
            Kind::Word(word) => Some(&self.words[word.clone()]),
            _ => None,
        }
    }

    /// Returns true if the token at this position is of this kind.
    pub(super) fn is(&self, at: usize, kind: &Kind) -> bool {
        self.all.get(at).is_some_and(|token| token.kind == *kind)
    }

    /// Adds the token at the beginning of `rest`, which begins with `first`, and returns its
    /// length in bytes.
    fn push(&mut self, first: char, rest: &str, start: usize) -> usize {
        let (kind, length) = match first {
            '\n' => (Kind::Break, 1),
            ' ' => return 1,
            _ if first.is_ascii_digit() => number(rest),
            _ if first.is_alphabetic() => self.word_token(rest),
            // Both apostrophes are in use.
            '’' => (Kind::Sign('\''), first.len_utf8()),
            _ => (Kind::Sign(first), first.len_utf8()),
        };

        let place = start..start + length;
        self.all.push(Token { kind, place });
        length
    }

    fn word_token(&mut self, rest: &str) -> (Kind, usize) {
        let ascii = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let is_ascii = rest[ascii..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphabetic());
        let length = if is_ascii {
            ascii
        } else {
            rest.find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len())
        };

        let from = self.words.len();
        self.words.push_str(&rest[..length]);
        if is_ascii {
            self.words[from..].make_ascii_lowercase();
        } else {
            let lower = self.words.split_off(from).to_lowercase();
            self.words.push_str(&lower);
        }
        (Kind::Word(from..self.words.len()), length)
    }
}

/// Returns the length of the number at the beginning. It may have separators between its digits,
/// such as 1,234 and 30.11.2026, and spaces before groups of three digits.
fn number_length(text: &str) -> usize {
    let mut length = 0;
    loop {
        length += digits(&text[length..]);

        let separator = text[length..].chars().next().unwrap_or('\n');
        let after = length + separator.len_utf8();
        let group = text.get(after..).map_or(0, digits);
        let continues = match separator {
            '.' | ',' | '\'' | '’' => group > 0,
            ' ' => group == 3,
            _ => false,
        };
        if !continues {
            return length;
        }
        length = after;
    }
}

/// Returns the kind and the length of the number at the beginning.
fn number(text: &str) -> (Kind, usize) {
    let length = number_length(text);
    let parts = text[..length].split('.').map(str::len);
    let kind = match *parts.collect::<Vec<_>>() {
        [1..=2, 1..=2, 2 | 4] => Kind::Date,
        _ => Kind::Number,
    };
    (kind, length)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_divided_into_lower_case_words_numbers_and_signs() {
        let text = "Über 1,234 l’été\n3d: 1 000+";
        let tokens = Tokens::of(text);
        let all: Vec<_> = (0..)
            .map_while(|at| {
                let token = tokens.get(at)?;
                Some(
                    tokens
                        .word(at)
                        .unwrap_or(&text[token.place.clone()])
                        .to_owned(),
                )
            })
            .collect();
        assert_eq!(
            all,
            [
                "über", "1,234", "l", "’", "été", "\n", "3", "d", ":", "1 000", "+"
            ]
        );
        assert!(tokens.is(1, &Kind::Number) && tokens.is(3, &Kind::Sign('\'')));
        assert!(tokens.get(all.len()).is_none());
    }

    #[test]
    fn a_number_keeps_its_separators_and_no_others() {
        for (text, number) in [
            ("17 times", "17"),
            ("1.234,", "1.234"),
            ("30.11.2026.", "30.11.2026"),
            ("1 234 567 vues", "1 234 567"),
            ("2024 10", "2024"),
            ("5 ", "5"),
            ("5", "5"),
        ] {
            assert_eq!(&text[..number_length(text)], number);
            assert_eq!(super::number(text).0 == Kind::Date, number == "30.11.2026");
        }
    }
}
