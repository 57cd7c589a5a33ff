//! The end of an attempt, for the caller. Its record is the store's
//! [`AttemptOutcome`](job_scanner_store::AttemptOutcome).

use job_scanner_core::key::SourceKey;
use job_scanner_core::words;
use job_scanner_store::{AlertId, DeliveryId};

/// The end of one attempt at one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationResult {
    /// The delivery that was tried.
    pub delivery: DeliveryId,
    /// Its end.
    pub status: NotificationStatus,
    /// The alerts in it, each with the source it came from. With several recipients an alert is in
    /// several deliveries. None in a message about the health of sources.
    pub alerts: Vec<(AlertId, SourceKey)>,
    /// The channel's error; `None` when it took the message. May quote text of a mail server:
    /// escape it before printing.
    pub error: Option<String>,
}

words! {
    /// The way in which an attempt ended.
    pub enum NotificationStatus: "the end of an attempt" {
        /// Handed over, and recorded as sent.
        Sent = "sent",
        /// Not handed over: its channel is not set up. It is tried again, as a failed one is.
        Skipped = "skipped",
        /// Handed over or not, another process has taken the delivery over in the meantime. What
        /// becomes of it is for that one to record.
        Duplicate = "duplicate",
        /// Not handed over, since it is too large; it has become two smaller ones, which are tried
        /// next.
        Split = "split",
        /// Not handed over; it is tried again.
        Failed = "failed",
        /// Handed over or not: there was no answer. It is tried once more, unless it was before.
        Uncertain = "uncertain",
        /// Not handed over, and not tried again.
        Abandoned = "abandoned",
    }
}

impl NotificationResult {
    /// Returns true if the alerts of this delivery count as told from now on: the message was
    /// handed over, and the record says so.
    pub fn should_record_alert(&self) -> bool {
        self.status == NotificationStatus::Sent
    }
}

impl NotificationStatus {
    /// Returns true if the operator should look at it. A delivery without a channel is not an
    /// error: the operator has removed the channel.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::Uncertain | Self::Abandoned)
    }
}
