//! What we have of a source's jobs before a scan: what its jobs are compared with.

use std::collections::HashMap;

use crate::hash::hash_type;
use crate::job::ContentHash;
use crate::key::ExternalId;

/// Every job of one source that we ever saw and still keep.
pub type KnownJobs = HashMap<ExternalId, KnownJob>;

/// One job that we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownJob {
    /// The version we have.
    pub content_hash: ContentHash,
    /// What the board said beside that version; `None` when it was stored before we kept this hash.
    pub listing_hash: Option<ListingHash>,
    /// Whether the board listed it when last seen whole.
    pub presence: JobPresence,
    /// Whether it was last seen before the source was read as it is now, so that another version
    /// may be our own doing.
    pub reprocessed: bool,
}

/// Where a job stands with its board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobPresence {
    /// On the board, as far as we know.
    Open,
    /// Not in the last complete listing, and not closed yet.
    Missing,
    /// Gone, or past its end.
    Closed,
}

hash_type! {
    /// The hash of what a board may change without a new version: URLs, department, language, dates
    /// and extra.
    ListingHash
}

hash_type! {
    /// The hash of a job as its board lists it;
    /// [`RawJob::fingerprint`](crate::raw::RawJob::fingerprint) says of what.
    Fingerprint
}
