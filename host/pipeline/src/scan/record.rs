//! Writes the results of a scan in one short transaction: jobs, matches, alerts, health, and the
//! checkpoint for the next scan.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_config::OnFirstScan;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::Change;
use job_scanner_core::run::{Counts, ScanOutcome};
use job_scanner_sandbox::BudgetUse;
use job_scanner_store::{
    AlertKind, Checkpoint, JobId, ListingCoverage, NewAlert, ScanOutcomeRecord, ScanTransaction,
    StoreError, StoredMatch, SuspiciousDrop,
};

use crate::context::profile_fingerprints;
use crate::report::StageReport;
use crate::scan::evaluate::{CandidateMatch, Evaluated};
use crate::scan::task::ScanTask;

/// The data of a scan that later scans need, in addition to its jobs.
pub(crate) struct Carryover {
    /// Stored in full only if this scan was complete.
    pub(crate) checkpoint: Checkpoint,
    /// The end of the pause that the board asked for.
    pub(crate) rest_until: Option<Timestamp>,
}

/// The result of recording a scan.
pub(crate) enum Recorded {
    /// The scan was committed.
    Written(StageReport),
    /// The scan was discarded, because another process scanned the source meanwhile.
    Superseded,
}

/// Records a scan. `evaluated` is `None` if nothing changed and no details were requested.
pub(crate) async fn record_scan(
    task: &ScanTask<'_>,
    outcome: ScanOutcome,
    budget: Option<BudgetUse>,
    evaluated: Option<&Evaluated>,
    carryover: Carryover,
) -> Result<Recorded, StoreError> {
    let ScanTask {
        ctx, record, run, ..
    } = *task;
    let Carryover {
        checkpoint,
        rest_until,
    } = carryover;
    let budget = budget.and_then(budget_as_json);
    let outcome_record = outcome_record(outcome, rest_until, budget.as_deref());

    // Most scans find no changes. They cost one statement.
    let is_unchanged = evaluated.is_none() && outcome == ScanOutcome::NotModified;
    if is_unchanged
        && ctx
            .store
            .confirm_scan(
                record.id,
                record.generation,
                &outcome_record,
                run.started_at,
            )
            .await?
    {
        return Ok(Recorded::Written(StageReport::default()));
    }

    let Some(mut tx) = ctx
        .store
        .begin_scan(record.id, record.generation, run.id, run.started_at)
        .await?
    else {
        return Ok(Recorded::Superseded);
    };
    let mut report = StageReport::default();
    if let Some(evaluated) = evaluated {
        report.counts += record_evaluated(&mut tx, task, evaluated).await?;
    }

    // Relisted jobs were written above, so only jobs that this listing lacks can close now.
    report += update_presence(&mut tx, outcome, evaluated, run.judged_at).await?;
    if evaluated.is_some() {
        report.counts.details_due = finish_details(&mut tx, report.counts.closed).await?;
    }
    save_checkpoint(&mut tx, outcome, checkpoint).await?;
    tx.commit(&outcome_record).await?;
    Ok(Recorded::Written(report))
}

/// Writes jobs, their details, matches and alerts.
async fn record_evaluated(
    tx: &mut ScanTransaction,
    task: &ScanTask<'_>,
    evaluated: &Evaluated,
) -> Result<Counts, StoreError> {
    let config = &task.ctx.scanner.config;
    let baseline = !task.record.baseline_done;
    tx.record_new_ids(&evaluated.new_ids.pairs()).await?;
    let ids = tx
        .record_jobs(&evaluated.normalized.results, baseline)
        .await?;
    tx.reopen(&evaluated.presence.relisted).await?;
    tx.record_details(&evaluated.details).await?;
    tx.forget_details(&evaluated.complete_in_listing).await?;

    // A match refers to its job's id, and an alert to its match, so they are written in this order.
    let matches = with_ids(&evaluated.matches, &ids);
    tx.record_matches(&stored(&matches)).await?;
    let silent_baseline = config.on_first_scan == OnFirstScan::Silent;
    let alerts = alerts(&matches, silent_baseline);
    let recorded = tx.record_alerts(&alerts).await?;
    if baseline {
        tx.record_first_profiles(&profile_fingerprints(&config.profiles))
            .await?;
    }
    Ok(Counts {
        skipped: (matches.len() - alerts.len() + recorded.skipped) as u64,
        notified: recorded.created as u64,
        grouped: recorded.grouped as u64,
        duplicate: recorded.duplicate as u64,
        ..Counts::default()
    })
}

fn outcome_record(
    outcome: ScanOutcome,
    rest_until: Option<Timestamp>,
    budget: Option<&str>,
) -> ScanOutcomeRecord<'_> {
    let complete = matches!(outcome, ScanOutcome::Complete | ScanOutcome::NotModified);
    let seen = complete || matches!(outcome, ScanOutcome::Window | ScanOutcome::Truncated);
    ScanOutcomeRecord {
        outcome,
        complete,
        baseline_done: seen,
        rest_until,
        budget,
    }
}

/// Returns the scan's use of its budgets in the form in which it is stored.
pub(crate) fn budget_as_json(budget: BudgetUse) -> Option<String> {
    serde_json::to_string(&budget).ok()
}

/// Updates the presence of jobs and closes those that are due for it. A suspicious drop becomes a
/// warning.
async fn update_presence(
    tx: &mut ScanTransaction,
    outcome: ScanOutcome,
    evaluated: Option<&Evaluated>,
    judged_at: Timestamp,
) -> Result<StageReport, StoreError> {
    let listed = evaluated.map_or(&[][..], |evaluated| &evaluated.listed);
    let coverage = match (outcome, evaluated) {
        (ScanOutcome::Complete, Some(evaluated)) => {
            ListingCoverage::Complete(&evaluated.presence.missing)
        }
        (ScanOutcome::NotModified, _) => ListingCoverage::Unchanged,
        (ScanOutcome::Window | ScanOutcome::Truncated, _) => ListingCoverage::Window(listed),
        _ => ListingCoverage::Partial(listed),
    };
    let change = tx.update_presence(coverage, judged_at).await?;

    let warning = change.suspicious_drop.map(|SuspiciousDrop { missing, listed, before }| {
        format!(
            "the board lists {listed} jobs (previously {before}): {missing} are missing, and will close only if further \
             complete responses agree"
        )
    });
    Ok(StageReport {
        counts: Counts {
            closed: change.closed,
            reopened: evaluated.map_or(0, |evaluated| evaluated.presence.reopened),
            ..Counts::default()
        },
        warnings: warning.into_iter().collect(),
    })
}

/// Suspends the details of closed jobs, and counts the jobs that still wait for their details.
async fn finish_details(tx: &mut ScanTransaction, closed: u64) -> Result<u64, StoreError> {
    if closed > 0 {
        tx.suspend_details().await?;
    }
    tx.awaited_details().await
}

/// Stores the checkpoint with which the next scan makes its requests.
async fn save_checkpoint(
    tx: &mut ScanTransaction,
    outcome: ScanOutcome,
    checkpoint: Checkpoint,
) -> Result<(), StoreError> {
    match outcome {
        ScanOutcome::Complete => tx.save_checkpoint(&checkpoint).await,
        // The read config is stored, but no validators or state: they would let a later scan treat
        // this incomplete listing as unchanged.
        ScanOutcome::Window | ScanOutcome::Truncated => {
            let read_config_alone = Checkpoint {
                state: None,
                validators: Vec::new(),
                ..checkpoint
            };
            tx.save_checkpoint(&read_config_alone).await
        }
        _ => Ok(()),
    }
}

fn with_ids<'a>(
    matches: &'a [CandidateMatch],
    ids: &HashMap<ExternalId, JobId>,
) -> Vec<(JobId, &'a CandidateMatch)> {
    matches
        .iter()
        .filter_map(|found| Some((*ids.get(&found.external_id)?, found)))
        .collect()
}

fn stored<'a>(matches: &[(JobId, &'a CandidateMatch)]) -> Vec<StoredMatch<'a>> {
    matches
        .iter()
        .map(|(job, found)| StoredMatch {
            job: *job,
            content_hash: found.content_hash,
            result: &found.result,
        })
        .collect()
}

fn alerts<'a>(matches: &[(JobId, &'a CandidateMatch)], silent_baseline: bool) -> Vec<NewAlert<'a>> {
    let kind = |found: &CandidateMatch| match found.change {
        _ if found.baseline => AlertKind::Baseline,
        Change::Updated => AlertKind::Updated,
        Change::New | Change::Relisted | Change::Unchanged => AlertKind::New,
    };
    let is_silent = |found: &CandidateMatch| found.silent || (silent_baseline && found.baseline);
    let notified = matches.iter().filter(|(_, found)| !is_silent(found));
    notified
        .map(|(job, found)| NewAlert {
            job: *job,
            content_hash: found.content_hash,
            profile: &found.result.profile,
            kind: kind(found),
        })
        .collect()
}
