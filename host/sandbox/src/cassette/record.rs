//! Records the exchanges of a scan.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_core::key::AdapterName;
use job_scanner_outbound::HttpClients;

use crate::budgets::in_flight::{InFlightBudget, Reservation};
use crate::cassette::cassette::{Cassette, CassetteSource};
use crate::http::transport::{Recorder, Transport};
use crate::loading::adapter::{Adapter, ScanRequest};
use crate::scan::listing::Listing;
use crate::scan::scan::Scan;

/// The recording of a running scan.
#[derive(Debug)]
pub struct Recording {
    adapter: AdapterName,
    source: CassetteSource,
    now: Timestamp,
    recorder: Arc<Recorder>,
}

impl Adapter {
    /// Starts a scan as [`Adapter::start_scan`] does and records its requests and responses, up to
    /// `max_bytes`.
    pub fn start_recorded_scan(
        &self,
        clients: &HttpClients,
        reservation: &Arc<Reservation>,
        request: ScanRequest,
        max_bytes: u64,
    ) -> (Scan<'_>, Recording) {
        let recorder = Arc::new(Recorder::new(max_bytes, Arc::clone(reservation)));

        let source = CassetteSource {
            identifier: request.source.identifier.clone(),
            options: self.guest_options(request.options.clone()),
            max_jobs: request.max_jobs,
            allow_hosts: request.allow_hosts.clone(),
            state: request.state.clone(),
            validators: request.validators.clone(),
        };
        let recording = Recording {
            adapter: self.name().clone(),
            source,
            now: request.now,
            recorder: Arc::clone(&recorder),
        };

        let transport = Transport::Recorded(clients.clone(), recorder);
        (
            self.start_scan_over(transport, reservation, request),
            recording,
        )
    }

    /// Scans a source with all details, independently of stored jobs, and records the exchanges.
    /// The cassette is `None` if they exceed [`Cassette::MAX_RECORDED_BYTES`].
    pub async fn record(
        &self,
        clients: &HttpClients,
        request: ScanRequest,
    ) -> (Listing, Option<Cassette>) {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let (mut scan, recording) =
            self.start_recorded_scan(clients, &reservation, request, Cassette::MAX_RECORDED_BYTES);

        (scan.read_in_full().await, recording.into_cassette())
    }
}

impl Recording {
    /// Returns the exchanges so far; `None` if they exceed the limit of the recording.
    pub fn into_cassette(self) -> Option<Cassette> {
        let Self {
            adapter,
            source,
            now,
            recorder,
        } = self;
        let exchanges = recorder.take_exchanges()?;

        Some(Cassette {
            adapter: Some(adapter),
            source,
            now,
            exchanges,
        })
    }
}
