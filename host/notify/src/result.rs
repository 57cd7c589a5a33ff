//! The result of an attempt, as the caller sees it. The store's record of it is
//! [`AttemptOutcome`](job_scanner_store::AttemptOutcome).

use job_scanner_core::key::SourceKey;
use job_scanner_core::words;
use job_scanner_store::{AlertId, DeliveryId};

/// The result of one attempt at one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationResult {
    pub delivery: DeliveryId,
    pub status: NotificationStatus,
    /// The alerts in the delivery, each with its source. With several recipients an alert is in
    /// several deliveries. Empty for a message about the health of sources.
    pub alerts: Vec<(AlertId, SourceKey)>,
    /// The channel's error; `None` if the message was sent. It may quote text from a mail server,
    /// so escape it before printing.
    pub error: Option<String>,
}

words! {
    /// The status of a delivery after an attempt.
    pub enum NotificationStatus: "the status of an attempt" {
        /// The message was sent and recorded as sent.
        Sent = "sent",
        /// The message was not sent because its channel is not configured. It is retried like a
        /// failed one.
        Skipped = "skipped",
        /// Another process has taken over the delivery and records its outcome. The message may
        /// have been sent.
        Duplicate = "duplicate",
        /// The message was too large. It was split into two smaller ones, which are due now.
        Split = "split",
        /// The message was not sent and is retried.
        Failed = "failed",
        /// The server did not confirm the message, which may have arrived. It is sent once more,
        /// unless this was already the second time.
        Uncertain = "uncertain",
        /// The message was not sent and is not retried.
        Abandoned = "abandoned",
    }
}

impl NotificationResult {
    /// Returns true if the alerts of this delivery now count as sent: the message was sent and
    /// recorded.
    pub fn should_record_alert(&self) -> bool {
        self.status == NotificationStatus::Sent
    }
}

impl NotificationStatus {
    /// Returns true if the status needs the operator's attention. A delivery without a channel is
    /// not an error, because the operator has removed the channel.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::Uncertain | Self::Abandoned)
    }
}
