//! `job-scanner adapter detect`: finds the sources for pasted addresses.

#[expect(
    clippy::module_inception,
    reason = "the file of the command has the command's name"
)]
mod detect;
mod findings;
mod input;
mod yaml;

pub(super) use self::detect::{Options, run};
