//! The command line: arguments in, exit code out. One file per command.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 good, 1 had
//! errors, 2 wrong usage or configuration.
//!
//! `run.rs` dispatches what `arguments.rs` reads to the commands. What commands share lies below
//! them: `usage.rs`, `exit_code.rs`, `signals.rs` and `output/`.
//!
//! Not here: what a row or a JSON object says ([`job_scanner_views`]), and the work itself.

mod adapter;
mod arguments;
mod check;
mod completions;
mod daemon;
mod db;
mod exit_code;
mod notify;
mod output;
mod queries;
mod run;
mod scan;
mod signals;
mod usage;

pub use run::main;
