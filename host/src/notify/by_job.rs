//! Alerts about one job belong together: a job that fits several profiles is told once, with all the reasons.

use std::collections::BTreeMap;

use job_scanner_core::key::JobKey;

use crate::store::{PendingAlert, UnsentAlert};

/// The alerts about one job; at least one.
pub(super) type AlertsOfJob<'a, A> = Vec<&'a A>;

/// What is about a job.
pub(super) trait AboutJob {
    /// Which one.
    fn job(&self) -> &JobKey;
}

impl AboutJob for PendingAlert {
    fn job(&self) -> &JobKey {
        &self.job.key
    }
}

impl AboutJob for UnsentAlert {
    fn job(&self) -> &JobKey {
        &self.job
    }
}

/// Groups alerts by job, in the order in which the jobs came.
pub(super) fn by_job<'a, A: AboutJob>(alerts: impl IntoIterator<Item = &'a A>) -> Vec<AlertsOfJob<'a, A>> {
    let mut jobs: Vec<AlertsOfJob<'a, A>> = Vec::new();
    let mut places: BTreeMap<&JobKey, usize> = BTreeMap::new();
    for alert in alerts {
        let place = *places.entry(alert.job()).or_insert(jobs.len());
        if place == jobs.len() {
            jobs.push(Vec::new());
        }
        jobs[place].push(alert);
    }
    jobs
}
