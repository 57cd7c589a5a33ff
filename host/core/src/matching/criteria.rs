//! What a person wants.

use super::term::Term;

/// What one person wants, under a name that alerts and reports carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What the profile is called.
    pub name: String,
    /// What it wants.
    pub criteria: Criteria,
}

/// Which terms a job must and must not have. A list that is empty asks for nothing, and so does an empty group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// A job must have all of these.
    pub required_terms: Vec<Term>,
    /// A job must have at least one of each group.
    pub keyword_groups: Vec<Vec<Term>>,
    /// A job must have none of these.
    pub exclude_terms: Vec<Term>,
}

impl Criteria {
    /// Whether there is no term at all, so that every job fits.
    pub fn is_empty(&self) -> bool {
        self.required_terms.is_empty() && self.keyword_groups.iter().all(Vec::is_empty) && self.exclude_terms.is_empty()
    }
}
