//! Validators, with which a client finds out if a listing changed: by its version (`ETag`) or its
//! time (`Last-Modified`).

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use axum::http::header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};

/// The kind of validator that an API sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidatorKind {
    ETag,
    LastModified,
}

/// The validator of one version of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Validator {
    ETag(HeaderValue),
    LastModified(HeaderValue),
}

impl ValidatorKind {
    /// Returns the validator of a body after this many changes.
    ///
    /// A time is a fixed day plus one second per change. Real times would be the same for two
    /// changes within a second.
    pub(crate) fn of(self, body: &[u8], changes: u32) -> Validator {
        match self {
            Self::ETag => {
                let mut hasher = DefaultHasher::new();
                body.hash(&mut hasher);

                let tag = format!("W/\"{:016x}\"", hasher.finish());
                Validator::ETag(header(&tag))
            }
            Self::LastModified => Validator::LastModified(header(&time(changes))),
        }
    }
}

impl Validator {
    /// Returns the response header for this validator.
    pub(crate) fn header(&self) -> (HeaderName, HeaderValue) {
        match self {
            Self::ETag(value) => (ETAG, value.clone()),
            Self::LastModified(value) => (LAST_MODIFIED, value.clone()),
        }
    }

    /// Returns true if the client has this version already. Tags are compared weakly, as
    /// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2) requires, and times
    /// exactly.
    pub(crate) fn is_known(&self, request: &HeaderMap) -> bool {
        match self {
            Self::ETag(etag) => {
                let ours = etag.to_str().map_or("", opaque);
                let sent = request
                    .get_all(IF_NONE_MATCH)
                    .iter()
                    .filter_map(|value| value.to_str().ok());

                let mut tags = sent.flat_map(|value| value.split(','));
                tags.any(|tag| opaque(tag) == ours || tag.trim() == "*")
            }
            Self::LastModified(time) => request.get(IF_MODIFIED_SINCE) == Some(time),
        }
    }
}

fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/")
}

fn time(changes: u32) -> String {
    const FIRST: Timestamp = Timestamp::constant(1_767_225_600, 0); // 2026-01-01

    let at = FIRST + SignedDuration::from_secs(i64::from(changes));
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("digits, letters and quotes are a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_moves_last_modified_by_a_second() {
        assert_eq!(time(1), "Thu, 01 Jan 2026 00:00:01 GMT");
        assert_ne!(
            ValidatorKind::LastModified.of(b"", 1),
            ValidatorKind::LastModified.of(b"", 2)
        );
    }
}
