//! The results of the matcher. The store keeps them as JSON in this shape.

use serde::{Deserialize, Serialize};

use super::text::Field;

/// The result of one profile for one job, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchResult {
    pub profile: String,
    /// True if the job matches the profile.
    pub fits: bool,
    /// Every term of the profile: the required terms, the groups, the excluded terms, each in the
    /// order written.
    pub terms: Vec<TermResult>,
}

/// The result of one term of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermResult {
    /// The term as written.
    pub term: String,
    pub role: TermRole,
    /// The first hit; `None` for a miss.
    pub hit: Option<Hit>,
}

/// The role of a term in its profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermRole {
    /// The term must hit.
    Required,
    /// One term of this group must hit. Groups are counted from 0.
    Group(usize),
    /// The term must not hit.
    Exclude,
}

/// A place where a term hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The part of the job.
    pub field: Field,
    /// The hit with some of the surrounding text on one line, with `…` where text was cut. The text
    /// is untrusted: escape it for terminals.
    pub snippet: String,
}
