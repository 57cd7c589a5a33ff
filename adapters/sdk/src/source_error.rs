//! The contract's error: its words, and which requests it concerns.

use crate::{HttpError, SourceError};

impl SourceError {
    /// What went wrong in words for a person, for a warning beside what could be read.
    pub fn message(&self) -> String {
        match self {
            Self::NotFound(words)
            | Self::Unauthorized(words)
            | Self::InvalidOptions(words)
            | Self::Blocked(words)
            | Self::Network(words)
            | Self::UnexpectedResponse(words)
            | Self::Other((_, words)) => words.clone(),
            Self::RateLimited(Some(seconds)) => {
                format!("the board asks for a pause of {seconds} s")
            }
            Self::RateLimited(None) => "the board asks for a pause".to_owned(),
            Self::Upstream((status, words)) => format!("the board answered {status}: {words}"),
        }
    }

    /// Whether the board speaks to us rather than about what we asked for: the next request would
    /// fare no better.
    pub fn concerns_all_requests(&self) -> bool {
        matches!(
            self,
            Self::RateLimited(_) | Self::Blocked(_) | Self::Unauthorized(_)
        )
    }
}

impl From<HttpError> for SourceError {
    fn from(error: HttpError) -> Self {
        let other = |code: &str, words: String| Self::Other((code.to_owned(), words));
        match error {
            HttpError::Denied(words) => other("denied", words),
            HttpError::InvalidRequest(words) => other("invalid-request", words),
            HttpError::TooLarge(limit) => other(
                "too-large",
                format!("the answer is larger than {limit} bytes"),
            ),
            HttpError::TooManyRequests(limit) => {
                other("too-many-requests", format!("more than {limit} requests"))
            }
            HttpError::Other((code, words)) => other(&code, words),
            HttpError::Dns(words) => Self::Network(format!("name lookup failed: {words}")),
            HttpError::Connect(words) => Self::Network(format!("no connection: {words}")),
            HttpError::Tls(words) => Self::Network(format!("no secure connection: {words}")),
            HttpError::Timeout => Self::Network("no answer in time".to_owned()),
            HttpError::Protocol(words) => Self::Network(format!("broken answer: {words}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_words() {
        for (error, words) in [
            (
                SourceError::Upstream((500, "https://api.example.com/jobs".to_owned())),
                "the board answered 500: https://api.example.com/jobs",
            ),
            (
                SourceError::RateLimited(Some(9)),
                "the board asks for a pause of 9 s",
            ),
            (SourceError::Network("gone".to_owned()), "gone"),
        ] {
            assert_eq!(error.message(), words);
        }
    }
}
