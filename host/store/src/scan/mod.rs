//! The rows that a scan reads before it starts, and those that it writes in its one transaction.

pub(crate) mod checkpoint;
pub(crate) mod closing;
pub(crate) mod details;
pub(crate) mod facts;
pub(crate) mod jobs;
pub(crate) mod matches;
pub(crate) mod new_ids;
pub(crate) mod presence;
pub(crate) mod sources;
pub(crate) mod suspicious_drops;
pub(crate) mod transaction;
