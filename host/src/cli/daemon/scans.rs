//! The pipeline of a service as the scheduler's task, and its change when the configuration
//! changes.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use jiff::Timestamp;
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::{PipelineRunResult, RunError, RunRequest, ScanPipeline};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::cli::daemon::recording::{Alarm, Recording};
use crate::scheduler::{Ran, Task, Wake};
use crate::startup::{Folders, scan_context};

/// The pipeline as the scheduler's task. A new configuration brings another one, which takes its
/// place between two runs.
pub(crate) struct Scans {
    pipelines: Mutex<Pipelines>,
    recording: Mutex<Recording>,
    /// Held while a database is opened: a reload, and what opens a replaced one again, must not
    /// meet.
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
                error!(
                    error = with_causes(&failed),
                    "cannot tell what is due, looking again soon: {failed}"
                );
                // Not "never": a run finds out whether the database can be used again.
                Some(Timestamp::MIN)
            }
        }
    }

    async fn run(&self, wake: Wake, stop: &CancellationToken) -> Ran {
        let pipeline = self.current().await;
        if pipeline.context().store.is_closed() {
            self.open_again(&pipeline).await;
            return Ran::NotNow;
        }

        let trigger = match wake {
            Wake::Due => Trigger::Schedule,
            Wake::Triggered => Trigger::Manual,
        };
        let request = RunRequest {
            trigger,
            only: None,
        };
        let ran = pipeline.run_once(&request, stop).await;

        // The message of an alarm may take its time, and the end does not wait for it.
        let watching = self.watch_recording(&ran, &pipeline);
        stop.run_until_cancelled(watching).await;

        match ran {
            Ok(result) if result.skipped => Ran::NotNow,
            Ok(_) => Ran::Done,
            Err(failed) => {
                error!(
                    event = "run.failed",
                    error = with_causes(&failed),
                    "the run failed: {failed}"
                );

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
    /// Begins with this one.
    pub(crate) fn new(current: ScanPipeline) -> Self {
        let pipelines = Mutex::new(Pipelines {
            current,
            next: None,
        });
        Self {
            pipelines,
            recording: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
        }
    }

    /// The pipeline to work with; call it between runs, when the next one may take over.
    async fn current(&self) -> ScanPipeline {
        let (current, old) = {
            let mut pipelines = self.lock();
            let next = pipelines.next.take();
            let old = next.map(|next| mem::replace(&mut pipelines.current, next));
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
    /// Also when the database that is in use is not where it was: what would be opened now could be
    /// the journal of one and the pages of another.
    pub(crate) async fn open(&self, config: Config) -> anyhow::Result<ScanPipeline> {
        let _opening = self.opening.lock().await;
        let current = self.lock().current.clone();
        let store = &current.context().store;
        store
            .check_in_place()
            .context("the next run looks at it; reload after that")?;
        open(config).await
    }

    /// Takes up what is now where the database was, under the newest configuration.
    async fn open_again(&self, pipeline: &ScanPipeline) {
        let _opening = self.opening.lock().await;
        let next = self.lock().next.take();
        let newest = next.as_ref().unwrap_or(pipeline);
        let config = newest.context().scanner.config.clone();

        // SQLite shares what it knows of a file among all connections of a process: none may be
        // left of the old one.
        pipeline.context().store.close().await;
        if let Some(next) = next {
            next.context().store.close().await;
        }

        match open(config).await {
            Ok(opened) => {
                let file = opened.context().store.file().display();
                warn!(
                    event = "database.opened_again",
                    "`{file}` is opened again, as it is now"
                );
                self.lock().next = Some(opened);
            }
            Err(failed) => error!("cannot open the database again, trying later: {failed:#}"),
        }
    }

    /// Raises the alarm when runs in a row could not record what they found.
    async fn watch_recording(
        &self,
        ran: &Result<PipelineRunResult, RunError>,
        pipeline: &ScanPipeline,
    ) {
        let context = pipeline.context();
        let now = context.scanner.clock.now();
        let alarm = {
            let recording = self.recording.lock();
            let mut recording = recording.unwrap_or_else(PoisonError::into_inner);
            recording.note(ran, now)
        };

        match &alarm {
            Alarm::None => {}
            Alarm::RecordingAgain { runs } => {
                info!(
                    event = "service.recording_again",
                    runs, "what is found is recorded again, after {runs} runs"
                );
            }
            Alarm::NotRecording { runs, since, why } => {
                let file = context.store.file().display();
                let told = format!(
                    "job-scanner could not record what it found in {runs} runs since {since:.0}: {why}. No recipient \
                     hears of new jobs until it can. Make room on the disk of `{file}` and let job-scanner write there."
                );
                error!(event = "service.not_recording", runs, %since, "{told}");

                if alarm.is_first() {
                    context
                        .notifier
                        .notify_not_recording(&context.notify.recipients, &told, now)
                        .await;
                }
            }
        }
    }

    /// Has the next run go through this pipeline.
    pub(crate) async fn take_up(&self, next: ScanPipeline) {
        let unused = {
            let mut pipelines = self.lock();
            if next.context().scanner.config.logging
                != pipelines.current.context().scanner.config.logging
            {
                warn!(
                    event = "config.needs_restart",
                    "`logging` holds from the next start on; all else holds now"
                );
            }
            pipelines.next.replace(next)
        };

        if let Some(unused) = unused {
            retire(&unused).await;
        }
    }

    /// Ends the pipeline that is in use.
    pub(crate) async fn close(&self) {
        retire(&self.current().await).await;
    }

    fn lock(&self) -> MutexGuard<'_, Pipelines> {
        self.pipelines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens what a configuration names.
pub(crate) async fn open(config: Config) -> anyhow::Result<ScanPipeline> {
    Ok(ScanPipeline::new(
        scan_context(config, Folders::of_process()).await?,
    ))
}

/// Ends a pipeline. What it has sent and could not mark is marked, or goes out again.
async fn retire(pipeline: &ScanPipeline) {
    let context = pipeline.context();
    if let Err(failed) = context.notifier.record_pending(&context.store).await {
        warn!(
            error = with_causes(&failed),
            "cannot write down what was sent; it goes out again: {failed}"
        );
    }
    context.store.close().await;
}
