//! Helpers for tests of the store and of the crates above it, so that a test states only its own
//! subject.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "panicking is how tests fail"
)]

mod shared;
mod steps;

pub use shared::{
    COMPLETE, TestStore, at, author, cluster_id, count, job, job_key, source_key, spoil, store,
    text,
};
pub use steps::{
    LEASE, begin_scan, claim, delivery, fill_older, match_of, number, record_all, retry, scan,
    store_before, with_alerts, with_delivery, with_job, with_two_deliveries,
};
