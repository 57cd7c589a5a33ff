//! Files that survive a crash, and files that may be anything.
//!
//! [`durable_file`] writes files that are there whole or not at all, and [`regular_file`] reads
//! files with a bound and removes them without following links.

pub mod durable_file;
pub mod regular_file;
