//! The remedies for a delivery that was not handed over.

/// The remedy for a delivery that was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A later attempt may do better.
    Retry,
    /// Fewer jobs in a message may do better, and so may a later attempt. By size, a message of one
    /// job fits if any does; else the mailbox is full.
    Split {
        /// True if the size is all that was wrong.
        by_size: bool,
    },
    /// It may have arrived: one more attempt, under the same id, and no other.
    RetryOnce,
    /// No attempt will do better while what is stored stays as it is.
    Abandon,
}
