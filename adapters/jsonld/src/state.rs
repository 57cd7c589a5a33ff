//! The memory from one complete scan to the next.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The maximum number of shared candidates. The host stores 64 KiB.
const MAX_SHARED: usize = 4_000;

/// The memory of a source.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct State {
    /// The pages of a site that was read in one call ([`crate::site::fingerprint`]). Empty for a
    /// larger site.
    pub(crate) fingerprint: String,
    /// The hashes of the pages that had a posting.
    pub(crate) with_posting: HashSet<u32>,
    /// The hashes of candidates for an id that several jobs have ([`crate::identity`]).
    pub(crate) shared: HashSet<u32>,
}

impl State {
    /// Reads the text of an earlier scan. Without one, nothing is known.
    pub(crate) fn from_text(text: Option<&str>) -> Self {
        let mut parts = text.unwrap_or_default().split(':');
        let mut next = || parts.next().unwrap_or_default();
        Self {
            fingerprint: next().to_owned(),
            with_posting: hashes(next()),
            shared: hashes(next()),
        }
    }

    /// Returns the text to store.
    pub(crate) fn to_text(&self) -> String {
        let shared = written(&self.shared, MAX_SHARED);
        let with_posting = written(&self.with_posting, usize::MAX);
        [&self.fingerprint, ":", &with_posting, ":", &shared].concat()
    }

    /// Returns true if the page had a posting at the last complete scan.
    pub(crate) fn had_posting(&self, page: &str) -> bool {
        self.with_posting.contains(&hash(page))
    }
}

/// Returns a hash that is short enough to store thousands of them.
pub(crate) fn hash(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    // The upper half is as good as any.
    (hasher.finish() >> 32) as u32
}

/// Writes hashes in eight digits each, sorted, so that the same set is the same text.
fn written(hashes: &HashSet<u32>, max: usize) -> String {
    let mut hashes: Vec<_> = hashes.iter().collect();
    hashes.sort_unstable();
    let digits = hashes.iter().take(max).map(|hash| format!("{hash:08x}"));
    digits.collect()
}

fn hashes(digits: &str) -> HashSet<u32> {
    let ends = (8..=digits.len()).step_by(8);
    ends.filter_map(|end| u32::from_str_radix(digits.get(end - 8..end)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_the_way_through_its_text() {
        let state = State {
            fingerprint: "00ff".to_owned(),
            with_posting: HashSet::from([hash("a"), hash("b"), 7]),
            shared: HashSet::from([0]),
        };
        assert_eq!(State::from_text(Some(&state.to_text())), state);
        assert!(state.had_posting("a") && !state.had_posting("c"));
        assert_eq!(State::from_text(None), State::default());
        for odd in ["", "9a9ed3049d97acfb", "x:é00000:1", ":::"] {
            assert!(State::from_text(Some(odd)).with_posting.is_empty(), "{odd}");
        }
    }

    #[test]
    fn the_largest_state_can_be_stored() {
        let state = State {
            fingerprint: "0".repeat(16),
            with_posting: (0..2_000).collect(),
            shared: (0..100_000).collect(),
        };
        assert!(state.to_text().len() < 64 << 10);
    }
}
