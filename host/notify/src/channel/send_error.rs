//! The error of a failed attempt.

use std::time::Duration;

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;

use crate::channel::http::HttpError;
use crate::channel::mail::MailError;
use crate::channel::remedy::Remedy;

/// The reason why a delivery was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The mail could not be built, or was not accepted.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// A service did not accept the message, or did not confirm it.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The channel of a stored delivery is not configured, or no longer.
    #[error("channel `{0}` is not configured")]
    NoChannel(OnRecord<ChannelKind>),
    /// This many attempts have not finished, so the message itself probably crashes the process.
    #[error("abandoned: the process ended during {0} attempts to send the message")]
    PoisonMessage(u32),
    /// The attempt exceeded its time limit.
    #[error("the attempt did not finish within {0:?}")]
    TimedOut(Duration),
    /// The channel panicked. This is a bug, but affects only this delivery.
    #[error("the channel panicked: {0}")]
    Panicked(String),
}

impl SendError {
    /// Returns the remedy for this error.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Mail(error) => error.remedy(),
            Self::Http(error) => error.remedy(),
            Self::PoisonMessage(_) => Remedy::Abandon,
            Self::NoChannel(_) | Self::TimedOut(_) | Self::Panicked(_) => Remedy::Retry,
        }
    }

    /// Returns the pause before the next attempt that the receiver asks for.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Http(error) => error.retry_after(),
            _ => None,
        }
    }
}
