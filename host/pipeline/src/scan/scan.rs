//! The scan of one source, stage by stage.
//!
//! Each stage returns a report, and [`scan_in_stages`] adds the reports up. All computation comes
//! before the transaction (`record`), because that holds the only write lock.
//!
//! Not here: log events (`log`), and the inputs of the stages (`task`).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job_scanner_config::SourceConfig;
use job_scanner_core::causes::with_causes;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::normalize::KnownJobs;
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::ScanOutcome;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::{BudgetUse, Detail, Listing, ListingEnd, Scan};
use job_scanner_store::{
    AllDetails, KnownMatches, ScanFailureRecord, SourceId, SourceRecord, StoreError,
};
use tracing::{info, warn};

use crate::context::{RunStamp, ScanContext};
use crate::report::{ScanFailure, SourceRunStats, StageReport};
use crate::scan::details::DeferredJobs;
use crate::scan::evaluate::{Evaluated, Evaluation, Listed, normalize, run_blocking};
use crate::scan::log::{log_end, log_fetched, log_new_ids, log_normalized};
use crate::scan::new_ids::{NewIds, Reading};
use crate::scan::record::{Carryover, Recorded, budget_as_json, record_scan};
use crate::scan::request_details::{deferred_in, request_details};
use crate::scan::task::ScanTask;

/// The report of a scan, with the source that it belongs to.
#[derive(Debug)]
pub(crate) struct ScanReport {
    /// `None` if the row of the source could not be opened.
    pub(crate) source: Option<SourceId>,
    pub(crate) stats: SourceRunStats,
    /// The effects of the terms of the profiles on the jobs of a first scan. `None` if that was not
    /// counted, or the scan was not stored.
    pub(crate) tallies: Option<ProfileTallies>,
}

/// The results of a scan, except for its outcome.
struct ScanResult {
    /// `None` if nothing changed and no details were requested.
    evaluated: Option<Evaluated>,
    /// The pause that the board asked for.
    rest: Option<Duration>,
}

/// A listing and the stored data that it is compared with.
struct Compared {
    listed: Listed,
    deferred: DeferredJobs,
    known: Arc<KnownJobs>,
    details: Arc<AllDetails>,
    /// Escaped for printing.
    warning: Option<String>,
}

/// Scans one source. A failure is part of the report, and is recorded as the source's health.
///
/// The span has the level `error`, so that events of all levels have its fields.
#[tracing::instrument(name = "scan", level = "error", skip_all, fields(run.id = %run.id, source.key = %source.key))]
pub(crate) async fn scan_source(
    ctx: Arc<ScanContext>,
    source: SourceConfig,
    run: RunStamp,
) -> ScanReport {
    let begun = Instant::now();
    info!(event = "source.started", "scanning `{}`", source.key);
    let mut stats =
        SourceRunStats::new(source.key.clone(), source.name.clone(), ScanOutcome::Failed);

    let opened = ctx
        .store
        .open_source(&source.key, &source.name, run.started_at)
        .await;
    let id = opened.as_ref().ok().map(|record| record.id);
    let mut tallies = None;
    match opened {
        Ok(record) => match scan_in_stages(&ctx, &source, &record, run, &mut stats).await {
            Ok(counted) => tallies = counted,
            Err(failure) if failure.kind == FailureKind::RunEnded => {
                mark_interrupted(&failure, &mut stats);
            }
            Err(failure) => {
                record_failure(&ctx, &record, run, &failure, stats.budget).await;
                stats.fail(failure);
            }
        },
        Err(error) => stats.error = Some(ScanFailure::not_recorded(&error)),
    }

    stats.duration_ms = saturating_millis(begun.elapsed());
    stats.counts.errors = u64::from(stats.is_error());
    log_end(&stats);
    ScanReport {
        source: id,
        stats,
        tallies,
    }
}

/// Runs the stages of a scan and adds up their reports. A failed scan keeps the warnings of its
/// finished stages. The report of a failed transaction is discarded, because it changed nothing.
/// Returns what the terms of the profiles do with the jobs, if that was counted and stored.
async fn scan_in_stages(
    ctx: &Arc<ScanContext>,
    source: &SourceConfig,
    record: &SourceRecord,
    run: RunStamp,
    stats: &mut SourceRunStats,
) -> Result<Option<ProfileTallies>, ScanFailure> {
    let (adapter, secrets) = ctx.scanner.load_adapter(source).await?;
    let task = ScanTask::new(ctx, source, record, &adapter, run);

    // The time limit of the scan starts only after the wait for memory.
    let reservation = task.wait_for_room().await?;
    let (mut scan, recording) = task.start(&reservation, secrets);
    let Listing {
        jobs,
        end,
        warnings,
        state,
        validators,
        retry_after: listing_rest,
    } = scan.read_listing().await;
    log_fetched(&source.key, &scan);
    stats.counts.fetched = jobs.len() as u64;
    stats.warnings = warnings;

    let result = match set_outcome(&end, source, stats) {
        Ok(()) => {
            let (report, result) =
                fetch_details_and_evaluate(&task, &mut scan, jobs, stats.outcome).await;
            *stats += report;
            result
        }
        Err(failure) => Err(failure),
    };

    // The budget includes the details, so it is read after them, even if they failed.
    record_usage(&scan, stats);
    drop(scan);
    if result.is_err() || stats.is_error() {
        stats.exchanges = task.keep_exchanges(recording).await;
    }
    let ScanResult { evaluated, rest } = result?;

    // After a request for a pause no details are requested, so at most one of the two is present.
    let rest = listing_rest.or(rest);
    let carryover = Carryover {
        checkpoint: task.checkpoint(state, validators),
        rest_until: rest.map(|rest| run.started_at + rest),
    };
    let begun = Instant::now();
    let recorded = record_scan(
        &task,
        stats.outcome,
        stats.budget,
        evaluated.as_ref(),
        carryover,
    )
    .await;
    if let Some(meter) = &ctx.meter {
        meter.count_write(begun.elapsed());
    }
    match recorded.map_err(|error| ScanFailure::not_recorded(&error))? {
        Recorded::Written(report) => {
            *stats += report;
            Ok(evaluated.and_then(|evaluated| evaluated.tallies))
        }
        Recorded::Superseded => {
            stats.outcome = ScanOutcome::Superseded;
            stats.keep_only_fetched();
            Ok(None)
        }
    }
}

/// Requests the details that the listing omits, and evaluates the jobs. The report covers the
/// finished stages even if a later one fails.
async fn fetch_details_and_evaluate(
    task: &ScanTask<'_>,
    scan: &mut Scan<'_>,
    jobs: Vec<RawJob>,
    outcome: ScanOutcome,
) -> (StageReport, Result<ScanResult, ScanFailure>) {
    let mut report = StageReport::default();
    let mut compared = match compare(task, jobs, outcome).await {
        Ok(Some(compared)) => compared,
        Ok(None) => {
            let nothing = ScanResult {
                evaluated: None,
                rest: None,
            };
            return (report, Ok(nothing));
        }
        Err(failure) => return (report, Err(failure)),
    };
    report.warnings.extend(compared.warning.take());

    let requested = request_details(scan, &compared.deferred, &task.source.key).await;
    report += requested.report;

    match evaluate(task, compared, requested.results).await {
        Ok((evaluated, evaluated_report)) => {
            report += evaluated_report;
            let result = ScanResult {
                evaluated: Some(evaluated),
                rest: requested.rest,
            };
            (report, Ok(result))
        }
        Err(failure) => (report, Err(failure)),
    }
}

/// Compares the listing with the stored jobs. Returns `None` if there is nothing to do.
async fn compare(
    task: &ScanTask<'_>,
    jobs: Vec<RawJob>,
    outcome: ScanOutcome,
) -> Result<Option<Compared>, ScanFailure> {
    if outcome == ScanOutcome::NotModified {
        let unchanged = compare_unchanged(task).await;
        return unchanged.map_err(|error| ScanFailure::not_recorded(&error));
    }
    compare_listing(task, jobs, outcome).await.map(Some)
}

/// Collects the jobs with due details from the store, because the board does not send an unchanged
/// listing. Returns `None` if there are none.
async fn compare_unchanged(task: &ScanTask<'_>) -> Result<Option<Compared>, StoreError> {
    let ScanTask {
        ctx,
        record,
        adapter,
        run,
        ..
    } = *task;
    if !adapter.has_details() {
        return Ok(None);
    }
    let limit = adapter.details_per_scan();
    let due = ctx
        .store
        .due_details(record.id, limit, run.judged_at)
        .await?;
    if due.is_empty() {
        return Ok(None);
    }

    Ok(Some(Compared {
        listed: Listed::default(),
        deferred: DeferredJobs::due(due, task.context()),
        known: Arc::new(ctx.store.known_jobs(record.id).await?),
        details: Arc::new(ctx.store.known_details(record.id).await?),
        warning: None,
    }))
}

/// Normalizes the listed jobs and recognizes those that are stored under another id.
async fn compare_listing(
    task: &ScanTask<'_>,
    jobs: Vec<RawJob>,
    outcome: ScanOutcome,
) -> Result<Compared, ScanFailure> {
    let ScanTask {
        ctx,
        record,
        adapter,
        ..
    } = *task;
    let store_failure = |error: StoreError| ScanFailure::not_recorded(&error);
    let known = ctx.store.known_jobs(record.id).await;
    let mut known = Arc::new(known.map_err(store_failure)?);
    let details = ctx.store.known_details(record.id).await;
    let mut details = details.map_err(store_failure)?;

    let known_jobs = Arc::clone(&known);
    let mut listed = run_blocking(move || normalize(jobs, &known_jobs)).await?;
    let new_ids = find_new_ids(task, &listed, outcome).await;
    let new_ids = new_ids.map_err(store_failure)?;
    if !new_ids.is_empty() {
        log_new_ids(&task.source.key, &new_ids);
        new_ids.move_keys(Arc::make_mut(&mut known));
        new_ids.move_keys(&mut details);
        listed.rename(new_ids, &known);
    }

    let (deferred, warning) = deferred_in(&listed, adapter, &known, &details, task.context());
    Ok(Compared {
        listed,
        deferred,
        known,
        details: Arc::new(details),
        warning,
    })
}

/// Returns the known jobs that are listed under a new id.
async fn find_new_ids(
    task: &ScanTask<'_>,
    listed: &Listed,
    outcome: ScanOutcome,
) -> Result<NewIds, StoreError> {
    if !listed.may_have_new_ids() {
        return Ok(NewIds::default());
    }

    let open = task.ctx.store.open_addresses(task.record.id).await?;
    Ok(NewIds::recognize(
        &listed.normalized.results,
        &listed.presence.missing,
        &open,
        Reading {
            is_complete: outcome == ScanOutcome::Complete,
            is_reprocessed: task.context().reprocessed,
        },
    ))
}

/// Normalizes the listed jobs and their details, and matches the new and changed ones.
async fn evaluate(
    task: &ScanTask<'_>,
    compared: Compared,
    results: HashMap<String, Detail>,
) -> Result<(Evaluated, StageReport), ScanFailure> {
    let ScanTask {
        ctx,
        source,
        record,
        run,
        ..
    } = *task;
    let Compared {
        listed,
        deferred,
        known,
        details,
        ..
    } = compared;
    let store_failure = |error: StoreError| ScanFailure::not_recorded(&error);

    // The store knows a renamed job by its old id until this scan is recorded.
    let new_ids = &listed.new_ids;
    let needs_stored_details = deferred.needs_stored_details(&results);
    let stored_ids = needs_stored_details.iter().map(|id| new_ids.stored_id(id));
    let stored_ids: Vec<ExternalId> = stored_ids.cloned().collect();
    let mut stored = ctx
        .store
        .stored_details(record.id, &stored_ids)
        .await
        .map_err(store_failure)?;
    new_ids.move_keys(&mut stored);
    let mut matched_before = if known.is_empty() {
        KnownMatches::new()
    } else {
        ctx.store
            .known_matches(record.id)
            .await
            .map_err(store_failure)?
    };
    new_ids.move_keys(&mut matched_before);
    let is_first = !record.baseline_done && known.is_empty();
    let matcher = Arc::clone(&ctx.scanner.matcher);
    let evaluation = Evaluation {
        tallies: (ctx.counts_terms && is_first).then(|| ProfileTallies::new(&matcher)),
        known,
        details,
        reprocessed: task.context().reprocessed,
        matched_before,
        baseline: !record.baseline_done,
        matcher,
        source: source.key.clone(),
        source_name: source.name.clone(),
        now: run.judged_at,
    };

    let begun = Instant::now();
    let evaluated =
        run_blocking(move || evaluation.evaluate(listed, deferred.resolve(results, stored)))
            .await?;
    let report = evaluated.report();
    log_normalized(&source.key, report.counts, begun.elapsed());
    Ok((evaluated, report))
}

/// Sets the outcome for the end of a listing. The reason for a partial listing becomes a warning,
/// unless the operator accepts it.
///
/// # Errors
///
/// Fails if the listing failed.
pub(crate) fn set_outcome(
    end: &ListingEnd,
    source: &SourceConfig,
    stats: &mut SourceRunStats,
) -> Result<(), ScanFailure> {
    let mut reasons = Vec::new();
    stats.outcome = outcome_of(end, &mut reasons)?;
    if source.accept_partial {
        stats.accepted = reasons.pop();
    }
    stats.warnings.extend(reasons);
    Ok(())
}

/// Returns the outcome for the end of a listing. The reason for a partial listing is added to the
/// warnings.
///
/// # Errors
///
/// Fails if the listing failed.
pub fn outcome_of(
    end: &ListingEnd,
    warnings: &mut Vec<String>,
) -> Result<ScanOutcome, ScanFailure> {
    Ok(match end {
        ListingEnd::Complete => ScanOutcome::Complete,
        ListingEnd::Window => ScanOutcome::Window,
        ListingEnd::Truncated => ScanOutcome::Truncated,
        ListingEnd::NotModified => ScanOutcome::NotModified,
        ListingEnd::Partial(why) => {
            warnings.push(why.clone());
            ScanOutcome::Partial
        }
        ListingEnd::Failed(error) => return Err(ScanFailure::from(error)),
    })
}

/// Adds the scan's use of its budgets, its last response, and a warning about omitted log lines.
pub(crate) fn record_usage(scan: &Scan<'_>, stats: &mut SourceRunStats) {
    stats.budget = Some(scan.budget());
    stats.last_answer = scan.last_response();
    stats.warnings.extend(scan.log_warning());
}

/// Marks a scan that was interrupted by the end of the run before the board responded. The source
/// stays due.
fn mark_interrupted(ended: &ScanFailure, stats: &mut SourceRunStats) {
    stats.outcome = ScanOutcome::Partial;
    stats.accepted = None;
    stats.warnings.push(format!(
        "{} before the board responded; the next run scans the source again",
        ended.message
    ));
}

/// Records the failure of a scan that panicked.
pub(crate) async fn record_broken_scan(
    ctx: &ScanContext,
    source: &SourceConfig,
    run: RunStamp,
    failure: ScanFailure,
) -> ScanReport {
    let mut stats =
        SourceRunStats::new(source.key.clone(), source.name.clone(), ScanOutcome::Failed);
    let opened = ctx
        .store
        .open_source(&source.key, &source.name, run.started_at)
        .await;
    let id = opened.as_ref().ok().map(|record| record.id);
    match opened {
        Ok(record) => {
            record_failure(ctx, &record, run, &failure, None).await;
            stats.fail(failure);
        }
        Err(error) => stats.error = Some(ScanFailure::not_recorded(&error)),
    }

    stats.counts.errors = 1;
    ScanReport {
        source: id,
        stats,
        tallies: None,
    }
}

async fn record_failure(
    ctx: &ScanContext,
    record: &SourceRecord,
    run: RunStamp,
    failure: &ScanFailure,
    budget: Option<BudgetUse>,
) {
    let budget = budget.and_then(budget_as_json);
    let stored = ScanFailureRecord {
        kind: failure.kind,
        message: &failure.message,
        rest_until: failure.retry_after.map(|rest| run.started_at + rest),
        gone: failure.kind == FailureKind::NotFound,
        budget: budget.as_deref(),
    };
    let recorded = ctx
        .store
        .record_failure(record.id, record.generation, &stored, run.started_at)
        .await;
    if let Err(error) = recorded {
        warn!(
            error = with_causes(&error),
            "cannot record that the scan of `{}` failed", record.key
        );
    }
}
