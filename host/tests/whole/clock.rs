//! A service with a clock that the test sets: an interval of a second, a suspended machine, and a
//! clock that is set back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use job_scanner::scheduler::{RunOutcome, SchedulerService, Task, Timing, WakeReason};
use job_scanner_board_server::Failure;
use job_scanner_core::run::Trigger;
use job_scanner_core::schedule::Schedule;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{PipelineRunResult, RunRequest, ScanPipeline};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::process::TIME_LIMIT;
use crate::support::World;

const EVERY: Duration = Duration::from_secs(1);
const DAY: i64 = 86_400;

const TIMING: Timing = Timing {
    poll: Duration::from_millis(5),
    pause: Duration::ZERO,
    jitter: Duration::ZERO,
};

/// The pipeline as a task that reports its runs.
struct Scans {
    pipeline: ScanPipeline,
    active: AtomicBool,
    runs: UnboundedSender<PipelineRunResult>,
    /// The number of times that the scheduler asked when the next run is due.
    looks: watch::Sender<u64>,
}

impl Task for Scans {
    async fn next_due(&self) -> Option<Timestamp> {
        let due = self.pipeline.next_due().await.unwrap();
        self.looks.send_modify(|looks| *looks += 1);
        due
    }

    async fn run(&self, _: WakeReason, stop: &CancellationToken) -> RunOutcome {
        assert!(
            !self.active.swap(true, Ordering::SeqCst),
            "two runs at once"
        );
        let request = RunRequest {
            trigger: Trigger::Schedule,
            only: None,
        };
        let result = self.pipeline.run_once(&request, stop).await.unwrap();
        self.active.store(false, Ordering::SeqCst);
        self.runs.send(result).unwrap();
        RunOutcome::Done
    }
}

/// A service that scans one board every second of the test's clock.
struct Service {
    world: World,
    clock: Arc<AtomicI64>,
    scheduler: SchedulerService,
    runs: UnboundedReceiver<PipelineRunResult>,
    looks: watch::Receiver<u64>,
}

impl Service {
    async fn start(world: World) -> Self {
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        let told = Arc::clone(&seconds);
        let clock =
            Clock::from_fn(move || Timestamp::from_second(told.load(Ordering::SeqCst)).unwrap());
        let mut context = world
            .context(&world.config(&[world.greenhouse("acme")]))
            .await;
        context.scanner.clock = clock.clone();
        context.scanner.config.sources[0].schedule = Schedule::Every(EVERY);
        let ((sender, runs), (looked, looks)) = (unbounded_channel(), watch::channel(0));
        let (pipeline, active) = (ScanPipeline::new(context), AtomicBool::new(false));
        let task = Scans {
            pipeline,
            active,
            runs: sender,
            looks: looked,
        };
        let scheduler = SchedulerService::start(Arc::new(task), clock, TIMING);
        Self {
            world,
            clock: seconds,
            scheduler,
            runs,
            looks,
        }
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn next_run(&mut self) -> PipelineRunResult {
        tokio::time::timeout(TIME_LIMIT, self.runs.recv())
            .await
            .expect("it stalls")
            .unwrap()
    }

    /// Stops the service, and fails if it made more runs than the test waited for.
    async fn ends_quietly(mut self) {
        let looks = *self.looks.borrow_and_update();
        let enough = self.looks.wait_for(|now| *now >= looks + 5);
        tokio::time::timeout(TIME_LIMIT, enough)
            .await
            .expect("it stalls")
            .unwrap();
        self.scheduler.shutdown().await;
        assert!(self.runs.try_recv().is_err(), "a run too many");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_intervals_do_not_overlap_and_are_caught_up_once() {
    let world = World::with_a_job().await;
    world.boards.fail("acme", Failure::Hang);
    let mut service = Service::start(world).await;
    // Ten intervals elapse during the first run.
    service.world.boards.wait_for_requests(1).await;
    service.pass(10);
    service.world.boards.heal("acme");
    for _ in 0..2 {
        let result = service.next_run().await;
        assert_eq!(
            (result.skipped, result.had_errors, result.sources.len()),
            (false, false, 1)
        );
    }
    for _ in 0..3 {
        service.pass(1);
        assert_eq!(service.next_run().await.sources.len(), 1);
    }
    service.ends_quietly().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_machine_runs_once_when_it_wakes() {
    let mut service = Service::start(World::with_a_job().await).await;
    service.next_run().await;
    service.pass(3 * DAY);
    service.next_run().await;
    service.ends_quietly().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_causes_one_run_and_then_normal_intervals() {
    let mut service = Service::start(World::with_a_job().await).await;
    service.next_run().await;
    service.pass(-30 * DAY);
    service.next_run().await;
    service.pass(1);
    service.next_run().await;
    service.ends_quietly().await;
}
