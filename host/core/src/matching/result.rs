//! The results of the matcher. The store keeps those of matches as JSON in this shape.

use serde::{Deserialize, Deserializer, Serialize};

use crate::query::{Field, Truth};

/// A profile that a job matches, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchResult {
    pub profile: String,
    /// The positive leaves of the query that are true, in the order written.
    #[serde(alias = "terms", deserialize_with = "only_hits")]
    pub reasons: Vec<Reason>,
}

/// A leaf that is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The term or condition as written.
    pub term: String,
    /// The first hit; `None` for a condition.
    pub hit: Option<Hit>,
    /// The value that satisfies a condition; `None` for a term.
    #[serde(default)]
    pub value: Option<String>,
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

/// The result of one profile for one job, as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub profile: String,
    /// True if the job matches the profile.
    pub matches: bool,
    /// False if the profile does not apply to the source of the job.
    pub covers_source: bool,
    pub tree: ExplainedPart,
    /// The fewest changes with which the job would match; empty if it matches.
    pub smallest_change: Vec<NeededChange>,
}

/// A part of a query with its value for one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedPart {
    pub kind: PartKind,
    pub truth: Truth,
    /// The term or condition as written; `None` for `and`, `or` and `not`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The first hit of a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit: Option<Hit>,
    /// The value that a condition is compared with; `None` if the board does not state it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

/// The kind of a part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    And,
    Or,
    Not,
    Term,
    Condition,
}

/// A leaf whose value would have to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeededChange {
    /// The term or condition as written.
    pub term: String,
    /// The value that it would have to have.
    pub needed: bool,
}

/// Reads reasons. Older versions stored all terms of a profile, also those without a hit.
fn only_hits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reason>, D::Error> {
    let mut reasons: Vec<Reason> = Vec::deserialize(deserializer)?;
    reasons.retain(|reason| reason.hit.is_some() || reason.value.is_some());
    Ok(reasons)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reasons_of_an_older_version_are_its_hits() {
        let stored = r#"{"profile": "default", "fits": true, "terms": [
            {"term": "rust", "role": "required", "hit": {"field": "title", "snippet": "Rust Engineer"}},
            {"term": "remote", "role": {"group": 0}, "hit": null},
            {"term": "intern", "role": "exclude", "hit": null}]}"#;
        let result: MatchResult = serde_json::from_str(stored).unwrap();
        let terms: Vec<&str> = result.reasons.iter().map(|it| it.term.as_str()).collect();
        assert_eq!(terms, ["rust"]);
    }
}
