//! Version 0.1 of the contract: `job-scanner:source@0.1.0`.

mod bindings;
mod convert;
mod imports;
mod instance;

pub(super) use instance::{Instance, Prepared, linker};
