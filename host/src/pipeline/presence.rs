//! Which of the jobs we know are in a listing, back in it, or missing from it. Pure.

use std::collections::HashSet;

use jiff::Timestamp;
use job_scanner_core::job::Job;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{KnownJobs, Standing};
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

/// What became of the jobs we knew. `listed` says of each listed job whether it is over all the same, `missing` is what
/// [`unlisted`] found.
pub(super) fn presence<'j>(
    listed: impl IntoIterator<Item = (&'j ExternalId, bool)>,
    missing: Vec<ExternalId>,
    known: &KnownJobs,
) -> Presence {
    let mut presence = Presence { missing, ..Presence::default() };
    for (id, is_over) in listed {
        match known.get(id).map(|known| known.standing) {
            // Closed for good, though the board still shows it.
            Some(Standing::Closed) if is_over => {}
            Some(Standing::Closed) => {
                presence.reopened += 1;
                presence.back.push(id.clone());
            }
            Some(Standing::Missing) => presence.back.push(id.clone()),
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
        let ids = ["a", "b", "c", "new"].map(|id| ExternalId::new(id).unwrap());
        let presence = |over| presence(ids.iter().map(|id| (id, over)), Vec::new(), &known);
        let there = presence(false);
        assert_eq!((names(&there.back), there.reopened), (vec!["b", "c"], 1));
        let over = presence(true);
        assert_eq!((names(&over.back), over.reopened), (vec!["b"], 0));
    }
}
