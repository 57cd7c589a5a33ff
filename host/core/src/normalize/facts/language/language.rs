//! The detection of a text's language in two samples.
//!
//! Languages with letters of their own are told apart by these ([`super::letters`]), those in Latin
//! letters by their most frequent words ([`super::frequent`]). The beginning and the middle of the
//! text must agree: a text in two languages has none.

use super::frequent::{LANGUAGES, LanguageSet, languages_of};
use super::letters::{ByLetters, by_letters};

/// The shortest text that is examined, in bytes. A title is too short.
const MIN_BYTES: usize = 100;

/// The number of bytes of one sample.
const SAMPLE_BYTES: usize = 500;

/// The part of a text from which the samples are taken, in bytes.
const EXAMINED_BYTES: usize = 4096;

/// The fewest words from which a share is meaningful.
const MIN_WORDS: usize = 16;

/// The share of frequent words among all words of a sample, in percent. Lists of products and tools
/// have few of them.
const MIN_PERCENT: usize = 6;

/// The share that all samples must have on average, in percent.
const MIN_AVERAGE_PERCENT: usize = 10;

/// The minimum number of different frequent words in a sample.
const MIN_DIFFERENT: usize = 3;

/// The minimum number of words that speak for a language and against another one.
const MIN_OWN: usize = 3;

/// The minimum ratio of the words that speak for a language to those for another one.
const MARGIN: usize = 4;

/// The language of one sample.
struct SampleLanguage {
    tag: &'static str,
    /// The share of words that are frequent in it, in percent.
    percent: usize,
}

/// Returns the [BCP 47](https://www.rfc-editor.org/info/bcp47) tag of a text's language; `None` if
/// the text is short, in two languages, or unclear.
pub fn detected_language(text: &str) -> Option<&'static str> {
    let examined = &text[..text.floor_char_boundary(EXAMINED_BYTES)];
    if examined.len() < MIN_BYTES {
        return None;
    }

    let first = SampleLanguage::of(sample_at(examined, 0))?;
    let second = if examined.len() > SAMPLE_BYTES {
        SampleLanguage::of(sample_at(examined, examined.len() / 2))?
    } else {
        SampleLanguage { ..first }
    };
    let is_clear = first.percent.midpoint(second.percent) >= MIN_AVERAGE_PERCENT;
    (is_clear && first.tag == second.tag).then_some(first.tag)
}

fn sample_at(text: &str, from: usize) -> &str {
    let rest = &text[text.floor_char_boundary(from)..];
    &rest[..rest.floor_char_boundary(SAMPLE_BYTES)]
}

impl SampleLanguage {
    fn of(sample: &str) -> Option<Self> {
        match by_letters(sample) {
            ByLetters::Latin => Self::by_words(sample),
            ByLetters::Unclear => None,
            ByLetters::Tag(tag) => Some(Self { tag, percent: 100 }),
        }
    }

    fn by_words(sample: &str) -> Option<Self> {
        let words = sample.split_ascii_whitespace().map(trimmed);
        let words = words.filter(|word| !word.is_empty());
        let mut count = 0;
        let mut found = Vec::with_capacity(64);
        for word in words {
            count += 1;
            let languages = languages_of(word);
            if languages != 0 {
                found.push((word, languages));
            }
        }

        let found = FoundWords(found);
        let counts = found.counts();
        let best = (0..counts.len()).max_by_key(|language| counts[*language])?;
        let percent = counts[best] * 100 / count.max(1);
        let is_stated = count >= MIN_WORDS
            && percent >= MIN_PERCENT
            && found.has_different_words(best)
            && found.is_clearly(best, &counts);
        let tag = LANGUAGES[best].tag?;
        is_stated.then_some(Self { tag, percent })
    }
}

/// Returns a word without the punctuation around it. Punctuation beyond ASCII is left.
fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii() && !c.is_ascii_alphabetic())
}

/// A number for each language.
type LanguageCounts = [usize; LANGUAGES.len()];

/// The frequent words of a sample, each with its languages.
struct FoundWords<'t>(Vec<(&'t str, LanguageSet)>);

impl FoundWords<'_> {
    /// Returns how many words each language has.
    fn counts(&self) -> LanguageCounts {
        counts(self.0.iter().map(|(_, languages)| *languages))
    }

    fn has_different_words(&self, language: usize) -> bool {
        let mut different: Vec<&str> = Vec::with_capacity(MIN_DIFFERENT);
        for (word, _) in self.of(language) {
            if !different.contains(word) {
                different.push(word);
            }
            if different.len() == MIN_DIFFERENT {
                return true;
            }
        }
        false
    }

    /// Returns true if the words speak for one language rather than for any other. Words of both
    /// say nothing: Danish and Norwegian, or Spanish and Portuguese, share most of them.
    fn is_clearly(&self, language: usize, all: &LanguageCounts) -> bool {
        let both = counts(self.of(language).map(|(_, languages)| *languages));
        let mut others = (0..all.len()).filter(|other| *other != language && all[*other] > 0);
        others.all(|other| {
            let only_this = all[language] - both[other];
            let only_other = all[other] - both[other];
            only_this >= MIN_OWN && only_this >= MARGIN * only_other
        })
    }

    fn of(&self, language: usize) -> impl Iterator<Item = &(&str, LanguageSet)> {
        let words = self.0.iter();
        words.filter(move |(_, languages)| languages & (1 << language) != 0)
    }
}

/// Returns how many of some sets have each language.
fn counts(sets: impl Iterator<Item = LanguageSet>) -> LanguageCounts {
    let mut counts = [0; LANGUAGES.len()];
    for mut left in sets {
        while left != 0 {
            counts[left.trailing_zeros() as usize] += 1;
            left &= left - 1;
        }
    }
    counts
}
