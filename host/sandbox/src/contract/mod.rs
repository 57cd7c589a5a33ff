//! The lines of the contract that this host speaks, one module each.

pub(crate) mod lines;
pub(crate) mod v0_1;
