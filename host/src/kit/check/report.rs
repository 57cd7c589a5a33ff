//! Findings: one per rule.

use job_scanner_sandbox::ScanError;
use serde::Serialize;

/// The result of checking one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable name, such as `same-twice`.
    pub rule: &'static str,
    /// A description of the rule.
    pub means: &'static str,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The verdict on a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "why", rename_all = "snake_case")]
pub enum Verdict {
    /// The adapter follows the rule.
    Passed,
    /// The adapter breaks the rule, for this reason.
    Failed(String),
    /// The rule could not be checked, for this reason.
    Skipped(String),
}

impl Finding {
    /// Returns true if the rule failed.
    pub fn is_failure(&self) -> bool {
        matches!(self.verdict, Verdict::Failed(_))
    }
}

/// The advice to an author after a trap, as the end of a sentence. The host sees only the trap itself.
pub const AFTER_A_TRAP: &str = "log the cause before the adapter crashes; \"Debug it\" in docs/adapters.md has the way for \
     each language";

/// Describes the failure of a scan for the author of the adapter.
pub(super) fn describe_failure(error: &ScanError) -> String {
    match error {
        ScanError::Trapped(_) => format!("{}: {error}; {AFTER_A_TRAP}", error.kind()),
        _ => format!("{}: {error}", error.kind()),
    }
}

/// The result of a rule's function. `Ok` means that the rule passed.
pub(super) type RuleResult = Result<(), Verdict>;

pub(super) fn failed<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Failed(why.into()))
}

pub(super) fn skipped<T>(why: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Skipped(why.into()))
}

/// Collects findings in the order of the rules.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, rule: &'static str, means: &'static str, result: RuleResult) {
        let verdict = result.err().unwrap_or(Verdict::Passed);
        self.0.push(Finding {
            rule,
            means,
            verdict,
        });
    }
}
