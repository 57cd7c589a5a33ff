//! The inputs of one scan: the source, its stored record, the adapter, and the run.

use std::path::PathBuf;
use std::sync::Arc;

use job_scanner_config::SourceConfig;
use job_scanner_core::causes::with_causes;
use job_scanner_core::validator::Validator;
use job_scanner_sandbox::{Adapter, Recording, Reservation, Scan, ScanError, ScanRequest, Secrets};
use job_scanner_store::{Checkpoint, ReadConfig, SourceRecord};
use tracing::warn;

use crate::context::{RunStamp, ScanContext};
use crate::report::ScanFailure;
use crate::scan::details::ReadContext;
use crate::scan::failed_exchanges::FailedExchanges;
use crate::scanner::first_request;

/// The inputs of a scan, which all its stages share.
pub(crate) struct ScanTask<'s> {
    pub(crate) ctx: &'s Arc<ScanContext>,
    pub(crate) source: &'s SourceConfig,
    pub(crate) record: &'s SourceRecord,
    pub(crate) adapter: &'s Adapter,
    /// The read config of this scan.
    pub(crate) read_config: ReadConfig,
    pub(crate) run: RunStamp,
}

impl<'s> ScanTask<'s> {
    pub(crate) fn new(
        ctx: &'s Arc<ScanContext>,
        source: &'s SourceConfig,
        record: &'s SourceRecord,
        adapter: &'s Adapter,
        run: RunStamp,
    ) -> Self {
        let options = source.options.to_string();
        let read_config = ReadConfig {
            adapter_digest: adapter.digest().to_owned(),
            options_hash: blake3::hash(options.as_bytes()).to_hex().to_string(),
            max_jobs: source.max_jobs,
            normalization_version: ctx.normalization_version,
        };
        Self {
            ctx,
            source,
            record,
            adapter,
            read_config,
            run,
        }
    }

    /// Waits until the in-flight budget has room for another scan, or the run ends. The scan holds
    /// its reservation until it is committed.
    pub(crate) async fn wait_for_room(&self) -> Result<Arc<Reservation>, ScanFailure> {
        let reservation = Arc::new(self.ctx.scanner.in_flight.reserve());
        let room = reservation.wait_for_room();
        match tokio::time::timeout_at(self.run.ends.into(), room).await {
            Ok(()) => Ok(reservation),
            Err(_) => Err(ScanFailure::from(&ScanError::RunEnded)),
        }
    }

    /// Starts the scan, and records its exchanges if those of failed scans are kept.
    pub(crate) fn start(
        &self,
        reservation: &Arc<Reservation>,
        secrets: Secrets,
    ) -> (Scan<'s>, Option<Recording>) {
        let Self { ctx, adapter, .. } = *self;
        let request = self.request(secrets);
        if ctx.failed_exchanges.is_none() {
            return (
                adapter.start_scan(&ctx.scanner.clients, reservation, request),
                None,
            );
        }

        let most = FailedExchanges::MAX_BYTES;
        let (scan, recording) =
            adapter.start_recorded_scan(&ctx.scanner.clients, reservation, request, most);
        (scan, Some(recording))
    }

    /// Returns the scan request. It has the checkpoint of the last complete scan, unless the read
    /// config has changed.
    fn request(&self, secrets: Secrets) -> ScanRequest {
        let Self {
            source,
            record,
            read_config,
            run,
            ..
        } = self;
        // An unchanged short listing does not confirm that the missing jobs are closed. While many
        // are missing, the board has to send its full listing.
        let applies =
            !record.read_whole && record.checkpoint.read_config.as_ref() == Some(read_config);
        let checkpoint = Some(&record.checkpoint).filter(|_| applies);

        ScanRequest {
            state: checkpoint.and_then(|checkpoint| checkpoint.state.clone()),
            validators: checkpoint
                .map(|checkpoint| checkpoint.validators.clone())
                .unwrap_or_default(),
            run_ends: Some(run.ends),
            ..first_request(source, secrets, run.started_at)
        }
    }

    /// Returns the context for details. If the read config is not equivalent to that of the last
    /// scan, most changes of jobs are caused by the program and not by the board.
    pub(crate) fn context(&self) -> ReadContext {
        let last = self.record.checkpoint.read_config.as_ref();
        let reprocessed = last.is_some_and(|last| !last.is_equivalent(&self.read_config));
        ReadContext {
            now: self.run.judged_at,
            read_config: self.read_config.fingerprint(),
            reprocessed,
        }
    }

    /// Returns the checkpoint for the next scan, for the case that this one was complete.
    pub(crate) fn checkpoint(
        &self,
        state: Option<String>,
        validators: Vec<Validator>,
    ) -> Checkpoint {
        Checkpoint {
            state,
            validators,
            read_config: Some(self.read_config.clone()),
        }
    }

    /// Keeps the exchanges of a failed scan, if they were recorded, and returns their folder. An
    /// error here is only logged.
    pub(crate) async fn keep_exchanges(&self, recording: Option<Recording>) -> Option<PathBuf> {
        let exchanges = recording?.into_cassette();
        let (ctx, key) = (Arc::clone(self.ctx), self.source.key.clone());
        let started_at = self.run.started_at;
        let write = move || {
            let failed_exchanges = ctx.failed_exchanges.as_ref()?;
            Some(failed_exchanges.keep(&key, exchanges, started_at))
        };

        match tokio::task::spawn_blocking(write).await.ok().flatten()? {
            Ok(folder) => folder,
            Err(error) => {
                warn!(
                    error = with_causes(&error),
                    "cannot keep the requests and responses of `{}`", self.source.key
                );
                None
            }
        }
    }
}
