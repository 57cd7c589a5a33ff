//! The stored state of a source's jobs before a scan. The scanned jobs are compared with it.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::hash::hash_type;
use crate::job::ContentHash;
use crate::key::ExternalId;

/// Every stored job of one source.
pub type KnownJobs = HashMap<ExternalId, KnownJob>;

/// A stored job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownJob {
    /// The stored version.
    pub content_hash: ContentHash,
    /// The hash of the fields outside of that version; `None` if the job was stored before this
    /// hash existed.
    pub listing_hash: Option<ListingHash>,
    /// The presence of the job as of the last complete listing.
    pub presence: JobPresence,
    /// True if the job was last seen with another read config. Its version may then differ without
    /// a change of the board.
    pub reprocessed: bool,
    /// The time at which the job was first listed to us.
    pub first_seen_at: Timestamp,
}

/// The presence of a job on its board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobPresence {
    /// On the board, as far as we know.
    Open,
    /// Not in the last complete listing, and not closed yet.
    Missing,
    /// Removed from the board, or past its end.
    Closed,
}

hash_type! {
    /// The hash of the fields that a board may change without a new version: URLs, department,
    /// language, dates and extra. It covers the version of the normalization rules too, which decide
    /// the derived facts.
    ListingHash
}

hash_type! {
    /// The hash of a listed job. [`RawJob::fingerprint`](crate::raw::RawJob::fingerprint) has the
    /// fields that it covers.
    Fingerprint
}
