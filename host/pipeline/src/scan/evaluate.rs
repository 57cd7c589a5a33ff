//! The computation of a scan: normalizes raw jobs and matches them. Pure; it runs on a thread for
//! blocking work.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::{ExternalId, SourceKey};
use job_scanner_core::matching::{
    JobSource, MatchResult, MatchTimes, MatchedFields, ProfileTallies, QueryMatcher,
};
use job_scanner_core::normalize::{
    Change, JobNormalizer, JobPresence, KnownJobs, NormalizationResult, Normalized,
};
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::Counts;
use job_scanner_store::{AllDetails, DetailsRecord, DetailsState, KnownMatches};

use crate::report::{ScanFailure, StageReport};
use crate::scan::details::{Matching, Resolved};
use crate::scan::new_ids::NewIds;
use crate::scan::presence::{Presence, is_expired};

/// The number of rejected jobs that a scan names in warnings. The others are only counted.
const NAMED_REJECTIONS: usize = 5;

/// A normalized listing, before details are requested.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) normalized: Normalized,
    /// The presence of the known jobs.
    pub(crate) presence: Presence,
    /// The known jobs that are listed under a new id.
    pub(crate) new_ids: NewIds,
}

/// One job version that matches one profile.
#[derive(Debug)]
pub(crate) struct CandidateMatch {
    pub(crate) external_id: ExternalId,
    pub(crate) content_hash: ContentHash,
    pub(crate) change: Change,
    /// True if the job belongs to the baseline of the source and is matched for the first time.
    pub(crate) baseline: bool,
    /// True if the match is stored without an alert.
    pub(crate) silent: bool,
    pub(crate) result: MatchResult,
}

/// The results of evaluating one scan.
#[derive(Debug)]
pub(crate) struct Evaluated {
    /// The known jobs that are listed under a new id.
    pub(crate) new_ids: NewIds,
    /// The jobs to store.
    pub(crate) normalized: Normalized,
    /// All jobs of the listing, including those that are not stored again.
    pub(crate) listed: Vec<ExternalId>,
    /// The number of listed jobs that keep their stored version without an evaluation.
    pub(crate) kept: u64,
    pub(crate) matches: Vec<CandidateMatch>,
    pub(crate) presence: Presence,
    /// The new state of the details of deferred jobs.
    pub(crate) details: Vec<DetailsRecord>,
    /// The formerly deferred jobs whose text is now in the listing.
    pub(crate) complete_in_listing: Vec<ExternalId>,
    /// The effects of the terms of the profiles on the jobs. `None` if that was not to be counted.
    pub(crate) tallies: Option<ProfileTallies>,
}

impl Evaluated {
    /// Returns the counts of the jobs, with warnings that name the first rejected ones.
    pub(crate) fn report(&self) -> StageReport {
        let Normalized {
            results,
            rejected,
            warnings,
            ..
        } = &self.normalized;
        let of = |change| {
            let changed = results.iter().filter(|result| result.change == change);
            changed.count() as u64
        };
        let (new, updated) = (of(Change::New), of(Change::Updated));

        let named = rejected.iter().take(NAMED_REJECTIONS);
        let warnings = warnings.iter().cloned();
        StageReport {
            counts: Counts {
                normalized: self.listed.len() as u64,
                new,
                updated,
                upserted: new + updated,
                unchanged: of(Change::Unchanged) + of(Change::Relisted) + self.kept,
                rejected: rejected.len() as u64,
                matched: self.matches.len() as u64,
                ..Counts::default()
            },
            warnings: warnings.chain(named.map(ToString::to_string)).collect(),
        }
    }

    /// Returns the number of jobs that wait for their details.
    pub(crate) fn awaited(&self) -> u64 {
        self.details
            .iter()
            .filter(|record| record.state == DetailsState::Awaited)
            .count() as u64
    }
}

/// The stored data and the settings with which a listing is evaluated.
pub(crate) struct Evaluation {
    /// The stored jobs of the source.
    pub(crate) known: Arc<KnownJobs>,
    /// The stored details of deferred jobs.
    pub(crate) details: Arc<AllDetails>,
    /// True if the read config has changed, so that changes of jobs may be caused by the program.
    pub(crate) reprocessed: bool,
    /// The profiles that the stored versions of the jobs match.
    pub(crate) matched_before: KnownMatches,
    /// True if the source is scanned for the first time.
    pub(crate) baseline: bool,
    pub(crate) matcher: Arc<QueryMatcher>,
    /// Counts what the terms of the profiles do with each job that is matched; `None` to count
    /// nothing.
    pub(crate) tallies: Option<ProfileTallies>,
    pub(crate) source: SourceKey,
    /// Replaces the company if the board does not name it.
    pub(crate) source_name: String,
    pub(crate) now: Timestamp,
}

/// The history of a job that is about to be matched.
#[derive(Debug, Clone, Copy)]
struct Prior {
    /// True if the job was never matched.
    first: bool,
    /// True if the job belongs to the baseline of the source.
    baseline: bool,
    /// True if the job was read with another read config.
    reprocessed: bool,
}

/// Runs a computation on a thread for blocking work.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ScanFailure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| ScanFailure::new(FailureKind::Internal, panic.to_string()))
}

/// Normalizes a listing and determines which known jobs it lacks.
pub(crate) fn normalize(raw: Vec<RawJob>, known: &KnownJobs) -> Listed {
    let presence = Presence::of(&raw, known);
    Listed {
        normalized: JobNormalizer::new(known).normalize_all(raw),
        presence,
        new_ids: NewIds::default(),
    }
}

impl Listed {
    /// Returns true if known jobs may be listed under a new id: some jobs are new, and others are
    /// missing.
    pub(crate) fn may_have_new_ids(&self) -> bool {
        let mut results = self.normalized.results.iter();
        !self.presence.missing.is_empty() && results.any(|result| result.change == Change::New)
    }

    /// Takes the jobs that are listed under a new id for the stored ones. `known` has the new ids.
    pub(crate) fn rename(&mut self, new_ids: NewIds, known: &KnownJobs) {
        new_ids.compare_again(&mut self.normalized.results, known);
        self.presence.find_renamed(&new_ids, known);
        self.new_ids = new_ids;
    }
}

impl Evaluation {
    /// Matches the new and changed jobs. `resolved` are the deferred jobs, listed or not.
    pub(crate) fn evaluate(mut self, listed: Listed, mut resolved: Vec<Resolved>) -> Evaluated {
        let Listed {
            mut normalized,
            mut presence,
            new_ids,
        } = listed;
        let all = ids_of(&normalized.results);
        let raw_jobs = resolved
            .iter_mut()
            .filter_map(|job| job.raw.take())
            .collect();
        let deferred: HashMap<&ExternalId, &Resolved> =
            resolved.iter().map(|job| (&job.external_id, job)).collect();

        // The version of a deferred job comes from its details, not from the listing alone.
        normalized
            .results
            .retain(|result| !deferred.contains_key(&result.job.external_id));
        let mut matches = self.match_complete(&mut normalized.results);
        let complete_in_listing = self.formerly_deferred(&normalized.results);

        let mut completed = JobNormalizer::new(&self.known).normalize_all(raw_jobs);
        matches.extend(self.match_deferred(&mut completed.results, &deferred));
        normalized.results.append(&mut completed.results);
        normalized.warnings.append(&mut completed.warnings);

        // The closing date of a job may be in its details, so jobs are reopened only now.
        let expired = self.expired(&normalized.results, &deferred);
        presence.reopen(all.iter().map(|id| (id, expired.contains(id))), &self.known);
        let kept = all.len() as u64 - count_evaluated(&all, &normalized.results);
        let details = resolved.into_iter().filter_map(|job| job.record).collect();
        Evaluated {
            new_ids,
            listed: all,
            kept,
            matches,
            presence,
            details,
            complete_in_listing,
            normalized,
            tallies: self.tallies,
        }
    }

    /// Returns the jobs among `results` that were deferred in earlier scans.
    fn formerly_deferred(&self, results: &[NormalizationResult]) -> Vec<ExternalId> {
        let ids = results.iter().map(|result| &result.job.external_id);
        ids.filter(|id| self.details.contains_key(id))
            .cloned()
            .collect()
    }

    fn match_complete(&mut self, results: &mut [NormalizationResult]) -> Vec<CandidateMatch> {
        let mut matches = Vec::new();
        for result in results {
            // The job was deferred until now, and possibly never matched.
            let held = self
                .details
                .get(&result.job.external_id)
                .filter(|details| !details.matched);
            let prior = Prior {
                first: held.is_some(),
                baseline: self.baseline || held.is_some_and(|details| details.baseline),
                reprocessed: self.reprocessed,
            };
            matches.extend(self.candidates(result, prior));
        }
        matches
    }

    fn match_deferred(
        &mut self,
        results: &mut [NormalizationResult],
        deferred: &HashMap<&ExternalId, &Resolved>,
    ) -> Vec<CandidateMatch> {
        let mut matches = Vec::new();
        for result in results {
            let Some(job) = deferred.get(&result.job.external_id) else {
                continue;
            };
            let (first, baseline) = match job.matching {
                Matching::Held => continue,
                Matching::First { baseline } => (true, baseline),
                Matching::Again => (false, false),
            };
            let prior = Prior {
                first,
                baseline: self.baseline || baseline,
                reprocessed: self.reprocessed || job.reprocessed,
            };
            matches.extend(self.candidates(result, prior));
        }
        matches
    }

    /// Returns the new matches of a job. An expired job matches no profile; it is matched when it
    /// reopens.
    fn candidates(
        &mut self,
        result: &mut NormalizationResult,
        prior: Prior,
    ) -> Vec<CandidateMatch> {
        result.reprocessed |= prior.reprocessed;
        let (change, job, reprocessed) = (result.change, &result.job, result.reprocessed);
        let known = self.known.get(&job.external_id);
        let reopened = known.is_some_and(|known| known.presence == JobPresence::Closed);
        // A known version matches the same profiles as before, unless fields outside the content
        // hash changed, or the job was closed while the criteria changed.
        let is_known_version = !prior.first && !result.should_re_match();
        let is_unchanged = is_known_version && change == Change::Unchanged && !reopened;
        if is_unchanged || is_expired(job, self.now) {
            return Vec::new();
        }

        let profiles_before = self.matched_before.get(&job.external_id);
        let mut candidates = Vec::new();
        let source = JobSource {
            key: &self.source,
            name: &self.source_name,
        };
        let times = MatchTimes {
            first_seen_at: known.map_or(self.now, |known| known.first_seen_at),
            now: self.now,
        };
        let matched = MatchedFields::from(job).of(source, times);
        if let Some(tallies) = &mut self.tallies {
            tallies.add(&self.matcher, &matched);
        }
        for found in self.matcher.evaluate(&matched) {
            let matched_before =
                profiles_before.is_some_and(|profiles| profiles.contains(&found.profile));
            if is_known_version && matched_before {
                continue;
            }
            // The rules that read the workplace may find another one in the same words. A profile
            // such as `NOT workplace:hybrid` then matches without a change of the board.
            let is_of_our_making = matched_before
                || known.is_some_and(|known| job.differs_in_workplace_from(known.content_hash));
            candidates.push(CandidateMatch {
                external_id: job.external_id.clone(),
                content_hash: job.content_hash,
                change: if prior.first || change == Change::New {
                    Change::New
                } else {
                    Change::Updated
                },
                baseline: prior.baseline,
                silent: reprocessed && change == Change::Updated && is_of_our_making,
                result: found,
            });
        }

        // A match refers to its job by the id that storing the job returns. So a job with a new
        // match is stored even if it has not changed.
        if change == Change::Unchanged && (prior.first || !candidates.is_empty()) {
            result.change = Change::Relisted;
        }
        candidates
    }

    /// Returns the jobs whose own closing date has passed, although the board may list them.
    fn expired(
        &self,
        results: &[NormalizationResult],
        deferred: &HashMap<&ExternalId, &Resolved>,
    ) -> HashSet<ExternalId> {
        let ended = deferred
            .values()
            .filter(|job| job.expired)
            .map(|job| job.external_id.clone());
        let mut expired: HashSet<ExternalId> = ended.collect();
        for NormalizationResult { job, .. } in results {
            if is_expired(job, self.now) {
                expired.insert(job.external_id.clone());
            } else {
                expired.remove(&job.external_id);
            }
        }
        expired
    }
}

fn ids_of(results: &[NormalizationResult]) -> Vec<ExternalId> {
    let ids = results.iter().map(|result| &result.job.external_id);
    ids.cloned().collect()
}

/// Counts the listed jobs that have a result.
fn count_evaluated(listed: &[ExternalId], results: &[NormalizationResult]) -> u64 {
    let evaluated: HashSet<&ExternalId> = results
        .iter()
        .map(|result| &result.job.external_id)
        .collect();
    listed.iter().filter(|id| evaluated.contains(id)).count() as u64
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::Workplace;
    use job_scanner_core::matching::Profile;
    use job_scanner_core::normalize::KnownJob;
    use job_scanner_core::query::Query;

    use super::*;

    /// Evaluates a first listing of these jobs.
    fn evaluated(query: &str, jobs: Vec<RawJob>) -> Evaluated {
        evaluation(query).evaluate(normalize(jobs, &KnownJobs::new()), Vec::new())
    }

    fn evaluation(query: &str) -> Evaluation {
        let query = Query::parse(query).unwrap();
        let matcher = QueryMatcher::new(vec![Profile::new("default", query)]).unwrap();
        Evaluation {
            known: Arc::default(),
            details: Arc::default(),
            reprocessed: false,
            matched_before: KnownMatches::new(),
            baseline: true,
            matcher: Arc::new(matcher),
            tallies: None,
            source: "feed/acme".parse().unwrap(),
            source_name: "Acme".to_owned(),
            now: "2026-11-23T08:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn an_expired_job_matches_no_profile() {
        let ended = |id: &str, end: &str| RawJob {
            external_id: id.to_owned(),
            expires_at: Some(end.to_owned()),
            ..raw()
        };
        let evaluated = evaluated(
            "engineer",
            vec![ended("1", "2026-11-01"), ended("2", "2026-12-01")],
        );
        assert_eq!(
            evaluated
                .matches
                .iter()
                .map(|it| it.external_id.as_str())
                .collect::<Vec<_>>(),
            ["2"]
        );
    }

    /// Evaluates a listing of a job that is stored as `before` and matched the `profiles`.
    fn again(
        before: RawJob,
        presence: JobPresence,
        reprocessed: bool,
        profiles: &[&str],
        now: RawJob,
    ) -> Evaluated {
        let job = normalize(vec![before], &KnownJobs::new())
            .normalized
            .results
            .remove(0)
            .job;
        let listing_hash = Some(job.listing_hash());
        let known = KnownJob {
            content_hash: job.content_hash,
            listing_hash,
            presence,
            reprocessed,
            first_seen_at: "2026-11-20T08:00:00Z".parse().unwrap(),
        };
        let known = Arc::new(KnownJobs::from([(job.external_id.clone(), known)]));
        let evaluation = Evaluation {
            known: Arc::clone(&known),
            matched_before: KnownMatches::from([(
                job.external_id,
                profiles.iter().map(ToString::to_string).collect(),
            )]),
            baseline: false,
            ..evaluation("engineer")
        };
        evaluation.evaluate(normalize(vec![now], &known), Vec::new())
    }

    #[test]
    fn a_job_that_begins_to_match_without_a_new_version_is_found() {
        let expired = RawJob {
            expires_at: Some("2026-11-01".to_owned()),
            ..raw()
        };
        let sales = RawJob {
            title: "Lead".to_owned(),
            department: Some("Sales".to_owned()),
            ..raw()
        };
        let engineering = RawJob {
            department: Some("Engineer pool".to_owned()),
            ..sales.clone()
        };
        for (before, presence, now) in [
            // Its closing date was postponed.
            (expired, JobPresence::Closed, raw()),
            // It was closed when a profile began to match it.
            (raw(), JobPresence::Closed, raw()),
            (sales, JobPresence::Open, engineering),
        ] {
            let found = again(before.clone(), presence, false, &[], now.clone());
            assert_eq!(found.matches.len(), 1, "{now:?}");
            assert_eq!(found.matches[0].change, Change::Updated);
            assert!(
                found.normalized.results[0].should_upsert(),
                "the match needs its id"
            );
            let matched = again(before, presence, false, &["default"], now);
            assert!(
                matched.matches.is_empty(),
                "no second match of the same version"
            );
        }
        assert!(
            again(raw(), JobPresence::Open, false, &[], raw())
                .matches
                .is_empty(),
            "nothing changed"
        );
    }

    #[test]
    fn a_reprocessed_job_is_silent_for_profiles_that_it_matched_before() {
        let other = RawJob {
            title: "Engineer (all genders)".to_owned(),
            ..raw()
        };
        let silent = |reprocessed, profiles: &[&str]| {
            let evaluated = again(
                raw(),
                JobPresence::Closed,
                reprocessed,
                profiles,
                other.clone(),
            );
            evaluated.matches[0].silent
        };
        assert!(silent(true, &["default"]));
        assert!(
            !silent(true, &[]),
            "it matches a profile that it did not match before"
        );
        assert!(!silent(false, &["default"]));
    }

    #[test]
    fn a_reprocessed_job_with_another_workplace_only_is_silent_for_every_profile() {
        let hybrid = RawJob {
            workplace: Some(Workplace::Hybrid),
            ..raw()
        };
        let retitled = RawJob {
            title: "Principal Engineer".to_owned(),
            ..raw()
        };
        for (reprocessed, now, expected) in [
            (true, raw(), true),
            (false, raw(), false),
            (true, retitled, false),
        ] {
            let evaluated = again(
                hybrid.clone(),
                JobPresence::Open,
                reprocessed,
                &[],
                now.clone(),
            );
            assert_eq!(evaluated.matches[0].silent, expected, "{now:?}");
        }
    }

    fn matches(query: &str, job: RawJob) -> bool {
        let evaluated = evaluated(query, vec![job]);
        assert_eq!(evaluated.normalized.results.len(), 1);
        !evaluated.matches.is_empty()
    }

    fn raw() -> RawJob {
        RawJob {
            external_id: "1".to_owned(),
            title: "Engineer".to_owned(),
            url: "https://acme.example/1".to_owned(),
            ..RawJob::default()
        }
    }

    #[test]
    fn the_workplace_counts_as_a_location() {
        assert!(!matches("remote", raw()));
        assert!(matches(
            "remote",
            RawJob {
                workplace: Some(Workplace::Remote),
                ..raw()
            }
        ));
        assert!(matches(
            "on-site",
            RawJob {
                workplace: Some(Workplace::OnSite),
                ..raw()
            }
        ));
    }

    #[test]
    fn the_source_name_replaces_a_missing_company() {
        assert!(matches("acme", raw()));
        assert!(!matches(
            "acme",
            RawJob {
                company: Some("Globex".to_owned()),
                ..raw()
            }
        ));
    }
}
