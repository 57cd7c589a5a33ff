//! How an attempt ended, for the caller and for the record.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use job_scanner_core::key::SourceKey;
use job_scanner_core::words;
use job_scanner_store::{AlertId, DeliveryId};

use crate::channel::mail::SmtpError;

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

/// What to do about a delivery that was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A later attempt may do better.
    TryLater,
    /// Fewer jobs in a message may do better, and so may a later attempt. By size, a message of one
    /// job fits if any does; else the mailbox is full.
    MakeSmaller {
        /// True if the size is all that was wrong.
        by_size: bool,
    },
    /// It may have arrived: one more attempt, under the same id, and no other.
    TryOnceMore,
    /// No attempt will do better while what is stored stays as it is.
    GiveUp,
}

/// Why a delivery was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The recipient on record is not a mail address.
    #[error("the recipient on record is not a mail address; correct ALERT_TO_EMAIL")]
    Recipient(#[source] lettre::address::AddressError),
    /// A template did not render.
    #[error("could not fill the templates of the message")]
    Template(#[from] minijinja::Error),
    /// The message could not be put together.
    #[error("could not put the message together")]
    Compose(#[from] lettre::error::Error),
    /// A message could not be written to the outbox.
    #[error("could not write `{path}`; make room and let us write there, or set SMTP_HOST")]
    Outbox {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A mail server did not take it, or did not say so.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
    /// Deliveries on record go through a channel that is not set up (any more).
    #[error("there is no channel `{0}` here")]
    NoChannel(String),
    /// So many attempts have no end that the message itself must be what ends the process.
    #[error("given up: {0} attempts at it ended the process")]
    Deadly(u32),
    /// The channel gave no answer in time.
    #[error("no end of the attempt within {0:?}")]
    TimedOut(Duration),
    /// The channel panicked. Our bug, at the cost of this delivery alone.
    #[error("the channel panicked: {0}")]
    Panicked(String),
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

impl SendError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Recipient(_) | Self::Deadly(_) => Remedy::GiveUp,
            Self::Smtp(error) => error.remedy(),
            Self::Template(_)
            | Self::Compose(_)
            | Self::Outbox { .. }
            | Self::NoChannel(_)
            | Self::TimedOut(_)
            | Self::Panicked(_) => Remedy::TryLater,
        }
    }
}
