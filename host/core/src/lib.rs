//! The pure part of job-scanner: what a job is, how a board's answer becomes one, and whether it
//! matches a profile.
//!
//! No clock, network, database or WebAssembly in here, so that the compiler keeps it pure and it
//! builds, tests and fuzzes in seconds. The current time always comes in as an argument.

pub mod adapter;
pub mod causes;
pub mod channel;
pub mod escape;
pub mod failure;
pub mod hash;
pub mod job;
pub mod key;
pub mod matching;
pub mod net;
pub mod normalize;
pub mod quantity;
pub mod raw;
pub mod run;
pub mod schedule;
pub mod secret;
pub mod time;
pub mod validator;
pub mod words;
