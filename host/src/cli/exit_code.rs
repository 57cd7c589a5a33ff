//! The exit codes of the program.

/// Success.
pub(crate) const GOOD: u8 = 0;

/// The command ran, and something in it failed.
pub(crate) const HAD_ERRORS: u8 = 1;

/// The command could not run: wrong usage or configuration.
pub(crate) const WRONG: u8 = 2;
