//! How long a guest has computed, or has had the host compute for it.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::future::poll_fn;
use job_scanner_core::adapter::Limits;

use crate::error::ScanError;

/// Measures the time in which calls of a guest are under way on a thread, its own code and what the
/// host does for it alike: a flood of cheap host calls is work like any other. What passes while a
/// call waits, for a board or a clock, or lets others run, is nobody's work.
///
/// Epoch ticks only say when to look. They are not CPU time, since a long wait makes many of them
/// pass at once.
#[derive(Debug)]
pub(crate) struct CpuClock {
    page_limit: Duration,
    scan_limit: Duration,
    time: Mutex<CpuTime>,
}

#[derive(Debug, Default)]
struct CpuTime {
    running_since: Option<Instant>,
    page: Duration,
    scan: Duration,
    /// How much of the scan's time its requests took.
    requests: Duration,
}

impl CpuClock {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            page_limit: limits.cpu_page,
            scan_limit: limits.cpu_scan,
            time: Mutex::default(),
        }
    }

    /// The page's budget starts anew; the scan's goes on.
    pub(crate) fn start_page(&self) {
        self.lock().page = Duration::ZERO;
    }

    /// Runs a call of the guest, and counts the time in which it does not wait.
    pub(crate) async fn measured<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = pin!(call);
        poll_fn(|context| {
            let _running = Running::new(self);
            call.as_mut().poll(context)
        })
        .await
    }

    /// Runs what a call asks the host to request: counted as all of the call is, and by itself.
    pub(crate) async fn requesting<T>(&self, request: impl Future<Output = T>) -> T {
        let mut request = pin!(request);
        poll_fn(|context| {
            let begun = Instant::now();
            let polled = request.as_mut().poll(context);
            self.lock().requests += begun.elapsed();
            polled
        })
        .await
    }

    /// What the scan has used so far, but for its requests.
    pub(crate) fn used_by_guest(&self) -> Duration {
        let time = self.lock();
        time.so_far().1.saturating_sub(time.requests)
    }

    /// What the scan has used so far.
    pub(crate) fn used(&self) -> Duration {
        self.lock().so_far().1
    }

    /// Fails once a budget is spent.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        let (page, scan) = self.lock().so_far();
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

    fn lock(&self) -> MutexGuard<'_, CpuTime> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CpuTime {
    /// Of the page and of the scan.
    fn so_far(&self) -> (Duration, Duration) {
        let running = self
            .running_since
            .map_or(Duration::ZERO, |since| since.elapsed());
        (self.page + running, self.scan + running)
    }
}

/// The clock runs while this lives.
struct Running<'c>(&'c CpuClock);

impl<'c> Running<'c> {
    fn new(clock: &'c CpuClock) -> Self {
        clock.lock().running_since = Some(Instant::now());
        Self(clock)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut time = self.0.lock();
        (time.page, time.scan) = time.so_far();
        time.running_since = None;
    }
}

#[cfg(test)]
mod tests {
    use std::hint::spin_loop;

    use super::*;

    const WORK: Duration = Duration::from_millis(20);

    fn clock(cpu_page: Duration, cpu_scan: Duration) -> CpuClock {
        CpuClock::new(&Limits {
            cpu_page,
            cpu_scan,
            ..Limits::default()
        })
    }

    fn work(time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            spin_loop();
        }
    }

    async fn work_around(wait: impl Future<Output = ()>) {
        work(WORK);
        wait.await;
        work(WORK);
    }

    #[tokio::test]
    async fn waiting_is_not_computing() {
        let clock = clock(20 * WORK, 20 * WORK);
        clock
            .measured(work_around(tokio::time::sleep(20 * WORK)))
            .await;
        assert!(clock.check().is_ok(), "{:?}", clock.used());
        assert!(clock.used() >= 2 * WORK, "{:?}", clock.used());
    }

    #[tokio::test]
    async fn requests_count_and_can_be_told_apart() {
        let clock = clock(20 * WORK, 20 * WORK);
        clock
            .measured(async { work_around(clock.requesting(work_around(async {}))).await })
            .await;
        assert!(clock.used() >= 4 * WORK, "{:?}", clock.used());
        let guest = clock.used_by_guest();
        assert!(
            guest >= 2 * WORK && clock.used() >= guest + 2 * WORK,
            "{guest:?} of {:?}",
            clock.used()
        );
    }

    #[tokio::test]
    async fn a_page_begins_anew_and_the_scan_does_not() {
        let clock = clock(3 * WORK, 5 * WORK);
        for _ in 0..2 {
            clock.start_page();
            clock.measured(work_around(async {})).await;
        }
        clock.start_page();
        clock.measured(async { work(2 * WORK) }).await;
        let spent = clock.check().unwrap_err().to_string();
        assert!(
            spent.starts_with("the adapter used up its CPU (whole scan) budget of 100ms"),
            "{spent}"
        );
    }

    #[tokio::test]
    async fn what_runs_is_looked_at_while_it_runs() {
        let clock = clock(WORK, 20 * WORK);
        let looked = clock.measured(async {
            work(2 * WORK);
            clock.check()
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
    async fn a_call_that_is_given_up_leaves_the_clock_standing() {
        let clock = clock(WORK, WORK);
        let given_up =
            tokio::time::timeout(Duration::ZERO, clock.measured(std::future::pending::<()>()))
                .await;
        given_up.unwrap_err();
        let used = clock.used();
        work(WORK);
        assert_eq!(clock.used(), used);
    }
}
