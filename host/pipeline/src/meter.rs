//! Counts of runs and scans since the start of the process, for the metrics.
//!
//! A context without a meter counts nothing. Everything that is stored anyway, such as the numbers
//! of jobs and deliveries, is read from the database instead.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use job_scanner_core::run::Trigger;
use job_scanner_core::time::Durations;
use job_scanner_outbound::RequestMeter;

use crate::report::{PipelineRunResult, SourceRunStats};

/// The ranges of the durations of runs, in seconds.
const RUNS: &[f64] = &[1.0, 5.0, 30.0, 120.0, 600.0, 1_800.0];

/// The ranges of the durations of scans, in seconds.
const SCANS: &[f64] = &[0.1, 0.5, 2.0, 10.0, 60.0, 300.0];

/// The ranges of the durations of writes, in seconds.
const WRITES: &[f64] = &[0.001, 0.01, 0.1, 1.0, 10.0];

/// The counts of the process. All pipelines of a process share one meter, so that a reload does not
/// begin again with zero.
#[derive(Debug, Default)]
pub struct Meter {
    runs: Mutex<RunCounts>,
    /// The counts of requests.
    pub requests: Arc<RequestMeter>,
}

/// The counts of runs and scans.
#[derive(Debug, Clone, PartialEq)]
pub struct RunCounts {
    /// By the trigger and the outcome: `ok`, `errors`, `interrupted`, `skipped` or `failed`.
    pub runs: BTreeMap<(&'static str, &'static str), u64>,
    pub run_durations: Durations,
    /// By adapter.
    pub adapters: BTreeMap<String, AdapterCounts>,
    /// The durations of the transactions that store scans.
    pub writes: Durations,
}

/// The counts of the scans of one adapter.
#[derive(Debug, Clone, PartialEq)]
pub struct AdapterCounts {
    /// By outcome.
    pub scans: BTreeMap<&'static str, u64>,
    /// By the kind of failure.
    pub failures: BTreeMap<&'static str, u64>,
    pub durations: Durations,
    /// The time in which the guests, or the host on their behalf, computed.
    pub guest_cpu: Duration,
}

impl Meter {
    /// Returns the counts of runs and scans.
    pub fn run_counts(&self) -> RunCounts {
        self.lock().clone()
    }

    /// Counts a scan that has ended.
    pub(crate) fn count_scan(&self, stats: &SourceRunStats) {
        let mut counts = self.lock();
        let adapter = stats.source.adapter.as_str();
        let adapter = counts.adapters.entry(adapter.to_owned()).or_default();

        *adapter.scans.entry(stats.outcome.as_str()).or_default() += 1;
        if let Some(failure) = &stats.error {
            *adapter.failures.entry(failure.kind.as_str()).or_default() += 1;
        }
        adapter
            .durations
            .add(Duration::from_millis(stats.duration_ms));
        let cpu_ms = stats.budget.map_or(0, |budget| budget.cpu_ms.used);
        adapter.guest_cpu += Duration::from_millis(cpu_ms);
    }

    /// Counts a run that has ended or was skipped.
    pub(crate) fn count_run(&self, result: &PipelineRunResult) {
        let outcome = match result {
            result if result.skipped => "skipped",
            result if result.interrupted => "interrupted",
            result if result.had_errors => "errors",
            _ => "ok",
        };
        let mut counts = self.lock();
        counts.add_run(result.trigger, outcome);
        if !result.skipped {
            let duration = Duration::from_millis(result.duration_ms);
            counts.run_durations.add(duration);
        }
    }

    /// Counts a run that could not be recorded.
    pub(crate) fn count_failed_run(&self, trigger: Trigger) {
        self.lock().add_run(trigger, "failed");
    }

    /// Counts the transaction that stores a scan.
    pub(crate) fn count_write(&self, duration: Duration) {
        self.lock().writes.add(duration);
    }

    fn lock(&self) -> MutexGuard<'_, RunCounts> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunCounts {
    fn add_run(&mut self, trigger: Trigger, outcome: &'static str) {
        *self.runs.entry((trigger.as_str(), outcome)).or_default() += 1;
    }
}

impl Default for RunCounts {
    fn default() -> Self {
        Self {
            runs: BTreeMap::new(),
            run_durations: Durations::new(RUNS),
            adapters: BTreeMap::new(),
            writes: Durations::new(WRITES),
        }
    }
}

impl Default for AdapterCounts {
    fn default() -> Self {
        Self {
            scans: BTreeMap::new(),
            failures: BTreeMap::new(),
            durations: Durations::new(SCANS),
            guest_cpu: Duration::ZERO,
        }
    }
}
