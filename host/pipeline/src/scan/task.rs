//! The subject of one scan: its source, what is on record of that, the adapter that reads it, and
//! the run that it is part of.

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

/// The subject of a scan, which all its stages share.
pub(crate) struct ScanTask<'s> {
    pub(crate) ctx: &'s Arc<ScanContext>,
    pub(crate) source: &'s SourceConfig,
    pub(crate) record: &'s SourceRecord,
    pub(crate) adapter: &'s Adapter,
    /// How the listing is read this time.
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

    /// Waits until there is room for another scan in what all of them hold, or the run ends. The
    /// share counts what the scan holds until it is committed.
    pub(crate) async fn wait_for_room(&self) -> Result<Arc<Reservation>, ScanFailure> {
        let reservation = Arc::new(self.ctx.scanner.in_flight.reserve());
        let room = reservation.wait_for_room();
        match tokio::time::timeout_at(self.run.ends.into(), room).await {
            Ok(()) => Ok(reservation),
            Err(_) => Err(ScanFailure::from(&ScanError::RunEnded)),
        }
    }

    /// Begins the scan, and its recording where the exchanges of failed scans are kept.
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

    /// What the last complete scan left is handed on, unless something that decides how to read the
    /// board changed.
    fn request(&self, secrets: Secrets) -> ScanRequest {
        let Self {
            source,
            record,
            read_config,
            run,
            ..
        } = self;
        // That a short answer is unchanged says nothing about the jobs it lacks: such a board has
        // to answer in full.
        let applies =
            !record.read_whole && record.checkpoint.read_config.as_ref() == Some(read_config);
        let checkpoint = Some(&record.checkpoint).filter(|_| applies);

        ScanRequest {
            source: source.key.clone(),
            options: source.options.clone(),
            secrets,
            allow_hosts: source.allow_hosts.clone(),
            max_jobs: source.max_jobs,
            state: checkpoint.and_then(|checkpoint| checkpoint.state.clone()),
            validators: checkpoint
                .map(|checkpoint| checkpoint.validators.clone())
                .unwrap_or_default(),
            now: run.started_at,
            run_ends: Some(run.ends),
        }
    }

    /// Where the listing is read in another way than last time, most of what changes is our own
    /// doing.
    pub(crate) fn context(&self) -> ReadContext {
        let last = self.record.checkpoint.read_config.as_ref();
        let reprocessed = last.is_some_and(|last| !last.is_equivalent(&self.read_config));
        ReadContext {
            now: self.run.judged_at,
            read_config: self.read_config.fingerprint(),
            reprocessed,
        }
    }

    /// Returns what the next scan is to know of this one, if this one was complete.
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

    /// Keeps the exchanges of a scan that failed, where that is wanted. Whatever happens to them
    /// changes nothing else.
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
                    "cannot keep the exchanges of `{}`", self.source.key
                );
                None
            }
        }
    }
}
