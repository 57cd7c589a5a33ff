//! Alerts about one job belong together: a job that fits several profiles is told once, with all
//! the reasons.

use std::collections::BTreeMap;

use job_scanner_core::key::JobKey;
use job_scanner_store::{JobId, PendingAlert, UnsentAlert};

/// The alerts about one job; at least one.
pub(crate) type AlertsOfJob<'a, A> = Vec<&'a A>;

/// An alert, as far as this file needs to know one.
pub(crate) trait AboutJob {
    /// The key that tells one job from another.
    type Job: Ord;

    /// Returns the job that the alert is about.
    fn job(&self) -> &Self::Job;
}

impl AboutJob for PendingAlert {
    type Job = JobKey;

    fn job(&self) -> &JobKey {
        &self.job.key
    }
}

impl AboutJob for UnsentAlert {
    type Job = JobId;

    fn job(&self) -> &JobId {
        &self.job
    }
}

/// Groups alerts by job, in the order in which the jobs came.
pub(crate) fn by_job<'a, A: AboutJob>(
    alerts: impl IntoIterator<Item = &'a A>,
) -> Vec<AlertsOfJob<'a, A>> {
    let mut jobs: Vec<AlertsOfJob<'a, A>> = Vec::new();
    let mut places: BTreeMap<&A::Job, usize> = BTreeMap::new();

    for alert in alerts {
        let place = *places.entry(alert.job()).or_insert(jobs.len());
        if place == jobs.len() {
            jobs.push(Vec::new());
        }
        jobs[place].push(alert);
    }
    jobs
}
