//! A cassette in memory: a source, and the exchanges of one scan of it.

use jiff::Timestamp;
use job_scanner_core::key::{AdapterName, Identifier};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::validator::Validator;

use crate::http::transport::Exchange;

/// The recorded exchanges of one scan, and the input of the scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Cassette {
    /// The adapter that the cassette was recorded with. It is informational: other adapters may
    /// replay it.
    pub adapter: Option<AdapterName>,
    /// The source as the adapter sees it.
    pub source: CassetteSource,
    /// The time that is passed to the adapter.
    pub now: Timestamp,
    /// In the order in which the requests were made.
    pub exchanges: Vec<Exchange>,
}

/// The source of a cassette.
#[derive(Debug, Clone, PartialEq)]
pub struct CassetteSource {
    pub identifier: Identifier,
    /// A JSON object.
    pub options: serde_json::Value,
    /// The number of jobs after which the scan stops; `None` without a limit.
    pub max_jobs: Option<u32>,
    /// Hosts that requests may be sent to, in addition to the adapter's granted ones.
    pub allow_hosts: Vec<AllowedHost>,
    /// The state that an earlier scan returned; `None` for a first scan.
    pub state: Option<String>,
    /// The validators that an earlier scan stored; empty for a first scan.
    pub validators: Vec<Validator>,
}
