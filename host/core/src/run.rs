//! The vocabulary of runs and scans: what starts a run, how the scan of a source ends, and what is
//! counted.
//!
//! Not here: the report of a run (`job-scanner-pipeline`), and why a scan failed
//! ([`crate::failure`]).

use std::ops::AddAssign;

use serde::Serialize;

use crate::words;

words! {
    /// The reason why a run happens.
    pub enum Trigger: "a trigger of a run" {
        /// The operator asked for it.
        Manual = "manual",
        /// Sources are due.
        Schedule = "schedule",
    }
}

words! {
    /// The way in which the scan of one source ended.
    pub enum ScanOutcome: "the outcome of a scan" {
        /// All open jobs were read.
        Complete = "complete",
        /// Nothing changed since the last complete scan.
        NotModified = "not-modified",
        /// The board shows only some of its jobs.
        Window = "window",
        /// Stopped at `max_jobs`.
        Truncated = "truncated",
        /// Cut short; what was read counts, what was not is not missing.
        Partial = "partial",
        /// Another process scanned the source meanwhile; this scan was discarded.
        Superseded = "superseded",
        /// Nothing was read.
        Failed = "failed",
        /// Not asked for.
        Disabled = "disabled",
    }
}

impl ScanOutcome {
    /// Returns true if a person should look.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

/// The counts of one source or of a whole run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Raw jobs that the adapter returned.
    pub fetched: u64,
    /// Fetched − rejected − repeated.
    pub normalized: u64,
    /// Never seen before.
    pub new: u64,
    /// Seen before in another version.
    pub updated: u64,
    /// New + updated.
    pub upserted: u64,
    /// In the version we have.
    pub unchanged: u64,
    /// Gone from the board, or past their end.
    pub closed: u64,
    /// Closed before, and listed again.
    pub reopened: u64,
    /// Could not be made a job of.
    pub rejected: u64,
    /// Jobs that were asked for one by one, and whose details came.
    pub details: u64,
    /// Jobs that were asked for in vain.
    pub details_failed: u64,
    /// Jobs that wait for their details after the scan.
    pub details_due: u64,
    /// Job versions that fit a profile.
    pub matched: u64,
    /// Alerts created.
    pub notified: u64,
    /// Matches that were stored silently.
    pub skipped: u64,
    /// Matches that had been decided before.
    pub duplicate: u64,
    /// Alerts whose delivery failed in this run.
    pub failed: u64,
    /// Alerts whose delivery was sent in this run.
    pub alerts_sent: u64,
    /// Scans that failed or were cut short.
    pub errors: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.fetched += other.fetched;
        self.normalized += other.normalized;
        self.new += other.new;
        self.updated += other.updated;
        self.upserted += other.upserted;
        self.unchanged += other.unchanged;
        self.closed += other.closed;
        self.reopened += other.reopened;
        self.rejected += other.rejected;
        self.details += other.details;
        self.details_failed += other.details_failed;
        self.details_due += other.details_due;
        self.matched += other.matched;
        self.notified += other.notified;
        self.skipped += other.skipped;
        self.duplicate += other.duplicate;
        self.failed += other.failed;
        self.alerts_sent += other.alerts_sent;
        self.errors += other.errors;
    }
}
