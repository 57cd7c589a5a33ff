//! The collaborators that look at boards. They keep nothing and notify no recipient.
//!
//! A run ([`ScanContext`](crate::ScanContext)) is a scanner beside a database and channels; a dry
//! run ([`DryRun`](crate::DryRun)) is a scanner alone.

use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::matching::KeywordMatcher;
use job_scanner_outbound::HttpClients;
use job_scanner_sandbox::{Adapter, Catalog, InFlightBudget, Secrets};

use crate::clock::Clock;
use crate::report::ScanFailure;
use crate::source_check::check_source;

/// Everything that it takes to scan a board and to match its jobs, built once at start-up.
pub struct Scanner {
    /// The whole configuration.
    pub config: Config,
    /// Where adapters come from.
    pub catalog: Arc<Catalog>,
    /// What their requests go through.
    pub clients: HttpClients,
    /// What all scans hold together.
    pub in_flight: InFlightBudget,
    /// All terms of all profiles.
    pub matcher: Arc<KeywordMatcher>,
    /// What time it is.
    pub clock: Clock,
}

impl Scanner {
    /// Loads the source's adapter, if that was accepted and the source says what it can work with,
    /// and the source's secrets. All of it may have changed since the start: the operator may
    /// accept an adapter, or write a new key into a file, while we run.
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
                let words = ConfigErrors::from_problems(problems)
                    .map_or_else(String::new, |all| all.to_string());
                Err(ScanFailure::new(FailureKind::InvalidOptions, words))
            }
        }
    }
}
