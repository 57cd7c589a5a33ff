//! The pipeline of the daemon as the scheduler's task, and its replacement when the configuration
//! changes.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::{Meter, PipelineRunResult, RunError, RunRequest, ScanPipeline};
use job_scanner_web::{Actions, RequestedScan};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::cli::daemon::recording::{Alarm, RecordingMonitor};
use crate::scheduler::{RunOutcome, Task, WakeReason};
use crate::startup::{Folders, scan_context};

/// The time after a run that a person stopped in which no scheduled run begins. Its sources stay
/// due, so without it the next run would begin at once.
const PAUSE_AFTER_STOP: SignedDuration = SignedDuration::from_mins(5);

/// The pipeline as the scheduler's task. A new configuration has a new pipeline, which replaces the
/// current one between two runs.
pub(crate) struct Scans {
    pipelines: Mutex<Pipelines>,
    /// The pipeline of the newest configuration, for the page. The current run may use an older
    /// one.
    newest: watch::Sender<ScanPipeline>,
    actions: Actions,
    /// The counts of all pipelines.
    meter: Arc<Meter>,
    recording: Mutex<RecordingMonitor>,
    /// The time before which no scheduled run begins, because a person stopped one.
    not_before: Mutex<Timestamp>,
    /// Locked while a database is opened: a reload and the reopening of a replaced database must
    /// not overlap.
    opening: tokio::sync::Mutex<()>,
}

struct Pipelines {
    current: ScanPipeline,
    next: Option<ScanPipeline>,
}

impl Task for Scans {
    async fn next_due(&self) -> Option<Timestamp> {
        match self.current().await.next_due().await {
            Ok(due) => due.map(|due| due.max(self.not_before())),
            Err(failed) => {
                error!(
                    error = with_causes(&failed),
                    "cannot determine which sources are due, trying again soon: {failed}"
                );
                // The time is in the past, not `None`: only a run finds out whether the database
                // can be used again.
                Some(Timestamp::MIN)
            }
        }
    }

    async fn run(&self, wake: WakeReason, stop: &CancellationToken) -> RunOutcome {
        let pipeline = self.current().await;
        if pipeline.context().store.is_closed() {
            self.reopen_database(&pipeline).await;
            return RunOutcome::NotNow;
        }

        let requested = match wake {
            WakeReason::Due => None,
            WakeReason::Triggered => self.actions.take(),
        };
        let run = self.actions.begin_run(stop);
        let outcome = pipeline
            .run_once(&run_request(requested.as_ref()), &run)
            .await;
        self.actions.end_run();
        if run.is_cancelled() {
            self.wait_after_stop(&pipeline);
        }

        // Sending an alarm may take a while, and a shutdown does not wait for it.
        let watching = self.watch_recording(&outcome, &pipeline);
        stop.run_until_cancelled(watching).await;

        match outcome {
            Ok(result) if result.skipped => {
                self.put_back(requested);
                RunOutcome::NotNow
            }
            Ok(_) => RunOutcome::Done,
            Err(failed) => {
                self.put_back(requested);
                error!(
                    event = "run.failed",
                    error = with_causes(&failed),
                    "the run failed: {failed}"
                );

                let RunError::NotRecorded(cause) = failed;
                if cause.is_replaced() {
                    self.reopen_database(&pipeline).await;
                }
                RunOutcome::NotNow
            }
        }
    }
}

impl Scans {
    /// Creates the task with its first pipeline. A triggered run scans what `actions` requests.
    pub(crate) fn new(current: ScanPipeline, actions: Actions, meter: Arc<Meter>) -> Self {
        let newest = watch::Sender::new(current.clone());
        let pipelines = Mutex::new(Pipelines {
            current,
            next: None,
        });
        Self {
            pipelines,
            newest,
            actions,
            meter,
            recording: Mutex::default(),
            not_before: Mutex::new(Timestamp::MIN),
            opening: tokio::sync::Mutex::default(),
        }
    }

    /// Returns a receiver of the pipeline of the newest configuration.
    pub(crate) fn newest(&self) -> watch::Receiver<ScanPipeline> {
        self.newest.subscribe()
    }

    /// Begins the time without scheduled runs.
    fn wait_after_stop(&self, pipeline: &ScanPipeline) {
        let now = pipeline.context().scanner.clock.now();
        let until = now.checked_add(PAUSE_AFTER_STOP).unwrap_or(now);
        let mut not_before = self
            .not_before
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *not_before = until;
    }

    fn not_before(&self) -> Timestamp {
        let not_before = self.not_before.lock();
        *not_before.unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a request that the run could not fulfil.
    fn put_back(&self, requested: Option<RequestedScan>) {
        if let Some(requested) = requested {
            self.actions.put_back(requested);
        }
    }

    /// Returns the pipeline to use. It is called between runs, when the next pipeline may replace
    /// the current one.
    async fn current(&self) -> ScanPipeline {
        let (current, old) = {
            let mut pipelines = self.lock();
            let next = pipelines.next.take();
            let old = next.map(|next| mem::replace(&mut pipelines.current, next));
            (pipelines.current.clone(), old)
        };

        if let Some(old) = old {
            close_pipeline(&old).await;
        }
        current
    }

    /// Opens the pipeline of a new configuration.
    ///
    /// # Errors
    ///
    /// Also fails if the database in use is no longer in its place. Opening it now could combine
    /// the journal of one database with the pages of another.
    pub(crate) async fn open(&self, config: Config) -> anyhow::Result<ScanPipeline> {
        let _opening = self.opening.lock().await;
        let current = self.lock().current.clone();
        let store = &current.context().store;
        store
            .check_in_place()
            .context("cannot reload before the next run has checked the database")?;
        let opened = open(config, &self.meter).await?;
        Ok(opened.sharing_progress_of(&current))
    }

    /// Opens the database file that now exists in the place of the old one, under the newest
    /// configuration.
    async fn reopen_database(&self, pipeline: &ScanPipeline) {
        let _opening = self.opening.lock().await;
        let next = self.lock().next.take();
        let newest = next.as_ref().unwrap_or(pipeline);
        let config = newest.context().scanner.config.clone();

        // SQLite shares its state of a file among all connections of a process, so all connections
        // to the old file have to be closed.
        pipeline.context().store.close().await;
        if let Some(next) = next {
            next.context().store.close().await;
        }

        match open(config, &self.meter).await {
            Ok(opened) => {
                let opened = opened.sharing_progress_of(pipeline);
                let file = opened.context().store.file().display();
                warn!(
                    event = "database.opened_again",
                    "`{file}` was replaced; the current file was opened"
                );
                self.newest.send_replace(opened.clone());
                self.lock().next = Some(opened);
            }
            Err(failed) => error!("cannot open the database again, trying again later: {failed:#}"),
        }
    }

    /// Raises the alarm if several runs in a row could not record their results.
    async fn watch_recording(
        &self,
        outcome: &Result<PipelineRunResult, RunError>,
        pipeline: &ScanPipeline,
    ) {
        let context = pipeline.context();
        let now = context.scanner.clock.now();
        let alarm = {
            let recording = self.recording.lock();
            let mut recording = recording.unwrap_or_else(PoisonError::into_inner);
            recording.note(outcome, now)
        };

        match &alarm {
            Alarm::None => {}
            Alarm::RecordingAgain { runs } => {
                info!(
                    event = "service.recording_again",
                    runs, "results are recorded again, after {runs} failed runs"
                );
            }
            Alarm::NotRecording { runs, since, why } => {
                let file = context.store.file().display();
                let message = format!(
                    "job-scanner could not record the results of {runs} runs since {since:.0}: {why}. No recipient is \
                     notified of new jobs until it can. Free disk space for `{file}`, and give job-scanner write permission."
                );
                error!(event = "service.not_recording", runs, %since, "{message}");

                if alarm.is_first() {
                    context
                        .notifier
                        .notify_not_recording(&context.notify.recipients, &message, now)
                        .await;
                }
            }
        }
    }

    /// Uses this pipeline from the next run on.
    pub(crate) async fn set_next(&self, next: ScanPipeline) {
        let unused = {
            let mut pipelines = self.lock();
            warn_if_restart_is_needed(
                &pipelines.current.context().scanner.config,
                &next.context().scanner.config,
            );
            self.newest.send_replace(next.clone());
            pipelines.next.replace(next)
        };

        if let Some(unused) = unused {
            close_pipeline(&unused).await;
        }
    }

    /// Closes the current pipeline.
    pub(crate) async fn close(&self) {
        close_pipeline(&self.current().await).await;
    }

    fn lock(&self) -> MutexGuard<'_, Pipelines> {
        self.pipelines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names the changes that need a restart.
fn warn_if_restart_is_needed(current: &Config, next: &Config) {
    let listen = |config: &Config| config.web.as_ref().map(|web| web.listen.clone());
    let changed = [
        ("logging", current.logging != next.logging),
        ("web.listen", listen(current) != listen(next)),
    ];
    for (key, _) in changed.iter().filter(|(_, is_changed)| *is_changed) {
        warn!(
            event = "config.needs_restart",
            "changes to `{key}` take effect at the next start; all other changes apply now"
        );
    }
}

/// Returns the request for a run. Without a requested scan, the run scans what is due.
fn run_request(requested: Option<&RequestedScan>) -> RunRequest {
    match requested {
        Some(scan) => RunRequest {
            trigger: Trigger::Manual,
            only: scan.only(),
        },
        None => RunRequest {
            trigger: Trigger::Schedule,
            only: None,
        },
    }
}

/// Opens the pipeline of a configuration. It counts for the metrics if there is a page.
pub(crate) async fn open(config: Config, meter: &Arc<Meter>) -> anyhow::Result<ScanPipeline> {
    let has_page = config.web.is_some();
    let context = scan_context(config, Folders::of_process()).await?;
    Ok(ScanPipeline::new(if has_page {
        context.metered(meter)
    } else {
        context
    }))
}

/// Closes a pipeline. Messages that were sent but could not be marked are marked now, or else sent
/// again later.
async fn close_pipeline(pipeline: &ScanPipeline) {
    let context = pipeline.context();
    if let Err(failed) = context.notifier.record_pending(&context.store).await {
        warn!(
            error = with_causes(&failed),
            "cannot record which messages were sent; they will be sent again: {failed}"
        );
    }
    context.store.close().await;
}
