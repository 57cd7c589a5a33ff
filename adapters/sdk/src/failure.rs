//! A failure on its way from one call to the next.
//!
//! A call returns jobs or an error, and not both. Where a board stops answering half-way, the page has what was read, and
//! its cursor carries the failure: the next call returns it without asking the board again, so that a pause that the board
//! wants is kept.

use serde::{Deserialize, Serialize};

use crate::{FetchRequest, SourceError};

/// Sets such a cursor apart from an adapter's own.
const MARK: &str = "failed:";

/// Words in a cursor, in bytes: it may have 4 KiB, and JSON makes up to six of one.
const MOST_WORDS: usize = 300;

/// An error as it stands in a cursor.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Carried {
    NotFound(String),
    Unauthorized(String),
    InvalidOptions(String),
    RateLimited(Option<u32>),
    Blocked(String),
    Upstream(u16, String),
    Network(String),
    UnexpectedResponse(String),
    Other(String, String),
}

impl SourceError {
    /// A cursor with which the next call fails, if it begins with [`FetchRequest::go_on`].
    pub fn to_cursor(&self) -> String {
        let short = |words: &String| words[..floor_char_boundary(words, MOST_WORDS)].to_owned();
        let carried = match self {
            Self::NotFound(words) => Carried::NotFound(short(words)),
            Self::Unauthorized(words) => Carried::Unauthorized(short(words)),
            Self::InvalidOptions(words) => Carried::InvalidOptions(short(words)),
            Self::RateLimited(seconds) => Carried::RateLimited(*seconds),
            Self::Blocked(words) => Carried::Blocked(short(words)),
            Self::Upstream((status, words)) => Carried::Upstream(*status, short(words)),
            Self::Network(words) => Carried::Network(short(words)),
            Self::UnexpectedResponse(words) => Carried::UnexpectedResponse(short(words)),
            Self::Other((code, words)) => Carried::Other(short(code), short(words)),
        };
        // Strings and numbers alone: this cannot fail.
        MARK.to_owned() + &serde_json::to_string(&carried).unwrap_or_default()
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let carried = serde_json::from_str(cursor.strip_prefix(MARK)?).ok()?;
        Some(match carried {
            Carried::NotFound(words) => Self::NotFound(words),
            Carried::Unauthorized(words) => Self::Unauthorized(words),
            Carried::InvalidOptions(words) => Self::InvalidOptions(words),
            Carried::RateLimited(seconds) => Self::RateLimited(seconds),
            Carried::Blocked(words) => Self::Blocked(words),
            Carried::Upstream(status, words) => Self::Upstream((status, words)),
            Carried::Network(words) => Self::Network(words),
            Carried::UnexpectedResponse(words) => Self::UnexpectedResponse(words),
            Carried::Other(code, words) => Self::Other((code, words)),
        })
    }

    /// Whether the board speaks to us rather than about what we asked for: the next request would fare no better.
    pub fn concerns_all_requests(&self) -> bool {
        matches!(self, Self::RateLimited(_) | Self::Blocked(_) | Self::Unauthorized(_))
    }
}

impl FetchRequest {
    /// Fails as the last call's page said ([`SourceError::to_cursor`]); otherwise there is something to read.
    pub fn go_on(&self) -> Result<(), SourceError> {
        self.cursor.as_deref().and_then(SourceError::from_cursor).map_or(Ok(()), Err)
    }
}

fn floor_char_boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_failure_comes_through_a_cursor_as_it_was() {
        let words = || "größe \"\n".to_owned();
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
            let request = FetchRequest { cursor: Some(error.to_cursor()), ..testing::request("acme", "{}") };
            assert_eq!(request.go_on(), Err(error));
        }
    }

    #[test]
    fn other_cursors_carry_none() {
        for cursor in [None, Some("2"), Some("failed:"), Some("failed: soon")] {
            let cursor = cursor.map(str::to_owned);
            assert_eq!(FetchRequest { cursor, ..testing::request("acme", "{}") }.go_on(), Ok(()));
        }
    }

    #[test]
    fn a_cursor_stays_a_short_one() {
        let long = || "\u{1}ö".repeat(10_000);
        let cursor = SourceError::Other((long(), long())).to_cursor();
        assert!(cursor.len() < 4_096, "{}", cursor.len());
    }
}
