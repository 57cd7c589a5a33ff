//! The condition `type:full-time`: kinds of employment, and the board's words.

use super::employment::words_of;
use super::job_values::JobValues;
use crate::job::Known;
use crate::normalize::facts::{EmploymentKind, employment_kinds};
use crate::query::truth::Truth;

/// A wanted type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedType {
    /// In lower case, separated by single spaces.
    words: String,
    /// The kinds that the words name in any language; empty for words that the program does not know.
    kinds: Vec<EmploymentKind>,
}

impl WantedType {
    /// Reads a wanted type, such as `full-time`, `Vollzeit` or the word of a board.
    pub(super) fn read(value: &str) -> Self {
        Self {
            words: words_of(value).to_lowercase(),
            kinds: employment_kinds(Some(value), ""),
        }
    }

    /// Returns the words if they name no kind, so that they are only compared with the board's words.
    pub(in crate::query) fn unknown_words(&self) -> Option<&str> {
        self.kinds.is_empty().then_some(&self.words)
    }

    /// True if the board uses these words, or all kinds are among those of the job.
    pub(super) fn is_of(&self, job: &JobValues<'_>) -> Truth {
        let kinds = &job.facts.employment;
        let has_kind = |kind| kinds.iter().any(|known: &Known<_>| known.value == kind);
        let has_all = !self.kinds.is_empty() && self.kinds.iter().all(|kind| has_kind(*kind));
        let board_words = job.employment_type.map(words_of);
        let is_written = board_words.is_some_and(|words| has_words(&words, &self.words));
        if has_all || is_written {
            return Truth::True;
        }

        let is_stated = job.employment_type.is_some() || !kinds.is_empty();
        let is_open = |kind: &EmploymentKind| !has_kind(*kind) && is_left_open(*kind, kinds);
        if is_stated && !self.kinds.iter().any(is_open) {
            Truth::False
        } else {
            Truth::Unknown
        }
    }
}

/// Returns true if these kinds do not say anything about another one: a job that is permanent may be
/// full-time, and a full-time one permanent. A contract or an internship would be named.
fn is_left_open(kind: EmploymentKind, known: &[Known<EmploymentKind>]) -> bool {
    use EmploymentKind::{FullTime, PartTime, Permanent};
    let is_hours = |kind: EmploymentKind| matches!(kind, FullTime | PartTime);
    match kind {
        FullTime | PartTime => !known.iter().any(|known| is_hours(known.value)),
        Permanent => known.iter().all(|known| is_hours(known.value)),
        _ => false,
    }
}

/// Returns true if the words contain the wanted words in a row.
fn has_words(words: &str, wanted: &str) -> bool {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let wanted: Vec<&str> = wanted.split(' ').collect();
    words.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;
    use crate::job::Workplace;
    use crate::normalize::facts::Facts;

    fn truth(wanted: &str, board: Option<&str>, title: &str) -> Truth {
        let kinds = employment_kinds(board, title);
        let facts = Facts {
            employment: kinds.into_iter().map(Known::from_field).collect(),
            ..Facts::UNKNOWN
        };
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        WantedType::read(wanted).is_of(&JobValues {
            facts: &facts,
            has_location: false,
            workplace: None::<Workplace>,
            employment_type: board,
            has_description: false,
            posted_at: None,
            first_seen_at: now,
            now,
        })
    }

    #[test]
    fn a_kind_is_named_in_any_words() {
        for (wanted, board) in [
            ("full-time", "FullTime"),
            ("fulltime", "Vollzeit"),
            ("permanent", "CDI"),
            ("intern", "Praktikum"),
            ("Festanstellung", "Permanent"),
            ("Schichtdienst", "Vollzeit, Schichtdienst"),
        ] {
            assert_eq!(
                truth(wanted, Some(board), "Cook"),
                True,
                "{wanted}: {board}"
            );
        }
        assert_eq!(truth("working-student", None, "Werkstudent Küche"), True);
    }

    #[test]
    fn a_kind_that_the_others_leave_open_is_unknown() {
        assert_eq!(truth("full-time", None, "Cook"), Unknown);
        assert_eq!(truth("full-time", Some("CDI"), "Cook"), Unknown);
        assert_eq!(truth("permanent", Some("Full-time"), "Cook"), Unknown);
        assert_eq!(truth("full-time", Some("Part-time"), "Cook"), False);
        assert_eq!(truth("contract", Some("Full-time"), "Cook"), False);
        assert_eq!(truth("internship", Some("Permanent"), "Cook"), False);
        assert_eq!(truth("Schichtdienst", Some("Vollzeit"), "Cook"), False);
    }
}
