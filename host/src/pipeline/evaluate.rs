//! The computing part of a scan: raw jobs to jobs, and jobs to matches. Pure, and on a thread of its own.

use job_scanner_core::job::{ContentHash, Job};
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::{JobText, KeywordMatcher, MatchResult};
use job_scanner_core::normalize::{Change, JobNormalizer, KnownJobs, Normalized};
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
    let candidates = normalized.results.iter().filter(|result| result.should_re_match());
    let matches = candidates
        .flat_map(|candidate| {
            let job = &candidate.job;
            matcher.evaluate(&text_of(job, source_name)).into_iter().map(|result| CandidateMatch {
                external_id: job.external_id.clone(),
                content_hash: job.content_hash,
                change: candidate.change,
                result,
            })
        })
        .collect();
    Evaluated { normalized, matches }
}

fn text_of<'a>(job: &'a Job, source_name: &'a str) -> JobText<'a> {
    JobText {
        title: &job.title,
        company: Some(job.company.as_deref().unwrap_or(source_name)),
        department: job.department.as_deref(),
        locations: job.locations.iter().map(|location| location.name.as_str()).collect(),
        description: job.description.as_deref(),
    }
}
