//! The matches that a person asks for.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::job::Workplace;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::folded;

/// The matches to show. A field that is `None` does not restrict them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatchFilter {
    pub view: MatchView,
    /// Only jobs that match this profile.
    pub profile: Option<String>,
    /// Only jobs of this source.
    pub source: Option<SourceKey>,
    /// Only jobs with this workplace.
    pub workplace: Option<Workplace>,
    /// Only jobs with a place in this country: an ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Only jobs in which these words are found.
    pub search: Option<MatchSearch>,
    /// The time that the ends of snoozes are compared with.
    pub now: Timestamp,
}

/// The part of the triage that is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MatchView {
    /// Open matches about which nothing was decided, without those of hidden and snoozed companies.
    #[default]
    Undecided,
    /// Open and closed jobs with this decision. Their profiles may have changed, so they need not
    /// match.
    Decided(Decision),
    /// All open matches.
    All,
}

/// Words that are searched in title, company and places. Each is found as a part of a word too,
/// without regard to case and accents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchSearch {
    words: Vec<String>,
}

impl MatchSearch {
    /// Splits a text into words. `None` if it has none.
    pub fn new(text: &str) -> Option<Self> {
        let text = folded(text);
        let words: Vec<String> = text.split_whitespace().map(ToOwned::to_owned).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Returns true if each word is in one of the texts.
    pub(super) fn finds(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| folded(text)).collect();
        let is_found = |word: &String| texts.iter().any(|text| text.contains(word.as_str()));
        self.words.iter().all(is_found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_text_without_case_and_accents() {
        let texts = ["Leitender Softwareingenieur", "Café Blå", "Zürich, CH"];
        for (search, found) in [
            ("ingenieur", true),
            ("CAFE zurich", true),
            ("  blå   leit ", true),
            ("zurich berlin", false),
        ] {
            let search = MatchSearch::new(search).unwrap();
            assert_eq!(search.finds(&texts), found, "{search:?}");
        }
        assert_eq!(MatchSearch::new(" \t "), None);
    }
}
