//! Reloads: reading a configuration and opening its pipeline while signals are handled.
//!
//! A reload runs on a separate thread, since a file may be on a disk that does not respond.

use std::mem;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_pipeline::ScanPipeline;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The time for which the shutdown waits for an abandoned reload.
const ABANDON_TIMEOUT: Duration = Duration::from_secs(1);

/// The requested reloads, one at a time. Requests during a reload cause one more reload after it.
pub(crate) struct Reloads<B> {
    under_way: Option<Preparation>,
    again: bool,
    begin: B,
}

impl<B: Fn() -> Preparation> Reloads<B> {
    /// Starts without a reload. `begin` begins one.
    pub(crate) fn new(begin: B) -> Self {
        Self {
            under_way: None,
            again: false,
            begin,
        }
    }

    pub(crate) fn request(&mut self) {
        if self.under_way.is_some() {
            self.again = true;
        } else {
            self.under_way = Some((self.begin)());
        }
    }

    pub(crate) fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Waits for the end of the current reload. Never returns if there is none.
    pub(crate) async fn end(&mut self) -> anyhow::Result<ScanPipeline> {
        let Some(preparation) = &mut self.under_way else {
            return std::future::pending().await;
        };
        let opened = preparation.end().await;

        // This happens after the wait, because this future may be dropped during the wait and
        // called again.
        self.under_way = mem::take(&mut self.again).then(|| (self.begin)());
        opened
    }

    pub(crate) async fn abandon(self) {
        if let Some(preparation) = self.under_way {
            preparation.abandon().await;
        }
    }
}

/// The reading of a configuration and the opening of its pipeline, on a separate thread.
pub(crate) struct Preparation {
    thread: JoinHandle<anyhow::Result<ScanPipeline>>,
    abandoned: CancellationToken,
}

impl Preparation {
    pub(crate) fn begin<O>(
        load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
        open: impl FnOnce(Config) -> O + Send + 'static,
    ) -> Self
    where
        O: Future<Output = anyhow::Result<ScanPipeline>>,
    {
        let runtime = Handle::current();
        let abandoned = CancellationToken::new();
        let cancelled = abandoned.clone();

        let thread = tokio::task::spawn_blocking(move || {
            let config = load()?;
            let opened = runtime.block_on(cancelled.run_until_cancelled(open(config)));
            opened.context("the reload was abandoned")?
        });
        Self { thread, abandoned }
    }

    /// Waits for the result. May be dropped and called again until it has returned once.
    pub(crate) async fn end(&mut self) -> anyhow::Result<ScanPipeline> {
        (&mut self.thread)
            .await
            .context("the thread that reads the configuration panicked")?
    }

    /// Abandons it. A thread that waits for a disk is left running.
    pub(crate) async fn abandon(self) {
        self.abandoned.cancel();
        let _ = tokio::time::timeout(ABANDON_TIMEOUT, self.thread).await;
    }
}
