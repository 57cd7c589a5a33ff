//! The daemon: runs when sources are due, until a signal stops it.
//!
//! One loop handles signals and never waits for anything else. Meanwhile `reload.rs` reads
//! configurations, the scheduler drives `scans.rs`, and the page (`page.rs`) answers its visitors.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_config::{Config, ConfigErrors};
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{Meter, ScanPipeline};
use job_scanner_web::{Actions, RequestedScan};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::cli::daemon::page;
use crate::cli::daemon::reload::{Preparation, Reloads};
use crate::cli::daemon::scans;
use crate::cli::daemon::scans::Scans;
use crate::cli::daemon::systemd::ServiceManager;
use crate::cli::exit_code::SUCCESS;
use crate::cli::signals::{Signal, Signals};
use crate::scheduler::{SchedulerService, Timing};

/// The waiting times of the daemon. A database that cannot be read is tried again after `poll`.
const TIMING: Timing = Timing {
    poll: Duration::from_secs(30),
    pause: Duration::from_secs(1),
    jitter: Duration::from_secs(10),
};

/// The maximum time for which a requested run waits for a reload in progress. A longer reload waits
/// for a disk or compiles adapters, and the run then uses the old configuration.
const RUN_WAIT: Duration = Duration::from_mins(1);

/// Runs until a signal stops the daemon. `load` reads the configuration at the start, `reload`
/// reads it again later.
pub(crate) async fn run(
    load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
    reload: impl Fn() -> Result<Config, ConfigErrors> + Clone + Send + Sync + 'static,
) -> anyhow::Result<u8> {
    // Signals are handled before anything else: one that arrives while the daemon starts must not
    // be missed.
    let mut signals = Signals::listen()?;
    let mut manager = ServiceManager::of_process();
    let meter = Arc::new(Meter::default());
    let Some(pipeline) = start(load, &mut signals, &meter).await? else {
        return Ok(SUCCESS);
    };

    // An earlier process may have left messages, and the first run may be hours away.
    pipeline
        .dispatch_leftovers()
        .await
        .context("cannot dispatch the notifications of an earlier process")?;

    let actions = Actions::default();
    let scans = Arc::new(Scans::new(pipeline, actions.clone(), meter));

    // The page comes before the first run: an address that is in use stops the program at once.
    let page = page::start(&scans, &actions, reload.clone()).await?;
    let scheduler = SchedulerService::start(Arc::clone(&scans), Clock::system(), TIMING);
    let begin = || {
        let scans = Arc::clone(&scans);
        Preparation::begin(load_again(&reload), async move |config| {
            scans.open(config).await
        })
    };
    let mut reloads = Reloads::new(begin);
    manager.ready();
    handle_signals(
        &mut signals,
        &mut reloads,
        &mut manager,
        &scans,
        &scheduler,
        &actions,
    )
    .await;
    manager.stopping();

    info!(
        event = "service.stopping",
        "stopping; send the signal again to stop immediately"
    );

    // A reload that finished later would open a pipeline that is never closed.
    reloads.abandon().await;

    // The current run ends at its next safe point. Its database is closed only after that.
    let stopped = CancellationToken::new();
    stopped.cancel();
    let ending = async { tokio::join!(scheduler.shutdown(), page::stop(page)) };
    signals.run_until_stopped(&stopped, ending).await;
    scans.close().await;
    Ok(SUCCESS)
}

/// Opens the pipeline of the first configuration. `None` if a signal stops the process meanwhile.
async fn start(
    load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
    signals: &mut Signals,
    meter: &Arc<Meter>,
) -> anyhow::Result<Option<ScanPipeline>> {
    let load = || {
        let config = load()?;
        info!(
            event = "service.starting",
            version = env!("CARGO_PKG_VERSION"),
            "starting job-scanner"
        );
        Ok(config)
    };

    let meter = Arc::clone(meter);
    let mut start = Preparation::begin(load, async move |config| scans::open(config, &meter).await);
    tokio::select! {
        opened = start.end() => opened.map(Some),
        () = signals.wait_for_stop() => {
            start.abandon().await;
            Ok(None)
        }
    }
}

fn load_again(
    reload: &(impl Fn() -> Result<Config, ConfigErrors> + Clone + Send + 'static),
) -> impl FnOnce() -> anyhow::Result<Config> + Send + 'static {
    let reload = reload.clone();
    move || Ok(reload()?)
}

/// Handles signals until one of them stops the daemon.
async fn handle_signals(
    signals: &mut Signals,
    reloads: &mut Reloads<impl Fn() -> Preparation>,
    manager: &mut ServiceManager,
    scans: &Scans,
    scheduler: &SchedulerService,
    actions: &Actions,
) {
    // The time until which a requested run waits for the reload that was requested before it.
    let mut run_waits_until: Option<Instant> = None;

    loop {
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                Signal::Stop | Signal::TerminalClosed => return,
                Signal::RunNow => run_waits_until = run_waits_until.or_else(|| Some(Instant::now() + RUN_WAIT)),
                Signal::Reload => reloads.request(),
            },
            opened = reloads.end() => {
                match opened {
                    Ok(next) => scans.set_next(next).await,
                    Err(refused) => warn!(
                        event = "config.refused",
                        "the new configuration is rejected, the old one stays in use: {refused:#}"
                    ),
                }

                // Sources of the new configuration may be due earlier than those of the old one.
                scheduler.reschedule();
            }
            // This loop says it itself: if it hangs, the service manager restarts the daemon.
            () = manager.say_alive() => {}
            () = actions.requested() => scheduler.trigger_now(),
            () = actions.reload_requested() => reloads.request(),
            () = actions.rescheduled() => scheduler.reschedule(),
            () = tokio::time::sleep_until(run_waits_until.unwrap_or_else(Instant::now)), if run_waits_until.is_some() => {}
        }

        let waits = |until: Instant| reloads.is_under_way() && Instant::now() < until;
        if run_waits_until.is_some_and(|until| !waits(until)) {
            run_waits_until = None;
            actions.request(RequestedScan::All);
        }
    }
}
