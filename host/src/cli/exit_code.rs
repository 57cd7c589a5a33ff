//! The exit codes of the program.

/// Success.
pub(crate) const SUCCESS: u8 = 0;

/// The command ran, and something in it failed.
pub(crate) const FAILURE: u8 = 1;

/// The command could not run: wrong usage or configuration.
pub(crate) const USAGE_ERROR: u8 = 2;
