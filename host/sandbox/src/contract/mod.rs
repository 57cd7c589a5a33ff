//! The contract lines that this host supports, one module each.

pub(crate) mod lines;
pub(crate) mod v0_1;
