//! An adapter: one accepted component, and the scans that it runs.

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

/// One adapter, ready to scan. Its scans share no state.
pub struct Adapter {
    name: AdapterName,
    digest: Digest,
    grants: Grants,
    described: Described,
    limits: Limits,
    engine: Engine,
}

/// The source of a scan, and the state of earlier scans.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    pub source: SourceKey,
    /// A JSON object. The guest sees `{{secret:OPTION}}` as the value of each option that is a
    /// secret.
    pub options: serde_json::Value,
    /// The values of the options that are secrets.
    pub secrets: Secrets,
    /// Hosts that the operator listed for this source.
    pub allow_hosts: Vec<AllowedHost>,
    /// The number of jobs after which the scan stops; `None` without a limit.
    pub max_jobs: Option<u32>,
    /// The state that the last complete scan returned.
    pub state: Option<String>,
    /// The validators that the last complete scan stored.
    pub validators: Vec<Validator>,
    /// The time that is passed to the guest.
    pub now: Timestamp,
    /// The time at which the run ends and cancels the scan, even if the scan has time left.
    pub run_ends: Option<Instant>,
}

impl Adapter {
    /// Creates an adapter from a component and its grants.
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

    /// Returns the name under which the adapter was found.
    pub fn name(&self) -> &AdapterName {
        &self.name
    }

    /// Returns the SHA-256 of the component, as `sha256sum` prints it.
    pub fn digest(&self) -> &str {
        self.digest.as_str()
    }

    /// Returns the accepted grants.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Returns the manifest, which the adapter itself provides.
    pub fn manifest(&self) -> &Manifest {
        &self.described.manifest
    }

    /// Returns the interfaces that the component imports and exports.
    pub fn interfaces(&self) -> &Interfaces {
        &self.described.interfaces
    }

    /// Returns the contract line that the adapter implements.
    pub fn contract(&self) -> Contract {
        self.described.contract
    }

    /// Returns true if the adapter can fetch the details that its listings leave out.
    pub fn has_details(&self) -> bool {
        self.described.prepared.has_details()
    }

    /// Returns the number of jobs whose details one scan may request.
    pub fn details_per_scan(&self) -> u64 {
        self.limits.details
    }

    /// Starts a scan of one source in a separate store. The memory that it holds counts against
    /// `reservation`.
    pub fn start_scan(
        &self,
        clients: &HttpClients,
        reservation: &Arc<Reservation>,
        request: ScanRequest,
    ) -> Scan<'_> {
        self.start_scan_over(Transport::Network(clients.clone()), reservation, request)
    }

    /// Starts a scan over any transport.
    pub(crate) fn start_scan_over(
        &self,
        transport: Transport,
        reservation: &Arc<Reservation>,
        request: ScanRequest,
    ) -> Scan<'_> {
        let limits = &self.limits;
        let log = Arc::new(GuestLog::new(request.source.to_string(), limits));
        let wall = Arc::new(WallClock::new(limits).with_run_end(request.run_ends));

        // Hosts are taken from the options before the guest's view of the options replaces them.
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

    /// Returns the options as the guest may see them, with placeholders for secrets.
    pub(crate) fn guest_options(&self, options: serde_json::Value) -> serde_json::Value {
        let secrets = self
            .manifest()
            .options
            .iter()
            .flat_map(|schema| schema.secrets().keys());

        without_secrets(options, secrets)
    }

    /// Returns the granted hosts for one source. Where the host comes from the source, the caller
    /// has checked that the source names one. If it names none after all, nothing is granted.
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
