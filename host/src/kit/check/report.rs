//! Findings: one for each rule.

use serde::Serialize;

/// The result of trying one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable word, such as `same-twice`.
    pub rule: &'static str,
    /// The demand of the rule, in words.
    pub means: &'static str,
    /// The word about it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The word about a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "why", rename_all = "snake_case")]
pub enum Verdict {
    /// The rule holds.
    Passed,
    /// It does not hold, for this reason.
    Failed(String),
    /// Nothing here says, for this reason.
    Skipped(String),
}

impl Finding {
    /// Returns true if the rule is broken.
    pub fn is_failure(&self) -> bool {
        matches!(self.verdict, Verdict::Failed(_))
    }
}

/// The result of a rule's function: nothing is wrong, or the verdict says what.
pub(super) type Held = Result<(), Verdict>;

pub(super) fn broken<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Failed(why.into()))
}

pub(super) fn skipped<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Skipped(why.into()))
}

/// Collects findings in the order of the rules.
#[derive(Debug, Default)]
pub(super) struct Report(pub(super) Vec<Finding>);

impl Report {
    pub(super) fn add(&mut self, rule: &'static str, means: &'static str, held: Held) {
        let verdict = held.err().unwrap_or(Verdict::Passed);
        self.0.push(Finding {
            rule,
            means,
            verdict,
        });
    }
}
