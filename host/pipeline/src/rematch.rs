//! Matches open jobs again, once, after a change of the profiles or the matcher.
//!
//! This happens at the beginning of a run and for all sources, even those that are not due: a board
//! that fails or did not change must not delay new criteria. Each source has its own transaction.
//! Alerts are created only for jobs that did not match before, and share one digest.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_config::{OnFirstScan, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::{ExternalId, SourceKey};
use job_scanner_core::matching::{
    JobSource, MATCHING_VERSION, MatchResult, MatchTimes, MatchedFields, ProfileTallies,
    QueryMatcher,
};
use job_scanner_core::quantity::counted;
use job_scanner_core::run::Counts;
use job_scanner_store::{
    AlertCounts, AlertKind, JobId, MatchedSource, NewAlert, OpenJob, ProfileRecord, StoreError,
    StoredMatch,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::context::{RunStamp, ScanContext, profile_fingerprints};

/// The number of jobs in memory at a time.
const JOBS_AT_A_TIME: u32 = 500;

/// The counts of matching again.
#[derive(Debug, Default)]
pub(crate) struct Rematched {
    /// The job versions that match a changed profile.
    pub(crate) matched: u64,
    /// The alerts that were created.
    pub(crate) notified: u64,
    /// The new matches that the program's own new rules found, without an alert.
    by_new_rules: u64,
    /// The effects of the terms of new and changed profiles on the jobs. `None` if that was not
    /// counted.
    pub(crate) tallies: Option<ProfileTallies>,
}

impl From<Rematched> for Counts {
    fn from(
        Rematched {
            matched, notified, ..
        }: Rematched,
    ) -> Self {
        Self {
            matched,
            notified,
            ..Self::default()
        }
    }
}

/// A job version that matches a profile.
struct FoundMatch {
    job: JobId,
    external_id: ExternalId,
    content_hash: ContentHash,
    result: MatchResult,
}

/// Matches the open jobs of all enabled sources with the profiles that changed since they were last
/// matched. Usually none has changed, which one query finds out. A source that fails is matched
/// again by the next run.
///
/// # Errors
///
/// Fails if the sources to match cannot be read.
pub(crate) async fn rematch_all(
    ctx: &ScanContext,
    run: RunStamp,
    stop: &CancellationToken,
) -> Result<HashMap<SourceKey, Rematched>, StoreError> {
    let fingerprints = profile_fingerprints(&ctx.scanner.config.profiles);
    let enabled = ctx
        .scanner
        .config
        .sources
        .iter()
        .filter(|source| source.enabled);
    let configured: HashMap<&SourceKey, &SourceConfig> =
        enabled.map(|source| (&source.key, source)).collect();
    let mut rematched = HashMap::new();
    for matched in ctx.store.sources_to_rematch(&fingerprints).await? {
        if stop.is_cancelled() {
            break;
        }
        let Some(source) = configured.get(&matched.key) else {
            continue;
        };
        match rematch(ctx, source, &matched, &fingerprints, run).await {
            Ok(one) => {
                rematched.insert(matched.key, one);
            }
            Err(error) => {
                warn!(
                    error = with_causes(&error),
                    "cannot match the jobs of `{}` again: {error}", matched.key
                );
            }
        }
    }
    log_new_rules(rematched.values().map(|one| one.by_new_rules).sum());
    Ok(rematched)
}

fn log_new_rules(matches: u64) {
    if matches > 0 {
        info!(
            event = "run.new_rules",
            matches,
            "this version has new matching rules: {}; no message is sent about them",
            counted(matches, "stored job matches now", "stored jobs match now")
        );
    }
}

async fn rematch(
    ctx: &ScanContext,
    source: &SourceConfig,
    record: &MatchedSource,
    fingerprints: &[ProfileRecord],
    run: RunStamp,
) -> Result<Rematched, StoreError> {
    let changed = names_only_in(fingerprints, &record.profiles);
    let (found, mut tallies) = find_matches(ctx, source, record, &changed, run.judged_at).await?;
    let matched_before = ctx.store.known_matches(record.id).await?;

    let Some(mut tx) = ctx
        .store
        .begin_scan(record.id, record.generation, run.id, run.started_at)
        .await?
    else {
        return Ok(Rematched::default());
    };

    // The matches of the old criteria are deleted first, because the new ones have the same profile
    // name.
    for profile in names_only_in(&record.profiles, fingerprints) {
        tx.forget_matches(&profile).await?;
    }
    let matching_now: Vec<StoredMatch<'_>> = found.iter().map(stored).collect();
    tx.record_matches(&matching_now).await?;

    // An alert refers to its stored match, so it comes after it. A job that matched before gets no
    // second alert. Our own new rules create no alert.
    let silent = !record.baseline_done && ctx.scanner.config.on_first_scan == OnFirstScan::Silent;
    let has_new_rules = |profile: &str| {
        let mut before = record.profiles.iter();
        before.any(|it| it.name == profile && it.matching_version != MATCHING_VERSION)
    };
    let is_new = |it: &&FoundMatch| {
        let before = matched_before.get(&it.external_id);
        before.is_none_or(|profiles| !profiles.contains(&it.result.profile))
    };
    let new = found.iter().filter(is_new);
    let (by_new_rules, wanted): (Vec<_>, Vec<_>) =
        new.partition(|it| has_new_rules(&it.result.profile));
    let alerts: Vec<NewAlert<'_>> = wanted.into_iter().filter(|_| !silent).map(alert).collect();
    let AlertCounts { created, .. } = tx.record_alerts(&alerts).await?;
    tx.record_profiles(fingerprints).await?;
    tx.commit_without_outcome().await?;

    // The operator changed no profile that only has new rules.
    if let Some(tallies) = &mut tallies {
        let is_changed = |name: &String| changed.contains(name) && !has_new_rules(name);
        tallies.keep_only(|profile| is_changed(&profile.name));
    }
    let (matched, notified) = (found.len() as u64, created as u64);
    if matched > 0 {
        info!(
            event = "source.rematched",
            matched, notified, "matched the open jobs of `{}` again", source.key
        );
    }
    Ok(Rematched {
        matched,
        notified,
        by_new_rules: by_new_rules.len() as u64,
        tallies,
    })
}

/// Returns the names of the profiles that are not in `others` with the same fingerprint.
fn names_only_in(profiles: &[ProfileRecord], others: &[ProfileRecord]) -> Vec<String> {
    let only_here = profiles.iter().filter(|profile| !others.contains(profile));
    only_here.map(|profile| profile.name.clone()).collect()
}

fn stored(found: &FoundMatch) -> StoredMatch<'_> {
    StoredMatch {
        job: found.job,
        content_hash: found.content_hash,
        result: &found.result,
    }
}

fn alert(found: &FoundMatch) -> NewAlert<'_> {
    let FoundMatch {
        job,
        content_hash,
        result,
        ..
    } = found;
    NewAlert {
        job: *job,
        content_hash: *content_hash,
        profile: &result.profile,
        kind: AlertKind::Rematched,
    }
}

/// Finds the open jobs that match one of these profiles, and counts what the terms of all profiles do
/// with them if the run counts that.
async fn find_matches(
    ctx: &ScanContext,
    source: &SourceConfig,
    record: &MatchedSource,
    profiles: &[String],
    now: Timestamp,
) -> Result<(Vec<FoundMatch>, Option<ProfileTallies>), StoreError> {
    let (mut found, mut last) = (Vec::new(), None);
    let matcher = &ctx.scanner.matcher;
    let mut tallies = ctx.counts_terms.then(|| ProfileTallies::new(matcher));
    if profiles.is_empty() {
        return Ok((found, tallies));
    }
    loop {
        let jobs = ctx
            .store
            .open_jobs(record.id, last, JOBS_AT_A_TIME, now)
            .await?;
        let Some(end) = jobs.last().map(|job| job.id) else {
            return Ok((found, tallies));
        };
        last = Some(end);

        let (matcher, source) = (Arc::clone(matcher), source.clone());
        let batch = tokio::task::spawn_blocking(move || {
            let batch = match_jobs(jobs, &matcher, &source, now, tallies.as_mut());
            (batch, tallies)
        });
        let batch = batch.await;
        let batch = batch.unwrap_or_else(|panic| resume_unwind(panic.into_panic()));
        let (batch, counted) = batch;
        tallies = counted;
        let of_changed = |it: &FoundMatch| profiles.contains(&it.result.profile);
        found.extend(batch.into_iter().filter(of_changed));
    }
}

fn match_jobs(
    jobs: Vec<OpenJob>,
    matcher: &QueryMatcher,
    source: &SourceConfig,
    now: Timestamp,
    mut tallies: Option<&mut ProfileTallies>,
) -> Vec<FoundMatch> {
    let source = JobSource {
        key: &source.key,
        name: &source.name,
    };
    let mut found = Vec::new();
    for job in jobs {
        let times = MatchTimes {
            first_seen_at: job.first_seen_at,
            now,
        };
        let fields = MatchedFields::from(&job).of(source, times);
        if let Some(tallies) = &mut tallies {
            tallies.add(matcher, &fields);
        }
        let results = matcher.evaluate(&fields);
        found.extend(results.into_iter().map(|result| FoundMatch {
            job: job.id,
            external_id: job.external_id.clone(),
            content_hash: job.content_hash,
            result,
        }));
    }
    found
}
