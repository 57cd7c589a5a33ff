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
