//! A cassette in memory: a source, and the exchanges of one scan of it.

use jiff::Timestamp;
use job_scanner_core::key::{AdapterName, Identifier};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::validator::Validator;

use crate::http::transport::Exchange;

/// The exchanges of one scan, and what the scan was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Cassette {
    /// The adapter that it was made with, for people: another may replay it.
    pub adapter: Option<AdapterName>,
    /// The source as the adapter is told of it.
    pub source: CassetteSource,
    /// The time the adapter is told.
    pub now: Timestamp,
    /// In the order in which the requests were made.
    pub exchanges: Vec<Exchange>,
}

/// The source of a cassette.
#[derive(Debug, Clone, PartialEq)]
pub struct CassetteSource {
    /// The board's name for it.
    pub identifier: Identifier,
    /// A JSON object.
    pub options: serde_json::Value,
    /// Stop at so many jobs.
    pub max_jobs: Option<u32>,
    /// Hosts that requests may go to, beside the adapter's own.
    pub allow_hosts: Vec<AllowedHost>,
    /// The state that an earlier scan left behind; `None` for a first scan.
    pub state: Option<String>,
    /// The validators that an earlier scan learned; empty for a first scan.
    pub validators: Vec<Validator>,
}
