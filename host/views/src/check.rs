//! The checks of what a run needs: `job-scanner check`.

use job_scanner_core::escape::Printable;
use serde::Serialize;

/// The header of the table.
pub const HEADER: [&str; 3] = ["checked", "result", "detail"];

/// Everything that was looked at.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    ok: bool,
    checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    what: String,
    status: CheckStatus,
    detail: String,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum CheckStatus {
    Ok,
    /// It works, and may not be what was meant.
    Warning,
    Error,
}

impl CheckReport {
    /// Reports these checks.
    pub fn new(checks: Vec<Check>) -> Self {
        let ok = checks
            .iter()
            .all(|check| check.status != CheckStatus::Error);
        Self { ok, checks }
    }

    /// Returns true if no check is an error.
    pub fn is_ok(&self) -> bool {
        self.ok
    }

    /// Returns the rows of the table.
    pub fn rows(&self) -> impl Iterator<Item = [String; 3]> {
        self.checks.iter().map(Check::row)
    }

    /// Returns the line below the table.
    pub fn verdict(&self) -> &'static str {
        if self.ok {
            "a run would find all it needs"
        } else {
            "a run would fail"
        }
    }
}

impl Check {
    /// Describes something that is as it should be.
    pub fn ok(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(what, CheckStatus::Ok, detail)
    }

    /// Describes something that works, and may not be what was meant.
    pub fn warning(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(what, CheckStatus::Warning, detail)
    }

    /// Describes something that a run would fail over.
    pub fn error(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(what, CheckStatus::Error, detail)
    }

    fn new(what: impl Into<String>, status: CheckStatus, detail: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            status,
            detail: detail.into(),
        }
    }

    fn row(&self) -> [String; 3] {
        let result = match self.status {
            CheckStatus::Ok => "ok",
            CheckStatus::Warning => "warning",
            CheckStatus::Error => "error",
        };
        let detail = Printable(&self.detail).to_string();
        [self.what.clone(), result.to_owned(), detail]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    fn checks() -> Vec<Check> {
        let configured = "config.yaml: 5 of 6 sources enabled, 1 profile";
        vec![
            Check::ok("configuration", configured),
            Check::warning("mail", "ALERT_TO_EMAIL is not set"),
        ]
    }

    #[test]
    fn a_report_has_the_documented_keys() {
        insta::assert_snapshot!("check", json(&CheckReport::new(checks())).unwrap());
    }

    #[test]
    fn only_an_error_makes_the_report_fail() {
        let mut checks = checks();
        checks.push(Check::error("database", "cannot write"));
        let report = CheckReport::new(checks);
        assert!(!report.is_ok());
        assert_eq!(
            report.rows().last().unwrap(),
            ["database", "error", "cannot write"]
        );
    }
}
