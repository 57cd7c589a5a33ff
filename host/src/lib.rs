//! job-scanner watches job boards through sandboxed WebAssembly adapters and notifies recipients of
//! matching jobs.
//!
//! This crate is the program: the command line ([`cli`]), the scheduler of runs ([`scheduler`]),
//! the tools for authors of adapters ([`kit`]), and [`startup`], which assembles the collaborators
//! of a run. [`logging`] and [`terminal`] write to standard error, and `heaps` limits the memory
//! that the allocator keeps.
//!
//! The work is done in the crates below. Calls go one way: this crate → [`job_scanner_pipeline`] →
//! [`job_scanner_sandbox`], [`job_scanner_store`], [`job_scanner_notify`] → [`job_scanner_core`].
//! In addition, [`job_scanner_config`] reads `config.yaml`, [`job_scanner_outbound`] opens
//! connections, [`job_scanner_files`] writes files atomically, and [`job_scanner_views`] renders
//! stored data. Start reading with the pipeline, whose code follows the steps of a run.

// Both macros panic if the stream cannot be written. `terminal::write_stderr` and the output of the
// command line do not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod brief_lines;
pub mod cli;
mod heaps;
pub mod kit;
pub mod logging;
pub mod scheduler;
pub mod startup;
pub mod terminal;
