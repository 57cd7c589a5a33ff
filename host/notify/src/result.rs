//! How an attempt ended, for the caller and for the record.

use job_scanner_core::key::SourceKey;
use job_scanner_core::words;
use job_scanner_store::{AlertId, DeliveryId};

/// How one attempt at one delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationResult {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// How it ended.
    pub status: NotificationStatus,
    /// The alerts in it, each with the source it came from. With several recipients an alert is in
    /// several deliveries.
    pub alerts: Vec<(AlertId, SourceKey)>,
    /// Why it was not sent. May quote what a stranger wrote: escape it before printing.
    pub error: Option<String>,
}

words! {
    /// The way in which an attempt ended.
    pub enum NotificationStatus: "the end of an attempt" {
        /// Handed over.
        Sent = "sent",
        /// There is no such channel here.
        Skipped = "skipped",
        /// Another process has taken it over in the meantime.
        Duplicate = "duplicate",
        /// Not handed over, since it is too large; it has become two smaller ones, which are tried
        /// next.
        Split = "split",
        /// Not handed over; a later attempt may do better.
        Failed = "failed",
        /// Handed over or not: there was no answer.
        Uncertain = "uncertain",
        /// Not handed over, and not tried again.
        Abandoned = "abandoned",
    }
}

impl NotificationResult {
    /// Whether the alerts of this delivery now count as told.
    pub fn should_record_alert(&self) -> bool {
        self.status == NotificationStatus::Sent
    }
}

impl NotificationStatus {
    /// Whether a person should look at it.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Failed | Self::Uncertain | Self::Abandoned)
    }
}
