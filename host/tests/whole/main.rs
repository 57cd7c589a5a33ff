//! Whole-program tests: the real library or program, real components, a board server over real
//! HTTP, a real database.
//!
//! One binary for all of them, since linking the program takes longer than running them.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

mod address_space;
mod author;
mod boards;
mod cassettes;
mod channel_secrets;
mod channels;
mod clock;
mod clusters;
mod command_line;
mod compiled_code;
mod config_errors;
mod conformance;
mod contract;
mod daemon;
mod deadline;
mod decisions;
mod deliveries;
mod details;
mod detect;
mod events;
mod failing_channels;
mod first_hour;
mod first_scan;
mod full_disk;
mod grants;
mod health;
mod hostile;
mod init;
mod kill;
mod killed_deliveries;
mod lifecycle;
mod mail;
mod memory;
mod new_ids;
mod one_of_three;
mod operator_page;
mod options;
mod output;
mod page;
mod page_programs;
mod pauses;
mod post;
mod process;
mod profiles;
mod queries;
mod rematch;
mod requests;
mod secrets;
mod set_up;
mod soak;
mod source_add;
mod support;
mod tables;
mod templates;
mod term_effects;
mod two_processes;
mod upgrade;
mod wat;
