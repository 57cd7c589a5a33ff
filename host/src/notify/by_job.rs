//! Alerts about one job belong together: a job that fits several profiles is told once, with all the reasons.

use std::collections::BTreeMap;

use job_scanner_core::key::JobKey;

use crate::store::PendingAlert;

/// The alerts about one job; at least one.
pub(super) type AlertsOfJob<'a> = Vec<&'a PendingAlert>;

/// Groups alerts by job, in the order in which the jobs came.
pub(super) fn by_job<'a>(alerts: impl IntoIterator<Item = &'a PendingAlert>) -> Vec<AlertsOfJob<'a>> {
    let mut jobs: Vec<AlertsOfJob<'a>> = Vec::new();
    let mut places: BTreeMap<&JobKey, usize> = BTreeMap::new();
    for alert in alerts {
        let place = *places.entry(&alert.job.key).or_insert(jobs.len());
        if place == jobs.len() {
            jobs.push(Vec::new());
        }
        jobs[place].push(alert);
    }
    jobs
}
