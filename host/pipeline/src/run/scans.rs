//! The scans of a run: a bounded number at a time, each in a task of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use job_scanner_config::SourceConfig;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::run::ScanOutcome;
use job_scanner_store::StoreError;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span, error, warn};

use crate::context::{RunRequest, RunStamp, ScanContext};
use crate::due;
use crate::due::Selected;
use crate::progress::Progress;
use crate::report::{ScanFailure, SourceRunStats};
use crate::run::pipeline::ScanPipeline;
use crate::scan::scan::{ScanReport, record_broken_scan, scan_source};

/// The results of all scans of a run.
pub(super) struct Scanned {
    /// The reports in the order of the configuration.
    pub(super) reports: Vec<ScanReport>,
    /// The number of sources that were not reached.
    pub(super) left: usize,
}

impl ScanPipeline {
    /// Scans the due sources, at most `max_concurrent_sources` at a time, until the deadline of the
    /// run. Returns the reports in the order of the configuration, and adds the jobs of first scans
    /// to `first_jobs`.
    pub(super) async fn scan(
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

/// Adds the counts of what terms do to those of the run, if the run counts it.
pub(super) fn add_to(first_jobs: &mut Option<ProfileTallies>, tallies: &ProfileTallies) {
    if let Some(first_jobs) = first_jobs {
        first_jobs.merge(tallies);
    }
}
