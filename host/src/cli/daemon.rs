//! No command: run when sources are due, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::GOOD;
use super::signals::{Signal, Signals};
use crate::causes::with_causes;
use crate::clock::Clock;
use crate::config::{Config, ConfigErrors};
use crate::pipeline::{RunRequest, ScanPipeline, Trigger};
use crate::scheduler::{SchedulerService, Task, Timing, Wake};
use crate::startup::{Folders, scan_context};

/// How the daemon waits. A database that cannot be read is looked at again after `look`.
fn timing(config: &Config) -> Timing {
    Timing {
        look: Duration::from_secs(30),
        pause: Duration::from_secs(1),
        jitter: Duration::from_secs(10),
        deadline: config.scan_interval.saturating_mul(2).max(Duration::from_mins(15)),
    }
}

/// Runs until a signal says stop. `reload` reads the configuration anew.
pub(super) async fn run(config: Config, reload: impl Fn() -> Result<Config, ConfigErrors>) -> anyhow::Result<u8> {
    let mut signals = Signals::listen()?;
    info!(event = "service.starting", version = env!("CARGO_PKG_VERSION"), "job-scanner starts");
    let timing = timing(&config);
    let scans = Arc::new(Scans { pipeline: RwLock::new(open(config).await?) });
    let scheduler = SchedulerService::start(Arc::clone(&scans), Clock::system(), timing);
    loop {
        match signals.next().await {
            Signal::Stop => break,
            Signal::RunNow => scheduler.trigger_now(),
            Signal::Reload => scans.reload(reload()).await,
        }
    }
    info!(event = "service.stopping", "job-scanner stops; a second signal ends at once");
    let stopped = CancellationToken::new();
    stopped.cancel();
    signals.stopping(&stopped, scheduler.shutdown()).await;
    scans.pipeline.read().await.context().store.close().await;
    Ok(GOOD)
}

async fn open(config: Config) -> anyhow::Result<ScanPipeline> {
    let pipeline = ScanPipeline::new(scan_context(config, Folders::of_process()).await?);
    pipeline.pick_up().await.context("cannot pick up what was left to tell")?;
    Ok(pipeline)
}

/// The pipeline as the scheduler's task. It is replaced between runs, when the configuration is read anew.
struct Scans {
    pipeline: RwLock<ScanPipeline>,
}

impl Task for Scans {
    async fn next_due(&self) -> Option<Timestamp> {
        match self.pipeline.read().await.next_due().await {
            Ok(due) => due,
            Err(failed) => {
                error!(error = with_causes(&failed), "cannot tell what is due: {failed}");
                None
            }
        }
    }

    async fn run(&self, wake: Wake, stop: &CancellationToken) {
        let trigger = match wake {
            Wake::Due => Trigger::Schedule,
            Wake::Triggered => Trigger::Manual,
        };
        let pipeline = self.pipeline.read().await;
        if let Err(failed) = pipeline.run_once(&RunRequest { trigger, only: None }, stop).await {
            error!(error = with_causes(&failed), "the run failed: {failed}");
        }
    }
}

impl Scans {
    /// Takes a new configuration between two runs. One that cannot be used changes nothing.
    async fn reload(&self, config: Result<Config, ConfigErrors>) {
        let opened = match config {
            Ok(config) => open(config).await,
            Err(problems) => Err(problems.into()),
        };
        match opened {
            Ok(pipeline) => {
                let old = std::mem::replace(&mut *self.pipeline.write().await, pipeline);
                old.context().store.close().await;
            }
            Err(refused) => {
                warn!(event = "config.refused", "the new configuration is not used, the old one stays: {refused:#}");
            }
        }
    }
}
