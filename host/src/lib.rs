//! job-scanner watches job boards through sandboxed WebAssembly adapters and tells people about the
//! jobs that fit.
//!
//! This crate is the program: the command line ([`cli`]), the clock that says when a run is due
//! ([`scheduler`]), the tools for authors of adapters ([`kit`]), and [`startup`], which puts the
//! collaborators of a run together. [`logging`] and [`terminal`] are what it says to standard
//! error.
//!
//! The work is done in the crates below. Calls go one way: this crate → [`job_scanner_pipeline`] →
//! [`job_scanner_sandbox`], [`job_scanner_store`], [`job_scanner_notify`] → [`job_scanner_core`].
//! Beside them, [`job_scanner_config`] reads `config.yaml`, [`job_scanner_outbound`] opens
//! connections, [`job_scanner_files`] writes files whole, and [`job_scanner_views`] shows what is
//! on record. Start with the pipeline, which reads as one run does.

// Both panic where the stream cannot be written; `terminal::say` and the command line's output do
// not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod cli;
pub mod kit;
pub mod logging;
pub mod scheduler;
pub mod startup;
pub mod terminal;
