//! The edits that turn one list of words into another.
//!
//! Words that occur exactly once in each list are anchors, as in a patience diff. Between two
//! anchors the search continues with the words that occur once there. The edits are not always the
//! shortest possible, but hostile texts cannot make the search slow.

use std::collections::HashMap;
use std::iter;
use std::ops::Range;

/// The number of times that the search for anchors is narrowed down.
const LEVELS: u32 = 8;

/// The number of words up to which anchors are searched for. Longer lists that differ in more than
/// one place are one edit from the first difference to the last.
const SEARCHED_WORDS: usize = 20_000;

/// Words of the old list, and the words of the new list that replaced them. One of the two may be
/// empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

/// A comparison of two lists, and the edits found so far.
struct Comparison<'a> {
    old: &'a [&'a str],
    new: &'a [&'a str],
    edits: Vec<Edit>,
}

/// Returns the edits in the order of the lists. All words outside of them are equal.
pub(super) fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let mut comparison = Comparison {
        old,
        new,
        edits: Vec::new(),
    };
    let whole = Edit {
        old: 0..old.len(),
        new: 0..new.len(),
    };
    comparison.compare(whole, LEVELS);
    comparison.edits
}

impl Comparison<'_> {
    fn compare(&mut self, part: Edit, levels: u32) {
        let part = self.without_equal_ends(part);
        if part.old.is_empty() && part.new.is_empty() {
            return;
        }

        let anchors = if levels > 0 {
            self.anchors(&part)
        } else {
            Vec::new()
        };
        if anchors.is_empty() {
            self.edits.push(part);
            return;
        }

        let end = (part.old.end, part.new.end);
        let (mut old_from, mut new_from) = (part.old.start, part.new.start);
        for (old, new) in anchors.into_iter().chain(iter::once(end)) {
            let between = Edit {
                old: old_from..old,
                new: new_from..new,
            };
            self.compare(between, levels - 1);
            (old_from, new_from) = (old + 1, new + 1);
        }
    }

    fn without_equal_ends(&self, Edit { old, new }: Edit) -> Edit {
        let (old_words, new_words) = (&self.old[old.clone()], &self.new[new.clone()]);
        let pairs = old_words.iter().zip(new_words);
        let first = pairs.take_while(|(old, new)| old == new).count();

        let (old_rest, new_rest) = (&old_words[first..], &new_words[first..]);
        let pairs = old_rest.iter().rev().zip(new_rest.iter().rev());
        let last = pairs.take_while(|(old, new)| old == new).count();

        Edit {
            old: old.start + first..old.end - last,
            new: new.start + first..new.end - last,
        }
    }

    /// Returns the positions of words that occur once in both parts, rising in both.
    fn anchors(&self, part: &Edit) -> Vec<(usize, usize)> {
        if part.old.len().max(part.new.len()) > SEARCHED_WORDS {
            return Vec::new();
        }

        let in_old = single_words(self.old, &part.old);
        let in_new = single_words(self.new, &part.new);
        let shared = in_old
            .into_iter()
            .filter_map(|(word, old)| Some((old, *in_new.get(word)?)));
        let mut shared: Vec<(usize, usize)> = shared.collect();
        shared.sort_unstable();
        longest_rising(&shared)
    }
}

/// Returns the words that occur once in a part of `words`, with their positions.
fn single_words<'a>(words: &[&'a str], part: &Range<usize>) -> HashMap<&'a str, usize> {
    let mut positions: HashMap<&str, Option<usize>> = HashMap::new();
    for at in part.clone() {
        let seen_once = positions.entry(words[at]);
        seen_once
            .and_modify(|position| *position = None)
            .or_insert(Some(at));
    }

    let single = positions
        .into_iter()
        .filter_map(|(word, position)| Some((word, position?)));
    single.collect()
}

/// Returns the longest selection of pairs whose second numbers rise. Their first numbers rise
/// already.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair with the smallest second number that ends a selection of n + 1 pairs.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, second)) in pairs.iter().enumerate() {
        let shorter = ends.partition_point(|&end| pairs[end].1 < *second);
        previous.push(shorter.checked_sub(1).map(|last| ends[last]));
        if shorter == ends.len() {
            ends.push(index);
        } else {
            ends[shorter] = index;
        }
    }

    let last = ends.last().copied();
    let backwards = iter::successors(last, |&index| previous[index]);
    let mut rising: Vec<_> = backwards.map(|index| pairs[index]).collect();
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    /// Returns the edits as `old words > new words`.
    fn shown(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (words(old), words(new));
        edits(&old, &new)
            .into_iter()
            .map(|edit| format!("{} > {}", old[edit.old].join(" "), new[edit.new].join(" ")))
            .collect()
    }

    #[test]
    fn each_edit_holds_only_words_that_differ() {
        let cases: [(&str, &str, &[&str]); 9] = [
            ("", "", &[]),
            ("a b c", "a b c", &[]),
            ("", "a b", &[" > a b"]),
            ("a b", "", &["a b > "]),
            ("we want you now", "we need you now", &["want > need"]),
            ("a b c d e", "a x c d", &["b > x", "e > "]),
            (
                "the cat the dog",
                "the dog the cat",
                &["cat the > ", " > the cat"],
            ),
            ("a a a a", "a a a", &["a > "]),
            (
                "one x y two x y three",
                "one x z two z y three",
                &["y > z", "x > z"],
            ),
        ];
        for (old, new, expected) in cases {
            assert_eq!(shown(old, new), expected, "{old:?} to {new:?}");
        }
    }

    #[test]
    fn a_very_long_list_is_one_edit_between_equal_ends() {
        let long: Vec<String> = (0..=SEARCHED_WORDS + 2).map(|n| n.to_string()).collect();
        let old: Vec<&str> = long.iter().map(String::as_str).collect();
        let mut new = old.clone();
        new[1] = "first";
        let last = new.len() - 2;
        new[last] = "last";

        let middle = 1..=last;
        let middle = *middle.start()..middle.end() + 1;
        let expected = Edit {
            old: middle.clone(),
            new: middle,
        };
        assert_eq!(edits(&old, &new), [expected]);
    }

    proptest! {
        #[test]
        fn applying_the_edits_gives_the_new_list(old in "[abc ]{0,40}", new in "[abcd ]{0,40}") {
            let old: Vec<&str> = old.split("").collect();
            let new: Vec<&str> = new.split("").collect();
            let mut applied = Vec::new();
            let mut copied = 0;
            for edit in edits(&old, &new) {
                applied.extend_from_slice(&old[copied..edit.old.start]);
                prop_assert_eq!(applied.len(), edit.new.start);
                applied.extend_from_slice(&new[edit.new]);
                copied = edit.old.end;
            }
            applied.extend_from_slice(&old[copied..]);
            prop_assert_eq!(applied, new);
        }
    }
}
