//! One source whose open jobs are matched again, a few hundred at a time.
//!
//! Each batch has its own transaction with its matches and alerts, so the memory does not grow with
//! the number of jobs, and the write lock is held briefly. Alerts are created only for jobs that did
//! not match before.
//!
//! The profiles are recorded with the last batch. Until then they are recorded as unfinished. When
//! the process dies between two batches, the next run begins again with the first one: jobs that
//! were matched already then count as jobs that matched before, so no alert is lost or created twice.

use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_config::{OnFirstScan, SourceConfig};
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::{
    JobSource, MATCHING_VERSION, MatchResult, MatchTimes, MatchedFields, ProfileTallies,
    QueryMatcher,
};
use job_scanner_core::run::Counts;
use job_scanner_store::{
    AlertCounts, AlertKind, JobId, JobRange, MatchedSource, NewAlert, OpenJob, ProfileRecord,
    ScanTransaction, StoreError, StoredMatch,
};
use tracing::info;

use crate::context::{RunStamp, ScanContext};

/// The number of jobs in memory at a time.
const JOBS_AT_A_TIME: u32 = 500;

/// The counts of matching again.
#[derive(Debug, Default)]
pub(crate) struct Rematched {
    /// The job versions that match a changed profile.
    pub(crate) matched: u64,
    /// The alerts that were created.
    pub(crate) notified: u64,
    /// The matches of vacancies that were alerted before, for another place or source.
    pub(crate) grouped: u64,
    /// Alerts that are not sent because of a decision.
    pub(crate) skipped: u64,
    /// The new matches that the program's own new rules found, without an alert.
    pub(super) by_new_rules: u64,
    /// The effects of the terms of new and changed profiles on the jobs. `None` if that was not
    /// counted.
    pub(crate) tallies: Option<ProfileTallies>,
}

/// A source and the change of the profiles since its jobs were last matched.
pub(super) struct SourceRematch<'a> {
    ctx: &'a ScanContext,
    source: &'a SourceConfig,
    record: &'a MatchedSource,
    fingerprints: &'a [ProfileRecord],
    /// The profiles that are new or have other criteria now.
    changed: Vec<String>,
    /// The profiles that were removed or had other criteria.
    outdated: Vec<String>,
    run: RunStamp,
}

/// A job version that matches a profile.
struct FoundMatch {
    job: JobId,
    content_hash: ContentHash,
    result: MatchResult,
    /// True if the job matched a profile of this name before.
    matched_before: bool,
}

impl<'a> SourceRematch<'a> {
    pub(super) fn new(
        ctx: &'a ScanContext,
        source: &'a SourceConfig,
        record: &'a MatchedSource,
        fingerprints: &'a [ProfileRecord],
        run: RunStamp,
    ) -> Self {
        Self {
            ctx,
            source,
            record,
            fingerprints,
            changed: names_only_in(fingerprints, &record.profiles),
            outdated: names_only_in(&record.profiles, fingerprints),
            run,
        }
    }

    /// Matches all open jobs of the source. The counts are those of all committed batches, also if a
    /// later one fails.
    pub(super) async fn run(&self) -> (Rematched, Result<(), StoreError>) {
        let mut total = Rematched::default();
        let result = self.match_in_batches(&mut total).await;

        let Rematched {
            matched, notified, ..
        } = total;
        if matched > 0 {
            info!(
                event = "source.rematched",
                matched, notified, "matched the open jobs of `{}` again", self.source.key
            );
        }
        (total, result)
    }

    /// Adds the counts of each batch to `total`. Stops when another process has committed a scan of
    /// the source; the next run then begins again.
    async fn match_in_batches(&self, total: &mut Rematched) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let jobs = self.next_jobs(after.as_ref()).await?;
            let is_last = jobs.len() < JOBS_AT_A_TIME as usize;
            let end = jobs.last().filter(|_| !is_last);
            let through = end.map(|job| job.external_id.clone());
            let (found, tallies) = self.find_matches(jobs).await;

            let range = JobRange { after, through };
            let Some(batch) = self.record(&range, &found).await? else {
                return Ok(());
            };
            total.add(Rematched { tallies, ..batch });
            if is_last {
                return Ok(());
            }
            after = range.through;
        }
    }

    /// Returns the open jobs after this one; none if no profile is new or has other criteria.
    async fn next_jobs(&self, after: Option<&ExternalId>) -> Result<Vec<OpenJob>, StoreError> {
        if self.changed.is_empty() {
            return Ok(Vec::new());
        }
        let store = &self.ctx.store;
        store
            .open_jobs(self.record.id, after, JOBS_AT_A_TIME, self.run.judged_at)
            .await
    }

    /// Finds the jobs that match a changed profile, and counts the effects of its terms if the run
    /// does so.
    async fn find_matches(&self, jobs: Vec<OpenJob>) -> (Vec<FoundMatch>, Option<ProfileTallies>) {
        let (matcher, source) = (Arc::clone(&self.ctx.scanner.matcher), self.source.clone());
        let now = self.run.judged_at;
        let counts_terms = self.ctx.counts_terms;

        let found = tokio::task::spawn_blocking(move || {
            let mut tallies = counts_terms.then(|| ProfileTallies::new(&matcher));
            let found = match_jobs(jobs, &matcher, &source, now, tallies.as_mut());
            (found, tallies)
        });
        let (mut found, mut tallies) = found
            .await
            .unwrap_or_else(|panic| resume_unwind(panic.into_panic()));
        found.retain(|it| self.changed.contains(&it.result.profile));
        // Recipients read alerts in the order in which the jobs were first listed.
        found.sort_by_key(|it| it.job);

        // The operator changed no profile that only has new rules.
        if let Some(tallies) = &mut tallies {
            let is_changed =
                |name: &String| self.changed.contains(name) && !self.has_new_rules(name);
            tallies.keep_only(|profile| is_changed(&profile.name));
        }
        (found, tallies)
    }

    /// Commits the matches of a batch and their alerts; `None` if another process has committed a
    /// scan of the source.
    async fn record(
        &self,
        jobs: &JobRange,
        found: &[FoundMatch],
    ) -> Result<Option<Rematched>, StoreError> {
        let MatchedSource { id, generation, .. } = *self.record;
        let store = &self.ctx.store;
        let Some(mut tx) = store
            .begin_scan(id, generation, self.run.id, self.run.started_at)
            .await?
        else {
            return Ok(None);
        };

        // The matches of the old criteria are deleted first, because the new ones have the same
        // profile name.
        for profile in &self.outdated {
            tx.forget_matches(jobs, profile).await?;
        }
        let matches: Vec<StoredMatch<'_>> = found.iter().map(stored).collect();
        tx.record_matches(&matches).await?;

        // An alert refers to its stored match, so it comes after it.
        let batch = self.record_alerts(&mut tx, found).await?;
        self.record_profiles(&mut tx, jobs).await?;
        tx.commit_without_outcome().await?;
        Ok(Some(batch))
    }

    /// Records an alert for each match of a job that did not match before, unless the match is due
    /// to our own new rules, or the first scan was silent.
    async fn record_alerts(
        &self,
        tx: &mut ScanTransaction,
        found: &[FoundMatch],
    ) -> Result<Rematched, StoreError> {
        let new = found.iter().filter(|it| !it.matched_before);
        let (by_new_rules, wanted): (Vec<_>, Vec<_>) =
            new.partition(|it| self.has_new_rules(&it.result.profile));

        let on_first_scan = self.ctx.scanner.config.on_first_scan;
        let silent = !self.record.baseline_done && on_first_scan == OnFirstScan::Silent;
        let alerts: Vec<NewAlert<'_>> = wanted.into_iter().filter(|_| !silent).map(alert).collect();
        let AlertCounts {
            created,
            grouped,
            skipped,
            ..
        } = tx.record_alerts(&alerts).await?;

        Ok(Rematched {
            matched: found.len() as u64,
            notified: created as u64,
            grouped: grouped as u64,
            skipped: skipped as u64,
            by_new_rules: by_new_rules.len() as u64,
            tallies: None,
        })
    }

    fn has_new_rules(&self, profile: &str) -> bool {
        let mut before = self.record.profiles.iter();
        before.any(|it| it.name == profile && it.matching_version != MATCHING_VERSION)
    }

    /// Records the profiles with the last batch, and that they are unfinished with the first one.
    async fn record_profiles(
        &self,
        tx: &mut ScanTransaction,
        jobs: &JobRange,
    ) -> Result<(), StoreError> {
        match (&jobs.after, &jobs.through) {
            (_, None) => tx.record_profiles(self.fingerprints).await,
            (None, Some(_)) => {
                let unfinished = unfinished(&self.record.profiles, self.fingerprints);
                tx.record_profiles(&unfinished).await
            }
            (Some(_), Some(_)) => Ok(()),
        }
    }
}

impl Rematched {
    fn add(&mut self, batch: Self) {
        self.matched += batch.matched;
        self.notified += batch.notified;
        self.grouped += batch.grouped;
        self.skipped += batch.skipped;
        self.by_new_rules += batch.by_new_rules;
        match (&mut self.tallies, batch.tallies) {
            (Some(total), Some(tallies)) => total.merge(&tallies),
            (None, tallies) => self.tallies = tallies,
            (Some(_), None) => {}
        }
    }
}

impl From<Rematched> for Counts {
    fn from(
        Rematched {
            matched,
            notified,
            grouped,
            skipped,
            ..
        }: Rematched,
    ) -> Self {
        Self {
            matched,
            notified,
            grouped,
            skipped,
            ..Self::default()
        }
    }
}

/// Returns the names of the profiles that are not in `others` with the same fingerprint.
fn names_only_in(profiles: &[ProfileRecord], others: &[ProfileRecord]) -> Vec<String> {
    let only_here = profiles.iter().filter(|profile| !others.contains(profile));
    only_here.map(|profile| profile.name.clone()).collect()
}

/// Returns the profiles of a source of which some jobs are matched with the profiles of `now`, the
/// others with those of `before`. All names are kept: the matches of an unfinished profile have to
/// be forgotten even if the operator removes it before the next run.
fn unfinished(before: &[ProfileRecord], now: &[ProfileRecord]) -> Vec<ProfileRecord> {
    let is_known = |profile: &&ProfileRecord| before.iter().any(|it| it.name == profile.name);
    let new = now.iter().filter(|profile| !is_known(profile));

    let all = before.iter().chain(new).cloned();
    all.map(|profile| {
        if before.contains(&profile) && now.contains(&profile) {
            return profile;
        }
        ProfileRecord {
            fingerprint: ProfileRecord::UNFINISHED,
            ..profile
        }
    })
    .collect()
}

fn stored(found: &FoundMatch) -> StoredMatch<'_> {
    StoredMatch {
        job: found.job,
        content_hash: found.content_hash,
        result: &found.result,
    }
}

fn alert(found: &FoundMatch) -> NewAlert<'_> {
    NewAlert {
        job: found.job,
        content_hash: found.content_hash,
        profile: &found.result.profile,
        kind: AlertKind::Rematched,
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
            content_hash: job.content_hash,
            matched_before: job.matched_profiles.contains(&result.profile),
            result,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, fingerprint: u8, matching_version: u32) -> ProfileRecord {
        ProfileRecord {
            name: name.to_owned(),
            fingerprint: [fingerprint; 32],
            matching_version,
        }
    }

    #[test]
    fn changed_new_and_removed_profiles_are_unfinished_and_others_are_not() {
        let before = [
            profile("changed", 1, 1),
            profile("removed", 1, 1),
            profile("same", 1, 2),
        ];
        let now = [
            profile("changed", 2, 2),
            profile("new", 1, 2),
            profile("same", 1, 2),
        ];
        assert_eq!(
            unfinished(&before, &now),
            [
                profile("changed", 0, 1),
                profile("removed", 0, 1),
                profile("same", 1, 2),
                profile("new", 0, 2)
            ]
        );
    }
}
