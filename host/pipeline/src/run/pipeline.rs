//! The pipeline: what a run works with, and what is asked between two runs.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_store::StoreError;
use tokio::sync::watch;

use crate::context::ScanContext;
use crate::due;
use crate::progress::Progress;

/// Scans sources and sends notifications about matching jobs. Cheap to clone.
#[derive(Clone)]
pub struct ScanPipeline {
    pub(super) ctx: Arc<ScanContext>,
    pub(super) progress: watch::Sender<Progress>,
}

impl ScanPipeline {
    /// Creates a pipeline with this context.
    pub fn new(ctx: ScanContext) -> Self {
        Self {
            ctx: Arc::new(ctx),
            progress: watch::Sender::default(),
        }
    }

    /// Returns the context of the pipeline.
    pub fn context(&self) -> &ScanContext {
        &self.ctx
    }

    /// Reports the progress of runs where the other pipeline does, so that a receiver of its
    /// progress stays valid after a reload.
    #[must_use]
    pub fn sharing_progress_of(self, other: &Self) -> Self {
        let progress = other.progress.clone();
        Self { progress, ..self }
    }

    /// Returns a receiver for the progress of the current run.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Returns the time at which the next source or delivery is due. The time is in the past if one
    /// is already due. `None` if none will become due.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        due::next_due(&self.ctx, self.ctx.scanner.clock.now()).await
    }

    /// Creates deliveries for the alerts and notices of a process that died before it dispatched
    /// them. The deliveries are then due. While a run is in progress this does nothing, because the
    /// run dispatches them itself.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn dispatch_leftovers(&self) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        if let Ok(_lock) = ctx.store.try_run_lock(ctx.scanner.clock.now())? {
            job_scanner_notify::dispatch(&ctx.store, &ctx.notify, ctx.scanner.clock.now()).await?;
        }
        Ok(())
    }
}
