//! The words around a number of years, which decide whether it is experience that is asked for.

use std::sync::LazyLock;

use super::phrases::PhraseSearch;
use super::quantity::Quantity;

/// The most bytes that are read before and after a number of years.
const MAX_BYTES: usize = 120;

/// Words for experience.
const EXPERIENCE: [&str; 21] = [
    "experien",
    "expérien",
    "experiên",
    "erfahrung",
    "esperienz",
    "ervaring",
    "doświadczen",
    "erfarenhet",
    "erfaring",
    "praxis",
    "expertise",
    "background",
    "track record",
    "경력",
    "경험",
    "経験",
    "经验",
    "經驗",
    "praktyk",
    "werkervaring",
    "in a similar role",
];

/// Words after the years with which they are something else.
const OTHER_AFTER: [&str; 31] = [
    "old",
    "of age",
    "ago",
    "alt",
    "of service",
    "of tenure",
    "of history",
    "of company",
    "in business",
    "later",
    "in a row",
    "contract",
    "warranty",
    "from now",
    "anniversary",
    "sabbatical",
    "of age",
    "fixed",
    "after",
    "in the making",
    "of growth",
    "of continuous",
    "of profitab",
    "beschäftigung",
    "betriebszugehörigkeit",
    "d'existence",
    "de edad",
    "di età",
    "degree",
    "of college",
    "of university",
];

/// Words before the years with which they are something else.
const OTHER_BEFORE: [&str; 27] = [
    "last",
    "past",
    "next",
    "every",
    "each",
    "after",
    "nach",
    "seit",
    "nächsten",
    "letzten",
    "vergangenen",
    "depuis",
    "dernières",
    "prochaines",
    "últimos",
    "próximos",
    "ultimi",
    "prossimi",
    "since",
    "within",
    "first",
    "afgelopen",
    "komende",
    "senaste",
    "ostatnich",
    "cada",
    "recent",
];

/// Words of a sentence that tells about the employer.
const EMPLOYER: [&str; 19] = [
    "we have",
    "we've",
    "we bring",
    "our ",
    "collective",
    "company",
    "wir haben",
    "wir verfügen",
    "wir bringen",
    "unser",
    "notre ",
    "nos ",
    "nuestr",
    "founded",
    "has been",
    "have been",
    "verbindet",
    "gegründet",
    "founders",
];

/// Words of a sentence that tells about the person.
const CANDIDATE: [&str; 18] = [
    "you",
    "candidate",
    "looking for",
    "require",
    "du ",
    "sie ",
    "ihr ",
    "vous ",
    "tu ",
    "profil",
    "seeking",
    "must have",
    "bewerber",
    "suchen",
    "recherch",
    "buscamos",
    "someone",
    "who has",
];

/// Words at the end of a sentence about something that is not asked for.
const OPTIONAL: [&str; 10] = [
    "preferred",
    "(preferred)",
    "is a plus",
    "a plus",
    "desirable",
    "is a bonus",
    "nice to have",
    "von vorteil",
    "un plus",
    "desired",
];

static EXPERIENCE_SEARCH: LazyLock<PhraseSearch> = LazyLock::new(|| PhraseSearch::new(&EXPERIENCE));

static EMPLOYER_SEARCH: LazyLock<PhraseSearch> = LazyLock::new(|| PhraseSearch::new(&EMPLOYER));

static CANDIDATE_SEARCH: LazyLock<PhraseSearch> = LazyLock::new(|| PhraseSearch::new(&CANDIDATE));

/// The line around a number of years, in lower case.
struct Sentence {
    before: String,
    after: String,
    /// True if only a mark of a list or of a bound is before the number.
    begins: bool,
}

/// Returns true if the years are experience that the employer asks for. `end` is the position after
/// the word for years.
pub(super) fn asks(text: &str, quantity: &Quantity, end: usize) -> bool {
    let sentence = Sentence::around(text, quantity.start, end);
    if sentence.is_about_something_else() || sentence.is_about_employer() || sentence.is_optional()
    {
        return false;
    }
    sentence.names_experience() || (sentence.begins && quantity.is_bound && sentence.continues())
}

impl Sentence {
    fn around(text: &str, start: usize, end: usize) -> Self {
        let from = text.floor_char_boundary(start.saturating_sub(MAX_BYTES));
        let to = text.floor_char_boundary(end.saturating_add(MAX_BYTES));
        let before = &text[from..start];
        let after = &text[end..to];

        let line = before
            .rfind(['\n', ';', '!', '?', '•'])
            .map_or(before, |at| &before[at..]);
        let line = line.rfind(". ").map_or(line, |at| &line[at + 1..]);
        let rest = after
            .find(['\n', ';', '!', '?', '•'])
            .map_or(after, |at| &after[..at]);
        let rest = rest.find(". ").map_or(rest, |at| &rest[..at]);
        Self {
            before: line.to_lowercase(),
            after: rest.to_lowercase(),
            begins: !line.contains(char::is_alphabetic) && before.len() > line.len(),
        }
    }

    fn is_about_something_else(&self) -> bool {
        let after = self.after.trim_start_matches(|c: char| !c.is_alphabetic());
        let mut words = self
            .before
            .rsplit(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty());
        OTHER_AFTER.iter().any(|other| after.starts_with(other))
            || words
                .by_ref()
                .take(4)
                .any(|word| OTHER_BEFORE.contains(&word))
    }

    fn is_about_employer(&self) -> bool {
        let begins_with = self.before.trim_start_matches(|c: char| !c.is_alphabetic());
        let is_claim = matches!(
            begins_with.trim_end(),
            "with"
                | "with over"
                | "with more than"
                | "with nearly"
                | "mit"
                | "mit über"
                | "mit mehr als"
                | "avec"
                | "avec plus de"
        ) && self.after.contains(',');
        let is_about_us = || EMPLOYER_SEARCH.is_in(&self.before);
        let is_about_you = || CANDIDATE_SEARCH.is_in(&self.before);
        is_claim || (is_about_us() && !is_about_you())
    }

    fn is_optional(&self) -> bool {
        let after = self.after.trim_end_matches([' ', '.', '*', ',']);
        let before = self.before.trim_end_matches([' ', ':', '(', '~']);
        let is_ideal = [
            "ideally",
            "preferably",
            "idealerweise",
            "idéalement",
            "idealmente",
            "bevorzugt",
        ];
        let is_required = self.after.contains("required") || self.after.contains("must");
        (!is_required && OPTIONAL.iter().any(|word| after.ends_with(word)))
            || is_ideal.iter().any(|word| before.ends_with(word))
    }

    fn names_experience(&self) -> bool {
        EXPERIENCE_SEARCH.is_in(&self.after) || EXPERIENCE_SEARCH.is_in(&self.before)
    }

    /// Returns true if the sentence goes on with the kind of work: `5+ years in sales`.
    fn continues(&self) -> bool {
        let mut words = self
            .after
            .split_whitespace()
            .skip_while(|word| !word.contains(char::is_alphabetic));
        let next = words.next().unwrap_or_default();
        let is_work = next.ends_with("ing")
            || matches!(
                next,
                "in" | "of"
                    | "as"
                    | "with"
                    | "im"
                    | "als"
                    | "en"
                    | "de"
                    | "dans"
                    | "professional"
                    | "hands-on"
                    | "relevant"
            );
        is_work && words.next().is_some()
    }
}
