//! No command: run when sources are due, until told to stop.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::GOOD;
use super::signals::{Signal, Signals};
use crate::causes::with_causes;
use crate::clock::Clock;
use crate::config::{Config, ConfigErrors};
use crate::pipeline::{RunRequest, ScanPipeline, Trigger};
use crate::scheduler::{Ran, SchedulerService, Task, Timing, Wake};
use crate::startup::{Folders, scan_context};

/// How the daemon waits. A database that cannot be read is looked at again after `look`.
const TIMING: Timing =
    Timing { look: Duration::from_secs(30), pause: Duration::from_secs(1), jitter: Duration::from_secs(10) };

/// Runs until a signal says stop. `reload` reads the configuration anew.
pub(super) async fn run(config: Config, reload: impl Fn() -> Result<Config, ConfigErrors>) -> anyhow::Result<u8> {
    let mut signals = Signals::listen()?;
    info!(event = "service.starting", version = env!("CARGO_PKG_VERSION"), "job-scanner starts");
    let scans = Arc::new(Scans::new(open(config).await?));
    let scheduler = SchedulerService::start(Arc::clone(&scans), Clock::system(), TIMING);
    // Getting ready takes a while, in which signals are heard all the same.
    let (configs, received) = mpsc::unbounded_channel();
    let (ready, mut is_ready) = mpsc::unbounded_channel();
    let getting_ready = tokio::spawn(Arc::clone(&scans).get_ready(received, ready));
    loop {
        tokio::select! {
            Some(()) = is_ready.recv() => scheduler.look_again(),
            signal = signals.next() => match signal {
                Signal::Stop => break,
                Signal::RunNow => scheduler.trigger_now(),
                // Who receives it ends only when told to, below.
                Signal::Reload => drop(configs.send(reload())),
            },
        }
    }
    info!(event = "service.stopping", "job-scanner stops; a second signal ends at once");
    getting_ready.abort();
    let stopped = CancellationToken::new();
    stopped.cancel();
    signals.stopping(&stopped, scheduler.shutdown()).await;
    scans.close().await;
    Ok(GOOD)
}

async fn open(config: Config) -> anyhow::Result<ScanPipeline> {
    let pipeline = ScanPipeline::new(scan_context(config, Folders::of_process()).await?);
    pipeline.pick_up().await.context("cannot pick up what was left to tell")?;
    Ok(pipeline)
}

/// The pipeline as the scheduler's task. A new configuration brings another one, which takes its place between two
/// runs.
struct Scans {
    pipelines: Mutex<Pipelines>,
}

struct Pipelines {
    current: ScanPipeline,
    next: Option<ScanPipeline>,
}

impl Task for Scans {
    async fn next_due(&self) -> Option<Timestamp> {
        match self.current().await.next_due().await {
            Ok(due) => due,
            Err(failed) => {
                error!(error = with_causes(&failed), "cannot tell what is due, looking again soon: {failed}");
                // Not "never": a run finds out whether the database can be used again.
                Some(Timestamp::MIN)
            }
        }
    }

    async fn run(&self, wake: Wake, stop: &CancellationToken) -> Ran {
        let trigger = match wake {
            Wake::Due => Trigger::Schedule,
            Wake::Triggered => Trigger::Manual,
        };
        match self.current().await.run_once(&RunRequest { trigger, only: None }, stop).await {
            Ok(result) if result.skipped => Ran::NotNow,
            Ok(_) => Ran::Done,
            Err(failed) => {
                error!(error = with_causes(&failed), "the run failed: {failed}");
                Ran::NotNow
            }
        }
    }
}

impl Scans {
    fn new(current: ScanPipeline) -> Self {
        Self { pipelines: Mutex::new(Pipelines { current, next: None }) }
    }

    /// The pipeline to work with; call it between runs, when the next one may take over.
    async fn current(&self) -> ScanPipeline {
        let (current, old) = {
            let mut pipelines = self.lock();
            let old = pipelines.next.take().map(|next| mem::replace(&mut pipelines.current, next));
            (pipelines.current.clone(), old)
        };
        if let Some(old) = old {
            old.context().store.close().await;
        }
        current
    }

    /// Makes pipelines of configurations, as long as there come some, and says so. One that cannot be used changes
    /// nothing.
    async fn get_ready(
        self: Arc<Self>,
        mut configs: mpsc::UnboundedReceiver<Result<Config, ConfigErrors>>,
        ready: mpsc::UnboundedSender<()>,
    ) {
        while let Some(config) = configs.recv().await {
            let opened = match config {
                Ok(config) => open(config).await,
                Err(problems) => Err(problems.into()),
            };
            match opened {
                Ok(pipeline) => {
                    let unused = self.lock().next.replace(pipeline);
                    if let Some(unused) = unused {
                        unused.context().store.close().await;
                    }
                    if ready.send(()).is_err() {
                        return;
                    }
                }
                Err(refused) => {
                    warn!(
                        event = "config.refused",
                        "the new configuration is not used, the old one stays: {refused:#}"
                    );
                }
            }
        }
    }

    async fn close(&self) {
        self.current().await.context().store.close().await;
    }

    fn lock(&self) -> MutexGuard<'_, Pipelines> {
        self.pipelines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
