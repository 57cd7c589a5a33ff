//! The one short transaction of a scan: jobs, matches, alerts, health and what the next scan needs, all or nothing.

use std::collections::HashMap;

use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::Change;

use super::evaluate::{CandidateMatch, Evaluated};
use super::models::{Counts, ScanOutcome, SourceRunStats};
use super::runner::ScanContext;
use super::scan::RunStamp;
use crate::config::OnFirstScan;
use crate::store::{
    AlertKind, JobId, NewAlert, ScanMemory, ScanOutcomeRecord, ScanTransaction, Sighting, SourceRecord, StoreError,
    StoredMatch, Withheld,
};

/// Writes what a scan brought; `evaluated` is `None` when nothing had changed.
pub(super) async fn record_scan(
    ctx: &ScanContext,
    record: &SourceRecord,
    run: RunStamp,
    evaluated: Option<&Evaluated>,
    remembered: ScanMemory,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    let Some(mut tx) = ctx.store.begin_scan(record.id, record.generation, run.id, run.started_at).await? else {
        stats.outcome = ScanOutcome::Superseded;
        stats.counts = Counts { fetched: stats.counts.fetched, ..Counts::default() };
        return Ok(());
    };
    let baseline = !record.baseline_done;
    if let Some(evaluated) = evaluated {
        let ids = tx.record_jobs(&evaluated.normalized.results, baseline).await?;
        tx.welcome_back(&evaluated.presence.back).await?;
        let silent = baseline && ctx.config.on_first_scan == OnFirstScan::Silent;
        record_matches(&mut tx, &with_ids(&evaluated.matches, &ids), baseline, silent, stats).await?;
    }
    settle(&mut tx, evaluated, stats).await?;
    match stats.outcome {
        ScanOutcome::Complete => tx.remember(&remembered).await?,
        // How the listing was read, but nothing that lets a later scan call it unchanged.
        ScanOutcome::Window | ScanOutcome::Truncated => {
            tx.remember(&ScanMemory { state: None, validators: Vec::new(), ..remembered }).await?;
        }
        _ => {}
    }
    let complete = matches!(stats.outcome, ScanOutcome::Complete | ScanOutcome::NotModified);
    let seen = complete || matches!(stats.outcome, ScanOutcome::Window | ScanOutcome::Truncated);
    tx.commit(&ScanOutcomeRecord { outcome: stats.outcome.as_str(), complete, baseline_done: seen }).await
}

async fn record_matches(
    tx: &mut ScanTransaction,
    matches: &[(JobId, &CandidateMatch)],
    baseline: bool,
    silent: bool,
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    tx.record_matches(&stored(matches)).await?;
    let alerts = if silent { Vec::new() } else { alerts(matches, baseline) };
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
    stats: &mut SourceRunStats,
) -> Result<(), StoreError> {
    let listed: Vec<ExternalId> = match stats.outcome {
        ScanOutcome::Complete | ScanOutcome::NotModified => Vec::new(),
        _ => evaluated.map(Evaluated::listed).unwrap_or_default(),
    };
    let sighting = match (stats.outcome, evaluated) {
        (ScanOutcome::Complete, Some(evaluated)) => Sighting::Whole(&evaluated.presence.missing),
        (ScanOutcome::NotModified, _) => Sighting::AsBefore,
        (ScanOutcome::Window, _) => Sighting::Window(&listed),
        _ => Sighting::Some(&listed),
    };
    let settled = tx.settle(sighting).await?;
    stats.counts.closed = settled.closed;
    stats.counts.reopened = evaluated.map_or(0, |evaluated| evaluated.presence.reopened);
    stats.warnings.extend(settled.withheld.map(|Withheld { missing, open }| {
        format!("{missing} of {open} open jobs are missing at once; they close when another complete scan agrees")
    }));
    Ok(())
}

fn with_ids<'a>(matches: &'a [CandidateMatch], ids: &HashMap<ExternalId, JobId>) -> Vec<(JobId, &'a CandidateMatch)> {
    matches.iter().filter_map(|found| Some((*ids.get(&found.external_id)?, found))).collect()
}

fn stored<'a>(matches: &[(JobId, &'a CandidateMatch)]) -> Vec<StoredMatch<'a>> {
    matches
        .iter()
        .map(|(job, found)| StoredMatch { job: *job, content_hash: found.content_hash, result: &found.result })
        .collect()
}

fn alerts<'a>(matches: &[(JobId, &'a CandidateMatch)], baseline: bool) -> Vec<NewAlert<'a>> {
    let kind = |change| match change {
        _ if baseline => AlertKind::Baseline,
        Change::Updated => AlertKind::Updated,
        Change::New | Change::Relisted | Change::Unchanged => AlertKind::New,
    };
    let told = matches.iter().filter(|(_, found)| !found.silent);
    told.map(|(job, found)| NewAlert {
        job: *job,
        content_hash: found.content_hash,
        profile: &found.result.profile,
        kind: kind(found.change),
    })
    .collect()
}
