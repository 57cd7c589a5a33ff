//! Tries a channel without sending a message.

use futures::future::join_all;

use super::channel::HttpChannel;
use super::error::HttpError;
use super::outgoing::SecretReader;
use super::services;
use super::services::Probe;

/// The result of a channel that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probed {
    /// The service answered. The text is a conclusion, such as `the bot has access to the chat`.
    Answered(&'static str),
    /// The settings can be used, but only a message can test the rest. The text is the reason.
    NotPossible(&'static str),
}

/// The reason why messages through a channel would not be accepted. `reason` quotes the service or
/// the system, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// A secret is missing, or a setting cannot be used.
    #[error("{wrong}; {remedy}")]
    Settings { wrong: String, remedy: String },
    #[error("could not reach the service: {reason}; check the URL and the network")]
    NotReached { reason: String },
    #[error("the service did not answer: {reason}; check the URL, or check again later")]
    NoAnswer { reason: String },
    #[error("the service answered with {reason}; {advice}")]
    Refused {
        reason: String,
        advice: &'static str,
    },
}

impl HttpChannel {
    /// Tries the channel under the rules and limits of messages, but sends none.
    ///
    /// # Errors
    ///
    /// Fails if messages would not be accepted, as far as the service tells without one.
    pub async fn probe(&self) -> Result<Probed, ProbeError> {
        let mut secrets = SecretReader::new(self.secret_places());
        let request = match services::probe(self.settings(), &mut secrets)? {
            Probe::Request(request) => request,
            Probe::NotPossible(reason) => return Ok(Probed::NotPossible(reason)),
        };

        let response = match self.sent(request).await {
            Ok(response) => response,
            Err(failure) => return Err(failure.redacted(&secrets).into()),
        };
        let conclusion = services::verdict(self.settings(), &response);
        conclusion
            .map(Probed::Answered)
            .map_err(|advice| ProbeError::Refused {
                reason: secrets.redact(&response.quoted()),
                advice,
            })
    }
}

/// Tries channels side by side, so that a service that hangs delays no other. The results have the
/// order of the channels.
pub async fn probe_all(channels: &[HttpChannel]) -> Vec<Result<Probed, ProbeError>> {
    join_all(channels.iter().map(HttpChannel::probe)).await
}

impl From<HttpError> for ProbeError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Settings { wrong, remedy } => Self::Settings { wrong, remedy },
            HttpError::Unconfirmed { reason, .. } => Self::NoAnswer { reason },
            HttpError::NotSent { reason } => Self::NotReached { reason },
            other => Self::NotReached {
                reason: other.to_string(),
            },
        }
    }
}
