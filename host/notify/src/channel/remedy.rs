//! The remedy for a failed attempt.

/// The remedy for a delivery that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Retry later.
    Retry,
    /// Split the message into two with fewer jobs each, or retry later.
    Split {
        /// True if the message is too large for the server. False if the mailbox is full, or the
        /// reply does not distinguish the two.
        by_size: bool,
    },
    /// Retry exactly once more under the same id, because the message may have arrived.
    RetryOnce,
    /// Abandon the delivery, because every further attempt would fail in the same way.
    Abandon,
}
