//! The computing part of a scan: raw jobs to jobs, and jobs to matches. Pure, and on a thread of its own.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_core::job::{ContentHash, Job, Location, Workplace};
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::{JobText, KeywordMatcher, MatchResult};
use job_scanner_core::normalize::{Change, JobNormalizer, KnownJobs, NormalizationResult, Normalized};
use job_scanner_core::raw::RawJob;

use super::presence::{Presence, is_over, presence, unlisted};
use crate::store::KnownMatches;

/// One job version that fits one profile.
#[derive(Debug)]
pub(super) struct CandidateMatch {
    pub(super) external_id: ExternalId,
    pub(super) content_hash: ContentHash,
    pub(super) change: Change,
    /// It is kept and listed, and nobody is told.
    pub(super) silent: bool,
    pub(super) result: MatchResult,
}

/// What came of one listing.
#[derive(Debug)]
pub(super) struct Evaluated {
    pub(super) normalized: Normalized,
    pub(super) matches: Vec<CandidateMatch>,
    pub(super) presence: Presence,
}

/// What a listing is compared with, and who is asked about it.
pub(super) struct Evaluation {
    /// The jobs that we have of the source.
    pub(super) known: KnownJobs,
    /// What fitted whom before; set when the source is read in another way than last time, so that changes may be ours.
    pub(super) fitted_before: Option<KnownMatches>,
    pub(super) matcher: Arc<KeywordMatcher>,
    /// Stands in for the company where the board does not name it.
    pub(super) source_name: String,
    pub(super) now: Timestamp,
}

impl Evaluation {
    /// Normalizes a listing, matches what is new or changed in it, and finds out which of our jobs it lists.
    pub(super) fn evaluate(self, raw: Vec<RawJob>) -> Evaluated {
        let missing = unlisted(&raw, &self.known);
        let normalized = JobNormalizer::new(&self.known).normalize_all(raw);
        let changed = normalized.results.iter().filter(|result| result.should_re_match());
        let matches = changed.flat_map(|result| self.candidates(result)).collect();
        let presence = presence(&normalized.results, missing, &self.known, self.now);
        Evaluated { normalized, matches, presence }
    }

    fn candidates(&self, NormalizationResult { job, change }: &NormalizationResult) -> Vec<CandidateMatch> {
        let fits = self.matcher.evaluate(&text_of(job, &self.source_name)).into_iter();
        fits.map(|result| CandidateMatch {
            external_id: job.external_id.clone(),
            content_hash: job.content_hash,
            change: *change,
            silent: is_over(job, self.now) || self.is_our_change(job, *change, &result.profile),
            result,
        })
        .collect()
    }

    /// Whether a job that fits a profile as before changed when the way of reading it did.
    fn is_our_change(&self, job: &Job, change: Change, profile: &str) -> bool {
        let before = self.fitted_before.as_ref().and_then(|before| before.get(&job.external_id));
        change == Change::Updated && before.is_some_and(|profiles| profiles.iter().any(|it| it == profile))
    }
}

impl Evaluated {
    /// The jobs of the listing, by name.
    pub(super) fn listed(&self) -> Vec<ExternalId> {
        self.normalized.results.iter().map(|result| result.job.external_id.clone()).collect()
    }
}

/// What of a job is searched. `source_name` stands in for the company where the board does not name it.
pub fn text_of<'a>(job: &'a Job, source_name: &'a str) -> JobText<'a> {
    JobText {
        title: &job.title,
        company: Some(job.company.as_deref().unwrap_or(source_name)),
        department: job.department.as_deref(),
        locations: places(&job.locations, job.workplace),
        description: job.description.as_deref(),
    }
}

/// Somebody who looks for `remote` means the workplace as well, however the board says it.
pub(super) fn places(locations: &[Location], workplace: Option<Workplace>) -> Vec<&str> {
    let names = locations.iter().map(|location| location.name.as_str());
    names.chain(workplace.map(Workplace::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use job_scanner_core::matching::{Criteria, Profile};

    use super::*;

    #[test]
    fn a_job_that_is_over_is_told_to_nobody() {
        let matcher = KeywordMatcher::new(vec![Profile { name: "a".to_owned(), criteria: looking_for("engineer") }]);
        let evaluation = Evaluation {
            known: KnownJobs::new(),
            fitted_before: None,
            matcher: Arc::new(matcher.unwrap()),
            source_name: "Acme".to_owned(),
            now: "2026-11-23T08:00:00Z".parse().unwrap(),
        };
        let ended =
            |id: &str, end: &str| RawJob { external_id: id.to_owned(), expires_at: Some(end.to_owned()), ..raw() };
        let evaluated = evaluation.evaluate(vec![ended("1", "2026-11-01"), ended("2", "2026-12-01")]);
        assert_eq!(evaluated.matches.iter().map(|it| it.silent).collect::<Vec<_>>(), [true, false]);
    }

    fn fits(criteria: Criteria, job: RawJob) -> bool {
        let matcher = KeywordMatcher::new(vec![Profile { name: "default".to_owned(), criteria }]).unwrap();
        let evaluation = Evaluation {
            known: KnownJobs::new(),
            fitted_before: None,
            matcher: Arc::new(matcher),
            source_name: "Acme".to_owned(),
            now: Timestamp::UNIX_EPOCH,
        };
        let evaluated = evaluation.evaluate(vec![job]);
        assert_eq!(evaluated.normalized.results.len(), 1);
        !evaluated.matches.is_empty()
    }

    fn looking_for(term: &str) -> Criteria {
        Criteria { required_terms: vec![term.parse().unwrap()], ..Criteria::default() }
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
    fn the_workplace_counts_as_a_place() {
        assert!(!fits(looking_for("remote"), raw()));
        assert!(fits(looking_for("remote"), RawJob { workplace: Some(Workplace::Remote), ..raw() }));
        assert!(fits(looking_for("on-site"), RawJob { workplace: Some(Workplace::OnSite), ..raw() }));
    }

    #[test]
    fn the_name_of_the_source_stands_in_for_a_company_that_the_board_does_not_name() {
        assert!(fits(looking_for("acme"), raw()));
        assert!(!fits(looking_for("acme"), RawJob { company: Some("Globex".to_owned()), ..raw() }));
    }
}
