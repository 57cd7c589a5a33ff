//! The context of a run, the request for it, and the stamp of its rows.
//!
//! Everything here is created once, at start-up or at the beginning of a run, and passed to the
//! stages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{MATCHING_VERSION, Profile};
use job_scanner_core::run::Trigger;
use job_scanner_notify::{NotificationService, NotifySettings};
use job_scanner_store::{ProfileRecord, RunId, Store};

use crate::meter::Meter;
use crate::scan::failed_exchanges::FailedExchanges;
use crate::scanner::Scanner;

/// The minimum deadline of a run, however short the scan interval is.
const SHORTEST_DEADLINE: Duration = Duration::from_mins(15);

/// The dependencies of a run, created once at start-up.
pub struct ScanContext {
    pub scanner: Scanner,
    /// The folder for the exchanges of failed scans; `None` if they are not kept.
    pub failed_exchanges: Option<FailedExchanges>,
    pub store: Store,
    /// The version of the normalization. It is increased when the same raw job is normalized
    /// differently. Sources are then reprocessed without a flood of alerts.
    pub normalization_version: u32,
    /// True if runs count what the terms of the profiles do with the jobs of first scans
    /// ([`PipelineRunResult::first_jobs`](crate::PipelineRunResult::first_jobs)). These jobs are
    /// then matched twice, so it is false unless the counts are shown.
    pub counts_terms: bool,
    pub notify: NotifySettings,
    pub notifier: NotificationService,
    /// The time limit for the scans of a run. Scans in progress are cut off then, and sources that
    /// were not reached stay due.
    pub deadline: Duration,
    /// The counts for the metrics; `None` counts nothing.
    pub meter: Option<Arc<Meter>>,
}

impl ScanContext {
    /// Counts runs, scans and requests from now on.
    #[must_use]
    pub fn metered(mut self, meter: &Arc<Meter>) -> Self {
        let requests = Arc::clone(&meter.requests);
        self.scanner.clients = self.scanner.clients.metered(requests);
        self.meter = Some(Arc::clone(meter));
        self
    }
}

/// A request for a run.
#[derive(Debug, Clone)]
pub struct RunRequest {
    pub trigger: Trigger,
    /// The sources to scan; `None` for all.
    pub only: Option<Vec<SourceKey>>,
}

/// The run that a scan belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunStamp {
    pub(crate) id: RunId,
    pub(crate) started_at: Timestamp,
    /// The time with which ages and dates are computed: [`Store::trusted_time`].
    pub(crate) judged_at: Timestamp,
    /// The time at which scans in progress are cut off.
    pub(crate) ends: Instant,
}

/// Returns the deadline of a run if sources are scanned every `interval`.
pub fn deadline_for(interval: Duration) -> Duration {
    interval.saturating_mul(2).max(SHORTEST_DEADLINE)
}

/// Returns the fingerprint of each profile, in the order that the store uses.
pub(crate) fn profile_fingerprints(profiles: &[Profile]) -> Vec<ProfileRecord> {
    let record = |profile: &Profile| ProfileRecord {
        name: profile.name.clone(),
        fingerprint: profile.fingerprint(),
        matching_version: MATCHING_VERSION,
    };
    let mut fingerprints: Vec<_> = profiles.iter().map(record).collect();
    fingerprints.sort_by(|one, other| one.name.cmp(&other.name));
    fingerprints
}
