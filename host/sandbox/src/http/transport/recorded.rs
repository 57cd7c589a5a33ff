//! The exchanges of one scan as they are recorded and replayed.

use std::borrow::Cow;
use std::fmt;

use job_scanner_core::escape::Printable;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::http::types::HttpError;

/// The longest body that is looked at as JSON, in bytes: no request has more (1 MiB), however it is
/// laid out. As values in memory it takes many times as much.
const MAX_JSON_BYTES: usize = 4 * 1024 * 1024;

/// One request, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The answer, or the reason why there is none.
    pub outcome: Result<Response, NetworkFailure>,
}

/// A request as it left the host: redirects and retries are requests of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Upper case.
    pub method: Method,
    /// Absolute.
    pub url: Url,
    /// Those that the adapter set and those that we added; for people, since answers are found
    /// without them.
    pub headers: Vec<(String, String)>,
    /// Empty when there is none.
    pub body: Vec<u8>,
}

/// Method and URL, fit to be printed.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, Printable(self.url.as_str()))
    }
}

impl Request {
    /// Returns true if an answer to one is an answer to the other.
    pub fn is_same(&self, other: &Self) -> bool {
        self.method == other.method
            && self.url == other.url
            && as_compared(&self.body) == as_compared(&other.body)
    }
}

/// An answer as the board gave it, decompressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As far as it was read.
    pub body: Vec<u8>,
    /// The reason why the body breaks off, if it does.
    pub cut: Option<NetworkFailure>,
}

/// The reason why there is no answer, or no more of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFailure {
    /// The kind of failure, as the contract names it.
    pub kind: NetworkFailureKind,
    /// In words; the adapter gets them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// The failures that a network can bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkFailureKind {
    /// The host's addresses are none that may be reached.
    Denied,
    /// The name has no address.
    Dns,
    /// No server answers there.
    Connect,
    /// No trusted connection.
    Tls,
    /// Took too long.
    Timeout,
    /// More than a body may have; the message is the limit in bytes.
    TooLarge,
    /// The other side does not speak HTTP as it should.
    Protocol,
}

impl NetworkFailure {
    /// The failure of a request, for people and for the adapter that a replay tells of it.
    pub(super) fn of(error: &HttpError) -> Self {
        let (kind, message) = match error {
            HttpError::Denied(words) => (NetworkFailureKind::Denied, words.clone()),
            HttpError::Dns(words) => (NetworkFailureKind::Dns, words.clone()),
            HttpError::Connect(words) => (NetworkFailureKind::Connect, words.clone()),
            HttpError::Tls(words) => (NetworkFailureKind::Tls, words.clone()),
            HttpError::Timeout => (NetworkFailureKind::Timeout, String::new()),
            HttpError::TooLarge(limit) => (NetworkFailureKind::TooLarge, limit.to_string()),
            other => (NetworkFailureKind::Protocol, other.to_string()),
        };
        Self { kind, message }
    }

    /// The answer, or the rest of it, did not come in time.
    pub(super) fn timeout() -> Self {
        Self {
            kind: NetworkFailureKind::Timeout,
            message: String::new(),
        }
    }

    /// The error that the adapter is told.
    pub(crate) fn to_error(&self) -> HttpError {
        let words = self.message.clone();
        match self.kind {
            NetworkFailureKind::Denied => HttpError::Denied(words),
            NetworkFailureKind::Dns => HttpError::Dns(words),
            NetworkFailureKind::Connect => HttpError::Connect(words),
            NetworkFailureKind::Tls => HttpError::Tls(words),
            NetworkFailureKind::Timeout => HttpError::Timeout,
            NetworkFailureKind::TooLarge => HttpError::TooLarge(words.parse().unwrap_or_default()),
            NetworkFailureKind::Protocol => HttpError::Protocol(words),
        }
    }
}

/// JSON is the same however it is laid out: people write it over lines.
pub(super) fn as_compared(body: &[u8]) -> Cow<'_, [u8]> {
    if body.len() > MAX_JSON_BYTES {
        return body.into();
    }

    let json = serde_json::from_slice::<Value>(body);
    json.map_or(Cow::Borrowed(body), |json| {
        json.to_string().into_bytes().into()
    })
}
