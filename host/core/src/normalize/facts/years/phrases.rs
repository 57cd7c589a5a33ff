//! A search for many phrases at once, which reads a text only once.

use aho_corasick::{AhoCorasick, Match, MatchKind};

/// A set of phrases. It finds nothing if it could not be built.
pub(super) struct PhraseSearch(Option<AhoCorasick>);

impl PhraseSearch {
    pub(super) fn new(phrases: &[&str]) -> Self {
        let mut builder = AhoCorasick::builder();
        let automaton = builder.match_kind(MatchKind::LeftmostFirst).build(phrases);
        Self(automaton.ok())
    }

    /// Returns true if a text contains one of the phrases, also as a part of a word.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|automaton| automaton.is_match(text))
    }

    /// Returns the phrases of a text, in order and without overlap.
    pub(super) fn find<'t>(&self, text: &'t str) -> impl Iterator<Item = Match> + use<'_, 't> {
        self.0
            .iter()
            .flat_map(move |automaton| automaton.find_iter(text))
    }
}
