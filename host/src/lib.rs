//! job-scanner watches job boards through sandboxed WebAssembly adapters and tells people about the
//! jobs that fit.
//!
//! Calls go one way: [`cli`], [`scheduler`] → [`pipeline`], [`kit`] → [`sandbox`], [`store`],
//! [`notify`] → [`job_scanner_core`]. Start with [`pipeline`], which reads as one run does.

// Both panic where the stream cannot be written; `terminal::say` and `cli::output::print` do not.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod cli;
pub mod kit;
pub mod logging;
pub mod scheduler;
pub mod startup;
pub mod terminal;
