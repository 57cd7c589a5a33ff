//! An adapter: one component, compiled and linked once, and its scans.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::key::{AdapterName, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::validator::Validator;
use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;

use super::engine::Engine;
use super::error::ScanError;
use super::http::{Access, HttpClients, HttpSession, Wire};
use super::listing::{Listing, ListingReader};
use super::manifest::Manifest;
use super::page::PageRequest;
use super::scan_state::{ScanState, classify};
use super::v0_1::Prepared;
use super::wall_clock::WallClock;
use crate::config::Limits;

/// How long `describe` may compute. The contract says 50 ms; ten times that, since on a busy machine the time in
/// which another process ran counts as the guest's.
const DESCRIBE_BUDGET: Duration = Duration::from_millis(500);

/// One adapter, ready to scan. Nothing of one scan reaches the next.
pub struct Adapter {
    name: AdapterName,
    digest: String,
    manifest: Manifest,
    limits: Limits,
    engine: Engine,
    prepared: Prepared,
}

/// What a scan is told about its source.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// Which source.
    pub source: SourceKey,
    /// Its options, as a JSON object.
    pub options: serde_json::Value,
    /// Hosts that the operator listed for it.
    pub allow_hosts: Vec<AllowedHost>,
    /// Stop at so many jobs.
    pub max_jobs: Option<u32>,
    /// What the last complete scan left behind.
    pub state: Option<String>,
    /// What the last complete scan learned about the board's answers.
    pub validators: Vec<Validator>,
    /// The time the guest is told.
    pub now: Timestamp,
}

impl Adapter {
    /// Compiles (or takes from the cache), links and describes a component.
    ///
    /// # Errors
    ///
    /// When the bytes are no component of a contract we speak, or its manifest is none.
    pub(super) async fn load(engine: &Engine, name: AdapterName, bytes: &[u8], limits: Limits) -> anyhow::Result<Self> {
        let component = Component::from_binary(engine.wasmtime(), bytes)?;
        let prepared = Prepared::new(engine, &component)?;
        let manifest = describe(engine, &prepared, &name, &limits).await?;
        let digest = format!("{:x}", Sha256::digest(bytes));
        Ok(Self { name, digest, manifest, limits, engine: engine.clone(), prepared })
    }

    /// The name it was found under.
    pub fn name(&self) -> &AdapterName {
        &self.name
    }

    /// SHA-256 of the component, as `sha256sum` prints it.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(super) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Reads the whole listing of one source, in a store that lives as long as this call.
    pub async fn scan(&self, clients: &HttpClients, request: ScanRequest) -> Listing {
        self.scan_over(Wire::Network(clients.clone()), request).await
    }

    /// The same over whatever takes requests.
    pub(super) async fn scan_over(&self, wire: Wire, request: ScanRequest) -> Listing {
        let limits = &self.limits;
        let wall = Arc::new(WallClock::new(limits));
        let access = Access::new(self.manifest.hosts.clone(), request.allow_hosts);
        let http = Arc::new(HttpSession::new(wire, access, limits, request.validators, Arc::clone(&wall)));
        let store =
            ScanState::new(request.source.to_string(), limits, Some(Arc::clone(&http))).into_store(&self.engine);
        let page = PageRequest {
            identifier: request.source.identifier.as_str().to_owned(),
            options: request.options.to_string(),
            cursor: None,
            state: request.state,
            max_jobs: request.max_jobs,
            now: format!("{:.0}", request.now),
        };
        ListingReader::new(self, limits, store, http, wall, page).read().await
    }
}

async fn describe(
    engine: &Engine,
    prepared: &Prepared,
    name: &AdapterName,
    limits: &Limits,
) -> anyhow::Result<Manifest> {
    let limits = Limits { cpu_page: DESCRIBE_BUDGET, cpu_scan: DESCRIBE_BUDGET, ..limits.clone() };
    let mut store = ScanState::new(name.to_string(), &limits, None).into_store(engine);
    let json = match prepared.instantiate(&mut store).await {
        Ok(instance) => tokio::time::timeout(limits.wall_page, instance.describe(&mut store))
            .await
            .map_err(|_| ScanError::Timeout { what: "its manifest", limit: limits.wall_page })?,
        Err(error) => Err(error),
    };
    let json = json.map_err(|error| classify(error, store.data(), &limits))?;
    Ok(Manifest::parse(&json)?)
}
