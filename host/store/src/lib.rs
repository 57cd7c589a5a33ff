//! The state that the program keeps between runs, and all of its SQL statements.
//!
//! [`Store`] is one database file, with one connection for writing and a few for reading. No other
//! crate contains SQL or sees an error type of the driver. Each file below owns one table or one
//! aggregate. The schema is in `migrations/`.
//!
//! A scan writes through one [`ScanTransaction`]: jobs, their versions, matches and alerts become
//! visible together or not at all. [`Store::alerts_without_delivery`] and
//! [`Store::record_deliveries`] turn alerts into deliveries. [`Store::claim_next_delivery`] and
//! [`Store::finish_attempt`] process the deliveries. The time is always an argument, so that all
//! rows of a run have the same time and tests need no clock.
//!
//! Not here: the definition of a job's version ([`job_scanner_core::normalize`]), matching
//! ([`job_scanner_core::matching`]), the choice of recipients and channels (`notify`), and the
//! order of the steps (`pipeline`).

mod access;
mod cluster;
mod columns;
mod database;
mod decision;
mod delivery;
mod driver;
mod error;
mod file;
mod ids;
mod lifecycle;
mod maintenance;
mod read;
mod run_lock;
mod scan;
#[cfg(any(test, feature = "test-support"))]
pub mod test_support;

pub use access::Sha256;
pub use access::api_keys::{ApiKey, KeyScope, NewApiKey};
pub use access::sessions::{NewSession, Session};
pub use cluster::also::{AlsoPosted, AlsoSource};
pub use cluster::split::Split;
pub use database::Store;
pub use decision::changes::{Author, DecisionChange};
pub use decision::companies::HiddenCompany;
pub use decision::marks::{Marked, StoredDecision};
pub use decision::recent::{RecentChange, RecentSubject};
pub use decision::seen::{DecisionForm, DecisionOutcome, NoteUpdate, Seen};
pub use decision::undo::Undone;
pub use delivery::alerts::{
    AlertCounts, AlertKind, AlertedJob, NewAlert, PendingAlert, UnsentAlert,
};
pub use delivery::attempts::{AttemptOutcome, SecondHalf};
pub use delivery::baselines::BaselineCounts;
pub use delivery::changes::AlertedChanges;
pub use delivery::claims::{ClaimedDelivery, ClaimedPart, DeliveryLane, WaitingDeliveries};
pub use delivery::deliveries::{DeliveryKind, NewDelivery, Part};
pub use delivery::failures::ChannelFailure;
pub use delivery::notices::{HealthNotice, NoticeKind};
pub use delivery::operator::moving::{Move, Moved, RecipientInWait};
pub use delivery::operator::operation::{Operation, OperationResult, PastOperation};
pub use delivery::unreadable::UnreadableRow;
pub use delivery::waiting::{AssignedAlerts, WaitingAlert, WaitingGroup};
pub use error::{DriverError, StoreError};
pub use ids::{
    AlertId, ApiKeyId, ChangeId, ClusterId, DeliveryId, JobId, NoticeId, RunId, SessionId, SourceId,
};
pub use lifecycle::profiles::{JobRange, MatchedSource, OpenJob, ProfileRecord};
pub use lifecycle::retention::{Forgotten, Retention};
pub use lifecycle::runs::{RunRecord, RunSourceRecord};
pub use maintenance::SchemaState;
pub use read::delivery_history::{CarriedAlert, DeliveryHistory, PastAttempt};
pub use read::feed::FeedEntry;
pub use read::health::{Doubt, SourceError, SourceHealth};
pub use read::history::{AlertDelivery, AlertSummary, DeliverySummary, RunSummary};
pub use read::job_history::{JobClosure, JobHistory, JobPosting, JobVersion};
pub use read::listing::{JobFilter, ListedJob, ListedMatch};
pub use read::match_pages::{FoundMatches, MatchFilter, MatchPage, MatchSearch, MatchView};
pub use read::numbers::{DeliveryNumber, StoredNumbers};
pub use run_lock::{RunLock, RunLockHolder};
pub use scan::checkpoint::{Checkpoint, ReadConfig};
pub use scan::details::{
    AllDetails, DetailsRecord, DetailsState, DueDetails, KnownDetails, LONGEST_TERM,
};
pub use scan::matches::{KnownMatches, StoredMatch};
pub use scan::new_ids::{NewId, OpenAddress};
pub use scan::presence::{ListingCoverage, PresenceChange, SuspiciousDrop};
pub use scan::sources::{ScanFailureRecord, ScanOutcomeRecord, SourceRecord};
pub use scan::transaction::ScanTransaction;
