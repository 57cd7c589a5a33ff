//! Which of the jobs we know are in a listing, back in it, or missing from it. Pure.

use std::collections::HashSet;

use jiff::Timestamp;
use job_scanner_core::job::Job;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{KnownJobs, NormalizationResult, Standing};
use job_scanner_core::raw::RawJob;

/// What a listing says about the jobs we knew before it.
#[derive(Debug, Default)]
pub(super) struct Presence {
    /// Were missing or closed, and are listed again.
    pub(super) back: Vec<ExternalId>,
    /// How many of `back` were closed.
    pub(super) reopened: u64,
    /// Are not closed and not listed. They are missing only when the listing is whole.
    pub(super) missing: Vec<ExternalId>,
}

/// The jobs we know that `raw` does not list. One that is listed but cannot be read is there all the same.
pub(super) fn unlisted(raw: &[RawJob], known: &KnownJobs) -> Vec<ExternalId> {
    let listed: HashSet<&str> = raw.iter().map(|job| job.external_id.as_str()).collect();
    let open = known.iter().filter(|(_, job)| job.standing != Standing::Closed).map(|(id, _)| id);
    open.filter(|id| !listed.contains(id.as_str())).cloned().collect()
}

/// What became of the jobs we knew. `missing` is what [`unlisted`] found.
pub(super) fn presence(
    results: &[NormalizationResult],
    missing: Vec<ExternalId>,
    known: &KnownJobs,
    now: Timestamp,
) -> Presence {
    let mut presence = Presence { missing, ..Presence::default() };
    for NormalizationResult { job, .. } in results {
        match known.get(&job.external_id).map(|known| known.standing) {
            // Closed for good, though the board still shows it.
            Some(Standing::Closed) if is_over(job, now) => {}
            Some(Standing::Closed) => {
                presence.reopened += 1;
                presence.back.push(job.external_id.clone());
            }
            Some(Standing::Missing) => presence.back.push(job.external_id.clone()),
            Some(Standing::Open) | None => {}
        }
    }
    presence
}

/// Whether the board itself says that nobody can apply any more.
pub(super) fn is_over(job: &Job, now: Timestamp) -> bool {
    job.expires_at.is_some_and(|end| end.is_over(now))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::{JobNormalizer, KnownJob};

    use super::*;

    fn raw(id: &str, expires_at: Option<&str>) -> RawJob {
        RawJob {
            external_id: id.to_owned(),
            title: "Engineer".to_owned(),
            url: format!("https://acme.example/jobs/{id}"),
            expires_at: expires_at.map(str::to_owned),
            ..RawJob::default()
        }
    }

    fn known(jobs: &[(&str, Standing)]) -> KnownJobs {
        let nothing = KnownJobs::new();
        let known = jobs.iter().map(|(id, standing)| {
            let job = JobNormalizer::new(&nothing).normalize_all(vec![raw(id, None)]).results.remove(0).job;
            let listing_hash = Some(job.listing_hash());
            (job.external_id, KnownJob { content_hash: job.content_hash, listing_hash, standing: *standing })
        });
        known.collect()
    }

    fn names(ids: &[ExternalId]) -> Vec<&str> {
        let mut names: Vec<&str> = ids.iter().map(ExternalId::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn only_open_jobs_that_are_not_listed_at_all_are_missing() {
        let known =
            known(&[("a", Standing::Open), ("b", Standing::Missing), ("c", Standing::Closed), ("d", Standing::Open)]);
        let unreadable = RawJob { title: String::new(), ..raw("d", None) };
        assert_eq!(names(&unlisted(&[unreadable], &known)), ["a", "b"]);
    }

    #[test]
    fn what_is_listed_again_is_back_unless_it_is_over() {
        let known = known(&[("a", Standing::Open), ("b", Standing::Missing), ("c", Standing::Closed)]);
        let listed = |expires_at| {
            let raws = ["a", "b", "c", "new"].map(|id| raw(id, expires_at)).to_vec();
            JobNormalizer::new(&known).normalize_all(raws).results
        };
        let now = "2026-11-23T08:00:00Z".parse().unwrap();
        let there = presence(&listed(None), Vec::new(), &known, now);
        assert_eq!((names(&there.back), there.reopened), (vec!["b", "c"], 1));
        let over = presence(&listed(Some("2026-11-01")), Vec::new(), &known, now);
        assert_eq!((names(&over.back), over.reopened), (vec!["b"], 0));
    }
}
