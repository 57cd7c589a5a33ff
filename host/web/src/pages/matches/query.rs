//! The address of the page: its parameters, and the matches that they ask for.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::escape::PrintableStart;
use job_scanner_core::job::Workplace;
use job_scanner_core::normalize::facts::place::country_named;
use job_scanner_store::{ChangeId, JobId, MatchFilter, MatchSearch, MatchView};
use serde::Deserialize;

use crate::pages::link::with_query;

/// The path of the page.
const PATH: &str = "/matches";

/// The longest text that is searched, in characters.
const MAX_SEARCH: usize = 200;

/// The longest part of a wrong value that a message repeats, in characters.
const MAX_QUOTED: usize = 60;

/// The parameters. Each is empty if it is not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct MatchQuery {
    /// A decision, or `all`. Without it, the page has the matches to decide about.
    pub(crate) state: String,
    #[serde(rename = "q")]
    pub(crate) search: String,
    pub(crate) profile: String,
    pub(crate) source: String,
    pub(crate) workplace: String,
    pub(crate) country: String,
    /// The posting after which the page begins.
    pub(crate) after: String,
    /// The change that the person has just made.
    pub(crate) changed: String,
    /// Not empty if a change was refused, since the job was not as the person saw it.
    pub(crate) outdated: String,
}

/// The filter of a query, with the values that could not be understood.
#[derive(Debug, Default)]
pub(crate) struct ReadQuery {
    pub(crate) filter: MatchFilter,
    pub(crate) after: Option<JobId>,
    pub(crate) changed: Option<ChangeId>,
    /// Messages that say what to write instead.
    pub(crate) problems: Vec<String>,
    pub(crate) is_country_unknown: bool,
}

impl MatchQuery {
    /// Reads the values. One that is not understood restricts nothing, and is reported.
    pub(super) fn read(&self, now: Timestamp) -> ReadQuery {
        let search: String = self.search.chars().take(MAX_SEARCH).collect();
        let mut read = ReadQuery {
            after: self.after.parse().ok(),
            changed: self.changed.parse().ok(),
            ..ReadQuery::default()
        };

        read.filter.now = now;
        read.filter.search = MatchSearch::new(&search);
        read.filter.profile = given(&self.profile).map(ToOwned::to_owned);
        read.read_view(&self.state);
        read.read_workplace(&self.workplace);
        read.read_source(&self.source);
        read.read_country(&self.country);
        read
    }

    /// Returns the word of the view for a hidden field; `None` for the first view.
    pub(crate) fn state_word(&self) -> Option<&str> {
        given(&self.state)
    }

    /// Returns true if a filter beyond the search is set.
    pub(crate) fn is_narrowed(&self) -> bool {
        let filters = [&self.profile, &self.source, &self.workplace, &self.country];
        filters.into_iter().any(|value| given(value).is_some())
    }

    /// Returns true if anything restricts the view.
    pub(crate) fn has_filter(&self) -> bool {
        self.is_narrowed() || given(&self.search).is_some()
    }

    /// Returns the address of another view with the same filters.
    pub(super) fn of_view(&self, state: &str) -> String {
        self.address(state, "")
    }

    /// Returns the address of the page that begins after a posting.
    pub(super) fn page_after(&self, after: &str) -> String {
        self.address(&self.state, after)
    }

    /// Returns the address of this page, without what has just happened on it.
    pub(super) fn here(&self) -> String {
        self.address(&self.state, &self.after)
    }

    /// Returns the address of the view without filters.
    pub(super) fn without_filters(&self) -> String {
        with_query(PATH, [("state", self.state.as_str())])
    }

    fn address(&self, state: &str, after: &str) -> String {
        with_query(
            PATH,
            [
                ("state", state),
                ("q", &self.search),
                ("profile", &self.profile),
                ("source", &self.source),
                ("workplace", &self.workplace),
                ("country", &self.country),
                ("after", after),
            ],
        )
    }
}

impl ReadQuery {
    fn read_view(&mut self, state: &str) {
        self.filter.view = match given(state) {
            None => MatchView::Undecided,
            Some("all") => MatchView::All,
            Some(word) => self.read_decision(word),
        };
    }

    fn read_decision(&mut self, word: &str) -> MatchView {
        if let Ok(decision) = word.parse::<Decision>() {
            return MatchView::Decided(decision);
        }
        let words = Decision::ALL.iter().map(|it| it.as_str());
        let words: Vec<&str> = words.chain(["all"]).collect();
        self.report("state", word, &format!("write one of {}", words.join(", ")));
        MatchView::Undecided
    }

    fn read_workplace(&mut self, workplace: &str) {
        let Some(word) = given(workplace) else { return };
        self.filter.workplace = word.parse::<Workplace>().ok();
        if self.filter.workplace.is_none() {
            self.report("workplace", word, "write remote, hybrid or on-site");
        }
    }

    fn read_source(&mut self, source: &str) {
        let Some(key) = given(source) else { return };
        self.filter.source = key.parse().ok();
        if self.filter.source.is_none() {
            self.report("source", key, "write its key, such as greenhouse/acme");
        }
    }

    fn read_country(&mut self, country: &str) {
        let Some(name) = given(country) else { return };
        self.filter.country = country_named(name).map(ToOwned::to_owned);
        if self.filter.country.is_none() {
            self.is_country_unknown = true;
            self.report("country", name, "write its name or its code, such as DE");
        }
    }

    fn report(&mut self, what: &str, value: &str, remedy: &str) {
        let value = PrintableStart {
            text: value,
            limit: MAX_QUOTED,
        };
        let problem = format!("The {what} “{value}” is not known, so it is ignored: {remedy}.");
        self.problems.push(problem);
    }
}

fn given(value: &str) -> Option<&str> {
    let value = value.trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> MatchQuery {
        MatchQuery {
            state: "applied".to_owned(),
            search: "rust & go".to_owned(),
            country: "Deutschland".to_owned(),
            workplace: "remote".to_owned(),
            source: "greenhouse/acme".to_owned(),
            after: "17".to_owned(),
            changed: "3".to_owned(),
            ..MatchQuery::default()
        }
    }

    #[test]
    fn parameters_become_a_filter() {
        let read = query().read(Timestamp::UNIX_EPOCH);
        assert_eq!(read.filter.view, MatchView::Decided(Decision::Applied));
        assert_eq!(read.filter.country.as_deref(), Some("DE"));
        assert_eq!(read.filter.workplace, Some(Workplace::Remote));
        assert_eq!(read.filter.search, MatchSearch::new("Rust & GO"));
        assert!(read.filter.source.is_some() && read.after.is_some() && read.changed.is_some());
        assert!(read.problems.is_empty(), "{:?}", read.problems);
    }

    #[test]
    fn a_wrong_value_restricts_nothing_and_says_what_to_write() {
        let wrong = MatchQuery {
            state: "new\u{202e}".to_owned(),
            workplace: "office".to_owned(),
            source: "acme".to_owned(),
            country: "Atlantis".to_owned(),
            after: "x".to_owned(),
            ..MatchQuery::default()
        };
        let read = wrong.read(Timestamp::UNIX_EPOCH);
        assert_eq!(read.filter, MatchFilter::default());
        assert_eq!((read.problems.len(), read.is_country_unknown), (4, true));
        assert!(
            read.problems[0].contains("new\\u{202e}"),
            "{}",
            read.problems[0]
        );
        assert!(
            read.problems[3].ends_with("its code, such as DE."),
            "{}",
            read.problems[3]
        );
    }

    #[test]
    fn an_address_keeps_the_filters_and_forgets_what_has_happened() {
        let here = query().here();
        assert!(
            here.starts_with("/matches?state=applied&q=rust+%26+go&"),
            "{here}"
        );
        assert!(here.ends_with("&after=17"), "{here}");
        assert!(!query().of_view("").contains("state="));
        assert!(!query().of_view("all").contains("after="));
        assert_eq!(query().without_filters(), "/matches?state=applied");
    }
}
