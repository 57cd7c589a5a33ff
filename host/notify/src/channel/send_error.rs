//! The reasons why a delivery was not handed over.

use std::time::Duration;

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;

use crate::channel::mail::MailError;
use crate::channel::remedy::Remedy;

/// The reason why a delivery was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Mail could not be put together, or was not taken.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Deliveries on record go through a channel that is not set up (any more).
    #[error("there is no channel `{0}` here")]
    NoChannel(OnRecord<ChannelKind>),
    /// So many attempts have no end that the message itself must be what ends the process.
    #[error("given up: {0} attempts at it ended the process")]
    PoisonMessage(u32),
    /// The channel gave no answer in time.
    #[error("no end of the attempt within {0:?}")]
    TimedOut(Duration),
    /// The channel panicked. Our bug, at the cost of this delivery alone.
    #[error("the channel panicked: {0}")]
    Panicked(String),
}

impl SendError {
    /// Returns what to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Mail(error) => error.remedy(),
            Self::PoisonMessage(_) => Remedy::Abandon,
            Self::NoChannel(_) | Self::TimedOut(_) | Self::Panicked(_) => Remedy::Retry,
        }
    }
}
