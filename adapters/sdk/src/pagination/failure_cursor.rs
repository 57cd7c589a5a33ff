//! A failure on its way from one call to the next.
//!
//! A call returns jobs or an error, and not both. Where a board stops answering half-way, the page
//! has what was read, and its cursor carries the failure: the next call returns it without asking
//! the board again, so that a pause that the board wants is kept.

use crate::{FetchRequest, SourceError};

/// Sets such a cursor apart from an adapter's own. Behind it stand a code, a number or a word where
/// the code has one, and the words, each after a colon.
const MARK: &str = "failed:";

/// Words in a cursor, in bytes: it may have 4 KiB.
const MOST_WORDS: usize = 1_024;

impl SourceError {
    /// A cursor with which the next call fails, if it begins with [`FetchRequest::check_cursor`].
    pub fn to_cursor(&self) -> String {
        let number;
        let (code, detail, words) = match self {
            Self::NotFound(words) => ("not-found", "", words.as_str()),
            Self::Unauthorized(words) => ("unauthorized", "", words.as_str()),
            Self::InvalidOptions(words) => ("invalid-options", "", words.as_str()),
            Self::RateLimited(pause) => {
                number = pause.map(|pause| pause.to_string()).unwrap_or_default();
                ("rate-limited", number.as_str(), "")
            }
            Self::Blocked(words) => ("blocked", "", words.as_str()),
            Self::Upstream((status, words)) => {
                number = status.to_string();
                ("upstream", number.as_str(), words.as_str())
            }
            Self::Network(words) => ("network", "", words.as_str()),
            Self::UnexpectedResponse(words) => ("unexpected-response", "", words.as_str()),
            Self::Other((code, words)) => ("other", code.as_str(), words.as_str()),
        };

        [MARK, code, ":", short(detail), ":", short(words)].concat()
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let mut parts = cursor.strip_prefix(MARK)?.splitn(3, ':');
        let (code, detail, words) = (parts.next()?, parts.next()?, parts.next()?.to_owned());

        Some(match code {
            "not-found" => Self::NotFound(words),
            "unauthorized" => Self::Unauthorized(words),
            "invalid-options" => Self::InvalidOptions(words),
            "rate-limited" => Self::RateLimited(detail.parse().ok()),
            "blocked" => Self::Blocked(words),
            "upstream" => Self::Upstream((detail.parse().ok()?, words)),
            "network" => Self::Network(words),
            "unexpected-response" => Self::UnexpectedResponse(words),
            "other" => Self::Other((detail.to_owned(), words)),
            _ => return None,
        })
    }
}

impl FetchRequest {
    /// Fails as the last call's page said ([`SourceError::to_cursor`]); otherwise there is
    /// something to read.
    pub fn check_cursor(&self) -> Result<(), SourceError> {
        let cursor = self.cursor.as_deref();
        cursor
            .and_then(SourceError::from_cursor)
            .map_or(Ok(()), Err)
    }
}

fn short(words: &str) -> &str {
    let end = (0..=MOST_WORDS.min(words.len()))
        .rev()
        .find(|&end| words.is_char_boundary(end))
        .unwrap_or(0);
    &words[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_failure_comes_through_a_cursor_as_it_was() {
        let words = || "größe: \"\n:".to_owned();
        for error in [
            SourceError::NotFound(words()),
            SourceError::Unauthorized(words()),
            SourceError::InvalidOptions(words()),
            SourceError::RateLimited(Some(120)),
            SourceError::RateLimited(None),
            SourceError::Blocked(words()),
            SourceError::Upstream((503, words())),
            SourceError::Network(words()),
            SourceError::UnexpectedResponse(words()),
            SourceError::Other(("denied".to_owned(), words())),
        ] {
            let request = FetchRequest {
                cursor: Some(error.to_cursor()),
                ..testing::request("acme", "{}")
            };
            assert_eq!(request.check_cursor(), Err(error));
        }
    }

    #[test]
    fn other_cursors_carry_none() {
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
    fn a_cursor_stays_a_short_one() {
        let long = || "\u{1}ö".repeat(10_000);
        let cursor = SourceError::Other((long(), long())).to_cursor();
        assert!(cursor.len() < 4_096, "{}", cursor.len());
    }
}
