//! The words that counters consist of, numbered.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of words, numbered from 0 in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<String, usize, BuildHasherDefault<Fnv1a>>,
    /// The lengths in bytes of the words that begin with a letter, one bit each: by [`letter`].
    lengths: [u64; LETTERS],
}

/// The number of values of [`letter`].
const LETTERS: usize = 32;

impl Vocabulary {
    /// Adds a word unless it is in the set, and returns its number. The word is in lower case.
    pub(super) fn add(&mut self, word: &str) -> usize {
        self.lengths[letter(word)] |= bit(word);
        let next = self.numbers.len();
        *self.numbers.entry(word.to_owned()).or_insert(next)
    }

    /// Returns the number of a word; `None` if it is not in the set. The word is in lower case.
    pub(super) fn number(&self, word: &str) -> Option<usize> {
        if !self.may_have(word) {
            return None;
        }
        self.numbers.get(word).copied()
    }

    /// Returns false if no word of the set has this first letter and this length, which is so for
    /// most words of a text.
    fn may_have(&self, word: &str) -> bool {
        self.lengths[letter(word)] & bit(word) != 0
    }

    /// Returns the number of words.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

/// Returns a number for the first byte of a word.
fn letter(word: &str) -> usize {
    word.bytes().next().map_or(0, usize::from) % LETTERS
}

/// Returns the bit of a word's length. The longest words share one.
fn bit(word: &str) -> u64 {
    1 << word.len().min(63)
}

/// The hash function [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/), which takes a third of
/// the time of the default one. Every word of every text is looked up. Texts are untrusted, but
/// none of their words is added, so they cannot make the lookups slow.
#[derive(Debug)]
struct Fnv1a(u64);

impl Default for Fnv1a {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv1a {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbered_in_the_order_in_which_they_are_added() {
        let mut words = Vocabulary::default();
        let numbers = ["ago", "vor", "ago", "zuletzt"].map(|word| words.add(word));
        assert_eq!((numbers, words.len()), ([0, 1, 0, 2], 3));
        assert_eq!((words.number("vor"), words.number("hace")), (Some(1), None));
    }

    #[test]
    fn only_words_of_a_letter_and_a_length_that_were_added_are_looked_up() {
        let mut words = Vocabulary::default();
        let long = "x".repeat(200);
        for word in ["ago", "été", &long] {
            words.add(word);
        }
        for word in ["ago", "are", "été", &long] {
            assert!(words.may_have(word), "{word}");
        }
        for word in ["agone", "go", "", "bye"] {
            assert!(!words.may_have(word), "{word}");
        }
    }

    #[test]
    fn the_hash_function_has_its_published_values() {
        // These are published test vectors.
        for (text, expected) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c)] {
            let mut hasher = Fnv1a::default();
            hasher.write(text.as_bytes());
            assert_eq!(hasher.finish(), expected);
        }
    }
}
