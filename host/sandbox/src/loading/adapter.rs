//! An adapter: one component that was accepted, and its scans.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use job_scanner_core::adapter::{Digest, Grants, HostTarget, Limits, Manifest};
use job_scanner_core::key::{AdapterName, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::validator::Validator;
use job_scanner_outbound::HttpClients;

use crate::budgets::guest_log::GuestLog;
use crate::budgets::in_flight::Reservation;
use crate::budgets::wall_clock::WallClock;
use crate::contract::lines::{Contract, Interfaces};
use crate::http::transport::Transport;
use crate::http::{Access, GrantedHost, HttpSession};
use crate::loading::described::Described;
use crate::loading::engine::Engine;
use crate::scan::page::PageRequest;
use crate::scan::scan::{Runnable, Scan};
use crate::secrets::{Secrets, without_secrets};

/// One adapter, ready to scan. Nothing of one scan reaches the next.
pub struct Adapter {
    name: AdapterName,
    digest: Digest,
    grants: Grants,
    described: Described,
    limits: Limits,
    engine: Engine,
}

/// The source of a scan, and what is known of it.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// The name of the source.
    pub source: SourceKey,
    /// Its options, as a JSON object. The guest sees `{{secret:OPTION}}` in place of what stands in
    /// those that are secret.
    pub options: serde_json::Value,
    /// The values of those.
    pub secrets: Secrets,
    /// Hosts that the operator listed for it.
    pub allow_hosts: Vec<AllowedHost>,
    /// Stop at so many jobs.
    pub max_jobs: Option<u32>,
    /// The state that the last complete scan left behind.
    pub state: Option<String>,
    /// The validators that the last complete scan learned.
    pub validators: Vec<Validator>,
    /// The time the guest is told.
    pub now: Timestamp,
    /// The time at which the scan is cut, whatever is left of its own time.
    pub run_ends: Option<Instant>,
}

impl Adapter {
    /// A component, with what it was granted.
    pub(crate) fn new(
        name: AdapterName,
        engine: &Engine,
        digest: Digest,
        grants: Grants,
        described: Described,
        limits: Limits,
    ) -> Self {
        Self {
            name,
            digest,
            grants,
            described,
            limits,
            engine: engine.clone(),
        }
    }

    /// The name it was found under.
    pub fn name(&self) -> &AdapterName {
        &self.name
    }

    /// SHA-256 of the component, as `sha256sum` prints it.
    pub fn digest(&self) -> &str {
        self.digest.as_str()
    }

    /// The grants that were accepted.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The manifest, which is what it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.described.manifest
    }

    /// The interfaces that it imports and exports.
    pub fn interfaces(&self) -> &Interfaces {
        &self.described.interfaces
    }

    /// The line of the contract that it speaks.
    pub fn contract(&self) -> Contract {
        self.described.contract
    }

    /// Returns true if it can be asked for what its listings leave out.
    pub fn has_details(&self) -> bool {
        self.described.prepared.has_details()
    }

    /// The number of jobs whose details one scan may ask for.
    pub fn details_per_scan(&self) -> u64 {
        self.limits.details
    }

    /// Begins a scan of one source, in a store of its own. What it holds is counted in `reservation`.
    pub fn start_scan(
        &self,
        clients: &HttpClients,
        reservation: &Arc<Reservation>,
        request: ScanRequest,
    ) -> Scan<'_> {
        self.start_scan_over(Transport::Network(clients.clone()), reservation, request)
    }

    /// The same over whatever takes requests.
    pub(crate) fn start_scan_over(
        &self,
        transport: Transport,
        reservation: &Arc<Reservation>,
        request: ScanRequest,
    ) -> Scan<'_> {
        let limits = &self.limits;
        let log = Arc::new(GuestLog::new(request.source.to_string(), limits));
        let wall = Arc::new(WallClock::new(limits).with_run_end(request.run_ends));

        // Hosts are taken from the options before the guest's view of them takes their place.
        let granted = self.granted_hosts(request.source.identifier.as_str(), &request.options);
        let access = Access::new(granted, request.allow_hosts)
            .with_receivers(self.grants.secrets.clone())
            .for_adapter(self.digest());
        let http = Arc::new(HttpSession::new(
            transport,
            access,
            request.secrets,
            limits,
            request.validators,
            Arc::clone(&wall),
            Arc::clone(reservation),
        ));

        let page = PageRequest {
            identifier: request.source.identifier.as_str().to_owned(),
            options: self.guest_options(request.options).to_string(),
            cursor: None,
            state: request.state,
            max_jobs: request.max_jobs,
            now: format!("{:.0}", request.now),
        };
        Scan::new(
            self.runnable(),
            log,
            http,
            wall,
            Arc::clone(reservation),
            page,
        )
    }

    fn runnable(&self) -> Runnable<'_> {
        Runnable {
            prepared: &self.described.prepared,
            engine: self.engine.wasmtime(),
            slots: self.engine.slots(),
            limits: &self.limits,
        }
    }

    /// Options without what only the host may see.
    pub(crate) fn guest_options(&self, options: serde_json::Value) -> serde_json::Value {
        let secrets = self
            .manifest()
            .options
            .iter()
            .flat_map(|schema| schema.secrets().keys());

        without_secrets(options, secrets)
    }

    /// The hosts that were granted, seen from one source. Where a host is taken from the source,
    /// the caller has checked that the source names one; if it names none after all, nothing is
    /// granted.
    fn granted_hosts(&self, identifier: &str, options: &serde_json::Value) -> Vec<GrantedHost> {
        let host = |target: &HostTarget| target.resolve(identifier, options).ok().flatten();
        let granted = self.grants.hosts.iter().filter_map(|(target, terms)| {
            Some(GrantedHost {
                pattern: host(target)?,
                terms: terms.clone(),
            })
        });

        granted.collect()
    }
}
