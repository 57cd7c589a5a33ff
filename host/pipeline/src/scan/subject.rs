//! The subject of one scan: its source, what is on record of that, the adapter that reads it, and
//! the run that it is part of.

use std::path::PathBuf;
use std::sync::Arc;

use job_scanner_config::SourceConfig;
use job_scanner_core::causes::with_causes;
use job_scanner_core::validator::Validator;
use job_scanner_sandbox::{Adapter, HeldShare, Recording, Scan, ScanError, ScanRequest, Secrets};
use job_scanner_store::{ScanMemory, ScannedUnder, SourceRecord};
use tracing::warn;

use crate::context::{RunStamp, ScanContext};
use crate::report::ScanFailure;
use crate::scan::details::Reading;
use crate::scan::failed_exchanges::FailedExchanges;

/// The subject of a scan, which all its stages share.
pub(crate) struct Subject<'s> {
    pub(crate) ctx: &'s Arc<ScanContext>,
    pub(crate) source: &'s SourceConfig,
    pub(crate) record: &'s SourceRecord,
    pub(crate) adapter: &'s Adapter,
    /// How the listing is read this time.
    pub(crate) under: ScannedUnder,
    pub(crate) run: RunStamp,
}

impl<'s> Subject<'s> {
    pub(crate) fn new(
        ctx: &'s Arc<ScanContext>,
        source: &'s SourceConfig,
        record: &'s SourceRecord,
        adapter: &'s Adapter,
        run: RunStamp,
    ) -> Self {
        let options = source.options.to_string();
        let under = ScannedUnder {
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
            under,
            run,
        }
    }

    /// Waits until there is room for another scan in what all of them hold, or the run ends. The
    /// share counts what the scan holds until it is committed.
    pub(crate) async fn wait_for_room(&self) -> Result<Arc<HeldShare>, ScanFailure> {
        let share = Arc::new(self.ctx.scanner.held.share());
        let room = share.wait_for_room();
        match tokio::time::timeout_at(self.run.ends.into(), room).await {
            Ok(()) => Ok(share),
            Err(_) => Err(ScanFailure::from(&ScanError::RunEnded)),
        }
    }

    /// Begins the scan, and its recording where the exchanges of failed scans are kept.
    pub(crate) fn start(
        &self,
        share: &Arc<HeldShare>,
        secrets: Secrets,
    ) -> (Scan<'s>, Option<Recording>) {
        let Self { ctx, adapter, .. } = *self;
        let request = self.request(secrets);
        if ctx.failed_exchanges.is_none() {
            return (
                adapter.start_scan(&ctx.scanner.clients, share, request),
                None,
            );
        }

        let most = FailedExchanges::MOST_BYTES;
        let (scan, recording) =
            adapter.start_recorded_scan(&ctx.scanner.clients, share, request, most);
        (scan, Some(recording))
    }

    /// What the last complete scan left is handed on, unless something that decides how to read the
    /// board changed.
    fn request(&self, secrets: Secrets) -> ScanRequest {
        let Self {
            source,
            record,
            under,
            run,
            ..
        } = self;
        // That a short answer is unchanged says nothing about the jobs it lacks: such a board has
        // to answer in full.
        let applies = !record.read_whole && record.memory.scanned_under.as_ref() == Some(under);
        let memory = Some(&record.memory).filter(|_| applies);

        ScanRequest {
            source: source.key.clone(),
            options: source.options.clone(),
            secrets,
            allow_hosts: source.allow_hosts.clone(),
            max_jobs: source.max_jobs,
            state: memory.and_then(|memory| memory.state.clone()),
            validators: memory
                .map(|memory| memory.validators.clone())
                .unwrap_or_default(),
            now: run.started_at,
            run_ends: Some(run.ends),
        }
    }

    /// Where the listing is read in another way than last time, most of what changes is our own
    /// doing.
    pub(crate) fn reading(&self) -> Reading {
        let last = self.record.memory.scanned_under.as_ref();
        let anew = last.is_some_and(|last| !last.reads_like(&self.under));
        Reading {
            now: self.run.judged_at,
            under: self.under.reading(),
            anew,
        }
    }

    /// Returns what the next scan is to know of this one, if this one was complete.
    pub(crate) fn memory(&self, state: Option<String>, validators: Vec<Validator>) -> ScanMemory {
        ScanMemory {
            state,
            validators,
            scanned_under: Some(self.under.clone()),
        }
    }

    /// Keeps the exchanges of a scan that failed, where that is wanted. Whatever happens to them
    /// changes nothing else.
    pub(crate) async fn keep(&self, recording: Option<Recording>) -> Option<PathBuf> {
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
