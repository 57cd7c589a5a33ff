//! Suggestions for misspelt words: "did you mean …?".

/// The similarity from which one word is suggested for another, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.7;

/// Returns the known word that is most similar to the given one; `None` if none is similar enough.
pub fn closest_match<'k>(given: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|word| (strsim::normalized_damerau_levenshtein(given, word), word))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_word_is_suggested_unless_all_are_too_different() {
        let known = ["pattern", "reason", "rate"];
        for (given, closest) in [
            ("patern", Some("pattern")),
            ("reasons", Some("reason")),
            ("rates", Some("rate")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(closest_match(given, known.into_iter()), closest, "{given}");
        }
    }
}
