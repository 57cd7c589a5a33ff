//! The pure part of job-scanner: the definition of a job, the conversion of a board's response to
//! jobs, and the matching of jobs with profiles.
//!
//! This crate has no clock, network, database or WebAssembly. The compiler enforces that, and the
//! crate builds, tests and fuzzes in seconds. The current time is always an argument.

pub mod adapter;
pub mod causes;
pub mod changes;
pub mod channel;
pub mod decision;
pub mod delivery_times;
pub mod escape;
pub mod failure;
pub mod hash;
pub mod job;
pub mod key;
pub mod location;
pub mod matching;
pub mod net;
pub mod normalize;
pub mod quantity;
pub mod query;
pub mod raw;
pub mod run;
pub mod schedule;
pub mod secret;
pub mod time;
pub mod vacancy;
pub mod validator;
pub mod words;
