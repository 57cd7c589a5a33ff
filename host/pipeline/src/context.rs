//! The collaborators of a run, what is asked of it, and the stamp that all its rows carry.
//!
//! Everything here is built once, at start-up or at the beginning of a run, and handed to the
//! stages. Not here: what the stages do with it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::Profile;
use job_scanner_core::run::Trigger;
use job_scanner_notify::{NotificationService, NotifySettings};
use job_scanner_store::{ProfileRecord, RunId, Store};

use crate::scan::failed_exchanges::FailedExchanges;
use crate::scanner::Scanner;

/// The shortest time that a run has for its scans, however short the interval.
const SHORTEST_DEADLINE: Duration = Duration::from_mins(15);

/// Everything a run works with, built once at start-up.
pub struct ScanContext {
    /// What looks at boards.
    pub scanner: Scanner,
    /// Where the exchanges of failed scans are kept, if they are.
    pub failed_exchanges: Option<FailedExchanges>,
    /// What is kept.
    pub store: Store,
    /// Raised when the same raw job comes out differently than before; sources are then read again
    /// without a flood.
    pub normalization_version: u32,
    /// Who hears about matches.
    pub notify: NotifySettings,
    /// How they hear.
    pub notifier: NotificationService,
    /// How long a run scans. What it did not reach by then stays due, what is under way is cut.
    pub deadline: Duration,
}

/// The reason for a run, and its sources.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The reason.
    pub trigger: Trigger,
    /// Only these sources; `None` takes all.
    pub only: Option<Vec<SourceKey>>,
}

/// The run that a scan is part of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunStamp {
    pub(crate) id: RunId,
    pub(crate) started_at: Timestamp,
    /// The time by which ages and dates are judged: [`Store::trusted_time`].
    pub(crate) judged_at: Timestamp,
    /// The scans that are under way then are cut.
    pub(crate) ends: Instant,
}

/// Returns how long a run may scan where sources are scanned every `interval`.
pub fn deadline_for(interval: Duration) -> Duration {
    interval.saturating_mul(2).max(SHORTEST_DEADLINE)
}

/// Returns the fingerprint of each profile, in the order in which the store tells them.
pub(crate) fn profile_fingerprints(profiles: &[Profile]) -> Vec<ProfileRecord> {
    let record = |profile: &Profile| ProfileRecord {
        name: profile.name.clone(),
        fingerprint: profile.fingerprint(),
    };
    let mut fingerprints: Vec<_> = profiles.iter().map(record).collect();
    fingerprints.sort_by(|one, other| one.name.cmp(&other.name));
    fingerprints
}
