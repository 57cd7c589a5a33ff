//! The properties that all matches of a phrase share, by which texts are searched for it.

use std::cmp::Reverse;

use super::notation::{Item, Phrase};

/// Words of phrases that most postings have.
const FREQUENT: [&str; 8] = ["apply", "be", "one", "people", "the", "this", "times", "to"];

/// The number of bytes from which the length of a word does not say how rare it is.
const LONG: usize = 5;

impl Phrase {
    /// Returns words of which every match has one; empty if a match may have none. Of several such
    /// lists it is the one whose shortest word is the longest, since long words are rare.
    pub(super) fn rare_words(&self) -> Vec<&str> {
        rare_words(&self.0).unwrap_or_default()
    }

    /// Returns true if every match has a digit.
    pub(super) fn has_digit(&self) -> bool {
        self.0.iter().any(Item::has_digit)
    }

    /// Returns the number of ends of lines that a match may have.
    pub(super) fn line_ends(&self) -> usize {
        line_ends(&self.0)
    }

    /// Returns true if every match that has this word begins with it.
    pub(super) fn begins_with(&self, word: &str) -> bool {
        !has_later(&self.0, word)
    }

    /// Returns the words with which a match may begin. Numbers before them are skipped.
    pub(super) fn first_words(&self) -> Vec<&str> {
        let mut words = Vec::new();
        add_first_words(&self.0, &mut words);
        words
    }
}

/// Adds the first words of a sequence. Returns true if a match may have none, so that the first
/// words of what follows count too.
fn add_first_words<'a>(sequence: &'a [Item], words: &mut Vec<&'a str>) -> bool {
    sequence.iter().all(|item| item.add_first_words(words))
}

/// Returns the rarest words of which every match of a sequence has one.
fn rare_words(sequence: &[Item]) -> Option<Vec<&str>> {
    let lists = sequence.iter().filter_map(Item::rare_words);
    lists.max_by_key(|words| {
        let is_rare = !words.iter().any(|word| FREQUENT.contains(word));
        let shortest = words.iter().map(|word| word.len()).min();
        (is_rare, shortest.min(Some(LONG)), Reverse(words.len()))
    })
}

fn line_ends(sequence: &[Item]) -> usize {
    sequence.iter().map(Item::line_ends).sum()
}

/// Returns true if a match of a sequence may have this word after its first token.
fn has_later(sequence: &[Item], word: &str) -> bool {
    sequence.split_first().is_some_and(|(first, rest)| {
        first.has_later(word) || rest.iter().any(|item| item.has(word))
    })
}

impl Item {
    /// Returns words of which every match of the item has one; `None` if a match may have none.
    fn rare_words(&self) -> Option<Vec<&str>> {
        match self {
            Self::Words(words) => Some(words.iter().map(String::as_str).collect()),
            Self::OneOf(options) => {
                let each = options.iter().map(|option| rare_words(option));
                each.collect::<Option<Vec<_>>>().map(|words| words.concat())
            }
            _ => None,
        }
    }

    fn has_digit(&self) -> bool {
        match self {
            Self::Number | Self::Year | Self::DottedDate => true,
            Self::OneOf(options) => options
                .iter()
                .all(|option| option.iter().any(Self::has_digit)),
            _ => false,
        }
    }

    fn line_ends(&self) -> usize {
        match self {
            Self::Is => 1,
            Self::OneOf(options) => {
                let each = options.iter().map(|option| line_ends(option));
                each.max().unwrap_or(0)
            }
            Self::Optional(item) => item.line_ends(),
            _ => 0,
        }
    }

    /// Returns true if a match may have this word.
    fn has(&self, word: &str) -> bool {
        match self {
            Self::Words(words) => words.iter().any(|known| known == word),
            Self::AnyWord => true,
            Self::OneOf(options) => options.iter().flatten().any(|item| item.has(word)),
            Self::Optional(item) => item.has(word),
            _ => false,
        }
    }

    /// Returns true if a match may have this word after its first token.
    fn has_later(&self, word: &str) -> bool {
        match self {
            Self::OneOf(options) => options.iter().any(|option| has_later(option, word)),
            Self::Optional(item) => item.has_later(word),
            _ => false,
        }
    }

    fn add_first_words<'a>(&'a self, words: &mut Vec<&'a str>) -> bool {
        match self {
            Self::Words(first) => {
                words.extend(first.iter().map(String::as_str));
                false
            }
            Self::Number | Self::Year => true,
            Self::AnyWord | Self::DottedDate | Self::Is | Self::Sign(_) => false,
            Self::OneOf(options) => options.iter().fold(false, |wordless, option| {
                add_first_words(option, words) | wordless
            }),
            Self::Optional(item) => {
                item.add_first_words(words);
                true
            }
        }
    }
}
#[cfg(test)]
mod tests {
    use super::super::notation::Names;
    use super::*;

    const NAMES: Names<'static> = &[
        ("{ago}", &["{span} ago", "today"]),
        ("{span}", &["{n} day|days"]),
    ];

    #[test]
    fn every_match_has_one_of_the_rare_words() {
        let rare = |phrase| Phrase::new(phrase, NAMES).rare_words().join("|");
        for (phrase, words) in [
            ("{n} times|x viewed [so_far]", "viewed"),
            ("posted {ago}", "posted"),
            ("[on] {ago}", "ago|today"),
            ("ad|job ends", "ends"),
            ("ad|ads new|old|odd", "new|odd|old"),
            ("{n}|one left", "left"),
            ("{n}|one [day]", ""),
        ] {
            assert_eq!(rare(phrase), words, "{phrase}");
        }
    }

    #[test]
    fn a_phrase_knows_the_digits_and_ends_of_lines_of_its_matches() {
        for (phrase, has_digit, line_ends) in [
            ("{n} views", true, 0),
            ("posted [{n}]", false, 0),
            ("posted {ago}", false, 0),
            ("posted {d.m.y}|{n}_-_{n} in {year}", true, 0),
            ("views {is} {n}", true, 1),
            ("views [{is}] new|today_{is}", false, 2),
        ] {
            let phrase_ = Phrase::new(phrase, NAMES);
            assert_eq!(phrase_.has_digit(), has_digit, "{phrase}");
            assert_eq!(phrase_.line_ends(), line_ends, "{phrase}");
        }
    }

    #[test]
    fn a_phrase_begins_with_a_word_that_occurs_nowhere_else_in_it() {
        let begins = |phrase, word| Phrase::new(phrase, NAMES).begins_with(word);
        assert!(begins("new|{ago}", "new") && begins("new|{ago}", "today"));
        assert!(!begins("new|{ago}", "ago"));
        assert!(!begins("{n} views", "views"), "a number is before it");
        assert!(!begins("[page] view", "view"));
        assert!(!begins("new|brand_new", "new") && !begins("new [{word}]", "new"));
    }

    #[test]
    fn a_match_begins_with_one_of_the_first_words() {
        let first = |phrase| Phrase::new(phrase, NAMES).first_words().join(" ");
        assert_eq!(first("posted [on] {ago}"), "posted");
        assert_eq!(first("[over] {ago} x"), "over day days today");
        assert_eq!(first("{n} views"), "views");
    }
}
