//! What a run is and what it reports: the shapes that the store keeps, the log prints and `--format
//! json` writes.

use std::fmt;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_core::time::utc_millis;
use job_scanner_sandbox::{BudgetUse, LastAnswer};
use job_scanner_store::RunId;
use serde::Serialize;

/// The kind of a failure that is ours: the board was read, and the database did not take what it
/// said.
pub(crate) const NOT_RECORDED: &str = "store";

/// Why a run happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// Somebody asked for it.
    Manual,
    /// Sources are due.
    Schedule,
}

impl Trigger {
    /// The word that the store, JSON output and logs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
        }
    }
}

/// How the scan of one source ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanOutcome {
    /// All open jobs were read.
    Complete,
    /// Nothing changed since the last complete scan.
    NotModified,
    /// The board shows only some of its jobs.
    Window,
    /// Stopped at `max_jobs`.
    Truncated,
    /// Cut short; what was read counts, what was not is not missing.
    Partial,
    /// Another process scanned the source meanwhile; this scan was discarded.
    Superseded,
    /// Nothing was read.
    Failed,
    /// Not asked for.
    Disabled,
}

impl ScanOutcome {
    /// The word that the store, JSON output and logs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NotModified => "not-modified",
            Self::Window => "window",
            Self::Truncated => "truncated",
            Self::Partial => "partial",
            Self::Superseded => "superseded",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
        }
    }

    /// Whether a person should look.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

impl fmt::Display for ScanOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What was counted, of one source or of a whole run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Raw jobs that the adapter returned.
    pub fetched: u64,
    /// Fetched − rejected − repeated.
    pub normalized: u64,
    /// Never seen before.
    pub new: u64,
    /// Seen before in another version.
    pub updated: u64,
    /// New + updated.
    pub upserted: u64,
    /// In the version we have.
    pub unchanged: u64,
    /// Gone from the board, or past their end.
    pub closed: u64,
    /// Closed before, and listed again.
    pub reopened: u64,
    /// Could not be made a job of.
    pub rejected: u64,
    /// Jobs that were asked for one by one, and whose details came.
    pub details: u64,
    /// Jobs that were asked for in vain.
    pub details_failed: u64,
    /// Jobs that wait for their details after the scan.
    pub details_due: u64,
    /// Job versions that fit a profile.
    pub matched: u64,
    /// Alerts created.
    pub notified: u64,
    /// Matches that were stored silently.
    pub skipped: u64,
    /// Matches that had been decided before.
    pub duplicate: u64,
    /// Alerts whose delivery failed in this run.
    pub failed: u64,
    /// Alerts whose delivery was sent in this run.
    pub alerts_sent: u64,
    /// Scans that failed or were cut short.
    pub errors: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.fetched += other.fetched;
        self.normalized += other.normalized;
        self.new += other.new;
        self.updated += other.updated;
        self.upserted += other.upserted;
        self.unchanged += other.unchanged;
        self.closed += other.closed;
        self.reopened += other.reopened;
        self.rejected += other.rejected;
        self.details += other.details;
        self.details_failed += other.details_failed;
        self.details_due += other.details_due;
        self.matched += other.matched;
        self.notified += other.notified;
        self.skipped += other.skipped;
        self.duplicate += other.duplicate;
        self.failed += other.failed;
        self.alerts_sent += other.alerts_sent;
        self.errors += other.errors;
    }
}

/// Why a scan failed, as it is recorded and printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScanFailure {
    /// A stable word, such as `cpu-budget`.
    pub kind: String,
    /// What happened, fit to be printed.
    pub message: String,
    /// For how long the board asked us to stay away.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl ScanFailure {
    /// A failure that says nothing about when to try again.
    pub fn new(kind: &str, message: String) -> Self {
        Self {
            kind: kind.to_owned(),
            message,
            retry_after: None,
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
    pub last_answer: Option<LastAnswer>,
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
    /// From start to finish, by a clock that nobody sets.
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
    /// A run that somebody asked for, with what it did with each source.
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
                .filter(|failure| failure.kind == NOT_RECORDED);
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
