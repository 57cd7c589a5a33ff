//! The exit codes of the program.

/// Nothing went wrong.
pub(crate) const GOOD: u8 = 0;

/// It ran, and something in it failed.
pub(crate) const HAD_ERRORS: u8 = 1;

/// It could not run: wrong usage or configuration.
pub(crate) const WRONG: u8 = 2;
