//! The errors of a request that carried a message.

use std::time::Duration;

use super::outgoing::SecretReader;
use crate::channel::remedy::Remedy;
use crate::message::template::TemplateFault;

/// The reason why a service did not accept a message. `reason` quotes the service or the system,
/// without secrets.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// A secret is missing, or a setting cannot be used.
    #[error("{wrong}; {remedy}")]
    Settings { wrong: String, remedy: String },
    #[error("could not render the template of the message")]
    Template(#[from] TemplateFault),
    /// The request did not reach the service.
    #[error("could not reach the service: {reason}")]
    NotSent { reason: String },
    /// The request was sent, but the service did not answer.
    #[error("the service did not confirm the message, which may have arrived: {reason}")]
    Unconfirmed {
        reason: String,
        /// True if the service recognizes a repeated message by its id.
        repeatable: bool,
    },
    /// The service is overloaded, asks for a pause, or fails.
    #[error("the service does not accept messages now: {reason}")]
    NotNow {
        reason: String,
        /// The pause that the service asks for.
        retry_after: Option<Duration>,
    },
    /// The service refuses the message, the token or the address.
    #[error("the service refused the message: {reason}; {advice}")]
    Refused {
        reason: String,
        advice: &'static str,
    },
    /// The service says that the address is gone permanently.
    #[error("the service says that this address no longer exists: {reason}")]
    Gone { reason: String },
    /// The message is too long for the service.
    #[error("the message is too long for the service")]
    TooLong,
}

impl HttpError {
    /// Returns the remedy for this error.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Unconfirmed {
                repeatable: false, ..
            } => Remedy::RetryOnce,
            Self::Gone { .. } => Remedy::Abandon,
            Self::TooLong => Remedy::Split { by_size: true },
            Self::Settings { .. }
            | Self::Template(_)
            | Self::NotSent { .. }
            | Self::Unconfirmed { .. }
            | Self::NotNow { .. }
            | Self::Refused { .. } => Remedy::Retry,
        }
    }

    /// Returns the error without any of the secrets, which a service or system may repeat.
    pub(super) fn redacted(mut self, secrets: &SecretReader<'_>) -> Self {
        match &mut self {
            Self::NotSent { reason }
            | Self::Unconfirmed { reason, .. }
            | Self::NotNow { reason, .. }
            | Self::Refused { reason, .. }
            | Self::Gone { reason } => *reason = secrets.redact(reason),
            Self::Settings { .. } | Self::Template(_) | Self::TooLong => {}
        }
        self
    }

    /// Returns the pause that the service asks for.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NotNow { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
