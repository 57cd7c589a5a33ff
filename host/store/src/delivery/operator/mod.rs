//! Operations of a person on deliveries: retry, drop and move.
//!
//! Each is one transaction, which takes the write lock before it reads. So of two processes at
//! once, the second sees what the first has done, and a crash leaves either all of an operation or
//! nothing.

pub(crate) mod dropping;
pub(crate) mod moving;
pub(crate) mod operation;
pub(crate) mod retrying;
