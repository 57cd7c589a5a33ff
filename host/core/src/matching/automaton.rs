//! The automaton of all patterns of all profiles, and its single pass over a folded text.
//!
//! The automaton starts only where a token may begin, and stops as soon as no pattern can continue.
//! [`Prefilter`] knows the beginnings of the patterns and avoids most starts, so a thousand terms
//! cost little more than ten. The cost comes from the text, and from terms that are nearly in it.
//! Patterns that may begin inside a token are in a second automaton, which exists only if there are
//! any.
//!
//! This module works on folded text and judges only its ASCII characters. It finds every hit and
//! also some places that are not hits; [`super::token`] decides.

use std::error::Error;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous;
use aho_corasick::{AhoCorasick, Anchored};

/// A pattern to search for.
pub(super) struct Pattern<'a> {
    /// Folded text, not empty.
    pub(super) text: &'a str,
    /// True if the token may begin before the pattern.
    pub(super) open_start: bool,
    /// True if the token may continue after the pattern.
    pub(super) open_end: bool,
}

/// A place where a pattern was found.
pub(super) struct Candidate {
    /// The index of the pattern.
    pub(super) pattern: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// True if the token certainly continues after the pattern.
    pub(super) token_continues: bool,
}

pub(super) struct Automaton {
    nfa: contiguous::NFA,
    root: StateID,
    prefilter: Prefilter,
    /// The numbers of the patterns in `nfa`.
    numbers: Vec<usize>,
    suffixes: Option<Suffixes>,
}

/// The patterns that may begin inside a token.
struct Suffixes {
    automaton: AhoCorasick,
    numbers: Vec<usize>,
}

impl Automaton {
    /// Prepares the patterns, no two of which may be equal. Each is numbered by its position.
    pub(super) fn new(patterns: &[Pattern<'_>]) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let numbered = |open_start: bool| {
            let patterns = patterns.iter().enumerate();
            let chosen = patterns.filter(move |(_, pattern)| pattern.open_start == open_start);
            chosen.map(|(number, _)| number).collect::<Vec<usize>>()
        };
        let (numbers, suffixes) = (numbered(false), numbered(true));

        let texts = numbers.iter().map(|number| patterns[*number].text);
        let nfa = contiguous::Builder::new().prefilter(false).build(texts)?;
        let root = nfa.start_state(Anchored::Yes)?;

        Ok(Self {
            nfa,
            root,
            prefilter: Prefilter::of(numbers.iter().map(|number| &patterns[*number])),
            numbers,
            suffixes: Suffixes::of(suffixes, patterns)?,
        })
    }

    /// Calls `found` for every pattern at every place where a token may begin, and for the patterns
    /// with an open start at every place.
    pub(super) fn find(&self, folded: &[u8], mut found: impl FnMut(Candidate)) {
        let mut word = None;
        for (at, &byte) in folded.iter().enumerate() {
            if byte.is_ascii_alphanumeric() {
                word.get_or_insert_with(|| Word::at(at)).push(byte);
                continue;
            }

            // The search starts at the end of a word, when its key is known.
            if let Some(word) = word.take() {
                self.enter_at_word(word, folded, &mut found);
            }
            if self.prefilter.admit_sign(byte) {
                self.enter(at, folded, &mut found);
            }
        }

        if let Some(word) = word {
            self.enter_at_word(word, folded, &mut found);
        }
        if let Some(suffixes) = &self.suffixes {
            suffixes.find(folded, &mut found);
        }
    }

    fn enter_at_word(&self, word: Word, folded: &[u8], found: &mut impl FnMut(Candidate)) {
        if self.prefilter.admit_word(word, folded) {
            self.enter(word.start, folded, found);
        }
    }

    fn enter(&self, start: usize, folded: &[u8], found: &mut impl FnMut(Candidate)) {
        let mut state = self.root;
        for (end, byte) in (start + 1..).zip(&folded[start..]) {
            state = self.nfa.next_state(Anchored::Yes, state, *byte);
            if self.nfa.is_dead(state) {
                return;
            }
            if !self.nfa.is_match(state) {
                continue;
            }

            let token_continues = continues(folded, end);
            for index in 0..self.nfa.match_len(state) {
                let pattern = self.nfa.match_pattern(state, index);

                // A state also contains patterns that end here and began later. They have a start
                // of their own.
                if self.nfa.pattern_len(pattern) != end - start {
                    continue;
                }
                found(Candidate {
                    pattern: self.numbers[pattern.as_usize()],
                    start,
                    end,
                    token_continues,
                });
            }
        }
    }
}

impl Suffixes {
    fn of(
        numbers: Vec<usize>,
        patterns: &[Pattern<'_>],
    ) -> Result<Option<Self>, Box<dyn Error + Send + Sync>> {
        if numbers.is_empty() {
            return Ok(None);
        }
        let automaton = AhoCorasick::new(numbers.iter().map(|number| patterns[*number].text))?;
        Ok(Some(Self { automaton, numbers }))
    }

    fn find(&self, folded: &[u8], found: &mut impl FnMut(Candidate)) {
        for hit in self.automaton.find_overlapping_iter(folded) {
            found(Candidate {
                pattern: self.numbers[hit.pattern().as_usize()],
                start: hit.start(),
                end: hit.end(),
                token_continues: continues(folded, hit.end()),
            });
        }
    }
}

/// Returns true if the token that has the byte before `end` certainly continues there.
fn continues(folded: &[u8], end: usize) -> bool {
    let is_word = |at: usize| folded.get(at).is_some_and(u8::is_ascii_alphanumeric);
    is_word(end - 1) && is_word(end)
}

/// A run of ASCII letters and digits, with a key that equal runs share.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    key: u64,
}

impl Word {
    fn at(start: usize) -> Self {
        Self { start, key: 0 }
    }

    fn push(&mut self, byte: u8) {
        self.key = self.key.rotate_left(5) ^ u64::from(byte);
    }
}

/// The beginnings of the patterns. Rejects only places where no pattern begins.
struct Prefilter {
    /// The first bytes of patterns that begin with a sign, or with a letter outside of ASCII.
    signs: [bool; 256],
    /// The first words of patterns that begin with a whole word, by key.
    words: Vec<bool>,
    /// The first two letters of patterns that are the beginning of a word.
    beginnings: [bool; 1024],
}

impl Prefilter {
    /// The number of slots. With a thousand words, one slot in sixteen is taken, so one word of a
    /// text in sixteen is examined needlessly.
    const WORDS: usize = 1 << 14;

    fn of<'a>(patterns: impl Iterator<Item = &'a Pattern<'a>>) -> Self {
        let mut prefilter = Self {
            signs: [false; 256],
            words: vec![false; Self::WORDS],
            beginnings: [false; 1024],
        };
        for pattern in patterns {
            prefilter.admit(pattern);
        }
        prefilter
    }

    fn admit(&mut self, pattern: &Pattern<'_>) {
        let bytes = pattern.text.as_bytes();
        let word_len = bytes
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();

        match (bytes, word_len) {
            ([first, ..], 0) => self.signs[usize::from(*first)] = true,
            ([first, rest @ ..], len) if pattern.open_end && len == bytes.len() => {
                self.admit_beginning(*first, rest.first());
            }
            _ => {
                let mut word = Word::at(0);
                for byte in &bytes[..word_len] {
                    word.push(*byte);
                }
                self.words[slot(word.key)] = true;
            }
        }
    }

    /// Without a second letter, any letter may follow.
    fn admit_beginning(&mut self, first: u8, second: Option<&u8>) {
        if let Some(second) = second {
            self.beginnings[beginning(first, *second)] = true;
            return;
        }
        for second in 0..32 {
            self.beginnings[beginning(first, second)] = true;
        }
    }

    fn admit_sign(&self, byte: u8) -> bool {
        self.signs[usize::from(byte)]
    }

    fn admit_word(&self, word: Word, folded: &[u8]) -> bool {
        let first = folded[word.start];
        let second = folded.get(word.start + 1).copied().unwrap_or(0);

        self.words[slot(word.key)] || self.beginnings[beginning(first, second)]
    }
}

fn slot(key: u64) -> usize {
    // Multiplication carries every bit of the key to the top.
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 50).unwrap_or(0)
}

fn beginning(first: u8, second: u8) -> usize {
    usize::from(first & 31) << 5 | usize::from(second & 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(patterns: &[(&str, bool)], folded: &str) -> Vec<(usize, usize, bool)> {
        let patterns: Vec<_> = patterns
            .iter()
            .map(|(text, open_end)| Pattern {
                text,
                open_start: false,
                open_end: *open_end,
            })
            .collect();
        let mut all = Vec::new();
        let automaton = Automaton::new(&patterns).unwrap();
        automaton.find(folded.as_bytes(), |found| {
            assert_eq!(
                &folded[found.start..found.end],
                patterns[found.pattern].text
            );
            all.push((found.pattern, found.start, found.token_continues));
        });
        all
    }

    #[test]
    fn patterns_are_found_where_a_token_may_begin() {
        let patterns = [
            ("go", false),
            ("c++", false),
            (".net", false),
            ("a go", false),
            ("漢", false),
            ("é", false),
        ];
        assert_eq!(
            find(&patterns, "ergo go c++"),
            [(0, 5, false), (1, 8, false)]
        );
        assert_eq!(
            find(&patterns, "asp.net go"),
            [(2, 3, false), (0, 8, false)]
        );
        assert_eq!(find(&patterns, "a go"), [(3, 0, false), (0, 2, false)]);
        assert_eq!(find(&patterns, "x漢go"), [(4, 1, false), (0, 4, false)]);
    }

    #[test]
    fn an_open_pattern_is_found_at_the_beginning_of_a_word() {
        assert_eq!(find(&[("engine", true)], "engineer"), [(0, 0, true)]);
        assert_eq!(
            find(&[("c", true)], "css c c++"),
            [(0, 0, true), (0, 4, false), (0, 6, false)]
        );
        assert_eq!(find(&[("data eng", true)], "data engineer"), [(0, 0, true)]);
        assert_eq!(find(&[("engine", false)], "engineer"), []);
    }

    #[test]
    fn a_pattern_with_an_open_start_is_found_inside_a_word() {
        let pattern = |open_start| Pattern {
            text: "tester",
            open_start,
            open_end: false,
        };
        let automaton = Automaton::new(&[pattern(true), pattern(false)]).unwrap();
        let mut all = Vec::new();
        automaton.find(b"softwaretester testers tester", |found| {
            all.push((found.pattern, found.start, found.token_continues));
        });
        all.sort_unstable();
        assert_eq!(
            all,
            [(0, 8, false), (0, 15, true), (0, 23, false), (1, 23, false)]
        );
    }

    #[test]
    fn patterns_with_the_same_beginning_are_all_found() {
        let patterns = [
            ("data", false),
            ("data engineer", false),
            ("engineer", false),
            ("dat", true),
        ];
        assert_eq!(
            find(&patterns, "data engineer"),
            [(3, 0, true), (0, 0, false), (1, 0, false), (2, 5, false)]
        );
    }
}
