//! Messages of the contract's error, its scope, and the conversion of HTTP errors.

use crate::{HttpError, SourceError};

impl SourceError {
    /// Returns the error as a message for the operator, for a warning.
    pub fn message(&self) -> String {
        match self {
            Self::NotFound(message)
            | Self::Unauthorized(message)
            | Self::InvalidOptions(message)
            | Self::Blocked(message)
            | Self::Network(message)
            | Self::UnexpectedResponse(message)
            | Self::Other((_, message)) => message.clone(),
            Self::RateLimited(Some(seconds)) => {
                format!("rate limited by the board, retry after {seconds} s")
            }
            Self::RateLimited(None) => "rate limited by the board".to_owned(),
            Self::Upstream((status, message)) => format!("the board returned {status}: {message}"),
        }
    }

    /// Returns true if the error concerns the board rather than one request, so the next request
    /// would fail in the same way.
    pub fn concerns_all_requests(&self) -> bool {
        matches!(
            self,
            Self::RateLimited(_) | Self::Blocked(_) | Self::Unauthorized(_)
        )
    }
}

impl From<HttpError> for SourceError {
    fn from(error: HttpError) -> Self {
        let other = |code: &str, message: String| Self::Other((code.to_owned(), message));
        match error {
            HttpError::Denied(message) => other("denied", message),
            HttpError::InvalidRequest(message) => other("invalid-request", message),
            HttpError::TooLarge(limit) => other(
                "too-large",
                format!("the response is larger than {limit} bytes"),
            ),
            HttpError::TooManyRequests(limit) => {
                other("too-many-requests", format!("more than {limit} requests"))
            }
            HttpError::Other((code, message)) => other(&code, message),
            HttpError::Dns(message) => Self::Network(format!("name lookup failed: {message}")),
            HttpError::Connect(message) => Self::Network(format!("connection failed: {message}")),
            HttpError::Tls(message) => Self::Network(format!("TLS failed: {message}")),
            HttpError::Timeout => Self::Network("no response in time".to_owned()),
            HttpError::Protocol(message) => Self::Network(format!("invalid response: {message}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_message() {
        for (error, message) in [
            (
                SourceError::Upstream((500, "https://api.example.com/jobs".to_owned())),
                "the board returned 500: https://api.example.com/jobs",
            ),
            (
                SourceError::RateLimited(Some(9)),
                "rate limited by the board, retry after 9 s",
            ),
            (SourceError::Network("no route".to_owned()), "no route"),
        ] {
            assert_eq!(error.message(), message);
        }
    }
}
