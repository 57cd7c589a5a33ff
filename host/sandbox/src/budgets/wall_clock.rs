//! How long a scan has waited for the world: our own spacing of requests apart, and what other
//! scans make it wait for.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::Limits;

use crate::error::ScanError;

/// While the page's clock stands still, how soon it is looked at again at the earliest.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Measures the wall clock of one scan. A page's time stands still while a request waits for its
/// turn at its host, since that wait is ours; the scan's goes on. Both stand still while it waits
/// until other scans hold less.
#[derive(Debug)]
pub(crate) struct WallClock {
    page_limit: Duration,
    scan_limit: Duration,
    /// When the run ends that the scan is part of, however little it took of its own time.
    run_ends: Option<Instant>,
    page: Mutex<Running>,
    scan: Mutex<Running>,
}

/// What is left, and what it is to be called when that is nothing.
#[derive(Debug)]
struct Left {
    time: Duration,
    over: ScanError,
}

impl WallClock {
    /// Starts now.
    pub(crate) fn new(limits: &Limits) -> Self {
        let started = Instant::now();
        Self {
            page_limit: limits.wall_page,
            scan_limit: limits.wall_scan,
            run_ends: None,
            page: Mutex::new(Running::new(started)),
            scan: Mutex::new(Running::new(started)),
        }
    }

    /// What is under way at that moment is cut.
    pub(crate) fn until(self, run_ends: Option<Instant>) -> Self {
        Self { run_ends, ..self }
    }

    /// What the scan has used of its time.
    pub(crate) fn elapsed(&self) -> Duration {
        lock(&self.scan).counted(Instant::now())
    }

    /// The page's time starts anew; the scan's goes on.
    pub(crate) fn start_page(&self) {
        *lock(&self.page) = Running::new(Instant::now());
    }

    /// What is left of the page, or of the scan or the run if that is less.
    pub(crate) fn left(&self) -> Duration {
        self.left_at(Instant::now()).time
    }

    /// Waits for our own spacing: none of the page's time.
    pub(crate) async fn spaced<T>(&self, wait: impl Future<Output = T>) -> T {
        let _page = Standing::new(&self.page);
        wait.await
    }

    /// Waits for other scans: none of this one's time.
    pub(crate) async fn held_up<T>(&self, wait: impl Future<Output = T>) -> T {
        let _scan = Standing::new(&self.scan);
        self.spaced(wait).await
    }

    /// Waits for one call of the guest, as long as there is time.
    ///
    /// # Errors
    ///
    /// [`ScanError::Timeout`] when it has run out, [`ScanError::RunEnded`] when the run's has.
    pub(crate) async fn within<T>(&self, call: impl Future<Output = T>) -> Result<T, ScanError> {
        let mut call = pin!(call);
        loop {
            self.check()?;
            if let Ok(done) = tokio::time::timeout(self.left().max(LOOK_AGAIN), call.as_mut()).await
            {
                return Ok(done);
            }
        }
    }

    /// Fails once the time has run out.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        let Left { time, over } = self.left_at(Instant::now());
        if time.is_zero() { Err(over) } else { Ok(()) }
    }

    fn left_at(&self, now: Instant) -> Left {
        let page = self
            .page_limit
            .saturating_sub(lock(&self.page).counted(now));
        let scan = self
            .scan_limit
            .saturating_sub(lock(&self.scan).counted(now));
        let left = if scan < page {
            Left {
                time: scan,
                over: ScanError::Timeout {
                    what: "the whole scan",
                    limit: self.scan_limit,
                },
            }
        } else {
            Left {
                time: page,
                over: ScanError::Timeout {
                    what: "one page",
                    limit: self.page_limit,
                },
            }
        };
        match self.run_ends.map(|end| end.saturating_duration_since(now)) {
            Some(run) if run < left.time => Left {
                time: run,
                over: ScanError::RunEnded,
            },
            _ => left,
        }
    }
}

fn lock(time: &Mutex<Running>) -> MutexGuard<'_, Running> {
    time.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time of a page or a scan.
#[derive(Debug)]
struct Running {
    started: Instant,
    /// How many of its requests wait.
    waiting: u32,
    waiting_since: Instant,
    /// How long one or more did, up to `waiting_since`.
    waited: Duration,
}

impl Running {
    fn new(now: Instant) -> Self {
        Self {
            started: now,
            waiting: 0,
            waiting_since: now,
            waited: Duration::ZERO,
        }
    }

    fn begin_wait(&mut self, now: Instant) {
        if self.waiting == 0 {
            self.waiting_since = now;
        }
        self.waiting += 1;
    }

    fn end_wait(&mut self, now: Instant) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.waited += now.saturating_duration_since(self.waiting_since);
        }
    }

    /// The time that counts.
    fn counted(&self, now: Instant) -> Duration {
        let since = |then| now.saturating_duration_since(then);
        let under_way = if self.waiting > 0 {
            since(self.waiting_since)
        } else {
            Duration::ZERO
        };
        since(self.started).saturating_sub(self.waited + under_way)
    }
}

/// The time stands still while one of these lives.
struct Standing<'c>(&'c Mutex<Running>);

impl<'c> Standing<'c> {
    fn new(time: &'c Mutex<Running>) -> Self {
        lock(time).begin_wait(Instant::now());
        Self(time)
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        lock(self.0).end_wait(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::failure::FailureKind;

    use super::*;

    fn clock(wall_page: Duration, wall_scan: Duration) -> WallClock {
        WallClock::new(&Limits {
            wall_page,
            wall_scan,
            ..Limits::default()
        })
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waiting_for_our_own_spacing_is_none_of_the_pages_time() {
        let start = Instant::now();
        let at = |seconds| start + seconds * SECOND;
        let mut page = Running::new(start);
        page.begin_wait(at(1));
        page.begin_wait(at(2));
        assert_eq!(
            page.counted(at(3)),
            SECOND,
            "it stands still while anybody waits"
        );
        page.end_wait(at(4));
        assert_eq!(page.counted(at(5)), SECOND);
        page.end_wait(at(6));
        assert_eq!(
            page.counted(at(8)),
            3 * SECOND,
            "two waits at a time are one"
        );
    }

    #[test]
    fn the_scans_time_goes_on_while_the_pages_stands_still() {
        let clock = clock(10 * SECOND, 30 * SECOND);
        let started = lock(&clock.scan).started;
        let at = |seconds| started + seconds * SECOND;
        lock(&clock.page).begin_wait(at(0));
        let left = |seconds| {
            let Left { time, over } = clock.left_at(at(seconds));
            (time, over.to_string())
        };
        assert_eq!(
            left(15),
            (10 * SECOND, "no answer within 10s for one page".to_owned())
        );
        assert_eq!(
            left(25),
            (
                5 * SECOND,
                "no answer within 30s for the whole scan".to_owned()
            )
        );
        assert!(left(31).0.is_zero());
    }

    #[tokio::test]
    async fn waiting_for_other_scans_is_no_time_of_this_one() {
        let clock = clock(SECOND / 5, SECOND / 5);
        clock.held_up(tokio::time::sleep(SECOND * 2 / 5)).await;
        assert!(clock.check().is_ok(), "{:?}", clock.elapsed());
        assert!(clock.elapsed() < SECOND / 5, "{:?}", clock.elapsed());
        let waits = clock.within(clock.held_up(std::future::pending::<()>()));
        tokio::time::timeout(SECOND * 2 / 5, waits)
            .await
            .unwrap_err();
    }

    #[test]
    fn the_end_of_the_run_is_the_end_of_the_scan() {
        let clock = clock(10 * SECOND, 30 * SECOND);
        let started = lock(&clock.scan).started;
        let clock = clock.until(Some(started + 5 * SECOND));
        let Left { time, over } = clock.left_at(started + 2 * SECOND);
        assert_eq!((time, over.kind()), (3 * SECOND, FailureKind::RunEnded));
    }

    #[tokio::test]
    async fn a_call_ends_with_the_time_it_has() {
        let clock = clock(Duration::from_millis(50), SECOND);
        let error = clock
            .within(std::future::pending::<()>())
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "no answer within 50ms for one page");

        clock.start_page();
        let error = clock
            .within(clock.spaced(std::future::pending::<()>()))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "no answer within 1s for the whole scan");
    }
}
