//! The checks of everything that a run needs: `job-scanner check`.

use job_scanner_core::escape::Printable;
use serde::Serialize;

use crate::column::Column;

/// The columns of the table.
pub const COLUMNS: [Column; 3] = [
    Column::word("check"),
    Column::word("result"),
    Column::prose("detail", 24),
];

/// The results of all checks.
#[derive(Debug, Serialize)]
pub struct CheckReport {
    ok: bool,
    checks: Vec<Check>,
}

/// The result of one check.
#[derive(Debug, Serialize)]
pub struct Check {
    what: String,
    status: CheckStatus,
    detail: String,
}

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum CheckStatus {
    Ok,
    /// Usable, but possibly not what the operator intended.
    Warning,
    Error,
}

impl CheckReport {
    /// Creates a report of these checks.
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
            "Ready to run."
        } else {
            "Fix the errors above before running."
        }
    }
}

impl Check {
    /// Creates a successful check.
    pub fn ok(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(what, CheckStatus::Ok, detail)
    }

    /// Creates a check with a warning: usable, but possibly not what the operator intended.
    pub fn warning(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(what, CheckStatus::Warning, detail)
    }

    /// Creates a failed check: a run would fail.
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
