//! The wall-clock time of a scan, without waits for the rate limit and for other scans.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::Limits;

use crate::budgets::clock::MonotonicClock;
use crate::error::ScanError;

/// The shortest timeout after which the remaining time is checked again, for the case that the
/// page's clock is paused.
const MIN_POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Measures the wall-clock time of one scan. A page's clock is paused while a request waits for the
/// rate limit of its host, because the host program causes that wait; the scan's clock keeps
/// running. Both are paused while the scan waits until other scans hold less memory.
#[derive(Debug)]
pub(crate) struct WallClock {
    page_limit: Duration,
    scan_limit: Duration,
    /// The time at which the run ends, which also ends the scan, however little time the scan has
    /// used.
    run_ends: Option<Instant>,
    clock: MonotonicClock,
    page: Mutex<Stopwatch>,
    scan: Mutex<Stopwatch>,
}

/// The remaining time, and the error for when it is used up.
#[derive(Debug)]
struct TimeLeft {
    time: Duration,
    over: ScanError,
}

impl WallClock {
    /// Creates a clock that starts now.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self::with_clock(MonotonicClock::Machine, limits)
    }

    fn with_clock(clock: MonotonicClock, limits: &Limits) -> Self {
        let started = clock.now();
        Self {
            page_limit: limits.wall_page,
            scan_limit: limits.wall_scan,
            run_ends: None,
            clock,
            page: Mutex::new(Stopwatch::new(started)),
            scan: Mutex::new(Stopwatch::new(started)),
        }
    }

    /// Adds the end of the run, at which the scan is cancelled.
    pub(crate) fn with_run_end(self, run_ends: Option<Instant>) -> Self {
        Self { run_ends, ..self }
    }

    /// Returns the time that the scan has used.
    pub(crate) fn elapsed(&self) -> Duration {
        let now = self.clock.now();
        lock(&self.scan).elapsed_at(now)
    }

    /// Resets the page's clock. The scan's clock keeps running.
    pub(crate) fn start_page(&self) {
        let now = self.clock.now();
        *lock(&self.page) = Stopwatch::new(now);
    }

    /// Returns the remaining time of the page, the scan or the run, whichever is shortest.
    pub(crate) fn left(&self) -> Duration {
        self.left_at(self.clock.now()).time
    }

    /// Waits with the page's clock paused, for the rate limit.
    pub(crate) async fn page_paused<T>(&self, wait: impl Future<Output = T>) -> T {
        let _page = PausedClock::new(&self.page, &self.clock);
        wait.await
    }

    /// Waits with both clocks paused, for other scans.
    pub(crate) async fn scan_paused<T>(&self, wait: impl Future<Output = T>) -> T {
        let _scan = PausedClock::new(&self.scan, &self.clock);
        self.page_paused(wait).await
    }

    /// Waits for a call of the guest within the remaining time.
    ///
    /// # Errors
    ///
    /// [`ScanError::Timeout`] when the page's or the scan's time is used up,
    /// [`ScanError::RunEnded`] when the run's is.
    pub(crate) async fn within<T>(&self, call: impl Future<Output = T>) -> Result<T, ScanError> {
        let mut call = pin!(call);
        loop {
            let left = self.time_left()?;
            // A clock may be paused meanwhile, so the end of this timeout does not have to end the
            // call.
            let done = self
                .clock
                .timeout(left.max(MIN_POLL_INTERVAL), call.as_mut());
            if let Some(done) = done.await {
                return Ok(done);
            }
        }
    }

    /// Fails once no time remains.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        self.time_left().map(drop)
    }

    fn time_left(&self) -> Result<Duration, ScanError> {
        let TimeLeft { time, over } = self.left_at(self.clock.now());
        if time.is_zero() { Err(over) } else { Ok(time) }
    }

    fn left_at(&self, now: Instant) -> TimeLeft {
        let page = TimeLeft::of(&self.page, "one page", self.page_limit, now);
        let scan = TimeLeft::of(&self.scan, "whole scan", self.scan_limit, now);
        let left = if scan.time < page.time { scan } else { page };

        let run = self.run_ends.map(|end| end.saturating_duration_since(now));
        match run {
            Some(run) if run < left.time => TimeLeft {
                time: run,
                over: ScanError::RunEnded,
            },
            _ => left,
        }
    }
}

impl TimeLeft {
    fn of(running: &Mutex<Stopwatch>, what: &'static str, limit: Duration, now: Instant) -> Self {
        Self {
            time: limit.saturating_sub(lock(running).elapsed_at(now)),
            over: ScanError::Timeout { what, limit },
        }
    }
}

fn lock(time: &Mutex<Stopwatch>) -> MutexGuard<'_, Stopwatch> {
    time.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock of a page or a scan that can be paused.
#[derive(Debug)]
struct Stopwatch {
    started: Instant,
    /// The number of requests that wait.
    waiting: u32,
    waiting_since: Instant,
    /// The time in which at least one request waited, up to `waiting_since`.
    waited: Duration,
}

impl Stopwatch {
    fn new(now: Instant) -> Self {
        Self {
            started: now,
            waiting: 0,
            waiting_since: now,
            waited: Duration::ZERO,
        }
    }

    fn pause(&mut self, now: Instant) {
        if self.waiting == 0 {
            self.waiting_since = now;
        }
        self.waiting += 1;
    }

    fn resume(&mut self, now: Instant) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.waited += now.saturating_duration_since(self.waiting_since);
        }
    }

    /// Returns the time without pauses.
    fn elapsed_at(&self, now: Instant) -> Duration {
        let since = |then| now.saturating_duration_since(then);
        let under_way = if self.waiting > 0 {
            since(self.waiting_since)
        } else {
            Duration::ZERO
        };

        since(self.started).saturating_sub(self.waited + under_way)
    }
}

/// The clock is paused while at least one of these guards exists.
struct PausedClock<'c> {
    time: &'c Mutex<Stopwatch>,
    clock: &'c MonotonicClock,
}

impl<'c> PausedClock<'c> {
    fn new(time: &'c Mutex<Stopwatch>, clock: &'c MonotonicClock) -> Self {
        lock(time).pause(clock.now());
        Self { time, clock }
    }
}

impl Drop for PausedClock<'_> {
    fn drop(&mut self) {
        lock(self.time).resume(self.clock.now());
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::task::Poll;

    use job_scanner_core::failure::FailureKind;

    use super::*;

    /// Returns a wall clock, and the clock that it reads.
    fn clocks(wall_page: Duration, wall_scan: Duration) -> (WallClock, MonotonicClock) {
        let limits = Limits {
            wall_page,
            wall_scan,
            ..Limits::default()
        };
        let clock = MonotonicClock::manual();
        (WallClock::with_clock(clock.clone(), &limits), clock)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waiting_for_the_rate_limit_pauses_the_page_clock() {
        let start = Instant::now();
        let at = |seconds| start + seconds * SECOND;
        let mut page = Stopwatch::new(start);
        page.pause(at(1));
        page.pause(at(2));
        assert_eq!(
            page.elapsed_at(at(3)),
            SECOND,
            "the clock is paused while any request waits"
        );
        page.resume(at(4));
        assert_eq!(page.elapsed_at(at(5)), SECOND);
        page.resume(at(6));
        assert_eq!(
            page.elapsed_at(at(8)),
            3 * SECOND,
            "overlapping waits count once"
        );
    }

    #[test]
    fn the_scan_clock_runs_while_the_page_clock_is_paused() {
        let (wall, clock) = clocks(10 * SECOND, 30 * SECOND);
        let started = clock.now();
        lock(&wall.page).pause(started);
        let left = |seconds| {
            let TimeLeft { time, over } = wall.left_at(started + seconds * SECOND);
            (time, over.to_string())
        };
        assert_eq!(
            left(15),
            (10 * SECOND, "timed out after 10s (one page)".to_owned())
        );
        assert_eq!(
            left(25),
            (5 * SECOND, "timed out after 30s (whole scan)".to_owned())
        );
        assert!(left(31).0.is_zero());
    }

    #[tokio::test]
    async fn waiting_for_other_scans_pauses_both_clocks() {
        let (wall, clock) = clocks(SECOND, SECOND);
        wall.scan_paused(async { clock.advance(2 * SECOND) }).await;
        assert_eq!((wall.elapsed(), wall.left()), (Duration::ZERO, SECOND));

        // Each `Pending` advances the manual clock by all the remaining time.
        let mut looks = 0;
        let others = poll_fn(|_| {
            looks += 1;
            if looks < 10 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        });
        wall.within(wall.scan_paused(others)).await.unwrap();
        assert_eq!(wall.elapsed(), Duration::ZERO);
    }

    #[test]
    fn a_scan_ends_with_its_run() {
        let (wall, clock) = clocks(10 * SECOND, 30 * SECOND);
        let started = clock.now();
        let wall = wall.with_run_end(Some(started + 5 * SECOND));
        let TimeLeft { time, over } = wall.left_at(started + 2 * SECOND);
        assert_eq!((time, over.kind()), (3 * SECOND, FailureKind::RunEnded));
    }

    #[tokio::test]
    async fn a_call_fails_when_its_time_is_used_up() {
        let (wall, _) = clocks(SECOND, 20 * SECOND);
        let error = wall.within(pending::<()>()).await.unwrap_err();
        assert_eq!(error.to_string(), "timed out after 1s (one page)");

        wall.start_page();
        let wait = wall.page_paused(pending::<()>());
        let error = wall.within(wait).await.unwrap_err();
        assert_eq!(error.to_string(), "timed out after 20s (whole scan)");
        assert_eq!(wall.elapsed(), 20 * SECOND);
    }
}
