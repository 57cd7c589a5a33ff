//! No command: run when sources are due, until told to stop.
//!
//! One loop hears the signals and never waits for anything else. `reload.rs` reads configurations
//! beside it, and `scans.rs` is what the scheduler drives.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_config::{Config, ConfigErrors};
use job_scanner_pipeline::ScanPipeline;
use job_scanner_pipeline::clock::Clock;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::cli::daemon::reload::{Preparation, Reloads};
use crate::cli::daemon::scans;
use crate::cli::daemon::scans::Scans;
use crate::cli::exit_code::GOOD;
use crate::cli::signals::{Signal, Signals};
use crate::scheduler::{SchedulerService, Timing};

/// The times for which the daemon waits. A database that cannot be read is looked at again after
/// `look`.
const TIMING: Timing = Timing {
    look: Duration::from_secs(30),
    pause: Duration::from_secs(1),
    jitter: Duration::from_secs(10),
};

/// The time for which a run that was asked for waits for a reload that is under way. One that takes
/// longer waits for a disk, or compiles adapters, and the run begins under the old configuration.
const RUN_WAITS: Duration = Duration::from_mins(1);

/// Runs until a signal says stop. `load` reads the configuration for the first time, `reload`
/// again.
pub(crate) async fn run(
    load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
    reload: impl Fn() -> Result<Config, ConfigErrors> + Clone + Send + 'static,
) -> anyhow::Result<u8> {
    // First of all: a signal that comes while the daemon starts must not be missed.
    let mut signals = Signals::listen()?;
    let Some(pipeline) = start(load, &mut signals).await? else {
        return Ok(GOOD);
    };

    // Before the first run, which may be hours away: an earlier process may have left messages.
    pipeline
        .dispatch_leftovers()
        .await
        .context("cannot pick up what was left to tell")?;

    let scans = Arc::new(Scans::new(pipeline));
    let scheduler = SchedulerService::start(Arc::clone(&scans), Clock::system(), TIMING);
    let begin = || {
        let scans = Arc::clone(&scans);
        Preparation::begin(again(&reload), async move |config| scans.open(config).await)
    };
    let mut reloads = Reloads::new(begin);
    hear(&mut signals, &mut reloads, &scans, &scheduler).await;

    info!(
        event = "service.stopping",
        "job-scanner stops; a second signal ends at once"
    );

    // A reload that ended after this would open a pipeline that is never closed.
    reloads.abandon().await;

    // The run that is under way ends at its next safe point. Its database is closed only then.
    let stopped = CancellationToken::new();
    stopped.cancel();
    signals.stopping(&stopped, scheduler.shutdown()).await;
    scans.close().await;
    Ok(GOOD)
}

/// Opens what the first configuration names; `None` if a signal ends the process meanwhile.
async fn start(
    load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
    signals: &mut Signals,
) -> anyhow::Result<Option<ScanPipeline>> {
    let load = || {
        let config = load()?;
        info!(
            event = "service.starting",
            version = env!("CARGO_PKG_VERSION"),
            "job-scanner starts"
        );
        Ok(config)
    };

    let mut start = Preparation::begin(load, scans::open);
    tokio::select! {
        opened = start.end() => opened.map(Some),
        () = signals.end() => {
            start.abandon().await;
            Ok(None)
        }
    }
}

fn again(
    reload: &(impl Fn() -> Result<Config, ConfigErrors> + Clone + Send + 'static),
) -> impl FnOnce() -> anyhow::Result<Config> + Send + 'static {
    let reload = reload.clone();
    move || Ok(reload()?)
}

/// Does what signals ask for, until one says to end.
async fn hear(
    signals: &mut Signals,
    reloads: &mut Reloads<impl Fn() -> Preparation>,
    scans: &Scans,
    scheduler: &SchedulerService,
) {
    // Until when a run that was asked for waits for the reload that was asked for before it.
    let mut run_waits: Option<Instant> = None;

    loop {
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                Signal::Stop | Signal::HungUp => return,
                Signal::RunNow => run_waits = run_waits.or_else(|| Some(Instant::now() + RUN_WAITS)),
                Signal::Reload => reloads.ask(),
            },
            opened = reloads.end() => {
                match opened {
                    Ok(next) => scans.take_up(next).await,
                    Err(refused) => warn!(
                        event = "config.refused",
                        "the new configuration is not used, the old one stays: {refused:#}"
                    ),
                }

                // Sources of the new configuration may be due earlier than the old one's.
                scheduler.look_again();
            }
            () = tokio::time::sleep_until(run_waits.unwrap_or_else(Instant::now)), if run_waits.is_some() => {}
        }

        let waits = |until: Instant| reloads.is_under_way() && Instant::now() < until;
        if run_waits.is_some_and(|until| !waits(until)) {
            run_waits = None;
            scheduler.trigger_now();
        }
    }
}
