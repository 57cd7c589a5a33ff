//! Version 0.1 of the contract: `job-scanner:source@0.1.0`.

mod bindings;
mod convert;
mod imports;
mod instance;

pub(crate) use instance::{Instance, Prepared, linker};
