//! Groups alerts by job: a job that matches several profiles is listed once, with all reasons.

use std::collections::BTreeMap;

use job_scanner_core::key::JobKey;
use job_scanner_store::{JobId, PendingAlert, WaitingAlert};

/// The alerts about one job. Never empty.
pub(crate) type JobAlerts<'a, A> = Vec<&'a A>;

/// An alert that can be grouped by its job.
pub(crate) trait JobAlert {
    /// The key that identifies the job.
    type Key: Ord;

    /// Returns the key of the job that the alert is about.
    fn job_key(&self) -> &Self::Key;
}

impl JobAlert for PendingAlert {
    type Key = JobKey;

    fn job_key(&self) -> &JobKey {
        &self.job.key
    }
}

impl JobAlert for WaitingAlert {
    type Key = JobId;

    fn job_key(&self) -> &JobId {
        &self.alert.job
    }
}

/// Groups alerts by job, in the order in which each job first appears.
pub(crate) fn by_job<'a, A: JobAlert>(
    alerts: impl IntoIterator<Item = &'a A>,
) -> Vec<JobAlerts<'a, A>> {
    let mut jobs: Vec<JobAlerts<'a, A>> = Vec::new();
    let mut places: BTreeMap<&A::Key, usize> = BTreeMap::new();

    for alert in alerts {
        let place = *places.entry(alert.job_key()).or_insert(jobs.len());
        if place == jobs.len() {
            jobs.push(Vec::new());
        }
        jobs[place].push(alert);
    }
    jobs
}
