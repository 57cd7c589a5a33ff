//! Changed decisions: the answers of the API to a mark and to a hidden company.

use job_scanner_core::key::JobKey;
use job_scanner_store::{HiddenCompany, Marked, StoredDecision};
use serde::Serialize;

use crate::cells::time;
use crate::jobs::DecisionView;

/// The decision about a job, and the one before.
#[derive(Debug, Serialize)]
pub struct MarkedView<'a> {
    key: String,
    decision: Option<DecisionView<'a>>,
    before: Option<DecisionView<'a>>,
    /// The number of postings for which the decision holds.
    jobs: u64,
}

impl<'a> MarkedView<'a> {
    /// Shows the decision that holds `now`; `None` if it was taken back.
    pub fn new(key: &JobKey, now: Option<&'a StoredDecision>, marked: &'a Marked) -> Self {
        Self {
            key: key.to_string(),
            decision: now.map(DecisionView::from),
            before: marked.before.as_ref().map(DecisionView::from),
            jobs: marked.jobs,
        }
    }
}

/// The numbers of imported decisions.
#[derive(Debug, Default, Serialize)]
pub struct ImportedView {
    pub recorded: u64,
    /// The jobs about which the same was decided before.
    pub unchanged: u64,
    /// The keys of jobs that are not stored.
    pub unknown: Vec<String>,
}

/// A company whose jobs are hidden.
#[derive(Debug, Serialize)]
pub struct HiddenCompanyView<'a> {
    company: &'a str,
    /// The day on which its snooze ends; `null` if it is hidden permanently.
    until: Option<String>,
    note: Option<&'a str>,
    hidden_at: String,
}

impl<'a> From<&'a HiddenCompany> for HiddenCompanyView<'a> {
    fn from(hidden: &'a HiddenCompany) -> Self {
        Self {
            company: &hidden.company,
            until: hidden.until.map(|day| day.to_string()),
            note: hidden.note.as_deref(),
            hidden_at: time(hidden.hidden_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::decision::Decision;

    use super::*;
    use crate::json::json;
    use crate::samples::at;

    #[test]
    fn a_changed_decision_has_the_documented_keys() {
        let decided = |decision, time| StoredDecision {
            decision,
            note: None,
            decided_at: at(time),
        };
        let now = decided(Decision::Applied, "08:20:00");
        let marked = Marked {
            before: Some(decided(Decision::Interested, "08:16:00")),
            jobs: 2,
        };
        let key = "greenhouse/acme/4711".parse().unwrap();
        let view = MarkedView::new(&key, Some(&now), &marked);
        insta::assert_snapshot!("api_decision", json(&view).unwrap());
    }

    #[test]
    fn an_import_has_the_documented_keys() {
        let imported = ImportedView {
            recorded: 3,
            unchanged: 1,
            unknown: vec!["greenhouse/acme/1".to_owned()],
        };
        insta::assert_snapshot!("api_import", json(&imported).unwrap());
    }

    #[test]
    fn a_hidden_company_has_the_documented_keys() {
        let hidden = HiddenCompany {
            company: "Acme".to_owned(),
            until: Some("2027-01-31".parse().unwrap()),
            note: None,
            hidden_at: at("08:20:00"),
        };
        let views = [HiddenCompanyView::from(&hidden)];
        insta::assert_snapshot!("api_hidden_companies", json(&views).unwrap());
    }
}
