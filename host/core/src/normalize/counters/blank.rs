//! Blanking of counters in a text that is about to be hashed.

use std::borrow::Cow;
use std::sync::LazyLock;

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
    let tokens = Tokens::of(text);
    let words = COUNTERS.known_words(&tokens);
    let possible = COUNTERS.possible(&words);
    if possible.is_empty() {
        return Cow::Borrowed(text);
    }

    let text_words = TextWords {
        tokens: &tokens,
        words: &words,
        possible: &possible,
    };
    let mut blanked = String::new();
    let mut kept_to = 0;

    let mut at = 0;
    // The token after the last counter.
    let mut after_last = 0;
    while let Some(token) = tokens.get(at) {
        let Some(length) = text_words.longest_counter(at, after_last) else {
            at += 1;
            continue;
        };

        blanked.push_str(&text[kept_to..token.place.start]);
        blanked.push(BLANK);
        at += length;
        after_last = at;
        kept_to = tokens.end_of(at - 1);
    }

    if blanked.is_empty() {
        return Cow::Borrowed(text);
    }
    blanked.push_str(&text[kept_to..]);
    Cow::Owned(blanked)
}

/// The counters of all languages.
struct Counters {
    all: Vec<Counter>,
    /// All words that begin a counter or that one requires.
    words: Vocabulary,
    /// The counters that may begin with each word.
    by_first_word: Vec<Vec<usize>>,
}

struct Counter {
    phrase: Phrase,
    /// True if it is a counter only without a word directly before or after it.
    alone: bool,
    /// Lists of words, by number. Every match has at least one word of each list.
    required: Vec<Vec<usize>>,
}

impl Counters {
    fn of_all_languages() -> Self {
        let mut counters = Self {
            all: Vec::new(),
            words: Vocabulary::default(),
            by_first_word: Vec::new(),
        };
        for language in &LANGUAGES {
            let names = [language.names, SHARED].concat();
            for (list, alone) in [(language.anywhere, false), (language.alone, true)] {
                for phrase in list {
                    counters.add(Phrase::new(phrase, &names), alone);
                }
            }
        }
        counters
    }

    fn add(&mut self, phrase: Phrase, alone: bool) {
        let number = self.all.len();
        for word in phrase.first_words() {
            let word = self.number_of(word);
            let counters = &mut self.by_first_word[word];
            if counters.last() != Some(&number) {
                counters.push(number);
            }
        }
        let lists = phrase.required_words();
        let required = lists
            .iter()
            .map(|words| words.iter().map(|word| self.number_of(word)).collect())
            .collect();
        self.all.push(Counter {
            phrase,
            alone,
            required,
        });
    }

    fn number_of(&mut self, word: &str) -> usize {
        let number = self.words.add(word);
        self.by_first_word.resize(self.words.len(), Vec::new());
        number
    }

    /// Returns the number of the word at each position of a text; `None` for other words and tokens.
    fn known_words(&self, tokens: &Tokens) -> Vec<Option<usize>> {
        let number = |at| self.words.number(tokens.word(at)?);
        (0..tokens.len()).map(number).collect()
    }

    /// Returns for each counter if the text has its required words; empty if it has those of none.
    /// Most texts have none, although every text has words with which a counter begins.
    fn possible(&self, words: &[Option<usize>]) -> Vec<bool> {
        let mut present = vec![false; self.words.len()];
        for &word in words.iter().flatten() {
            present[word] = true;
        }
        let is_present = |words: &Vec<usize>| words.iter().any(|&word| present[word]);
        let is_possible = |counter: &Counter| counter.required.iter().all(is_present);
        let possible: Vec<bool> = self.all.iter().map(is_possible).collect();
        if possible.contains(&true) {
            possible
        } else {
            Vec::new()
        }
    }
}

/// The tokens of a text, with the counters that it may have.
struct TextWords<'t> {
    tokens: &'t Tokens,
    /// The number of the known word at each position.
    words: &'t [Option<usize>],
    /// By counter.
    possible: &'t [bool],
}

impl TextWords<'_> {
    /// Returns the number of tokens of the longest counter at this position; `None` if there is none.
    /// `after_last` is the position after the last counter.
    fn longest_counter(&self, at: usize, after_last: usize) -> Option<usize> {
        let tokens = self.tokens;
        let first = (*self.words.get(first_word_at(tokens, at))?)?;
        let counters = COUNTERS.by_first_word[first].iter();
        let follows_word = at > after_last && is_word(tokens, at - 1);

        counters
            .filter(|&&number| self.possible[number])
            .map(|&number| &COUNTERS.all[number])
            .filter(|counter| !counter.alone || !follows_word)
            .filter_map(|counter| {
                let length = counter.phrase.longest_match(tokens, at)?;
                (!counter.alone || !is_word(tokens, at + length)).then_some(length)
            })
            .max()
    }
}

fn is_word(tokens: &Tokens, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::Number | Kind::Date))
}

#[cfg(test)]
mod tests {
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
    fn a_long_text_takes_linear_time() {
        for part in [
            "1 ",
            "over ",
            "1 day ago ",
            "posted on : 1 jan 1, ",
            "1 000 ",
            "be among the first ",
            "é",
        ] {
            let text = part.repeat((1 << 20) / part.len());
            assert!(without_counters(&text).len() <= text.len());
        }
    }
}
