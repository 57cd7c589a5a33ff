//! The words that counters consist of, numbered.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of words, numbered from 0 in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(HashMap<String, usize, BuildHasherDefault<Fnv1a>>);

impl Vocabulary {
    /// Adds a word unless it is in the set, and returns its number.
    pub(super) fn add(&mut self, word: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(word.to_owned()).or_insert(next)
    }

    /// Returns the number of a word; `None` if it is not in the set.
    pub(super) fn number(&self, word: &str) -> Option<usize> {
        self.0.get(word).copied()
    }

    /// Returns the number of words.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The hash function [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/), which takes a third of the
/// time of the default one. Every word of every text is looked up. Texts are untrusted, but none of
/// their words is added, so they cannot make the lookups slow.
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
    fn the_hash_function_has_its_published_values() {
        // These are published test vectors.
        for (text, expected) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c)] {
            let mut hasher = Fnv1a::default();
            hasher.write(text.as_bytes());
            assert_eq!(hasher.finish(), expected);
        }
    }
}
