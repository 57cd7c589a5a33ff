//! Blanking of counters in a text that is about to be hashed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::anchors::{Anchor, Anchors};
use super::notation::{Phrase, first_word_at};
use super::phrases::{LANGUAGES, SHARED};
use super::tokens::{Kind, Tokens};
use super::vocabulary::Vocabulary;

/// Replaces a phrase. No normalized text contains this control character.
const BLANK: char = '\u{1}';

static COUNTERS: LazyLock<Counters> = LazyLock::new(Counters::of_all_languages);

/// Returns the text with one mark in place of each phrase that counts views, applicants, or the
/// days since or until something that happens to the posting. Two texts that differ only in such
/// phrases become equal.
///
/// Expects a normalized text. The time is linear in its length, since a phrase is short.
pub(crate) fn without_counters(text: &str) -> Cow<'_, str> {
    // Most lines of most texts have no word that a counter needs, and are not divided into words.

    COUNTERS.blank(text, &COUNTERS.anchors.parts(text))
}

/// The counters of all languages.
#[derive(Default)]
struct Counters {
    all: Vec<Counter>,
    anchors: Anchors,
    /// All words that begin a counter.
    first_words: Vocabulary,
    /// The counters that may begin with each of them.
    by_first_word: Vec<Vec<usize>>,
}

struct Counter {
    phrase: Phrase,
    /// True if it is a counter only without a word directly before or after it.
    alone: bool,
}

impl Counters {
    fn of_all_languages() -> Self {
        let mut counters = Self::default();
        for language in &LANGUAGES {
            let names = [language.names, SHARED].concat();
            for (list, alone) in [(language.anywhere, false), (language.alone, true)] {
                for phrase in list {
                    let phrase = Phrase::new(phrase, &names);
                    counters.add(Counter { phrase, alone });
                }
            }
        }
        counters
    }

    fn add(&mut self, counter: Counter) {
        let number = self.all.len();
        for word in counter.phrase.first_words() {
            let word = self.first_words.add(word);
            self.by_first_word
                .resize(self.first_words.len(), Vec::new());
            let counters = &mut self.by_first_word[word];
            if counters.last() != Some(&number) {
                counters.push(number);
            }
        }
        for anchor in counter.anchors() {
            self.anchors.add(&anchor);
        }
        self.all.push(counter);
    }

    /// Blanks the counters in the given parts of a text, which are whole lines.
    fn blank<'t>(&self, text: &'t str, parts: &[Range<usize>]) -> Cow<'t, str> {
        let mut blanked = String::new();
        let mut kept_to = 0;
        for part in parts {
            for place in self.places(&text[part.clone()]) {
                blanked.push_str(&text[kept_to..part.start + place.start]);
                blanked.push(BLANK);
                kept_to = part.start + place.end;
            }
        }

        if blanked.is_empty() {
            return Cow::Borrowed(text);
        }
        blanked.push_str(&text[kept_to..]);
        Cow::Owned(blanked)
    }

    /// Returns the places of the counters in a text.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let tokens = Tokens::of(text);
        let mut places = Vec::new();
        let mut at = 0;
        // The token after the last counter.
        let mut after_last = 0;
        while let Some(token) = tokens.get(at) {
            let Some(length) = self.longest_at(&tokens, at, after_last) else {
                at += 1;
                continue;
            };
            at += length;
            after_last = at;
            places.push(token.place.start..tokens.end_of(at - 1));
        }
        places
    }

    /// Returns the number of tokens of the longest counter at this position; `None` if there is none.
    /// `after_last` is the position after the last counter.
    fn longest_at(&self, tokens: &Tokens, at: usize, after_last: usize) -> Option<usize> {
        let first = tokens.word(first_word_at(tokens, at))?;
        let counters = self.by_first_word[self.first_words.number(first)?].iter();
        let follows_word = at > after_last && is_word(tokens, at - 1);

        counters
            .map(|&number| &self.all[number])
            .filter(|counter| !counter.alone || !follows_word)
            .filter_map(|counter| {
                let length = counter.phrase.longest_match(tokens, at)?;
                (!counter.alone || !is_word(tokens, at + length)).then_some(length)
            })
            .max()
    }
}

impl Counter {
    /// Returns anchors of which every place of the counter has one.
    fn anchors(&self) -> impl Iterator<Item = Anchor> {
        let phrase = &self.phrase;
        let is_on_one_line = phrase.line_ends() == 0;
        phrase.rare_words().into_iter().map(move |word| Anchor {
            word: word.to_owned(),
            needs_digit: phrase.has_digit(),
            needs_start: self.alone && is_on_one_line && phrase.begins_with(word),
            is_on_one_line,
        })
    }
}

fn is_word(tokens: &Tokens, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Number | Kind::Date))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of which each group is one text at different times.
    const MOVING: &[&[&str]] = &[
        &[
            "Bake bread.\n17 times viewed, posted 1 days ago.",
            "Bake bread.\n1,204 times viewed, posted 2 days ago.",
            "Bake bread.\n3 times viewed, posted today.",
            "Bake bread.\n1.2k times viewed, posted yesterday at 9:30 am.",
        ],
        &[
            "Oslo · New · Be among the first 25 applicants",
            "Oslo · 3 hours ago · 47 applicants",
            "Oslo · 2 weeks ago · Over 200 applicants",
            "Oslo · 1 month ago · 312 people clicked apply",
        ],
        &[
            "Posted 30+ Days Ago",
            "Posted Yesterday",
            "Posted: 30 Nov 2026",
            "New",
            "a day ago",
        ],
        &[
            "Last updated: 2026-11-30 12:01",
            "Last updated: 2026-12-01T00:15:59Z",
            "Updated just now",
        ],
        &["Views | 7\nApplicants:\n1", "Views | 8\nApplicants:\n12"],
        &["5 days left", "1 day left to apply", "closes tomorrow"],
        &[
            "Aufrufe: 12\nÜber 20 Bewerber",
            "Aufrufe: 13\n38 Bewerber:innen",
        ],
        &[
            "vor 3 Tagen online",
            "Vor einer Woche online",
            "gestern veröffentlicht",
            "Online seit 12 Tagen",
            "veröffentlicht am 30.11.2026",
        ],
        &[
            "Noch 5 Tage",
            "noch 1 Tag",
            "Noch 3 Wochen bis zum Bewerbungsschluss",
        ],
        &["Letzte Änderung: gestern", "Änderung vor 2 Tagen"],
        &["17x angesehen", "20 mal angesehen"],
        &[
            "Gehören Sie zu den ersten 25 Bewerbern!",
            "Gehören Sie zu den ersten 10 Bewerbern!",
        ],
        &[
            "Publiée il y a 3 jours",
            "publiée aujourd’hui",
            "Publiée le 30 novembre 2026",
            "il y a une heure",
        ],
        &["Vue 1 204 fois", "vue 17 fois"],
        &[
            "Soyez parmi les 25 premiers candidats",
            "Soyez parmi les 10 premiers candidats",
        ],
        &["il reste 5 jours pour postuler", "Plus que 2 jours"],
        &[
            "Publicado hace 3 días",
            "publicado hoy",
            "Hace más de 2 semanas",
            "Publicado el 3 de mayo de 2026",
        ],
        &[
            "20 personas se han inscrito",
            "31 personas ya se han postulado",
        ],
        &[
            "Pubblicato 3 giorni fa",
            "pubblicata ieri",
            "un'ora fa",
            "2 settimane fa",
        ],
        &["Tra i primi 25 candidati", "tra i primi 10 candidati"],
        &["3 dagen geleden geplaatst", "5 dagen geleden geplaatst"],
        &["Geplaatst: vandaag", "geplaatst op 30-11-2026"],
        &["17 keer bekeken", "18x bekeken"],
        &[
            "Opublikowana: 3 dni temu",
            "opublikowana wczoraj",
            "Dodano: 30.11.2026",
            "tydzień temu",
        ],
        &["ważna jeszcze 12 dni", "ważna jeszcze miesiąc"],
        &["Wyświetleń: 17", "liczba wyświetleń: 20"],
    ];

    #[test]
    fn texts_that_differ_only_in_counters_become_equal() {
        for texts in MOVING {
            for text in *texts {
                assert_eq!(without_counters(text), without_counters(texts[0]), "{text}");
            }
        }
    }

    #[test]
    fn a_fact_of_the_job_is_kept() {
        for fact in [
            "We pay 70,000 a year, 5 days per week, 38.5 hours, 30 days of holiday.",
            "3 applicants per role will be invited. We hire 2 engineers.",
            "We were founded 5 years ago. You graduated less than 12 months ago.",
            "Our videos get 10 million views per month, over 200 applications run on our servers.",
            "You updated 3 systems and published 5 papers. You posted 12 bugs.",
            "New York, new ideas, today and tomorrow. The contract ends in 6 months.",
            "The position ends in 12 months, the probation period ends in 6 months.",
            "Contract: ends in 6 months.",
            "This year we added Java 21, 25 days of holiday and updated 3 offices, 12 teams.",
            "Die Stelle endet in 12 Monaten. Vertrag: endet in 6 Monaten",
            "Bewerbung bis 30.11.2026, Beginn am 1.1.2027. Stand: Mai 2026.",
            "Seit 20 Jahren, 30 Tage Urlaub, 38 Stunden, vor 10 Jahren gegründet, 2 Bewerber je Stelle",
            "Neu in Berlin. Wir sind 12 Kandidaten. Heute noch 5 Tage mehr Urlaub",
            "35 heures, 25 jours de congés, fondée il y a 10 ans, CDD de 6 mois, 12 candidats par poste",
            "22 días de vacaciones, 40 horas, fundada hace 10 años",
            "26 giorni di ferie, 40 ore, fondata 10 anni fa",
            "25 vakantiedagen, 40 uur, 10 jaar geleden opgericht",
            "26 dni urlopu, 40 godzin, założona 10 lat temu",
            "C#, .NET, Java 21, Node 20",
        ] {
            assert_eq!(without_counters(fact), fact);
        }
    }

    #[test]
    fn any_other_number_next_to_a_counter_still_counts() {
        let text = |pay: u32, views: u32| format!("We pay {pay}.\n{views} views. 3 days ago");
        assert_eq!(
            without_counters(&text(10, 1)),
            without_counters(&text(10, 2))
        );
        assert_ne!(
            without_counters(&text(10, 1)),
            without_counters(&text(20, 1))
        );
    }

    #[test]
    fn every_counter_has_an_anchor_and_ends_on_the_next_line_at_the_latest() {
        for counter in &COUNTERS.all {
            assert!(counter.anchors().next().is_some(), "{:?}", counter.phrase);
            assert!(counter.phrase.line_ends() < 2, "{:?}", counter.phrase);
        }
    }

    proptest! {
        #[test]
        fn no_counter_is_outside_the_lines_with_anchors(
            words in prop::collection::vec(prop::sample::select(words_of_texts()), 0..40),
        ) {
            let text = words.join(" ").replace(" \n ", "\n");
            let whole = COUNTERS.blank(&text, std::slice::from_ref(&(0..text.len())));
            prop_assert_eq!(without_counters(&text), whole);
        }
    }

    /// Returns the words of counters of one language and of all others, with numbers and signs.
    fn words_of_texts() -> Vec<String> {
        let texts = MOVING.iter().flat_map(|texts| texts.iter());
        let words = texts.flat_map(|text| text.split_inclusive([' ', '\n']));
        let words = words.map(|word| word.trim_end_matches(' ').to_owned());
        let others = ["baker", "3", "·", "\n", "NEW", ".", "the"].map(str::to_owned);
        words.chain(others).collect()
    }

    #[test]
    fn a_long_text_takes_linear_time() {
        for part in [
            "1 ",
            "over ",
            "1 day ago ",
            "posted on : 1 jan 1, ",
            "1 000 ",
            "be among the first ",
            "people applications ",
            "views\n",
            "é",
        ] {
            let text = part.repeat((1 << 20) / part.len());
            assert!(without_counters(&text).len() <= text.len());
        }
    }
}
