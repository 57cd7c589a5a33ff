//! The command line: arguments in, exit code out. One file per command.
//!
//! Results go to standard output, everything else to standard error. `exit_code.rs` defines the
//! exit codes.
//!
//! `arguments.rs` parses the arguments, and `run.rs` dispatches them to the commands. Commands
//! share `usage.rs`, `exit_code.rs`, `signals.rs` and `output/`.
//!
//! Not here: the contents of rows and JSON objects ([`job_scanner_views`]), and the work itself.

mod adapter;
mod arguments;
mod check;
mod completions;
mod daemon;
mod db;
mod decide;
mod deliveries;
mod exit_code;
mod init;
mod notify;
mod output;
mod queries;
mod run;
mod scan;
mod signals;
mod source;
mod split;
mod usage;
mod web;

pub use run::main;
