//! The end of a run: its row, its log line, and the rows that have exceeded their retention.

use std::time::Duration;

use job_scanner_config::RetentionConfig;
use job_scanner_core::causes::with_causes;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::{Counts, ScanOutcome};
use job_scanner_store::{Forgotten, Retention, RunRecord, RunSourceRecord, SourceId, StoreError};
use serde_json::json;
use tracing::{info, warn};

use crate::context::RunStamp;
use crate::report::{PipelineRunResult, SourceRunStats};
use crate::run::pipeline::ScanPipeline;

impl ScanPipeline {
    /// Finishes the row of the run. `ids` belong to the sources of the result; `None` for a source
    /// without a row.
    pub(super) async fn record(
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
    pub(super) async fn apply_retention(&self, run: RunStamp) {
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

pub(super) fn log_end(run: RunStamp, result: &PipelineRunResult) {
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
