//! The one short transaction of a scan: jobs, matches, alerts, health and what the next scan needs,
//! all or nothing.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_config::OnFirstScan;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::Change;
use job_scanner_core::run::{Counts, ScanOutcome};
use job_scanner_store::{
    AlertKind, JobId, NewAlert, ScanMemory, ScanOutcomeRecord, ScanTransaction, Sighting,
    SourceRecord, StoreError, StoredMatch, Withheld,
};

use crate::context::{RunStamp, ScanContext, wishes};
use crate::report::SourceRunStats;
use crate::scan::evaluate::{CandidateMatch, Evaluated};

/// What a scan leaves for later ones beside its jobs.
pub(crate) struct Remembered {
    /// For the next one, if this one was complete.
    pub(crate) memory: ScanMemory,
    /// Until when the board wants to be left alone.
    pub(crate) rest_until: Option<Timestamp>,
}

/// Writes what a scan brought; `evaluated` is `None` when nothing had changed.
pub(crate) async fn record_scan(
    ctx: &ScanContext,
    record: &SourceRecord,
    run: RunStamp,
    evaluated: Option<&Evaluated>,
    remembered: Remembered,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    let budget = budget_of(stats);
    let ended = ended(stats.outcome, remembered.rest_until, budget.as_deref());
    let as_before = evaluated.is_none() && stats.outcome == ScanOutcome::NotModified;
    if as_before
        && ctx
            .store
            .confirm_scan(record.id, record.generation, &ended, run.started_at)
            .await?
    {
        return Ok(());
    }
    let Some(mut tx) = ctx
        .store
        .begin_scan(record.id, record.generation, run.id, run.started_at)
        .await?
    else {
        stats.outcome = ScanOutcome::Superseded;
        stats.counts = Counts {
            fetched: stats.counts.fetched,
            ..Counts::default()
        };
        return Ok(());
    };
    let baseline = !record.baseline_done;
    if let Some(evaluated) = evaluated {
        let ids = tx
            .record_jobs(&evaluated.normalized.results, baseline)
            .await?;
        tx.welcome_back(&evaluated.presence.back).await?;
        tx.record_details(&evaluated.details).await?;
        tx.forget_details(&evaluated.told_in_full).await?;
        let silent = ctx.config.on_first_scan == OnFirstScan::Silent;
        record_matches(&mut tx, &with_ids(&evaluated.matches, &ids), silent, stats).await?;
        if baseline {
            tx.remember_profiles(&wishes(&ctx.config.profiles)).await?;
        }
    }
    settle(&mut tx, evaluated, run.judged_at, stats).await?;
    settle_details(&mut tx, evaluated, stats).await?;
    let Remembered { memory, .. } = remembered;
    match stats.outcome {
        ScanOutcome::Complete => tx.remember(&memory).await?,
        // How the listing was read, but nothing that lets a later scan call it unchanged.
        ScanOutcome::Window | ScanOutcome::Truncated => {
            tx.remember(&ScanMemory {
                state: None,
                validators: Vec::new(),
                ..memory
            })
            .await?;
        }
        _ => {}
    }
    tx.commit(&ended).await
}

fn ended(
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

/// What the scan used of its budgets, as the store keeps it.
pub(crate) fn budget_of(stats: &SourceRunStats) -> Option<String> {
    serde_json::to_string(&stats.budget?).ok()
}

async fn record_matches(
    tx: &mut ScanTransaction,
    matches: &[(JobId, &CandidateMatch)],
    silent_baseline: bool,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    tx.record_matches(&stored(matches)).await?;
    let alerts = alerts(matches, silent_baseline);
    let recorded = tx.record_alerts(&alerts).await?;
    stats.counts.skipped = (matches.len() - alerts.len()) as u64;
    stats.counts.notified = recorded.created as u64;
    stats.counts.duplicate = recorded.duplicate as u64;
    Ok(())
}

/// Closes the jobs whose time has come, and says so when they are too many to be believed at once.
async fn settle(
    tx: &mut ScanTransaction,
    evaluated: Option<&Evaluated>,
    judged_at: Timestamp,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    let listed = evaluated.map_or(&[][..], |evaluated| &evaluated.listed);
    let sighting = match (stats.outcome, evaluated) {
        (ScanOutcome::Complete, Some(evaluated)) => Sighting::Whole(&evaluated.presence.missing),
        (ScanOutcome::NotModified, _) => Sighting::AsBefore,
        (ScanOutcome::Window | ScanOutcome::Truncated, _) => Sighting::Window(listed),
        _ => Sighting::Some(listed),
    };
    let settled = tx.settle(sighting, judged_at).await?;
    stats.counts.closed = settled.closed;
    stats.counts.reopened = evaluated.map_or(0, |evaluated| evaluated.presence.reopened);
    stats.warnings.extend(settled.withheld.map(|Withheld { missing, listed, before }| {
        format!(
            "the board lists {listed} jobs where it listed {before}: {missing} are missing, and close only when further \
             whole answers agree"
        )
    }));
    Ok(())
}

/// Lets closed jobs rest, and counts which jobs still wait for their details.
async fn settle_details(
    tx: &mut ScanTransaction,
    evaluated: Option<&Evaluated>,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    if evaluated.is_none() {
        return Ok(());
    }
    if stats.counts.closed > 0 {
        tx.rest_details().await?;
    }
    stats.counts.details_due = tx.awaited_details().await?;
    Ok(())
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
    let told = matches.iter().filter(|(_, found)| !is_silent(found));
    told.map(|(job, found)| NewAlert {
        job: *job,
        content_hash: found.content_hash,
        profile: &found.result.profile,
        kind: kind(found),
    })
    .collect()
}
