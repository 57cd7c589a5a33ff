//! The reports of stages, scans and runs: the shapes that the store keeps, the log prints and
//! `--format json` writes.
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
use job_scanner_core::run::{Counts, ScanOutcome, Trigger};
use job_scanner_core::time::utc_millis;
use job_scanner_sandbox::{BudgetUse, LastResponse, ScanError};
use job_scanner_store::{RunId, StoreError};
use serde::Serialize;

/// Why a scan failed, as it is recorded and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanFailure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What happened, fit to be printed.
    pub message: String,
    /// For how long the board asked us to stay away.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl ScanFailure {
    /// A failure that says nothing about when to try again.
    pub fn new(kind: FailureKind, message: String) -> Self {
        Self {
            kind,
            message,
            retry_after: None,
        }
    }

    /// A failure that is ours: the database did not take what the board said.
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

/// What a run did with one source.
#[derive(Debug, Clone, Serialize)]
pub struct SourceRunStats {
    /// Its key, printed.
    #[serde(serialize_with = "as_text")]
    pub source: SourceKey,
    /// What the configuration calls it.
    pub name: String,
    /// How the scan ended.
    pub outcome: ScanOutcome,
    /// Set when, and only when, the outcome is `failed`.
    pub error: Option<ScanFailure>,
    /// What a person might want to know, fit to be printed.
    pub warnings: Vec<String>,
    /// From the beginning of the scan to its commit.
    pub duration_ms: u64,
    /// What was counted.
    #[serde(flatten)]
    pub counts: Counts,
    /// What the adapter used of its budgets; `None` when it never ran.
    pub budget: Option<BudgetUse>,
    /// The folder with what was asked and answered, when that was kept.
    #[serde(skip)]
    pub exchanges: Option<PathBuf>,
    /// What the board answered last, for the log.
    #[serde(skip)]
    pub last_answer: Option<LastResponse>,
}

/// The report of one stage of a scan: its part of the counts, and of what a person might want to
/// know.
#[derive(Debug, Default)]
pub(crate) struct StageReport {
    pub(crate) counts: Counts,
    /// Fit to be printed.
    pub(crate) warnings: Vec<String>,
}

/// What one run did.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of its own in the documented JSON"
)]
pub struct PipelineRunResult {
    /// Its number; `None` when it was skipped.
    #[serde(serialize_with = "as_number")]
    pub run_id: Option<RunId>,
    /// Why it happened.
    pub trigger: Trigger,
    /// All jobs of the run are stamped with this.
    #[serde(serialize_with = "as_time")]
    pub started_at: Timestamp,
    /// When everything was done.
    #[serde(serialize_with = "as_time")]
    pub finished_at: Timestamp,
    /// From start to finish, by a clock that cannot be set.
    pub duration_ms: u64,
    /// Whether it only looked: nothing was compared with what is known, kept or told.
    pub dry_run: bool,
    /// Whether the run did not happen because another one was under way.
    pub skipped: bool,
    /// Who was running then.
    pub skipped_for: Option<String>,
    /// Whether it was asked to stop before it was done.
    pub interrupted: bool,
    /// Whether a scan failed or was cut short, or a delivery failed.
    pub had_errors: bool,
    /// The sums over all sources.
    pub totals: Counts,
    /// In the order of the configuration.
    pub sources: Vec<SourceRunStats>,
}

impl PipelineRunResult {
    /// A manual run, with what it did with each source.
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
            had_errors: sources.iter().any(|source| source.outcome.is_error()),
            totals,
            sources,
        }
    }

    /// The reason why nothing that the run found could be recorded; `None` when the scan of any
    /// source could be.
    pub fn not_recorded(&self) -> Option<&ScanFailure> {
        let mut scanned = self
            .sources
            .iter()
            .filter(|source| source.outcome != ScanOutcome::Disabled);
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

    /// A run that did not happen, since another one was under way.
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
    /// A source of which nothing is known yet.
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
            exchanges: None,
            last_answer: None,
        }
    }

    /// Makes a failed scan of it. What the board told before counts as fetched, and as nothing
    /// else.
    pub(crate) fn fail(&mut self, failure: ScanFailure) {
        self.outcome = ScanOutcome::Failed;
        self.error = Some(failure);
        self.keep_only_fetched();
    }

    /// Forgets the counts of what was not committed.
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

/// UTC, fixed width, with milliseconds and `Z`, as the store keeps times.
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
