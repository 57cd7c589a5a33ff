//! Determines which known jobs are listed again or missing. Pure.

use std::collections::HashSet;

use jiff::Timestamp;
use job_scanner_core::job::Job;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{JobPresence, KnownJobs};
use job_scanner_core::raw::RawJob;
use job_scanner_store::NewId;

use crate::scan::new_ids::NewIds;

/// The known jobs that a listing shows again, and those that it lacks.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// The jobs that were missing or closed, and are listed again.
    pub(crate) relisted: Vec<ExternalId>,
    /// The number of jobs in `relisted` that were closed.
    pub(crate) reopened: u64,
    /// The jobs that are not closed and not listed. They count as missing only if the listing is
    /// complete.
    pub(crate) missing: Vec<ExternalId>,
}

impl Presence {
    /// Compares the known jobs that are not closed with a listing. A listed job that cannot be read
    /// counts as listed.
    pub(crate) fn of(raw: &[RawJob], known: &KnownJobs) -> Self {
        let listed: HashSet<&str> = raw.iter().map(|job| job.external_id.as_str()).collect();
        let mut presence = Self::default();
        for (id, job) in known {
            match (job.presence, listed.contains(id.as_str())) {
                (JobPresence::Missing, true) => presence.relisted.push(id.clone()),
                (JobPresence::Open | JobPresence::Missing, false) => {
                    presence.missing.push(id.clone());
                }
                (JobPresence::Open, true) | (JobPresence::Closed, _) => {}
            }
        }
        presence
    }

    /// Counts the known jobs that are listed under a new id as listed. `known` has the new ids.
    pub(crate) fn find_renamed(&mut self, new_ids: &NewIds, known: &KnownJobs) {
        let pairs = new_ids.pairs();
        let stored: HashSet<&ExternalId> = pairs.iter().map(|pair| &pair.stored).collect();
        self.missing.retain(|id| !stored.contains(id));

        for NewId { listed, .. } in pairs {
            if known
                .get(&listed)
                .is_some_and(|job| job.presence == JobPresence::Missing)
            {
                self.relisted.push(listed);
            }
        }
    }

    /// Reopens the closed jobs among those that are `listed`, except expired ones. The second value
    /// of each pair is true for an expired job.
    pub(crate) fn reopen<'j>(
        &mut self,
        listed: impl IntoIterator<Item = (&'j ExternalId, bool)>,
        known: &KnownJobs,
    ) {
        for (id, is_expired) in listed {
            // An expired job stays closed even if the board still lists it.
            if !is_expired
                && known
                    .get(id)
                    .is_some_and(|job| job.presence == JobPresence::Closed)
            {
                self.reopened += 1;
                self.relisted.push(id.clone());
            }
        }
    }
}

/// Returns true if the job's own closing date has passed.
pub(crate) fn is_expired(job: &Job, now: Timestamp) -> bool {
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

    fn known(jobs: &[(&str, JobPresence)]) -> KnownJobs {
        let nothing = KnownJobs::new();
        let known = jobs.iter().map(|(id, presence)| {
            let job = JobNormalizer::new(&nothing)
                .normalize_all(vec![raw(id, None)])
                .results
                .remove(0)
                .job;
            let listing_hash = Some(job.listing_hash());
            let content_hash = job.content_hash;
            (
                job.external_id,
                KnownJob {
                    content_hash,
                    listing_hash,
                    presence: *presence,
                    reprocessed: false,
                    first_seen_at: "2026-11-20T08:00:00Z".parse().unwrap(),
                },
            )
        });
        known.collect()
    }

    fn names(ids: &[ExternalId]) -> Vec<&str> {
        let mut names: Vec<&str> = ids.iter().map(ExternalId::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn only_open_jobs_that_are_not_listed_are_missing() {
        use JobPresence::{Closed, Missing, Open};
        let known = known(&[
            ("a", Open),
            ("b", Missing),
            ("c", Closed),
            ("d", Open),
            ("e", Missing),
        ]);
        let unreadable = |id| RawJob {
            title: String::new(),
            ..raw(id, None)
        };
        let presence = Presence::of(&[unreadable("d"), unreadable("e")], &known);
        assert_eq!(names(&presence.missing), ["a", "b"]);
        assert_eq!(names(&presence.relisted), ["e"]);
    }

    #[test]
    fn a_closed_job_that_is_listed_again_reopens_unless_it_has_expired() {
        let known = known(&[
            ("a", JobPresence::Open),
            ("b", JobPresence::Missing),
            ("c", JobPresence::Closed),
        ]);
        let ids = ["a", "b", "c", "new"].map(|id| ExternalId::new(id).unwrap());
        for (over, expected) in [(false, vec!["b", "c"]), (true, vec!["b"])] {
            let mut presence =
                Presence::of(&ids.each_ref().map(|id| raw(id.as_str(), None)), &known);
            presence.reopen(ids.iter().map(|id| (id, over)), &known);
            assert_eq!(
                (names(&presence.relisted), presence.reopened),
                (expected, u64::from(!over))
            );
        }
    }
}
