//! The driver: waits, runs the task, and waits again.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_pipeline::clock::Clock;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// A task that runs from time to time.
pub trait Task: Send + Sync + 'static {
    /// Returns the time of the next run. A time in the past means now, `None` means that no run is
    /// due in future.
    fn next_due(&self) -> impl Future<Output = Option<Timestamp>> + Send;

    /// Runs once. When `stop` is cancelled, the run ends early, at its next safe point.
    fn run(
        &self,
        wake: WakeReason,
        stop: &CancellationToken,
    ) -> impl Future<Output = RunOutcome> + Send;
}

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOutcome {
    /// The run did everything that was due.
    Done,
    /// The run could do nothing: another process is running, or something that the task needs is
    /// missing. Due sources and requested runs are still pending.
    NotNow,
}

/// The reason why a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WakeReason {
    /// Its next time has come.
    Due,
    /// The operator requested it.
    Triggered,
}

/// The waiting times of the driver.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The maximum time between checks of the clock and of what is due. A sleep does not notice
    /// that the clock was set, the machine was suspended, or another process did what was due.
    pub poll: Duration,
    /// The minimum time between the end of a run and the start of the next. After a run that could
    /// do nothing it is `poll`, unless a run is requested or something changes.
    pub pause: Duration,
    /// A scheduled run starts up to this much later, so that many machines do not send requests to
    /// a board at the same time.
    pub jitter: Duration,
}

/// Drives one task in the background.
pub struct SchedulerService {
    stop: CancellationToken,
    trigger: Arc<Notify>,
    changed: Arc<Notify>,
    driver: JoinHandle<()>,
}

impl SchedulerService {
    /// Starts the driver. A task that is due runs immediately.
    pub fn start<T: Task>(task: Arc<T>, clock: Clock, timing: Timing) -> Self {
        let stop = CancellationToken::new();
        let trigger = Arc::new(Notify::new());
        let changed = Arc::new(Notify::new());
        let driver = Driver {
            task,
            clock,
            timing,
            stop: stop.clone(),
            trigger: Arc::clone(&trigger),
            changed: Arc::clone(&changed),
        };

        info!(event = "scheduler.started", "scheduler started");
        Self {
            stop,
            trigger,
            changed,
            driver: tokio::spawn(driver.drive()),
        }
    }

    /// Runs the task now, or once more immediately after the current run. Several requests during
    /// one run cause one run.
    pub fn trigger_now(&self) {
        self.trigger.notify_one();
    }

    /// Asks the task again for its next time, which may have changed.
    pub fn reschedule(&self) {
        self.changed.notify_one();
    }

    /// Ends the current run at its next safe point, and waits for its end.
    pub async fn shutdown(self) {
        self.stop.cancel();
        if let Err(panic) = self.driver.await {
            error!("the scheduler panicked: {panic}");
        }
        info!(event = "scheduler.stopped", "scheduler stopped");
    }
}

struct Driver<T> {
    task: Arc<T>,
    clock: Clock,
    timing: Timing,
    stop: CancellationToken,
    trigger: Arc<Notify>,
    changed: Arc<Notify>,
}

impl<T: Task> Driver<T> {
    async fn drive(self) {
        let mut jitter = Duration::ZERO;
        while let Some(wake) = self.wait(jitter).await {
            let continues = match self.task.run(wake, &self.stop).await {
                RunOutcome::Done => self
                    .stop
                    .run_until_cancelled(tokio::time::sleep(self.timing.pause))
                    .await
                    .is_some(),
                RunOutcome::NotNow => self.wait_after_idle_run(wake).await,
            };
            if !continues {
                return;
            }

            // A task that is due at the start runs immediately. Only later runs could coincide with
            // those of other machines.
            jitter = self.timing.jitter.mul_f64(fastrand::f64());
        }
    }

    /// Waits after a run that could do nothing. Returns false if the service is stopping. A
    /// requested run stays pending, and another request ends the wait.
    async fn wait_after_idle_run(&self, wake: WakeReason) -> bool {
        let is_triggered = tokio::select! {
            biased;
            () = self.stop.cancelled() => return false,
            () = self.trigger.notified() => true,
            () = self.changed.notified() => false,
            () = tokio::time::sleep(self.timing.poll) => false,
        };

        if is_triggered || wake == WakeReason::Triggered {
            self.trigger.notify_one();
        }
        true
    }

    /// Waits until the task is due or the operator requests a run. `None` if the service is
    /// stopping.
    async fn wait(&self, jitter: Duration) -> Option<WakeReason> {
        let mut announced = None;
        loop {
            let due = self.task.next_due().await;
            let now = self.clock.now();
            if due.is_some_and(|due| due <= now) {
                return tokio::select! {
                    biased;
                    () = self.stop.cancelled() => None,
                    // A requested run does everything that is due, too.
                    () = self.trigger.notified() => Some(WakeReason::Triggered),
                    () = tokio::time::sleep(jitter) => Some(WakeReason::Due),
                };
            }

            if due != announced {
                announced = due;
                log_next_run(due);
            }

            // The sleep is limited to `poll`, because the clock may be set meanwhile.
            let left = due.map_or(self.timing.poll, |due| {
                due.duration_since(now).unsigned_abs()
            });
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                () = self.trigger.notified() => return Some(WakeReason::Triggered),
                () = self.changed.notified() => {}
                () = tokio::time::sleep(left.min(self.timing.poll)) => {}
            }
        }
    }
}

fn log_next_run(due: Option<Timestamp>) {
    if let Some(due) = due {
        info!(event = "scheduler.next_run", next_run_at = %format_args!("{due:.0}"), "next run at {due:.0}");
    } else {
        info!(event = "scheduler.next_run", "no further run is scheduled");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

    use tokio::sync::mpsc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A task that is due again a fixed time after each run. It counts its runs and records whether
    /// two overlapped.
    struct Recorder {
        clock: Clock,
        every: Duration,
        due: Mutex<Option<Timestamp>>,
        active: AtomicU32,
        overlapped: AtomicBool,
        runs: mpsc::UnboundedSender<WakeReason>,
        blocks_until_stopped: bool,
        /// The results of its runs. The last one applies to all further runs.
        outcomes: Mutex<Vec<RunOutcome>>,
    }

    impl Task for Recorder {
        async fn next_due(&self) -> Option<Timestamp> {
            *self.due.lock().unwrap()
        }

        async fn run(&self, wake: WakeReason, stop: &CancellationToken) -> RunOutcome {
            if self.active.fetch_add(1, Ordering::SeqCst) > 0 {
                self.overlapped.store(true, Ordering::SeqCst);
            }
            self.runs.send(wake).unwrap();
            if self.blocks_until_stopped {
                stop.cancelled().await;
            }
            *self.due.lock().unwrap() = Some(self.clock.now() + self.every);
            self.active.fetch_sub(1, Ordering::SeqCst);
            let mut outcomes = self.outcomes.lock().unwrap();
            if outcomes.len() > 1 {
                outcomes.remove(0)
            } else {
                outcomes[0]
            }
        }
    }

    /// Returns a clock that a test sets, in seconds of Unix time.
    fn clock(seconds: &Arc<AtomicI64>) -> Clock {
        let seconds = Arc::clone(seconds);
        Clock::from_fn(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    fn recorder(
        clock: &Clock,
        every: Duration,
        blocks_until_stopped: bool,
    ) -> (Arc<Recorder>, mpsc::UnboundedReceiver<WakeReason>) {
        let (runs, seen) = mpsc::unbounded_channel();
        let due = Mutex::new(Some(clock.now()));
        let (active, overlapped) = (AtomicU32::new(0), AtomicBool::new(false));
        let (clock, outcomes) = (clock.clone(), Mutex::new(vec![RunOutcome::Done]));
        (
            Arc::new(Recorder {
                clock,
                every,
                due,
                active,
                overlapped,
                runs,
                blocks_until_stopped,
                outcomes,
            }),
            seen,
        )
    }

    const FAST: Timing = Timing {
        poll: Duration::from_millis(5),
        pause: Duration::ZERO,
        jitter: Duration::ZERO,
    };

    #[tokio::test]
    async fn a_due_task_runs_immediately_and_again_at_its_next_time() {
        let seconds = Arc::new(AtomicI64::new(1_000_000));
        let clock = clock(&seconds);
        let (task, mut runs) = recorder(&clock, SECOND * 900, false);
        let service = SchedulerService::start(Arc::clone(&task), clock, FAST);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));

        seconds.fetch_add(899, Ordering::SeqCst);
        assert!(runs.try_recv().is_err());
        seconds.fetch_add(1, Ordering::SeqCst);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.shutdown().await;
    }

    #[tokio::test]
    async fn jitter_delays_a_run_even_if_the_task_is_always_due() {
        let (task, mut runs) = recorder(&Clock::system(), Duration::ZERO, false);
        let timing = Timing {
            jitter: Duration::from_millis(20),
            ..FAST
        };
        let service = SchedulerService::start(Arc::clone(&task), Clock::system(), timing);
        for _ in 0..3 {
            assert_eq!(runs.recv().await, Some(WakeReason::Due));
        }
        service.shutdown().await;
    }

    #[tokio::test]
    async fn runs_missed_during_suspension_become_one_run() {
        let seconds = Arc::new(AtomicI64::new(1_000_000));
        let clock = clock(&seconds);
        let (task, mut runs) = recorder(&clock, SECOND * 900, false);
        let service = SchedulerService::start(Arc::clone(&task), clock, FAST);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));

        seconds.fetch_add(100_000, Ordering::SeqCst);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.shutdown().await;
        assert!(runs.try_recv().is_err());
    }

    #[tokio::test]
    async fn triggers_during_a_run_cause_one_more_run() {
        let clock = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
        let (task, mut runs) = recorder(&clock, SECOND * 900, false);
        let service = SchedulerService::start(Arc::clone(&task), clock, FAST);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.trigger_now();
        service.trigger_now();
        assert_eq!(runs.recv().await, Some(WakeReason::Triggered));
        service.shutdown().await;
        assert!(!task.overlapped.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_trigger_skips_the_jitter_of_a_due_run() {
        let (task, mut runs) = recorder(&Clock::system(), Duration::ZERO, false);
        let timing = Timing {
            jitter: Duration::from_hours(10_000),
            ..FAST
        };
        let service = SchedulerService::start(Arc::clone(&task), Clock::system(), timing);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.trigger_now();
        let next = tokio::time::timeout(SECOND * 20, runs.recv()).await;
        assert_eq!(next.unwrap(), Some(WakeReason::Triggered));
        service.shutdown().await;
        assert!(runs.try_recv().is_err());
    }

    #[tokio::test]
    async fn rescheduling_finds_a_task_that_became_due() {
        let clock = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
        let (task, mut runs) = recorder(&clock, SECOND * 900, false);
        let timing = Timing {
            poll: Duration::from_hours(1),
            ..FAST
        };
        let service = SchedulerService::start(Arc::clone(&task), clock.clone(), timing);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        *task.due.lock().unwrap() = Some(clock.now());
        service.reschedule();
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.shutdown().await;
    }

    #[tokio::test]
    async fn a_shutdown_stops_the_current_run() {
        let clock = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
        let (task, mut runs) = recorder(&clock, SECOND, true);
        let service = SchedulerService::start(Arc::clone(&task), clock, FAST);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        assert_eq!(task.active.load(Ordering::SeqCst), 1);
        service.shutdown().await;
        assert_eq!(task.active.load(Ordering::SeqCst), 0);
    }

    /// Returns a task that is always due, and whose runs have these results.
    fn task_with_outcomes(
        outcomes: &[RunOutcome],
    ) -> (Arc<Recorder>, mpsc::UnboundedReceiver<WakeReason>) {
        let (task, runs) = recorder(&Clock::system(), Duration::ZERO, false);
        *task.outcomes.lock().unwrap() = outcomes.to_vec();
        (task, runs)
    }

    #[tokio::test]
    async fn a_run_that_did_nothing_is_retried_only_after_the_next_poll() {
        let (task, mut runs) = task_with_outcomes(&[RunOutcome::NotNow]);
        let timing = Timing {
            poll: Duration::from_mins(1),
            ..FAST
        };
        let service = SchedulerService::start(task, Clock::system(), timing);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(runs.try_recv().is_err());
        service.shutdown().await;
    }

    #[tokio::test]
    async fn a_trigger_or_change_ends_the_wait_after_a_run_that_did_nothing() {
        let (task, mut runs) = task_with_outcomes(&[RunOutcome::NotNow]);
        let timing = Timing {
            poll: Duration::from_hours(1),
            ..FAST
        };
        let service = SchedulerService::start(task, Clock::system(), timing);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.trigger_now();
        assert_eq!(
            tokio::time::timeout(SECOND * 20, runs.recv()).await,
            Ok(Some(WakeReason::Triggered))
        );
        service.reschedule();
        assert_eq!(
            tokio::time::timeout(SECOND * 20, runs.recv()).await,
            Ok(Some(WakeReason::Triggered)),
            "the requested run is still pending"
        );
        service.shutdown().await;
    }

    #[tokio::test]
    async fn a_triggered_run_that_did_nothing_is_retried_until_it_succeeds() {
        let (task, mut runs) = task_with_outcomes(&[
            RunOutcome::Done,
            RunOutcome::NotNow,
            RunOutcome::NotNow,
            RunOutcome::Done,
        ]);
        let clock = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
        *task.due.lock().unwrap() = Some(clock.now());
        let task = Arc::new(Recorder {
            every: SECOND * 900,
            clock: clock.clone(),
            ..Arc::into_inner(task).unwrap()
        });
        let service = SchedulerService::start(task, clock, FAST);
        assert_eq!(runs.recv().await, Some(WakeReason::Due));
        service.trigger_now();
        for _ in 0..3 {
            assert_eq!(runs.recv().await, Some(WakeReason::Triggered));
        }
        service.shutdown().await;
        assert!(
            runs.try_recv().is_err(),
            "the requested run is no longer pending"
        );
    }

    #[tokio::test]
    async fn runs_of_a_task_that_is_always_due_do_not_overlap() {
        let (task, mut runs) = recorder(&Clock::system(), Duration::ZERO, false);
        let service = SchedulerService::start(Arc::clone(&task), Clock::system(), FAST);
        for _ in 0..50 {
            assert_eq!(runs.recv().await, Some(WakeReason::Due));
        }
        service.shutdown().await;
        assert!(!task.overlapped.load(Ordering::SeqCst));
    }
}
