//! No command: run when sources are due, until told to stop.
//!
//! One loop hears the signals and never waits for anything else. Reading a configuration and opening what it names
//! happens on a thread of its own ([`Preparation`]): a file may be on a disk that does not answer.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::GOOD;
use super::recording::{Alarm, Recording};
use super::signals::{Signal, Signals};
use crate::causes::with_causes;
use crate::clock::Clock;
use crate::config::{Config, ConfigErrors};
use crate::pipeline::{PipelineRunResult, RunError, RunRequest, ScanPipeline, Trigger};
use crate::scheduler::{Ran, SchedulerService, Task, Timing, Wake};
use crate::startup::{Folders, scan_context};

/// How the daemon waits. A database that cannot be read is looked at again after `look`.
const TIMING: Timing =
    Timing { look: Duration::from_secs(30), pause: Duration::from_secs(1), jitter: Duration::from_secs(10) };

/// The time for which a run that was asked for waits for a reload that is under way. One that takes longer waits for a
/// disk, or compiles adapters, and the run begins under the old configuration.
const RUN_WAITS: Duration = Duration::from_mins(1);

/// The time for which the end waits for a reload to be dropped.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs until a signal says stop. `load` reads the configuration for the first time, `reload` again.
pub(super) async fn run(
    load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
    reload: impl Fn() -> Result<Config, ConfigErrors> + Clone + Send + 'static,
) -> anyhow::Result<u8> {
    let mut signals = Signals::listen()?;
    let load = || {
        let config = load()?;
        info!(event = "service.starting", version = env!("CARGO_PKG_VERSION"), "job-scanner starts");
        Ok(config)
    };
    let mut start = Preparation::begin(load, open);
    let pipeline = tokio::select! {
        opened = start.end() => opened?,
        () = signals.end() => {
            start.abandon().await;
            return Ok(GOOD);
        }
    };
    pipeline.pick_up().await.context("cannot pick up what was left to tell")?;

    let scans = Arc::new(Scans::new(pipeline));
    let scheduler = SchedulerService::start(Arc::clone(&scans), Clock::system(), TIMING);
    let begin = || {
        let scans = Arc::clone(&scans);
        Preparation::begin(again(&reload), async move |config| scans.open(config).await)
    };
    let mut reloads = Reloads { under_way: None, again: false, begin };
    hear(&mut signals, &mut reloads, &scans, &scheduler).await;

    info!(event = "service.stopping", "job-scanner stops; a second signal ends at once");
    reloads.abandon().await;
    let stopped = CancellationToken::new();
    stopped.cancel();
    signals.stopping(&stopped, scheduler.shutdown()).await;
    scans.close().await;
    Ok(GOOD)
}

async fn open(config: Config) -> anyhow::Result<ScanPipeline> {
    Ok(ScanPipeline::new(scan_context(config, Folders::of_process()).await?))
}

/// Ends a pipeline that another one replaces. What it has sent and could not mark is marked, or goes out again.
async fn retire(pipeline: &ScanPipeline) {
    let context = pipeline.context();
    if let Err(failed) = context.notifier.mark_late(&context.store).await {
        warn!(error = with_causes(&failed), "cannot write down what was sent; it goes out again: {failed}");
    }
    context.store.close().await;
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

/// The reloads that were asked for, one at a time. What is asked for during one is another one after it.
struct Reloads<B> {
    under_way: Option<Preparation>,
    again: bool,
    begin: B,
}

impl<B: Fn() -> Preparation> Reloads<B> {
    fn ask(&mut self) {
        if self.under_way.is_some() {
            self.again = true;
        } else {
            self.under_way = Some((self.begin)());
        }
    }

    fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Waits for the end of the one that is under way; for ever when none is.
    async fn end(&mut self) -> anyhow::Result<ScanPipeline> {
        let Some(preparation) = &mut self.under_way else { return std::future::pending().await };
        let opened = preparation.end().await;
        self.under_way = mem::take(&mut self.again).then(|| (self.begin)());
        opened
    }

    async fn abandon(self) {
        if let Some(preparation) = self.under_way {
            preparation.abandon().await;
        }
    }
}

/// A configuration on its way to a pipeline, on a thread of its own.
struct Preparation {
    thread: JoinHandle<anyhow::Result<ScanPipeline>>,
    abandoned: CancellationToken,
}

impl Preparation {
    fn begin<O>(
        load: impl FnOnce() -> anyhow::Result<Config> + Send + 'static,
        open: impl FnOnce(Config) -> O + Send + 'static,
    ) -> Self
    where
        O: Future<Output = anyhow::Result<ScanPipeline>>,
    {
        let (runtime, abandoned) = (Handle::current(), CancellationToken::new());
        let told = abandoned.clone();
        let thread = tokio::task::spawn_blocking(move || {
            let config = load()?;
            let opened = runtime.block_on(told.run_until_cancelled(open(config)));
            opened.context("it was abandoned")?
        });
        Self { thread, abandoned }
    }

    /// Waits for its end. May be dropped and called again until it has returned once.
    async fn end(&mut self) -> anyhow::Result<ScanPipeline> {
        (&mut self.thread).await.context("the thread that reads the configuration ended badly")?
    }

    /// Gives it up. A thread that waits for a disk is left alone.
    async fn abandon(self) {
        self.abandoned.cancel();
        let _ = tokio::time::timeout(LAST_WORDS, self.thread).await;
    }
}

/// The pipeline as the scheduler's task. A new configuration brings another one, which takes its place between two
/// runs.
struct Scans {
    pipelines: Mutex<Pipelines>,
    recording: Mutex<Recording>,
    /// Held while a database is opened: a reload, and what opens a replaced one again, must not meet.
    opening: tokio::sync::Mutex<()>,
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
        let pipeline = self.current().await;
        if pipeline.context().store.is_closed() {
            self.open_again(&pipeline).await;
            return Ran::NotNow;
        }

        let ran = pipeline.run_once(&RunRequest { trigger, only: None }, stop).await;
        // The message of an alarm may take its time, and the end does not wait for it.
        stop.run_until_cancelled(self.watch_recording(&ran, &pipeline)).await;
        match ran {
            Ok(result) if result.skipped => Ran::NotNow,
            Ok(_) => Ran::Done,
            Err(failed) => {
                error!(event = "run.failed", error = with_causes(&failed), "the run failed: {failed}");
                let RunError::NotRecorded(cause) = failed;
                if cause.is_replaced() {
                    self.open_again(&pipeline).await;
                }
                Ran::NotNow
            }
        }
    }
}

impl Scans {
    fn new(current: ScanPipeline) -> Self {
        let pipelines = Mutex::new(Pipelines { current, next: None });
        Self { pipelines, recording: Mutex::default(), opening: tokio::sync::Mutex::default() }
    }

    /// The pipeline to work with; call it between runs, when the next one may take over.
    async fn current(&self) -> ScanPipeline {
        let (current, old) = {
            let mut pipelines = self.lock();
            let old = pipelines.next.take().map(|next| mem::replace(&mut pipelines.current, next));
            (pipelines.current.clone(), old)
        };
        if let Some(old) = old {
            retire(&old).await;
        }
        current
    }

    /// Opens what a new configuration names.
    ///
    /// # Errors
    ///
    /// Also when the database that is in use is not where it was: what would be opened now could be the journal of one
    /// and the pages of another.
    async fn open(&self, config: Config) -> anyhow::Result<ScanPipeline> {
        let _opening = self.opening.lock().await;
        let current = self.lock().current.clone();
        current.context().store.check_in_place().context("the next run looks at it; reload after that")?;
        open(config).await
    }

    /// Takes up what is now where the database was, under the newest configuration.
    async fn open_again(&self, pipeline: &ScanPipeline) {
        let _opening = self.opening.lock().await;
        let next = self.lock().next.take();
        let newest = next.as_ref().unwrap_or(pipeline);
        let config = newest.context().config.clone();

        // SQLite shares what it knows of a file among all connections of a process: none may be left of the old one.
        pipeline.context().store.close().await;
        if let Some(next) = next {
            next.context().store.close().await;
        }
        match open(config).await {
            Ok(opened) => {
                let file = opened.context().store.file().display();
                warn!(event = "database.opened_again", "`{file}` is opened again, as it is now");
                self.lock().next = Some(opened);
            }
            Err(failed) => error!("cannot open the database again, trying later: {failed:#}"),
        }
    }

    /// Raises the alarm when runs in a row could not record what they found.
    async fn watch_recording(&self, ran: &Result<PipelineRunResult, RunError>, pipeline: &ScanPipeline) {
        let context = pipeline.context();
        let now = context.clock.now();
        let alarm = self.recording.lock().unwrap_or_else(PoisonError::into_inner).note(ran, now);
        match &alarm {
            Alarm::None => {}
            Alarm::RecordingAgain { runs } => {
                info!(event = "service.recording_again", runs, "what is found is recorded again, after {runs} runs");
            }
            Alarm::NotRecording { runs, since, why } => {
                let file = context.store.file().display();
                let told = format!(
                    "job-scanner could not record what it found in {runs} runs since {since:.0}: {why}. No recipient \
                     hears of new jobs until it can. Make room on the disk of `{file}` and let job-scanner write there."
                );
                error!(event = "service.not_recording", runs, %since, "{told}");
                if alarm.is_first() {
                    context.notifier.tell_unrecorded(&context.notify.recipients, &told, now).await;
                }
            }
        }
    }

    /// Has the next run go through this pipeline.
    async fn take_up(&self, next: ScanPipeline) {
        let unused = {
            let mut pipelines = self.lock();
            if next.context().config.logging != pipelines.current.context().config.logging {
                warn!(event = "config.needs_restart", "`logging` holds from the next start on; all else holds now");
            }
            pipelines.next.replace(next)
        };
        if let Some(unused) = unused {
            retire(&unused).await;
        }
    }

    async fn close(&self) {
        self.current().await.context().store.close().await;
    }

    fn lock(&self) -> MutexGuard<'_, Pipelines> {
        self.pipelines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
