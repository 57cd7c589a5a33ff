//! Alerts about one job belong together: a job that fits several profiles is told once, with all
//! the reasons.

use std::collections::BTreeMap;

use job_scanner_core::key::JobKey;
use job_scanner_store::{JobId, PendingAlert, UnsentAlert};

/// The alerts about one job; at least one.
pub(crate) type JobAlerts<'a, A> = Vec<&'a A>;

/// An alert, as far as this file needs to know one.
pub(crate) trait JobAlert {
    /// The key that tells one job from another.
    type Key: Ord;

    /// Returns the job that the alert is about.
    fn job_key(&self) -> &Self::Key;
}

impl JobAlert for PendingAlert {
    type Key = JobKey;

    fn job_key(&self) -> &JobKey {
        &self.job.key
    }
}

impl JobAlert for UnsentAlert {
    type Key = JobId;

    fn job_key(&self) -> &JobId {
        &self.job
    }
}

/// Groups alerts by job, in the order in which the jobs came.
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
