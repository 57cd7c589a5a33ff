//! The vocabulary of runs and scans: the triggers of a run, the outcomes of a scan, and the counts.
//!
//! Not here: the report of a run (`job-scanner-pipeline`), and the kinds of failure
//! ([`crate::failure`]).

use std::ops::AddAssign;

use serde::Serialize;

use crate::words;

words! {
    /// The trigger of a run.
    pub enum Trigger: "a trigger of a run" {
        /// The operator started it.
        Manual = "manual",
        /// Sources were due.
        Schedule = "schedule",
    }
}

words! {
    /// The outcome of the scan of one source.
    pub enum ScanOutcome: "the outcome of a scan" {
        /// All open jobs were read.
        Complete = "complete",
        /// Nothing changed since the last complete scan.
        NotModified = "not-modified",
        /// The board shows only some of its jobs.
        Window = "window",
        /// The scan stopped at `max_jobs`.
        Truncated = "truncated",
        /// The scan was cut short. The jobs that were read count; the other jobs do not count as
        /// missing.
        Partial = "partial",
        /// Another process scanned the source in the meantime. This scan was discarded.
        Superseded = "superseded",
        /// No jobs were read.
        Failed = "failed",
        /// The source is disabled, so no request was sent.
        Disabled = "disabled",
        /// The source is paused, so no request was sent.
        Paused = "paused",
    }
}

impl ScanOutcome {
    /// Returns true if a scan began. The sources of the other outcomes were left out.
    pub fn is_of_scan(self) -> bool {
        !matches!(self, Self::Disabled | Self::Paused)
    }

    /// Returns true if the outcome needs the operator's attention.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

/// The counts of one source or of a whole run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The raw jobs that the adapter returned.
    pub fetched: u64,
    /// Fetched − rejected − repeated.
    pub normalized: u64,
    /// Jobs that were never seen before.
    pub new: u64,
    /// Jobs that were stored in another version.
    pub updated: u64,
    /// New + updated.
    pub upserted: u64,
    /// Jobs in the stored version.
    pub unchanged: u64,
    /// Jobs that were removed from the board, or are past their end.
    pub closed: u64,
    /// Closed jobs that the board lists again.
    pub reopened: u64,
    /// Raw jobs that could not be converted to a job.
    pub rejected: u64,
    /// Jobs whose details were fetched.
    pub details: u64,
    /// Jobs whose details could not be fetched.
    pub details_failed: u64,
    /// Jobs that wait for their details after the scan.
    pub details_due: u64,
    /// Job versions that match a profile.
    pub matched: u64,
    /// Alerts created.
    pub notified: u64,
    /// Matches that were stored without an alert.
    pub skipped: u64,
    /// Matches of vacancies that were alerted before, for another place or source.
    pub grouped: u64,
    /// Matches that were decided earlier.
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
        self.grouped += other.grouped;
        self.duplicate += other.duplicate;
        self.failed += other.failed;
        self.alerts_sent += other.alerts_sent;
        self.errors += other.errors;
    }
}
