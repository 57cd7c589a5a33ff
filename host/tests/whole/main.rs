//! Whole-program tests: the real library or program, real components, a board server over real HTTP, a real database.
//!
//! One binary for all of them, since linking the program takes longer than running them.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed")]

mod boards;
mod cassettes;
mod command_line;
mod config_errors;
mod contract;
mod daemon;
mod first_scan;
mod grants;
mod health;
mod hostile;
mod lifecycle;
mod mail;
mod options;
mod queries;
mod requests;
mod support;
