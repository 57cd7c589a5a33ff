//! Files that survive a crash, and paths that may lead to anything.
//!
//! [`durable_file`] writes files completely or not at all. [`regular_file`] reads files up to a
//! size limit and removes them without following links.

pub mod durable_file;
pub mod regular_file;
