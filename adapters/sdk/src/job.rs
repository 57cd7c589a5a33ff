//! Short ways to make the contract's records.

use crate::{Coverage, Location, Page, RawJob};

impl RawJob {
    /// A job of which only the necessary is known; the rest is filled in by field.
    pub fn new(external_id: impl Into<String>, title: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            external_id: external_id.into(),
            title: title.into(),
            url: url.into(),
            apply_url: None,
            company: None,
            department: None,
            locations: Vec::new(),
            workplace: None,
            employment_type: None,
            salary: None,
            description: None,
            language: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            revision: None,
            extra: Vec::new(),
        }
    }
}

impl Location {
    /// A place of which the board gives only a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), city: None, region: None, country: None }
    }
}

impl Page {
    /// The only page of a board that lists all its open jobs in one answer.
    pub fn whole_board(jobs: Vec<RawJob>) -> Self {
        Self { jobs, next: None, state: None, total: None, coverage: Coverage::Complete, warnings: Vec::new() }
    }
}
