//! Words in the form of the gazetteer's keys, and the gaps between them.
//!
//! `scripts/lib/gazetteer/names.py` folds the keys in the same way.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest text that is read, in words. A list of all states of a large country has fewer.
const MAX_WORDS: usize = 256;

/// A text as folded words with one space between them.
#[derive(Debug, Default)]
pub(crate) struct FoldedWords {
    folded: String,
    words: Vec<FoldedWord>,
}

/// A word. `start` and `end` are offsets in the folded text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoldedWord {
    start: usize,
    end: usize,
    /// The separator before the word.
    pub gap: WordGap,
    /// The number of brackets that are open.
    pub depth: u8,
    /// The word consists of capital letters, such as `US` and `U.S.`.
    pub is_caps: bool,
    /// The word begins with a capital letter or has none, as in Chinese.
    pub is_capitalized: bool,
}

/// The separator between two words, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WordGap {
    /// A space, or a sign that may be part of a name.
    Space,
    /// A hyphen without spaces: `Baden-Baden` and `US-Chicago`.
    Hyphen,
    /// A bracket, a colon or a dash with a space: it separates parts of a place.
    Part,
    /// A comma. It separates parts of a place or places.
    Comma,
    /// A slash, plus or ampersand: it separates places.
    Slash,
    /// A semicolon, a bar, a bullet or the start of the text.
    Hard,
}

impl FoldedWords {
    /// Folds a text. Words after the first 256 are left out.
    pub(crate) fn of(text: &str) -> Self {
        let mut reader = Reader::default();
        let mut chars = text.chars().peekable();
        let mut before = [None, None];

        while let Some(c) = chars.next() {
            if reader.words.words.len() > MAX_WORDS {
                reader.words.words.truncate(MAX_WORDS);
                break;
            }

            let joins = c == '.' && is_inner_dot(before, &chars);
            if !joins && !is_apostrophe(c) {
                reader.read(c);
            }
            before = [before[1], Some(c)];
        }
        reader.words
    }

    /// Returns the words without their letters.
    pub(crate) fn all(&self) -> &[FoldedWord] {
        &self.words
    }

    /// Returns the words from `first` to the one before `end`.
    pub(crate) fn phrase(&self, first: usize, end: usize) -> &str {
        &self.folded[self.words[first].start..self.words[end - 1].end]
    }

    /// Returns the separator after a word.
    pub(crate) fn gap_after(&self, word: usize) -> WordGap {
        self.words
            .get(word + 1)
            .map_or(WordGap::Hard, |next| next.gap)
    }
}

/// Returns true for the dots in `U.S.`: a single letter stands on each side.
fn is_inner_dot(before: [Option<char>; 2], after: &(impl Iterator<Item = char> + Clone)) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut following = after.clone();
    let is_single_before = is_letter(before[1]) && !is_letter(before[0]);
    is_single_before && is_letter(following.next()) && !is_letter(following.next())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´')
}

/// The words so far and the separator that was read after the last one.
#[derive(Default)]
struct Reader {
    words: FoldedWords,
    gap: Option<WordGap>,
    /// A hyphen or dash was read, and a space before it.
    dash: Option<bool>,
    is_spaced: bool,
    depth: u8,
    is_in_word: bool,
}

impl Reader {
    fn read(&mut self, c: char) {
        if c.is_ascii() {
            return self.read_folded(c.to_ascii_lowercase(), c);
        }
        for part in [c].into_iter().nfkd() {
            if !is_combining_mark(part) {
                for lower in part
                    .to_lowercase()
                    .filter(|&lower| !is_combining_mark(lower))
                {
                    self.read_folded(lower, part);
                }
            }
        }
    }

    fn read_folded(&mut self, lower: char, original: char) {
        if lower.is_alphanumeric() {
            self.push(lower, original);
        } else {
            self.separate(original);
        }
    }

    fn push(&mut self, lower: char, original: char) {
        let is_capital = original.is_uppercase();
        if !self.is_in_word {
            self.start_word(is_capital || !original.is_lowercase());
        }
        match spelt_out(lower) {
            Some(letters) => self.words.folded.push_str(letters),
            None => self.words.folded.push(lower),
        }

        let end = self.words.folded.len();
        if let Some(word) = self.words.words.last_mut() {
            word.end = end;
            word.is_caps &= is_capital;
        }
    }

    fn start_word(&mut self, is_capitalized: bool) {
        let gap = self.gap();
        if !self.words.folded.is_empty() {
            self.words.folded.push(' ');
        }

        let start = self.words.folded.len();
        self.words.words.push(FoldedWord {
            start,
            end: start,
            gap,
            depth: self.depth,
            is_caps: true,
            is_capitalized,
        });
        self.is_in_word = true;
    }

    /// Returns the strongest separator since the last word, and forgets it.
    fn gap(&mut self) -> WordGap {
        let dash = match self.dash.take() {
            Some(true) => WordGap::Part,
            Some(false) if self.is_spaced => WordGap::Part,
            Some(false) => WordGap::Hyphen,
            None => WordGap::Space,
        };
        let gap = self.gap.take().unwrap_or(WordGap::Space).max(dash);

        self.is_spaced = false;
        if self.words.words.is_empty() {
            WordGap::Hard
        } else {
            gap
        }
    }

    fn separate(&mut self, c: char) {
        self.is_in_word = false;
        let gap = match c {
            '-' | '‐' | '‑' | '–' | '—' | '_' => {
                self.dash = Some(self.is_spaced);
                return;
            }
            '(' | '[' => {
                self.depth = self.depth.saturating_add(1);
                WordGap::Part
            }
            ')' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                WordGap::Part
            }
            ':' | '"' | '“' | '”' | '·' => WordGap::Part,
            ',' | '、' | '，' => WordGap::Comma,
            '/' | '+' | '&' => WordGap::Slash,
            ';' | '|' | '•' | '\n' => WordGap::Hard,
            _ => {
                self.is_spaced |= c.is_whitespace();
                return;
            }
        };
        self.gap = self.gap.max(Some(gap));
    }
}

/// Letters that do not decompose.
fn spelt_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        'þ' => "th",
        'ħ' => "h",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_like_the_keys_of_the_gazetteer() {
        for (text, folded) in [
            ("Köln", "koln"),
            ("Łódź", "lodz"),
            ("København", "kobenhavn"),
            ("Straße", "strasse"),
            ("İzmir", "izmir"),
            ("U.S.", "us"),
            ("Washington, D.C.", "washington dc"),
            ("St.Gallen", "st gallen"),
            ("St. Louis", "st louis"),
            ("L’Aquila", "laquila"),
            ("Tel-Aviv–Yafo", "tel aviv yafo"),
            ("  ", ""),
            ("Москва", "москва"),
        ] {
            assert_eq!(FoldedWords::of(text).folded, folded, "{text}");
        }
    }

    #[test]
    fn the_strongest_sign_between_two_words_separates_them() {
        for (text, gap) in [
            ("a b", WordGap::Space),
            ("a. b", WordGap::Space),
            ("a-b", WordGap::Hyphen),
            ("a - b", WordGap::Part),
            ("a- b", WordGap::Part),
            ("a -b", WordGap::Part),
            ("a (b)", WordGap::Part),
            ("a, b", WordGap::Comma),
            ("a, (b", WordGap::Comma),
            ("a / b", WordGap::Slash),
            ("a & b", WordGap::Slash),
            ("a; b", WordGap::Hard),
        ] {
            assert_eq!(FoldedWords::of(text).all()[1].gap, gap, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(
            FoldedWords::of(&"word ".repeat(1000)).all().len(),
            MAX_WORDS
        );
    }
}
