//! One run, from its first row to its last.
//!
//! The steps are methods of [`ScanPipeline`], in this order: start, watch, rematch, scan
//! (`scans.rs`), notify (dispatch and deliver, `messages.rs`), record and apply retention
//! (`record.rs`). Each step depends only on the run's stamp and its arguments.

use std::collections::HashMap;
use std::time::Instant;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::run::{Counts, Trigger};
use job_scanner_core::time::saturating_millis;
use job_scanner_store::StoreError;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::context::{RunRequest, RunStamp, ScanContext};
use crate::progress::Progress;
use crate::rematch::{Rematched, rematch_all};
use crate::report::{PipelineRunResult, SourceRunStats};
use crate::run::messages::count_deliveries;
use crate::run::pipeline::ScanPipeline;
use crate::run::record::log_end;
use crate::run::scans::{Scanned, add_to};
use crate::scan::scan::ScanReport;

/// The reason why a run could not start or be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database failed outside the scan of a source.
    #[error("the run could not be recorded")]
    NotRecorded(#[from] StoreError),
}

impl ScanPipeline {
    /// Scans every source of the request once, records the results, sends notifications about
    /// matches, and returns a report. If another process runs on this database, the run is skipped
    /// and the report names that process.
    ///
    /// Cancelling `stop` ends the run early: committed scans are kept, the other sources stay due,
    /// and no further message is sent. A run that exceeds [`ScanContext::deadline`] keeps the jobs
    /// that its scans have read, and sends notifications.
    ///
    /// # Errors
    ///
    /// Fails only if the run itself cannot be recorded. The failure of a source is in the report.
    pub async fn run_once(
        &self,
        request: &RunRequest,
        stop: &CancellationToken,
    ) -> Result<PipelineRunResult, RunError> {
        let result = self.run_once_uncounted(request, stop).await;
        if let Some(meter) = &self.ctx.meter {
            match &result {
                Ok(result) if result.skipped => meter.count_run(result),
                // A run that took place is counted before its end is logged.
                Ok(_) => {}
                Err(_) => meter.count_failed_run(request.trigger),
            }
        }
        result
    }

    async fn run_once_uncounted(
        &self,
        request: &RunRequest,
        stop: &CancellationToken,
    ) -> Result<PipelineRunResult, RunError> {
        let started_at = self.ctx.scanner.clock.now();
        match self.ctx.store.try_run_lock(started_at)? {
            Ok(_lock) => {
                let begun = Progress::over(0);
                self.progress.send_replace(begun);
                let result = self.run_locked(request, stop, started_at).await;
                self.progress
                    .send_modify(|progress| progress.is_running = false);
                result
            }
            Err(holder) => {
                warn!(
                    event = "run.skipped",
                    "run skipped: another run is in progress ({})", holder.0
                );
                Ok(PipelineRunResult::skipped(
                    request.trigger,
                    started_at,
                    holder.0,
                ))
            }
        }
    }

    /// Executes the steps of a run.
    async fn run_locked(
        &self,
        request: &RunRequest,
        stop: &CancellationToken,
        started_at: Timestamp,
    ) -> Result<PipelineRunResult, RunError> {
        let begun = Instant::now();
        let run = self.start(request.trigger, started_at, begun).await?;

        // Changed profiles are matched first, for all sources: a board that fails must not delay
        // new criteria.
        self.watch(run).await?;
        let mut first_jobs = self.start_tallies();
        let mut rematched = self.rematch(run, stop).await?;
        let tallies = rematched.values_mut().filter_map(|one| one.tallies.take());
        tallies.for_each(|tallies| add_to(&mut first_jobs, &tallies));
        let Scanned { mut reports, left } = self.scan(request, run, stop, &mut first_jobs).await?;

        // The scans are committed, so the run is recorded even if the notifications fail.
        let notified = self.notify(run, stop).await;
        let is_notified = notified.is_ok();
        let deliveries = notified.unwrap_or_else(|failed| {
            error!(
                error = with_causes(&failed),
                "cannot send notifications; the next run will send them: {failed}"
            );
            Vec::new()
        });

        count_deliveries(&deliveries, &mut reports);
        let not_scanned = add_rematched(rematched, &mut reports);
        let (ids, stats): (Vec<_>, Vec<_>) = reports
            .into_iter()
            .map(|report| (report.source, report.stats))
            .unzip();
        let had_errors = !is_notified
            || left > 0
            || stats.iter().any(SourceRunStats::is_error)
            || deliveries.iter().any(|delivery| delivery.status.is_error());
        let duration = begun.elapsed();
        let mut result = PipelineRunResult {
            run_id: Some(run.id),
            trigger: request.trigger,
            finished_at: self.ctx.scanner.clock.now(),
            duration_ms: saturating_millis(duration),
            interrupted: stop.is_cancelled() || left > 0,
            had_errors,
            first_jobs,
            ..PipelineRunResult::of(started_at, stats)
        };
        result.totals += not_scanned;

        self.record(run, &ids, &result, duration).await?;
        if let Some(meter) = &self.ctx.meter {
            meter.count_run(&result);
        }
        log_end(run, &result);
        self.apply_retention(run).await;
        Ok(result)
    }

    /// Creates the row of the run, and determines the time with which ages are computed.
    async fn start(
        &self,
        trigger: Trigger,
        started_at: Timestamp,
        begun: Instant,
    ) -> Result<RunStamp, StoreError> {
        let ctx = &self.ctx;
        let id = ctx.store.start_run(trigger, started_at).await?;
        let judged_at = ctx.store.trusted_time(started_at).await?;
        let run = RunStamp {
            id,
            started_at,
            judged_at,
            ends: begun + ctx.deadline,
        };
        info!(event = "run.started", run.id = %run.id, run.trigger = trigger.as_str(), "run {} started", run.id);
        if judged_at != started_at {
            warn!(
                event = "run.clock_in_doubt",
                "the clock shows {started_at:.0}, but the last run was at {judged_at:.0}: ages and dates are computed \
                 with the time of the last run until runs have continued for a day; correct the clock if it is wrong"
            );
        }
        Ok(run)
    }

    /// Starts the counts of what the terms of the profiles do; `None` if they are not wanted.
    fn start_tallies(&self) -> Option<ProfileTallies> {
        let ScanContext {
            counts_terms,
            scanner,
            ..
        } = &*self.ctx;
        counts_terms.then(|| ProfileTallies::new(&scanner.matcher))
    }

    /// Retires the sources that the configuration no longer names, and reactivates those that it
    /// names again.
    async fn watch(&self, run: RunStamp) -> Result<(), StoreError> {
        let sources = self.ctx.scanner.config.sources.iter();
        let configured: Vec<&SourceKey> = sources.map(|source| &source.key).collect();
        self.ctx
            .store
            .watch_sources(&configured, run.started_at)
            .await
    }

    /// Matches open jobs again after a change of the profiles or the matcher.
    async fn rematch(
        &self,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> Result<HashMap<SourceKey, Rematched>, StoreError> {
        rematch_all(&self.ctx, run, stop).await
    }
}

/// Adds the counts of matching again to the reports of the sources. Returns the sum for the sources
/// that have no report because they were not scanned.
fn add_rematched(
    mut rematched: HashMap<SourceKey, Rematched>,
    reports: &mut [ScanReport],
) -> Counts {
    for report in reports {
        if let Some(again) = rematched.remove(&report.stats.source) {
            report.stats.counts += again.into();
        }
    }

    let mut not_scanned = Counts::default();
    for again in rematched.into_values() {
        not_scanned += again.into();
    }
    not_scanned
}
