//! What the matcher answers, in the shape in which the store keeps it as JSON.

use serde::{Deserialize, Serialize};

use super::text::Field;

/// What one profile says to one job, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchResult {
    /// The name of the profile.
    pub profile: String,
    /// Whether the job fits it.
    pub fits: bool,
    /// Every term of the profile: the required ones, the groups, the excluded ones, each in the
    /// order written.
    pub terms: Vec<TermResult>,
}

/// Whether and where one term of a profile hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermResult {
    /// The term as written.
    pub term: String,
    /// What it is there for.
    pub role: TermRole,
    /// The first place where it hit; `None` for a miss.
    pub hit: Option<Hit>,
}

/// What a term is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermRole {
    /// It must hit.
    Required,
    /// One of this group, counted from 0, must hit.
    Group(usize),
    /// It must not hit.
    Exclude,
}

/// Where a term hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// In which part of the job.
    pub field: Field,
    /// The hit with some text around it, on one line, `…` where that was cut. A stranger's text:
    /// escape it for terminals.
    pub snippet: String,
}
