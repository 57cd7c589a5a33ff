//! The reports of stages, scans and runs, as they are stored, logged and printed by `--format
//! json`.
//!
//! Not here: the vocabulary ([`job_scanner_core::run`], [`job_scanner_core::failure`]).

use std::fmt;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::run::{Counts, ScanOutcome, Trigger};
use job_scanner_core::time::utc_millis;
use job_scanner_sandbox::{BudgetUse, LastResponse, ScanError};
use job_scanner_store::{RunId, StoreError};
use serde::Serialize;

/// The reason why a scan failed, as it is recorded and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanFailure {
    pub kind: FailureKind,
    /// Escaped for printing.
    pub message: String,
    /// The pause that the board asked for.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl ScanFailure {
    /// Creates a failure without a pause that the board asked for.
    pub fn new(kind: FailureKind, message: String) -> Self {
        Self {
            kind,
            message,
            retry_after: None,
        }
    }

    /// Creates the failure of a scan whose results could not be stored.
    pub(crate) fn not_recorded(error: &StoreError) -> Self {
        Self::new(FailureKind::NotRecorded, with_causes(error))
    }
}

impl From<&ScanError> for ScanFailure {
    fn from(error: &ScanError) -> Self {
        let retry_after = match error {
            ScanError::RateLimited { retry_after } => *retry_after,
            _ => None,
        };
        let message = Printable(&error.to_string()).to_string();
        Self {
            retry_after,
            ..Self::new(error.kind(), message)
        }
    }
}

/// The results of one source in a run.
#[derive(Debug, Clone, Serialize)]
pub struct SourceRunStats {
    #[serde(serialize_with = "as_text")]
    pub source: SourceKey,
    /// The name of the source in the configuration.
    pub name: String,
    pub outcome: ScanOutcome,
    /// Present if and only if the outcome is `failed`.
    pub error: Option<ScanFailure>,
    /// Escaped for printing.
    pub warnings: Vec<String>,
    /// The time from the beginning of the scan to its commit.
    pub duration_ms: u64,
    #[serde(flatten)]
    pub counts: Counts,
    /// The adapter's use of its budgets; `None` if the adapter did not run.
    pub budget: Option<BudgetUse>,
    /// The reason why the listing is partial, if the operator accepts that (`accept_partial`).
    /// `None` otherwise: the reason is then a warning.
    #[serde(skip)]
    pub accepted: Option<String>,
    /// The folder with the requests and responses of a failed scan, if they were kept.
    #[serde(skip)]
    pub exchanges: Option<PathBuf>,
    /// The last response of the board, for the log.
    #[serde(skip)]
    pub last_answer: Option<LastResponse>,
}

/// The counts and warnings of one stage of a scan.
#[derive(Debug, Default)]
pub(crate) struct StageReport {
    pub(crate) counts: Counts,
    /// Escaped for printing.
    pub(crate) warnings: Vec<String>,
}

/// The results of one run.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a separate key in the documented JSON"
)]
pub struct PipelineRunResult {
    /// `None` if the run was skipped.
    #[serde(serialize_with = "as_number")]
    pub run_id: Option<RunId>,
    pub trigger: Trigger,
    /// The time that is stored with all jobs of the run.
    #[serde(serialize_with = "as_time")]
    pub started_at: Timestamp,
    #[serde(serialize_with = "as_time")]
    pub finished_at: Timestamp,
    /// The duration by a monotonic clock.
    pub duration_ms: u64,
    pub dry_run: bool,
    /// True if the run was skipped because another one was in progress.
    pub skipped: bool,
    /// The process that ran the other run.
    pub skipped_for: Option<String>,
    /// True if the run stopped before all sources were scanned.
    pub interrupted: bool,
    /// True if a scan failed or was cut off, or a delivery failed.
    pub had_errors: bool,
    /// The sums over all sources.
    pub totals: Counts,
    /// The results in the order of the configuration.
    pub sources: Vec<SourceRunStats>,
    /// The effects of the terms of the profiles on the jobs of a dry run, or on those that a
    /// profile was matched with for the first time. `None` if that was not counted.
    #[serde(skip)]
    pub first_jobs: Option<ProfileTallies>,
}

impl PipelineRunResult {
    /// Creates the result of a manual run from the results of its sources.
    pub fn of(started_at: Timestamp, sources: Vec<SourceRunStats>) -> Self {
        let mut totals = Counts::default();
        for source in &sources {
            totals += source.counts;
        }
        Self {
            run_id: None,
            trigger: Trigger::Manual,
            started_at,
            finished_at: started_at,
            duration_ms: 0,
            dry_run: false,
            skipped: false,
            skipped_for: None,
            interrupted: false,
            had_errors: sources.iter().any(SourceRunStats::is_error),
            totals,
            sources,
            first_jobs: None,
        }
    }

    /// Returns the reason why no scan of the run could be stored; `None` if at least one was.
    pub fn not_recorded(&self) -> Option<&ScanFailure> {
        let mut scanned = self
            .sources
            .iter()
            .filter(|source| source.outcome.is_of_scan());
        let mut why = None;
        let all_failed = scanned.all(|source| {
            let failure = source
                .error
                .as_ref()
                .filter(|failure| failure.kind == FailureKind::NotRecorded);
            why = failure;
            failure.is_some()
        });
        why.filter(|_| all_failed)
    }

    /// Creates the result of a run that was skipped because another one was in progress.
    pub(crate) fn skipped(trigger: Trigger, at: Timestamp, holder: String) -> Self {
        Self {
            trigger,
            skipped: true,
            skipped_for: Some(holder),
            ..Self::of(at, Vec::new())
        }
    }
}

impl SourceRunStats {
    /// Creates empty results for a source.
    pub fn new(source: SourceKey, name: String, outcome: ScanOutcome) -> Self {
        Self {
            source,
            name,
            outcome,
            error: None,
            warnings: Vec::new(),
            duration_ms: 0,
            counts: Counts::default(),
            budget: None,
            accepted: None,
            exchanges: None,
            last_answer: None,
        }
    }

    /// Returns true if the scan needs the operator's attention.
    pub fn is_error(&self) -> bool {
        match self.outcome {
            ScanOutcome::Partial => self.accepted.is_none(),
            outcome => outcome.is_error(),
        }
    }

    /// Marks the scan as failed. Of its counts only the fetched jobs are kept.
    pub(crate) fn fail(&mut self, failure: ScanFailure) {
        self.outcome = ScanOutcome::Failed;
        self.error = Some(failure);
        self.keep_only_fetched();
    }

    /// Resets the counts of changes that were not committed.
    pub(crate) fn keep_only_fetched(&mut self) {
        self.counts = Counts {
            fetched: self.counts.fetched,
            ..Counts::default()
        };
    }
}

impl AddAssign for StageReport {
    fn add_assign(&mut self, other: Self) {
        self.counts += other.counts;
        self.warnings.extend(other.warnings);
    }
}

impl AddAssign<StageReport> for SourceRunStats {
    fn add_assign(&mut self, stage: StageReport) {
        self.counts += stage.counts;
        self.warnings.extend(stage.warnings);
    }
}

fn as_text<T: fmt::Display, S: serde::Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Serializes a time as the store does: UTC, fixed width, with milliseconds and `Z`.
fn as_time<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&utc_millis(*at))
}

#[expect(clippy::ref_option, reason = "serde passes references to fields")]
fn as_number<S: serde::Serializer>(run: &Option<RunId>, serializer: S) -> Result<S::Ok, S::Error> {
    match run {
        Some(run) => serializer.serialize_i64((*run).into()),
        None => serializer.serialize_none(),
    }
}
