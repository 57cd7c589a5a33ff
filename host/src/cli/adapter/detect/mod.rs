//! `job-scanner adapter detect`: finds the sources for pasted addresses.

mod detect;
mod input;
mod report;

pub(super) use self::detect::{Options, run};
pub(crate) use self::input::{AddressArguments, Input};
pub(crate) use self::report::report_unrecognized;
