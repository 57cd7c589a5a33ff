//! The exchanges of one scan, as they are recorded and replayed.

use std::borrow::Cow;
use std::fmt;

use job_scanner_core::escape::Printable;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::http::types::HttpError;

/// The longest body that is compared as JSON, in bytes. Requests have at most 1 MiB; the rest
/// allows for white space. The limit exists because JSON takes many times its size in memory.
const MAX_JSON_BYTES: usize = 4 * 1024 * 1024;

/// One request and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub request: Request,
    /// The response, or the reason why there is none.
    pub outcome: Result<Response, NetworkFailure>,
}

/// A request as it was sent. Each redirect and each retry is a separate request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Upper case.
    pub method: Method,
    /// Absolute.
    pub url: Url,
    /// The headers that the adapter and the host set. They are informational, since responses are
    /// found without them.
    pub headers: Vec<(String, String)>,
    /// Empty if the request has none.
    pub body: Vec<u8>,
}

/// Writes method and URL, escaped for printing.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, Printable(self.url.as_str()))
    }
}

impl Request {
    /// Returns true if both requests have the same recorded responses.
    pub fn is_same(&self, other: &Self) -> bool {
        self.method == other.method
            && self.url == other.url
            && as_compared(&self.body) == as_compared(&other.body)
    }
}

/// A response of the board, decompressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The part that was read.
    pub body: Vec<u8>,
    /// The reason why the body breaks off; `None` if it is complete or was not read.
    pub cut: Option<NetworkFailure>,
}

/// The reason why there is no response, or only a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFailure {
    /// The kind of failure, as in the contract.
    pub kind: NetworkFailureKind,
    /// The message for the adapter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// The kinds of failures that a network causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkFailureKind {
    /// Requests to the host's addresses are not allowed.
    Denied,
    /// The host name cannot be resolved.
    Dns,
    /// The connection cannot be established.
    Connect,
    /// The connection is not trusted.
    Tls,
    Timeout,
    /// The body exceeds its limit; the message is the limit in bytes.
    TooLarge,
    /// The server violates the HTTP protocol.
    Protocol,
}

impl NetworkFailure {
    /// Converts an error into a failure that can be recorded.
    pub(super) fn of(error: &HttpError) -> Self {
        let (kind, message) = match error {
            HttpError::Denied(message) => (NetworkFailureKind::Denied, message.clone()),
            HttpError::Dns(message) => (NetworkFailureKind::Dns, message.clone()),
            HttpError::Connect(message) => (NetworkFailureKind::Connect, message.clone()),
            HttpError::Tls(message) => (NetworkFailureKind::Tls, message.clone()),
            HttpError::Timeout => (NetworkFailureKind::Timeout, String::new()),
            HttpError::TooLarge(limit) => (NetworkFailureKind::TooLarge, limit.to_string()),
            other => (NetworkFailureKind::Protocol, other.to_string()),
        };
        Self { kind, message }
    }

    /// Creates the failure of a response that did not arrive, or did not end, in time.
    pub(super) fn timeout() -> Self {
        Self {
            kind: NetworkFailureKind::Timeout,
            message: String::new(),
        }
    }

    /// Converts the failure into the error that the adapter receives.
    pub(crate) fn to_error(&self) -> HttpError {
        let message = self.message.clone();
        match self.kind {
            NetworkFailureKind::Denied => HttpError::Denied(message),
            NetworkFailureKind::Dns => HttpError::Dns(message),
            NetworkFailureKind::Connect => HttpError::Connect(message),
            NetworkFailureKind::Tls => HttpError::Tls(message),
            NetworkFailureKind::Timeout => HttpError::Timeout,
            NetworkFailureKind::TooLarge => {
                HttpError::TooLarge(message.parse().unwrap_or_default())
            }
            NetworkFailureKind::Protocol => HttpError::Protocol(message),
        }
    }
}

/// Returns the body for comparison. JSON is normalized, so that its layout does not matter: people
/// format it over several lines.
pub(super) fn as_compared(body: &[u8]) -> Cow<'_, [u8]> {
    if body.len() > MAX_JSON_BYTES {
        return body.into();
    }

    let json = serde_json::from_slice::<Value>(body);
    json.map_or(Cow::Borrowed(body), |json| {
        json.to_string().into_bytes().into()
    })
}
