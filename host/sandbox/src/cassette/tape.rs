//! What a cassette holds.

use std::fmt;

use jiff::Timestamp;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::{AdapterName, Identifier};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::validator::Validator;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

/// The exchanges of one scan, and what the scan was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Cassette {
    /// Which adapter it was made with, for people: another may replay it.
    pub adapter: Option<AdapterName>,
    /// What the adapter is told of the source.
    pub source: CassetteSource,
    /// The time the adapter is told.
    pub now: Timestamp,
    /// In the order in which the requests were made.
    pub exchanges: Vec<Exchange>,
}

/// The source of a cassette.
#[derive(Debug, Clone, PartialEq)]
pub struct CassetteSource {
    /// What the board calls it.
    pub identifier: Identifier,
    /// A JSON object.
    pub options: serde_json::Value,
    /// Stop at so many jobs.
    pub max_jobs: Option<u32>,
    /// Hosts that requests may go to, beside the adapter's own.
    pub allow_hosts: Vec<AllowedHost>,
    /// What an earlier scan left behind; `None` for a first scan.
    pub state: Option<String>,
    /// What an earlier scan learned about the board's answers; empty for a first scan.
    pub validators: Vec<Validator>,
}

/// One request, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked.
    pub request: Request,
    /// What came back, or why nothing did.
    pub answer: Result<Response, Failure>,
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

/// An answer as the board gave it, decompressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As far as it was read.
    pub body: Vec<u8>,
    /// Why the body ends before its end, if it does.
    pub cut: Option<Failure>,
}

/// Why there is no answer, or no more of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// What kind of failure, as the contract names them.
    pub kind: FailureKind,
    /// In words; the adapter gets them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// The failures that a network can bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The host's addresses are none that may be reached.
    Denied,
    /// The name has no address.
    Dns,
    /// Nobody answers there.
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
