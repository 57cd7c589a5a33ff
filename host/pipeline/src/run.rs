//! One run, from its first row to its last.
//!
//! The steps are methods of [`ScanPipeline`], in this order: start, watch, rematch, scan, tell
//! (dispatch and deliver), record, forget. Each needs the run's stamp and what it is given, and
//! nothing else of the steps before it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_config::{RetentionConfig, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
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
use crate::progress::Progress;
use crate::rematch::{Rematched, rematch_all};
use crate::report::{PipelineRunResult, ScanFailure, SourceRunStats};
use crate::scan::scan::{ScanReport, record_broken_scan, scan_source};

/// How long a run begins attempts at deliveries; what is not out by then goes out with the next
/// run.
const DELIVERY_TIME_LIMIT: Duration = Duration::from_mins(1);

/// Why a run could not happen or be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database failed outside any one source.
    #[error("the run could not be recorded")]
    NotRecorded(#[from] StoreError),
}

/// Scans sources and tells about what fits. Cheap to clone.
#[derive(Clone)]
pub struct ScanPipeline {
    ctx: Arc<ScanContext>,
    progress: watch::Sender<Progress>,
}

impl ScanPipeline {
    /// A pipeline over these collaborators.
    pub fn new(ctx: ScanContext) -> Self {
        Self {
            ctx: Arc::new(ctx),
            progress: watch::Sender::default(),
        }
    }

    /// What it works with.
    pub fn context(&self) -> &ScanContext {
        &self.ctx
    }

    /// How far the run is that is under way.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// When the next source or delivery is due; now, or in the past, when one is already. `None`
    /// when none ever will be.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        due::next_due(&self.ctx, self.ctx.scanner.clock.now()).await
    }

    /// Makes deliveries of the alerts and notices that a process decided and died before it got to
    /// that. They are due then. During a run there is nothing to pick up: it makes its own.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn dispatch_leftovers(&self) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        if let Ok(_lock) = ctx.store.try_run_lock(ctx.scanner.clock.now())? {
            job_scanner_notify::dispatch(&ctx.store, &ctx.notify, ctx.scanner.clock.now()).await?;
        }
        Ok(())
    }

    /// Scans every source of the request once, records and tells what fits, and reports. While
    /// another run is under way on this database, in whatever process, it is skipped and says whose
    /// that is.
    ///
    /// Cancelling `stop` ends it early: what was committed stays, what was not is due again, and no
    /// further message is begun. A run that is out of time ([`ScanContext::deadline`]) keeps what
    /// its scans have read, and tells.
    ///
    /// # Errors
    ///
    /// Only when the run itself cannot be recorded; whatever happens to one source is in the
    /// report.
    pub async fn run_once(
        &self,
        request: &RunRequest,
        stop: &CancellationToken,
    ) -> Result<PipelineRunResult, RunError> {
        let started_at = self.ctx.scanner.clock.now();
        match self.ctx.store.try_run_lock(started_at)? {
            Ok(_lock) => self.run_locked(request, stop, started_at).await,
            Err(holder) => {
                warn!(
                    event = "run.skipped",
                    "run skipped: another run is under way ({})", holder.0
                );
                Ok(PipelineRunResult::skipped(
                    request.trigger,
                    started_at,
                    holder.0,
                ))
            }
        }
    }

    /// Goes through the steps of a run, each of which is a method that needs nothing of the others
    /// but what it is given.
    async fn run_locked(
        &self,
        request: &RunRequest,
        stop: &CancellationToken,
        started_at: Timestamp,
    ) -> Result<PipelineRunResult, RunError> {
        let begun = Instant::now();
        let run = self.start(request.trigger, started_at, begun).await?;

        // Profiles that changed are matched first, over all sources: a board that fails must not
        // keep a new wish waiting.
        self.watch(run).await?;
        let rematched = self.rematch(run, stop).await?;
        let Scanned { mut reports, left } = self.scan(request, run, stop).await?;

        // The scans are committed, so whatever happens now, the run is told of as it was.
        let notified = self.notify(run, stop).await;
        let is_notified = notified.is_ok();
        let deliveries = notified.unwrap_or_else(|failed| {
            error!(
                error = with_causes(&failed),
                "cannot tell what was found; the next run does: {failed}"
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
            || stats.iter().any(|source| source.outcome.is_error())
            || deliveries.iter().any(|delivery| delivery.status.is_error());
        let duration = begun.elapsed();
        let mut result = PipelineRunResult {
            run_id: Some(run.id),
            trigger: request.trigger,
            finished_at: self.ctx.scanner.clock.now(),
            duration_ms: saturating_millis(duration),
            interrupted: stop.is_cancelled() || left > 0,
            had_errors,
            ..PipelineRunResult::of(started_at, stats)
        };
        result.totals += not_scanned;

        self.record(run, &ids, &result, duration).await?;
        log_end(run, &result);
        self.apply_retention(run).await;
        Ok(result)
    }

    /// Gives the run its row, and the time by which it judges.
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
                "the clock says {started_at:.0} and the last run was at {judged_at:.0}: ages and dates are judged by the \
                 latter until runs have gone on for a day; set the clock if it is wrong"
            );
        }
        Ok(run)
    }

    /// Retires the sources that the configuration no longer names, and takes back those that it
    /// names again.
    async fn watch(&self, run: RunStamp) -> Result<(), StoreError> {
        let sources = self.ctx.scanner.config.sources.iter();
        let configured: Vec<&SourceKey> = sources.map(|source| &source.key).collect();
        self.ctx
            .store
            .watch_sources(&configured, run.started_at)
            .await
    }

    /// Matches open jobs again where profiles or the matcher changed.
    async fn rematch(
        &self,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> Result<HashMap<SourceKey, Rematched>, StoreError> {
        rematch_all(&self.ctx, run, stop).await
    }

    /// Scans side by side, at most `max_concurrent_sources` at once, until the run is out of time;
    /// reports in the order of the configuration.
    async fn scan(
        &self,
        request: &RunRequest,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> Result<Scanned, StoreError> {
        let selected = due::selected(&self.ctx, request, run.started_at).await?;
        self.progress.send_replace(Progress::over(selected.len()));

        let (mut reports, left) = self.scan_selected(selected, run, stop).await;
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

    /// Scans the sources, each with its place in the configuration, and counts those that were not
    /// begun with.
    async fn scan_selected(
        &self,
        selected: Vec<(usize, &SourceConfig)>,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> (Vec<(usize, ScanReport)>, usize) {
        let at_once = self.ctx.scanner.config.advanced.max_concurrent_sources;
        let mut waiting = selected.into_iter();
        let mut scans = JoinSet::new();
        let mut begun_with = HashMap::new();
        let mut reports = Vec::new();
        loop {
            // A source waits for its turn in no task of its own: there may be thousands.
            while scans.len() < at_once && !stop.is_cancelled() && Instant::now() < run.ends {
                let Some((index, source)) = waiting.next() else {
                    break;
                };
                if !source.enabled {
                    reports.push((index, disabled(source)));
                    self.count_scanned();
                    continue;
                }
                let ctx = Arc::clone(&self.ctx);
                let scan = scan_until_stopped(ctx, source.clone(), run, stop.clone());
                let task = scans.spawn(scan.instrument(Span::current()));
                begun_with.insert(task.id(), (index, source));
            }

            let Some(ended) = scans.join_next_with_id().await else {
                break;
            };
            self.count_scanned();
            let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
            let Some((index, source)) = begun_with.remove(&id) else {
                continue;
            };
            let report = match ended {
                Ok((_, report)) => report,
                Err(panic) => record_panic(&self.ctx, source, run, &panic).await,
            };
            reports.push((index, report));
        }

        let left = waiting.filter(|(_, source)| source.enabled).count();
        (reports, left)
    }

    fn count_scanned(&self) {
        self.progress.send_modify(|progress| progress.scanned += 1);
    }

    /// Turns alerts, and what there is to tell about sources, into deliveries and makes the first
    /// attempt at each. What an earlier run left goes out too.
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
        self.deliver(stop).await
    }

    /// Decides what there is to tell about sources, and makes deliveries of that and of alerts.
    async fn dispatch(&self, run: RunStamp) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        let now = ctx.scanner.clock.now();
        let sources = ctx.scanner.config.sources.iter();
        let watched: Vec<_> = sources
            .filter(|source| source.enabled)
            .map(|source| &source.key)
            .collect();

        // Under a clock in doubt nothing has lasted for longer than at the last run.
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

        // After the notices, which it makes deliveries of as well.
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
            .deliver_due(&ctx.store, ctx.scanner.clock.now(), DELIVERY_TIME_LIMIT, stop)
            .await
    }

    /// Finishes the row of the run. `ids` are the sources of the result, as far as they have rows.
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

    /// Forgets what is older than it may become. The run is over and on record: what fails here
    /// fails for another day.
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
            Err(error) => warn!(error = with_causes(&error), "cannot forget what is old"),
        }
    }
}

/// What all scans of a run came to.
struct Scanned {
    /// In the order of the configuration.
    reports: Vec<ScanReport>,
    /// How many sources were not begun with.
    left: usize,
}

/// Scans, unless the process is told to stop meanwhile: the source stays due then, since nothing of
/// it was committed.
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
        .push("the run was stopped before this scan was done; nothing of it was kept".to_owned());
    stats.counts.errors = 1;
    ScanReport {
        source: None,
        stats,
    }
}

fn disabled(source: &SourceConfig) -> ScanReport {
    let stats = SourceRunStats::new(
        source.key.clone(),
        source.name.clone(),
        ScanOutcome::Disabled,
    );
    ScanReport {
        source: None,
        stats,
    }
}

/// A bug of ours, at the cost of one source, which is asked again when any failing one would be.
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

/// Adds what matching again came to to the reports of the sources, and returns the sum over the
/// sources that were not due.
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

/// A scan without news leaves no row: work is proportional to change.
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
    let is_news = closed + notified + details + details_failed > 0;
    if stats.outcome == ScanOutcome::NotModified && !is_news {
        return None;
    }
    Some(RunSourceRecord {
        source: source?,
        outcome: stats.outcome,
        stats,
    })
}

/// Counts what became of alerts with the sources they came from. However many recipients there are,
/// an alert counts once as sent and once as failed.
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
        "forgot {runs} old runs, {jobs} closed jobs and {versions} old versions"
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
        "run {} finished: {new} new, {updated} updated, {matched} match, {errors} errors",
        run.id
    );
}
