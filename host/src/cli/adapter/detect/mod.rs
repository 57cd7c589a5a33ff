//! `job-scanner adapter detect`: finds the sources for pasted addresses.

mod detect;
mod findings;
mod input;
mod yaml;

pub(super) use self::detect::{Options, run};
