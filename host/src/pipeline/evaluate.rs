//! The computing part of a scan: raw jobs to jobs, and jobs to matches. Pure, and on a thread of its own.

use job_scanner_core::job::{ContentHash, Job, Workplace};
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::{JobText, KeywordMatcher, MatchResult};
use job_scanner_core::normalize::{Change, JobNormalizer, KnownJobs, NormalizationResult, Normalized};
use job_scanner_core::raw::RawJob;

/// One job version that fits one profile.
#[derive(Debug)]
pub(super) struct CandidateMatch {
    pub(super) external_id: ExternalId,
    pub(super) content_hash: ContentHash,
    pub(super) change: Change,
    pub(super) result: MatchResult,
}

/// What came of one listing.
#[derive(Debug)]
pub(super) struct Evaluated {
    pub(super) normalized: Normalized,
    pub(super) matches: Vec<CandidateMatch>,
}

/// Normalizes a listing and matches what is new or changed in it. `source_name` stands in for the company where the
/// board does not name it.
pub(super) fn evaluate(raw: Vec<RawJob>, known: &KnownJobs, matcher: &KeywordMatcher, source_name: &str) -> Evaluated {
    let normalized = JobNormalizer::new(known).normalize_all(raw);
    let changed = normalized.results.iter().filter(|result| result.should_re_match());
    let candidates = changed.flat_map(|NormalizationResult { job, change }| {
        let fits = matcher.evaluate(&text_of(job, source_name)).into_iter();
        fits.map(|result| CandidateMatch {
            external_id: job.external_id.clone(),
            content_hash: job.content_hash,
            change: *change,
            result,
        })
    });
    Evaluated { matches: candidates.collect(), normalized }
}

/// What of a job is searched. `source_name` stands in for the company where the board does not name it. Somebody who
/// looks for `remote` means the workplace as well, however the board says it.
pub fn text_of<'a>(job: &'a Job, source_name: &'a str) -> JobText<'a> {
    let places = job.locations.iter().map(|location| location.name.as_str());
    JobText {
        title: &job.title,
        company: Some(job.company.as_deref().unwrap_or(source_name)),
        department: job.department.as_deref(),
        locations: places.chain(job.workplace.map(Workplace::as_str)).collect(),
        description: job.description.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::matching::{Criteria, Profile};

    use super::*;

    fn fits(criteria: Criteria, job: RawJob) -> bool {
        let matcher = KeywordMatcher::new(vec![Profile { name: "default".to_owned(), criteria }]).unwrap();
        let evaluated = evaluate(vec![job], &KnownJobs::new(), &matcher, "Acme");
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
