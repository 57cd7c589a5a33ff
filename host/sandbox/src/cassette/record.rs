//! Writing down what a scan asks and what it gets.

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

/// A scan under way that is being written down.
#[derive(Debug)]
pub struct Recording {
    adapter: AdapterName,
    source: CassetteSource,
    now: Timestamp,
    recorder: Arc<Recorder>,
}

impl Adapter {
    /// As [`Adapter::start_scan`], and what is asked and answered is written down, up to
    /// `max_bytes` of it.
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
        (self.start_scan_over(transport, reservation, request), recording)
    }

    /// Scans a source by itself, in full, and writes down what is asked and answered; `None` when
    /// that is more than [`Cassette::MAX_RECORDED_BYTES`].
    pub async fn record(
        &self,
        clients: &HttpClients,
        request: ScanRequest,
    ) -> (Listing, Option<Cassette>) {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let (mut scan, recording) = self.start_recorded_scan(
            clients,
            &reservation,
            request,
            Cassette::MAX_RECORDED_BYTES,
        );

        (scan.read_in_full().await, recording.into_cassette())
    }
}

impl Recording {
    /// The requests and answers so far; `None` when they are more than they may be.
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
