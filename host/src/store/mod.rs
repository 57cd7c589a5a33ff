//! What we remember between runs, and every SQL statement there is.
//!
//! [`Store`] is one database file: one connection that writes, a few that read. Nothing else in the
//! program knows SQL or sees an error of the driver. Each file below owns one table or one
//! aggregate; the schema is in `migrations/`.
//!
//! A scan writes through one [`ScanTransaction`]: jobs, their versions, matches and alerts become
//! visible together, or not at all. [`Store::alerts_without_delivery`] and
//! [`Store::record_deliveries`] turn alerts into deliveries, and [`Store::claim_next_delivery`] and
//! [`Store::finish_attempt`] bring those to an end. The time is always an argument, so that all
//! rows of a run carry the same one and tests need no clock.
//!
//! Not here: what a job's version is ([`job_scanner_core::normalize`]), what fits
//! ([`job_scanner_core::matching`]), who hears about it and how (`notify`), and in which order
//! things happen (`pipeline`).

mod alerts;
mod attempts;
mod baselines;
mod claims;
mod columns;
mod database;
mod deliveries;
mod details;
mod error;
mod file;
mod health;
mod history;
mod ids;
mod jobs;
mod listing;
mod losses;
mod matches;
mod memory;
mod notices;
mod past;
mod presence;
mod profiles;
mod retention;
mod retirement;
mod run_lock;
mod runs;
mod scan;
mod sources;
#[cfg(test)]
pub(crate) mod test_support;
mod upkeep;

pub use alerts::{AlertCounts, AlertKind, AlertedJob, NewAlert, PendingAlert, UnsentAlert};
pub use attempts::{AttemptOutcome, SecondHalf};
pub use baselines::BaselineCounts;
pub use claims::{ClaimedDelivery, ClaimedPart};
pub use database::Store;
pub use deliveries::{DeliveryKind, NewDelivery, Part};
pub use details::{
    AllDetails, DetailsRecord, DetailsState, DueDetails, KnownDetails, LONGEST_TERM,
};
pub use error::{DriverError, StoreError};
pub use health::{Doubt, SourceError, SourceHealth};
pub use ids::{AlertId, DeliveryId, JobId, NoticeId, RunId, SourceId};
pub use listing::{JobFilter, ListedJob, ListedMatch};
pub use matches::{KnownMatches, StoredMatch};
pub use memory::{ScanMemory, ScannedUnder};
pub use notices::{HealthNotice, NoticeKind};
pub use past::{AlertDelivery, PastAlert, PastDelivery, PastRun};
pub use presence::{Settled, Sighting, Withheld};
pub use profiles::{MatchedSource, OpenJob, ProfileRecord};
pub use retention::{Forgotten, Retention};
pub use run_lock::{RunLock, RunLockHolder};
pub use runs::{RunSourceRecord, RunSummary};
pub use scan::{ScanOutcomeRecord, ScanTransaction};
pub use sources::{ScanFailureRecord, SourceRecord};
pub use upkeep::SchemaState;
