//! `job-scanner adapter detect`: finds the sources for pasted addresses.

mod detect;
mod input;
mod results;
mod yaml;

pub(super) use self::detect::{Options, run};
pub(crate) use self::yaml::source_line;
