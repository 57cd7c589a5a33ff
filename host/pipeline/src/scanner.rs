//! Everything that is needed to scan boards, without a database and without recipients.
//!
//! A run ([`ScanContext`](crate::ScanContext)) adds a database and channels to a scanner. A dry run
//! ([`DryRun`](crate::DryRun)) has only the scanner.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_config::{Config, ConfigErrors, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::matching::QueryMatcher;
use job_scanner_outbound::HttpClients;
use job_scanner_sandbox::{Adapter, Catalog, InFlightBudget, ScanRequest, Secrets};

use crate::clock::Clock;
use crate::report::ScanFailure;
use crate::source_check::check_source;

/// The dependencies for scanning a board and matching its jobs, created once at start-up. Clones
/// share the adapters, the rate limits and the memory budget.
#[derive(Clone)]
pub struct Scanner {
    pub config: Config,
    /// The source of adapters.
    pub catalog: Arc<Catalog>,
    /// The clients for the requests of adapters.
    pub clients: HttpClients,
    /// The memory budget that all scans share.
    pub in_flight: InFlightBudget,
    /// The compiled terms of all profiles.
    pub matcher: Arc<QueryMatcher>,
    pub clock: Clock,
}

impl Scanner {
    /// Loads the adapter of a source, checks the source's options, and reads its secrets. This is
    /// done for each scan, because the operator may accept an adapter or change a secret's file
    /// while the program runs.
    pub(crate) async fn load_adapter(
        &self,
        source: &SourceConfig,
    ) -> Result<(Arc<Adapter>, Secrets), ScanFailure> {
        let file = source.adapter_file.as_deref();
        let loaded = self.catalog.load(&source.key.adapter, file).await;
        let adapter =
            loaded.map_err(|error| ScanFailure::new(error.kind(), with_causes(&error)))?;

        match check_source(&self.config, source, &adapter) {
            Ok(secrets) => Ok((adapter, secrets)),
            Err(problems) => {
                let message = ConfigErrors::from_problems(problems)
                    .map_or_else(String::new, |all| all.to_string());
                Err(ScanFailure::new(FailureKind::InvalidOptions, message))
            }
        }
    }
}

/// Returns the request for a scan that knows of no earlier one and has no run to end with.
pub(crate) fn first_request(
    source: &SourceConfig,
    secrets: Secrets,
    now: Timestamp,
) -> ScanRequest {
    ScanRequest {
        source: source.key.clone(),
        options: source.options.clone(),
        secrets,
        allow_hosts: source.allow_hosts.clone(),
        max_jobs: source.max_jobs,
        state: None,
        validators: Vec::new(),
        now,
        run_ends: None,
    }
}
