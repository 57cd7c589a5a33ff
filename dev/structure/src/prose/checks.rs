//! The checks of comments, documents and messages.
//!
//! Each returns a heading with counts and then every place, or nothing if the bound is kept.

use std::collections::BTreeMap;
use std::fmt;

use super::read::Prose;
use super::text::{Role, Text};
use super::vocabulary::{self as bounds, Marker, Unless};
use super::words::Word;

/// The number of files that a heading names.
const FILES_IN_HEADING: usize = 8;

/// A place where the prose breaks a rule.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) words: String,
    pub(crate) instead: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            words,
            instead,
        } = self;
        write!(f, "{file}:{line}: \"{words}\": {instead}")
    }
}

/// Finds comments and documents that do not name the actor, if there are too many.
pub fn unnamed_actors(prose: &Prose) -> Vec<String> {
    let places = places(prose.written(), bounds::PERSONS);
    if places.len() * bounds::PER_WORDS < bounds::LESS_THAN_PERSONS * words_in(prose).max(1) {
        return Vec::new();
    }
    let bound = format!("they have to be less than {}", bounds::LESS_THAN_PERSONS);
    report(&in_words(places.len(), prose, &bound), &places)
}

/// Finds one of the words of [`ODD`](bounds::ODD) in comments, documents and messages.
pub fn odd_words(prose: &Prose, phrase: &str) -> Vec<String> {
    let markers = bounds::ODD.iter().filter(|marker| marker.phrase == phrase);
    let places: Vec<Place> = markers
        .flat_map(|marker| places(prose.texts.iter(), std::slice::from_ref(marker)))
        .collect();
    report(&in_words(places.len(), prose, "there may be none"), &places)
}

/// Finds messages that do not name the actor.
pub fn unnamed_actors_in_messages(prose: &Prose) -> Vec<String> {
    let places = places(prose.messages(), bounds::PERSONS);
    report(&in_messages(places.len()), &places)
}

/// Finds messages that say "is no" where they mean "is not a".
pub fn is_no_in_messages(prose: &Prose) -> Vec<String> {
    let places = places(prose.messages(), &[bounds::IS_NO]);
    report(&in_messages(places.len()), &places)
}

/// Finds the doc comments that begin with a question word, if there are too many.
pub fn questions(prose: &Prose) -> Vec<String> {
    openings(prose, |words| {
        let [first, ..] = words else { return None };
        bounds::QUESTIONS
            .contains(&first.text.as_str())
            .then_some(1)
    })
}

/// Finds the doc comments that begin with "what is", "what it" or a similar phrase, if there are
/// too many.
pub fn what_is(prose: &Prose) -> Vec<String> {
    openings(prose, |words| {
        let [first, second, ..] = words else {
            return None;
        };
        let is_one = first.text == "what" && bounds::AFTER_WHAT.contains(&second.text.as_str());
        is_one.then_some(2)
    })
}

/// Finds the doc comments for which `odd` returns the number of odd words at their beginning.
fn openings(prose: &Prose, odd: impl Fn(&[Word]) -> Option<usize>) -> Vec<String> {
    let is_doc = |text: &&Text| text.role == Role::DocComment;
    let all = prose.texts.iter().filter(is_doc).count();
    let place = |text: &Text| {
        let odd = odd(&text.words)?;
        Some(place(
            text,
            0,
            odd,
            "begin with a noun or a verb: \"Returns …\", \"The source's …\"",
        ))
    };
    let places: Vec<Place> = prose
        .texts
        .iter()
        .filter(is_doc)
        .filter_map(place)
        .collect();

    let count = places.len();
    if count * 100 < bounds::LESS_THAN_PERCENT * all.max(1) {
        return Vec::new();
    }
    let percent = tenths(count * 1000, all);
    let heading = format!(
        "{count} of {all} doc comments, {percent} %; they have to be less than {} %",
        bounds::LESS_THAN_PERCENT
    );
    report(&heading, &places)
}

/// Finds the places of `markers` in `texts`.
pub(crate) fn places<'p>(texts: impl Iterator<Item = &'p Text>, markers: &[Marker]) -> Vec<Place> {
    let mut found = Vec::new();
    for text in texts {
        for at in 0..text.words.len() {
            for marker in markers {
                let length = marker.phrase.split(' ').count();
                if is_at(marker, &text.words, at) {
                    found.push(place(text, at, length, marker.instead));
                }
            }
        }
    }
    found
}

/// Returns true if the phrase of `marker` is at `at`, unless the use is plain English.
fn is_at(marker: &Marker, words: &[Word], at: usize) -> bool {
    let length = marker.phrase.split(' ').count();
    let Some(used) = words.get(at..at + length) else {
        return false;
    };
    let is_phrase = used
        .iter()
        .map(|word| word.text.as_str())
        .eq(marker.phrase.split(' '));
    let is_in_one_sentence = !used[..length - 1].iter().any(|word| word.ends);
    if !is_phrase || !is_in_one_sentence {
        return false;
    }

    let is_plain = marker.unless.iter().any(|unless| match unless {
        Unless::Before(reach, allowed) => words[..at]
            .iter()
            .rev()
            .take(*reach)
            .take_while(|word| !word.ends)
            .any(|word| allowed.split(' ').any(|it| it == word.text)),
        Unless::After(reach, allowed) => {
            // A word belongs to the sentence if the word before it does not end one.
            let following = words[at + length - 1..].windows(2).take(*reach);
            following
                .take_while(|pair| !pair[0].ends)
                .any(|pair| allowed.split(' ').any(|it| it == pair[1].text))
        }
        Unless::AtEnd => used[length - 1].ends || at + length == words.len(),
    });
    !is_plain
}

fn place(text: &Text, at: usize, length: usize, instead: &'static str) -> Place {
    let used = &text.words[at..at + length];
    let words: Vec<&str> = used.iter().map(|word| word.text.as_str()).collect();
    Place {
        file: text.file.clone(),
        line: used[0].line,
        words: words.join(" "),
        instead,
    }
}

/// Returns a heading and the places, or nothing if there are none.
pub(crate) fn report(heading: &str, places: &[Place]) -> Vec<String> {
    if places.is_empty() {
        return Vec::new();
    }
    let heading = format!(
        "{heading}\n  {}\n  most in {}",
        counts(places.iter().map(|place| place.words.as_str()), usize::MAX),
        counts(
            places.iter().map(|place| place.file.as_str()),
            FILES_IN_HEADING
        )
    );
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    vec![heading, places.join("\n")]
}

/// Lists the `most` frequent of some texts, each with its count.
fn counts<'t>(all: impl Iterator<Item = &'t str>, most: usize) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in all {
        *counts.entry(text).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| usize::MAX - count);

    let counts: Vec<String> = counts
        .iter()
        .take(most)
        .map(|(text, count)| format!("{text} {count}"))
        .collect();
    counts.join(", ")
}

fn in_words(count: usize, prose: &Prose, bound: &str) -> String {
    let words = words_in(prose);
    let rate = tenths(count * bounds::PER_WORDS * 10, words);
    format!(
        "{count} uses; comments and documents have {words} words: {rate} per {}, and {bound}",
        bounds::PER_WORDS
    )
}

fn in_messages(count: usize) -> String {
    format!("{count} uses in messages, and there may be none")
}

fn words_in(prose: &Prose) -> usize {
    prose.written().map(|text| text.words.len()).sum()
}

/// Writes a tenth of `part / whole` with one decimal.
fn tenths(part: usize, whole: usize) -> String {
    let tenths = part / whole.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::text::Passage;

    fn text(role: Role, text: &str) -> Text {
        let passage = Passage {
            line: 1,
            role,
            text: text.to_owned(),
        };
        passage.in_file("a.rs")
    }

    fn prose(texts: &[(Role, &str)]) -> Prose {
        Prose {
            texts: texts.iter().map(|(role, it)| text(*role, it)).collect(),
            names: Vec::new(),
        }
    }

    /// Returns the lines in which a comment has one of the odd words.
    fn odd_lines(comment: &str) -> Vec<usize> {
        let comment = text(Role::Comment, comment);
        let places = places([&comment].into_iter(), bounds::ODD);
        places.iter().map(|place| place.line).collect()
    }

    #[test]
    fn each_odd_word_is_found_with_its_line() {
        let uses = [
            "Options beside its\nname",
            "is read anew",
            "commits apart",
            "adapters apart. From here",
            "At most so\nmany follow",
            "fails aloud",
            "refused for good: why",
            "directly behind the colon",
        ];
        for odd in uses {
            assert_eq!(odd_lines(&format!("A comment.\n{odd}")), [2], "{odd}");
        }
    }

    #[test]
    fn plain_uses_of_odd_words_are_allowed() {
        let uses = [
            "next to it, besides",
            "lies beside the database",
            "the code `anew`",
            "apart\nfrom that",
            "tells two postings of one opening apart",
            "a quarter of an hour apart",
            "lost so many jobs that it fails",
            "for good reason",
            "leaves the number behind",
            "the board behind a careers page",
            "look-behind",
        ];
        for plain in uses {
            assert!(odd_lines(plain).is_empty(), "{plain}");
        }
    }

    #[test]
    fn one_odd_word_is_reported_from_comments_documents_and_messages() {
        let prose = prose(&[
            (Role::Comment, "read anew"),
            (Role::Document, "a\nb anew"),
            (Role::Message, "anew, for good"),
        ]);

        let found = odd_words(&prose, "anew");

        assert!(found[0].starts_with("3 uses"), "{}", found[0]);
        assert!(
            found[1].contains("a.rs:2: \"anew\": write \"again\""),
            "{}",
            found[1]
        );
        assert!(!found[1].contains("good"), "{}", found[1]);
        assert!(odd_words(&prose, "aloud").is_empty());
    }

    #[test]
    fn unnamed_actors_are_findings_at_three_in_ten_thousand_words() {
        let few = format!("Somebody's {}whoever", "word ".repeat(9_997));
        let many = format!("{few} nobody");

        assert!(unnamed_actors(&prose(&[(Role::Comment, &few)])).is_empty());

        let found = unnamed_actors(&prose(&[(Role::Comment, &many)]));
        assert!(
            found[0].contains("10000 words: 3.0 per 10000"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn messages_name_the_actor_and_say_what_something_is_not() {
        let prose = prose(&[
            (Role::Comment, "nobody; it is no list"),
            (Role::Message, "told to nobody"),
            (Role::Message, "`x` is no longer a list"),
            (Role::Message, "the answer is no."),
            (Role::Message, "`x` is\nno list"),
        ]);

        let unnamed = unnamed_actors_in_messages(&prose);
        assert!(unnamed[1].starts_with("a.rs:1: \"nobody\""), "{unnamed:?}");
        assert_eq!(unnamed[1].lines().count(), 1);

        let is_no = is_no_in_messages(&prose);
        assert!(is_no[1].starts_with("a.rs:1: \"is no\""), "{is_no:?}");
        assert_eq!(is_no[1].lines().count(), 1);
    }

    #[test]
    fn doc_comments_that_begin_with_a_question_word_are_findings_at_the_bound() {
        let plain = vec![(Role::DocComment, "Returns what is read"); 32];
        let with = |opening| {
            let other = (Role::Comment, "What is this");
            prose(&[plain.clone(), vec![(Role::DocComment, opening), other]].concat())
        };

        assert!(questions(&with("Whether it is")).len() == 2);
        assert!(what_is(&with("Whether it is")).is_empty());
        assert!(what_is(&with("What it read"))[0].starts_with("1 of 33 doc comments, 3.0 %"));
        assert!(questions(&with("The `Which`")).is_empty());
    }
}
