//! A failure in a cursor, on its way from one call to the next.
//!
//! A call returns either jobs or an error. If a board fails halfway, the call returns a page with
//! the jobs so far, and the page's cursor contains the failure. The next call returns the failure
//! without a request, so a pause that the board asked for is respected.

use crate::{FetchRequest, SourceError};

/// The prefix that tells such a cursor from an adapter's own.
///
/// The rest is `CODE:DETAIL:MESSAGE`. The detail is a number or a word, or empty if the code has
/// none.
const PREFIX: &str = "failed:";

/// The maximum length of a detail or a message, in bytes. A cursor may have 4 KiB.
const MAX_TEXT_BYTES: usize = 1_024;

impl SourceError {
    /// Returns a cursor that makes the next call fail with this error.
    ///
    /// That call has to begin with [`FetchRequest::check_cursor`].
    pub fn to_cursor(&self) -> String {
        let number;
        let (code, detail, message) = match self {
            Self::NotFound(message) => ("not-found", "", message.as_str()),
            Self::Unauthorized(message) => ("unauthorized", "", message.as_str()),
            Self::InvalidOptions(message) => ("invalid-options", "", message.as_str()),
            Self::RateLimited(pause) => {
                number = pause.map(|pause| pause.to_string()).unwrap_or_default();
                ("rate-limited", number.as_str(), "")
            }
            Self::Blocked(message) => ("blocked", "", message.as_str()),
            Self::Upstream((status, message)) => {
                number = status.to_string();
                ("upstream", number.as_str(), message.as_str())
            }
            Self::Network(message) => ("network", "", message.as_str()),
            Self::UnexpectedResponse(message) => ("unexpected-response", "", message.as_str()),
            Self::Other((code, message)) => ("other", code.as_str(), message.as_str()),
        };

        [
            PREFIX,
            code,
            ":",
            truncated(detail),
            ":",
            truncated(message),
        ]
        .concat()
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let mut parts = cursor.strip_prefix(PREFIX)?.splitn(3, ':');
        let (code, detail, message) = (parts.next()?, parts.next()?, parts.next()?.to_owned());

        Some(match code {
            "not-found" => Self::NotFound(message),
            "unauthorized" => Self::Unauthorized(message),
            "invalid-options" => Self::InvalidOptions(message),
            "rate-limited" => Self::RateLimited(detail.parse().ok()),
            "blocked" => Self::Blocked(message),
            "upstream" => Self::Upstream((detail.parse().ok()?, message)),
            "network" => Self::Network(message),
            "unexpected-response" => Self::UnexpectedResponse(message),
            "other" => Self::Other((detail.to_owned(), message)),
            _ => return None,
        })
    }
}

impl FetchRequest {
    /// Returns the error that the cursor contains, if it is one of [`SourceError::to_cursor`].
    ///
    /// `Ok` means that the adapter can go on and read its cursor.
    pub fn check_cursor(&self) -> Result<(), SourceError> {
        let cursor = self.cursor.as_deref();
        cursor
            .and_then(SourceError::from_cursor)
            .map_or(Ok(()), Err)
    }
}

fn truncated(text: &str) -> &str {
    let end = (0..=MAX_TEXT_BYTES.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_failure_survives_the_way_through_a_cursor() {
        let message = || "größe: \"\n:".to_owned();
        for error in [
            SourceError::NotFound(message()),
            SourceError::Unauthorized(message()),
            SourceError::InvalidOptions(message()),
            SourceError::RateLimited(Some(120)),
            SourceError::RateLimited(None),
            SourceError::Blocked(message()),
            SourceError::Upstream((503, message())),
            SourceError::Network(message()),
            SourceError::UnexpectedResponse(message()),
            SourceError::Other(("denied".to_owned(), message())),
        ] {
            let request = FetchRequest {
                cursor: Some(error.to_cursor()),
                ..testing::request("acme", "{}")
            };
            assert_eq!(request.check_cursor(), Err(error));
        }
    }

    #[test]
    fn a_cursor_without_a_failure_passes_the_check() {
        for cursor in [
            None,
            Some("2"),
            Some("failed:"),
            Some("failed:soon::"),
            Some("failed:upstream::x"),
        ] {
            let cursor = cursor.map(str::to_owned);
            assert_eq!(
                FetchRequest {
                    cursor,
                    ..testing::request("acme", "{}")
                }
                .check_cursor(),
                Ok(())
            );
        }
    }

    #[test]
    fn a_cursor_with_long_messages_stays_below_the_limit() {
        let long = || "\u{1}ö".repeat(10_000);
        let cursor = SourceError::Other((long(), long())).to_cursor();
        assert!(cursor.len() < 4_096, "{}", cursor.len());
    }
}
