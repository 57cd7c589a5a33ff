//! One run, from its first row to its last.
//!
//! The steps are methods of [`ScanPipeline`], in this order: start, watch, rematch, scan, notify
//! (dispatch and deliver), record, apply retention. Each step depends only on the run's stamp and
//! its arguments.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_config::{RetentionConfig, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::{Counts, ScanOutcome, Trigger};
use job_scanner_core::time::saturating_millis;
use job_scanner_notify::NotificationResult;
use job_scanner_store::{Forgotten, Retention, RunRecord, RunSourceRecord, SourceId, StoreError};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span, error, info, warn};

use crate::context::{RunRequest, RunStamp, ScanContext};
use crate::due;
use crate::due::Selected;
use crate::progress::Progress;
use crate::rematch::{Rematched, rematch_all};
use crate::report::{PipelineRunResult, ScanFailure, SourceRunStats};
use crate::scan::scan::{ScanReport, record_broken_scan, scan_source};

/// The time during which a run begins delivery attempts. The remaining deliveries wait for the next
/// run.
const DELIVERY_TIME_LIMIT: Duration = Duration::from_mins(1);

/// The reason why a run could not start or be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database failed outside the scan of a source.
    #[error("the run could not be recorded")]
    NotRecorded(#[from] StoreError),
}

/// Scans sources and sends notifications about matching jobs. Cheap to clone.
#[derive(Clone)]
pub struct ScanPipeline {
    ctx: Arc<ScanContext>,
    progress: watch::Sender<Progress>,
}

impl ScanPipeline {
    /// Creates a pipeline with this context.
    pub fn new(ctx: ScanContext) -> Self {
        Self {
            ctx: Arc::new(ctx),
            progress: watch::Sender::default(),
        }
    }

    /// Returns the context of the pipeline.
    pub fn context(&self) -> &ScanContext {
        &self.ctx
    }

    /// Reports the progress of runs where the other pipeline does, so that a receiver of its
    /// progress stays valid after a reload.
    #[must_use]
    pub fn sharing_progress_of(self, other: &Self) -> Self {
        let progress = other.progress.clone();
        Self { progress, ..self }
    }

    /// Returns a receiver for the progress of the current run.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Returns the time at which the next source or delivery is due. The time is in the past if one
    /// is already due. `None` if none will become due.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        due::next_due(&self.ctx, self.ctx.scanner.clock.now()).await
    }

    /// Creates deliveries for the alerts and notices of a process that died before it dispatched
    /// them. The deliveries are then due. While a run is in progress this does nothing, because the
    /// run dispatches them itself.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn dispatch_leftovers(&self) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        if let Ok(_lock) = ctx.store.try_run_lock(ctx.scanner.clock.now())? {
            job_scanner_notify::dispatch(&ctx.store, &ctx.notify, ctx.scanner.clock.now()).await?;
        }
        Ok(())
    }

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

    /// Scans the due sources, at most `max_concurrent_sources` at a time, until the deadline of the
    /// run. Returns the reports in the order of the configuration, and adds the jobs of first scans
    /// to `first_jobs`.
    async fn scan(
        &self,
        request: &RunRequest,
        run: RunStamp,
        stop: &CancellationToken,
        first_jobs: &mut Option<ProfileTallies>,
    ) -> Result<Scanned, StoreError> {
        let selected = due::selected(&self.ctx, request, run.started_at).await?;
        self.progress.send_replace(Progress::over(selected.len()));

        let (mut reports, left) = self.scan_selected(selected, run, stop, first_jobs).await;
        if left > 0 && !stop.is_cancelled() {
            warn!(
                event = "run.out_of_time",
                left,
                "the run took longer than {:?}; {left} sources were not reached and stay due",
                self.ctx.deadline
            );
        }
        reports.sort_by_key(|(index, _)| *index);
        Ok(Scanned {
            reports: reports.into_iter().map(|(_, report)| report).collect(),
            left,
        })
    }

    /// Scans the sources. Returns the reports, each with the index of its source in the
    /// configuration, and the number of sources that were not reached. Adds the jobs of first scans
    /// to `first_jobs`.
    async fn scan_selected(
        &self,
        selected: Vec<Selected<'_>>,
        run: RunStamp,
        stop: &CancellationToken,
        first_jobs: &mut Option<ProfileTallies>,
    ) -> (Vec<(usize, ScanReport)>, usize) {
        let at_once = self.ctx.scanner.config.advanced.max_concurrent_sources;
        let mut waiting = selected.into_iter();
        let mut scans = JoinSet::new();
        let mut in_progress = HashMap::new();
        let mut reports = Vec::new();
        loop {
            // Waiting sources have no tasks of their own, because there may be thousands of them.
            while scans.len() < at_once && !stop.is_cancelled() && Instant::now() < run.ends {
                let Some(Selected {
                    index,
                    source,
                    left_out,
                }) = waiting.next()
                else {
                    break;
                };
                if let Some(outcome) = left_out {
                    reports.push((index, not_scanned(source, outcome)));
                    self.count_scanned(&source.key, outcome);
                    continue;
                }
                let ctx = Arc::clone(&self.ctx);
                let scan = scan_until_stopped(ctx, source.clone(), run, stop.clone());
                let task = scans.spawn(scan.instrument(Span::current()));
                in_progress.insert(task.id(), (index, source));
            }

            let Some(ended) = scans.join_next_with_id().await else {
                break;
            };
            let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
            let Some((index, source)) = in_progress.remove(&id) else {
                continue;
            };
            let mut report = match ended {
                Ok((_, report)) => report,
                Err(panic) => record_panic(&self.ctx, source, run, &panic).await,
            };
            if let Some(meter) = &self.ctx.meter {
                meter.count_scan(&report.stats);
            }
            // Added up at once, because thousands of sources may be scanned for the first time.
            if let Some(tallies) = report.tallies.take() {
                add_to(first_jobs, &tallies);
            }
            self.count_scanned(&source.key, report.stats.outcome);
            reports.push((index, report));
        }

        let left = waiting
            .filter(|selected| selected.left_out.is_none())
            .count();
        (reports, left)
    }

    fn count_scanned(&self, source: &SourceKey, outcome: ScanOutcome) {
        self.progress
            .send_modify(|progress| progress.count(source, outcome));
    }

    /// Turns alerts and notices about sources into deliveries, and makes the first attempt at each.
    /// Deliveries of earlier runs that are due are attempted as well.
    #[tracing::instrument(name = "notify", level = "error", skip_all, fields(run.id = %run.id))]
    async fn notify(
        &self,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        if stop.is_cancelled() {
            return Ok(Vec::new());
        }
        self.dispatch(run).await?;
        let delivered = self.deliver(stop).await?;

        // A channel that works again has recovered before it is reported.
        stop.run_until_cancelled(self.report_channels()).await;
        Ok(delivered)
    }

    /// Decides on notices about sources, and creates deliveries for notices and alerts.
    async fn dispatch(&self, run: RunStamp) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        let now = ctx.scanner.clock.now();
        let sources = ctx.scanner.config.sources.iter();
        let paused = ctx.store.paused_sources().await?;
        let watched: Vec<_> = sources
            .filter(|source| source.enabled && !paused.contains_key(&source.key))
            .map(|source| &source.key)
            .collect();

        // If the clock is in doubt, durations are measured up to the last run.
        let judged_at = if run.judged_at == run.started_at {
            now
        } else {
            run.judged_at
        };
        let failing_before = judged_at
            .checked_sub(ctx.scanner.config.health.notify_after)
            .unwrap_or(Timestamp::MIN);
        ctx.store
            .decide_notices(&watched, failing_before, now)
            .await?;

        // Notices get deliveries too, so they are decided first.
        job_scanner_notify::dispatch(&ctx.store, &ctx.notify, ctx.scanner.clock.now()).await?;
        Ok(())
    }

    /// Makes the first attempts at the deliveries that are due.
    async fn deliver(
        &self,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        let ctx = &self.ctx;
        ctx.notifier
            .deliver_due(
                &ctx.store,
                ctx.scanner.clock.now(),
                DELIVERY_TIME_LIMIT,
                stop,
            )
            .await
    }

    /// Reports channels that have failed for a day. The messages of the run do not depend on it, so
    /// a failure is only logged.
    async fn report_channels(&self) {
        let ctx = &self.ctx;
        let now = ctx.scanner.clock.now();
        let notices_to = ctx.notify.notices_to.as_deref();
        let reported = ctx.notifier.report_channels(&ctx.store, notices_to, now);
        if let Err(failed) = reported.await {
            warn!(
                error = with_causes(&failed),
                "cannot report channels that fail; the next run will try again: {failed}"
            );
        }
    }

    /// Finishes the row of the run. `ids` belong to the sources of the result; `None` for a source
    /// without a row.
    async fn record(
        &self,
        run: RunStamp,
        ids: &[Option<SourceId>],
        result: &PipelineRunResult,
        duration: Duration,
    ) -> Result<(), StoreError> {
        let sources = ids.iter().zip(&result.sources);
        let summary = RunRecord {
            finished_at: result.finished_at,
            duration,
            had_errors: result.had_errors,
            interrupted: result.interrupted,
            totals: json!(result.totals),
            sources: sources
                .filter_map(|(id, stats)| record_of(*id, stats))
                .collect(),
        };
        self.ctx.store.finish_run(run.id, &summary).await
    }

    /// Deletes rows that have exceeded their retention. The run is already recorded, so a failure
    /// here is only logged, and the next run tries again.
    async fn apply_retention(&self, run: RunStamp) {
        let RetentionConfig {
            runs,
            closed_jobs,
            versions,
        } = self.ctx.scanner.config.retention;
        let retention = Retention {
            runs,
            closed_jobs,
            versions,
        };
        let forgotten = self
            .ctx
            .store
            .forget(&retention, run.started_at, run.judged_at)
            .await;
        match forgotten {
            Ok(forgotten) if forgotten != Forgotten::default() => log_deleted(forgotten),
            Ok(_) => {}
            Err(error) => warn!(error = with_causes(&error), "cannot delete old rows"),
        }
    }
}

/// The results of all scans of a run.
struct Scanned {
    /// The reports in the order of the configuration.
    reports: Vec<ScanReport>,
    /// The number of sources that were not reached.
    left: usize,
}

/// Scans a source until it finishes or `stop` is cancelled. A cancelled scan commits nothing, so
/// the source stays due.
async fn scan_until_stopped(
    ctx: Arc<ScanContext>,
    source: SourceConfig,
    run: RunStamp,
    stop: CancellationToken,
) -> ScanReport {
    let cut = interrupted(&source);
    stop.run_until_cancelled(Box::pin(scan_source(ctx, source, run)))
        .await
        .unwrap_or(cut)
}

fn interrupted(source: &SourceConfig) -> ScanReport {
    let mut stats = SourceRunStats::new(
        source.key.clone(),
        source.name.clone(),
        ScanOutcome::Partial,
    );
    stats
        .warnings
        .push("the run was stopped before this scan finished; nothing was stored".to_owned());
    stats.counts.errors = 1;
    ScanReport {
        source: None,
        stats,
        tallies: None,
    }
}

fn not_scanned(source: &SourceConfig, outcome: ScanOutcome) -> ScanReport {
    let stats = SourceRunStats::new(source.key.clone(), source.name.clone(), outcome);
    ScanReport {
        source: None,
        stats,
        tallies: None,
    }
}

/// Records the scan of a source that panicked. It is a bug, but affects only this source, which is
/// retried like any failed one.
async fn record_panic(
    ctx: &ScanContext,
    source: &SourceConfig,
    run: RunStamp,
    panic: &JoinError,
) -> ScanReport {
    error!(
        event = "source.failed",
        error.kind = FailureKind::Internal.as_str(),
        "scan of `{}` failed: {panic}",
        source.key
    );
    let failure = ScanFailure::new(FailureKind::Internal, panic.to_string());
    record_broken_scan(ctx, source, run, failure).await
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

/// Adds the counts of what terms do to those of the run, if the run counts it.
fn add_to(first_jobs: &mut Option<ProfileTallies>, tallies: &ProfileTallies) {
    if let Some(first_jobs) = first_jobs {
        first_jobs.merge(tallies);
    }
}

/// Returns the row of a scan; `None` if it found no change. Only changes cost work.
fn record_of(
    source: Option<SourceId>,
    stats: &SourceRunStats,
) -> Option<RunSourceRecord<&SourceRunStats>> {
    let Counts {
        closed,
        notified,
        details,
        details_failed,
        ..
    } = stats.counts;
    let has_changes = closed + notified + details + details_failed > 0;
    if stats.outcome == ScanOutcome::NotModified && !has_changes {
        return None;
    }
    Some(RunSourceRecord {
        source: source?,
        outcome: stats.outcome,
        stats,
    })
}

/// Adds the results of deliveries to the counts of the sources that their alerts came from. An
/// alert counts at most once as sent and once as failed, even with several recipients.
fn count_deliveries(deliveries: &[NotificationResult], reports: &mut [ScanReport]) {
    let mut counted = HashSet::new();
    let places: HashMap<SourceKey, usize> = reports
        .iter()
        .enumerate()
        .map(|(place, report)| (report.stats.source.clone(), place))
        .collect();
    for delivery in deliveries {
        let (sent, failed) = (delivery.should_record_alert(), delivery.status.is_error());
        for (alert, source) in &delivery.alerts {
            let Some(report) = places.get(source).map(|place| &mut reports[*place]) else {
                continue;
            };
            if (sent || failed) && counted.insert((*alert, sent)) {
                report.stats.counts.alerts_sent += u64::from(sent);
                report.stats.counts.failed += u64::from(failed);
            }
        }
    }
}

fn log_deleted(forgotten: Forgotten) {
    let Forgotten {
        runs,
        jobs,
        versions,
    } = forgotten;
    info!(
        event = "retention.forgotten",
        runs,
        jobs,
        versions,
        "deleted {runs} old runs, {jobs} closed jobs and {versions} old versions"
    );
}

fn log_end(run: RunStamp, result: &PipelineRunResult) {
    let Counts {
        fetched,
        new,
        updated,
        closed,
        reopened,
        matched,
        notified,
        alerts_sent,
        errors,
        ..
    } = result.totals;
    info!(
        event = "run.finished",
        run.id = %run.id,
        fetched,
        new,
        updated,
        closed,
        reopened,
        matched,
        notified,
        alerts_sent,
        errors,
        had_errors = result.had_errors,
        elapsed_ms = result.duration_ms,
        "run {} finished: {new} new, {updated} updated, {}, {}",
        run.id,
        counted(matched, "match", "matches"),
        counted(errors, "error", "errors")
    );
}
