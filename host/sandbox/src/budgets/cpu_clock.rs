//! The CPU time of a guest, including the host's work for it.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::future::poll_fn;
use job_scanner_core::adapter::Limits;

use crate::budgets::clock::MonotonicClock;
use crate::error::ScanError;

/// Measures the time in which a thread executes calls of a guest. The guest's own code and the
/// host's work for it both count, because a flood of cheap host calls uses the CPU as well. Time
/// does not count while a call waits for a board or a timer, or yields to other scans.
///
/// Epoch ticks only trigger checks. They do not measure CPU time, because many of them pass during
/// one long wait.
#[derive(Debug)]
pub(crate) struct CpuClock {
    page_limit: Duration,
    scan_limit: Duration,
    clock: MonotonicClock,
    time: Mutex<CpuTime>,
}

#[derive(Debug, Default)]
struct CpuTime {
    running_since: Option<Instant>,
    page: Duration,
    scan: Duration,
    /// The part of the scan's time that the host spent on requests.
    requests: Duration,
}

impl CpuClock {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self::with_clock(MonotonicClock::Machine, limits)
    }

    fn with_clock(clock: MonotonicClock, limits: &Limits) -> Self {
        Self {
            page_limit: limits.cpu_page,
            scan_limit: limits.cpu_scan,
            clock,
            time: Mutex::default(),
        }
    }

    /// Resets the page's time. The scan's time continues.
    pub(crate) fn start_page(&self) {
        self.lock().page = Duration::ZERO;
    }

    /// Runs a call of the guest, and counts the time in which it does not wait.
    pub(crate) async fn measured<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = pin!(call);
        poll_fn(|context| {
            let _running = RunningGuard::new(self);
            call.as_mut().poll(context)
        })
        .await
    }

    /// Runs the host's work on the requests of a call. Its time counts as part of the call, and is
    /// also measured separately.
    pub(crate) async fn measured_request<T>(&self, request: impl Future<Output = T>) -> T {
        let mut request = pin!(request);
        poll_fn(|context| {
            let begun = self.clock.now();
            let polled = request.as_mut().poll(context);

            self.lock().requests += self.clock.now().saturating_duration_since(begun);
            polled
        })
        .await
    }

    /// Returns the scan's time so far, without the host's work on requests.
    pub(crate) fn used_by_guest(&self) -> Duration {
        let now = self.clock.now();
        let time = self.lock();
        let (_, scan) = time.so_far(now);

        scan.saturating_sub(time.requests)
    }

    /// Returns the scan's time so far.
    pub(crate) fn used(&self) -> Duration {
        let (_, scan) = self.so_far();
        scan
    }

    /// Fails once a budget is used up.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        let (page, scan) = self.so_far();
        if page > self.page_limit {
            return Err(ScanError::CpuBudget {
                what: "CPU (one page)",
                used: page,
                limit: self.page_limit,
            });
        }

        if scan > self.scan_limit {
            return Err(ScanError::CpuBudget {
                what: "CPU (whole scan)",
                used: scan,
                limit: self.scan_limit,
            });
        }
        Ok(())
    }

    /// Returns the time of the page and that of the scan.
    fn so_far(&self) -> (Duration, Duration) {
        let now = self.clock.now();
        self.lock().so_far(now)
    }

    fn lock(&self) -> MutexGuard<'_, CpuTime> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CpuTime {
    /// Returns the time of the page and that of the scan.
    fn so_far(&self, now: Instant) -> (Duration, Duration) {
        let running = self
            .running_since
            .map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        (self.page + running, self.scan + running)
    }
}

/// The clock runs while this guard exists.
struct RunningGuard<'c>(&'c CpuClock);

impl<'c> RunningGuard<'c> {
    fn new(clock: &'c CpuClock) -> Self {
        let now = clock.clock.now();
        clock.lock().running_since = Some(now);
        Self(clock)
    }
}

impl Drop for RunningGuard<'_> {
    fn drop(&mut self) {
        let now = self.0.clock.now();
        let mut time = self.0.lock();
        (time.page, time.scan) = time.so_far(now);
        time.running_since = None;
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use futures::poll;
    use tokio::task::yield_now;

    use super::*;

    const WORK: Duration = Duration::from_millis(20);

    /// Returns a CPU clock, and the clock that it reads.
    fn clocks(cpu_page: Duration, cpu_scan: Duration) -> (CpuClock, MonotonicClock) {
        let limits = Limits {
            cpu_page,
            cpu_scan,
            ..Limits::default()
        };
        let clock = MonotonicClock::manual();
        (CpuClock::with_clock(clock.clone(), &limits), clock)
    }

    #[tokio::test]
    async fn waiting_does_not_count_as_cpu_time() {
        let (cpu, clock) = clocks(20 * WORK, 20 * WORK);
        let mut call = pin!(cpu.measured(async {
            clock.advance(WORK);
            yield_now().await;
            clock.advance(WORK);
        }));
        assert!(poll!(&mut call).is_pending());
        clock.advance(20 * WORK);
        call.await;
        assert_eq!(cpu.used(), 2 * WORK);
        cpu.check().unwrap();
    }

    #[tokio::test]
    async fn requests_count_and_are_also_measured_separately() {
        let (cpu, clock) = clocks(20 * WORK, 20 * WORK);
        let request = async {
            clock.advance(WORK);
            yield_now().await;
            clock.advance(2 * WORK);
        };
        cpu.measured(async {
            clock.advance(4 * WORK);
            cpu.measured_request(request).await;
            clock.advance(8 * WORK);
        })
        .await;
        assert_eq!((cpu.used(), cpu.used_by_guest()), (15 * WORK, 12 * WORK));
    }

    #[tokio::test]
    async fn a_new_page_resets_the_page_budget_but_not_the_scan_budget() {
        let (cpu, clock) = clocks(3 * WORK, 5 * WORK);
        for _ in 0..2 {
            cpu.start_page();
            cpu.measured(async { clock.advance(2 * WORK) }).await;
            cpu.check().unwrap();
        }
        cpu.start_page();
        cpu.measured(async { clock.advance(2 * WORK) }).await;
        let spent = cpu.check().unwrap_err().to_string();
        assert_eq!(
            spent,
            "the adapter used up its CPU (whole scan) budget of 100ms (it computed for 120 ms)"
        );
    }

    #[tokio::test]
    async fn a_running_call_is_checked_before_it_returns() {
        let (cpu, clock) = clocks(WORK, 20 * WORK);
        let looked = cpu.measured(async {
            clock.advance(2 * WORK);
            cpu.check()
        });
        assert!(matches!(
            looked.await,
            Err(ScanError::CpuBudget {
                what: "CPU (one page)",
                ..
            })
        ));
    }

    #[tokio::test]
    async fn a_cancelled_call_stops_the_clock() {
        let (cpu, clock) = clocks(WORK, WORK);
        {
            let mut given_up = pin!(cpu.measured(pending::<()>()));
            assert!(poll!(&mut given_up).is_pending());
        }
        clock.advance(WORK);
        assert_eq!(cpu.used(), Duration::ZERO);
    }
}
