//! The requests of the page to the daemon.
//!
//! A request is only noted here. The daemon waits for it with [`Actions::requested`], wakes its
//! scheduler, and takes the request when the run begins. So the page never runs a scan itself, and
//! two runs never overlap. The same holds for a reload of the configuration.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use job_scanner_core::key::SourceKey;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The scans that were requested since the last run. Cheap to clone: clones share the requests.
#[derive(Debug, Clone, Default)]
pub struct Actions(Arc<Requests>);

#[derive(Debug, Default)]
struct Requests {
    scan: Mutex<Option<RequestedScan>>,
    requested: Notify,
    reload: Notify,
    rescheduled: Notify,
    /// Ends the current run; `None` between two runs.
    run: Mutex<Option<CancellationToken>>,
}

/// The sources of a requested run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedScan {
    All,
    Only(BTreeSet<SourceKey>),
}

impl Actions {
    /// Requests a scan. Several requests before the run become one.
    pub fn request(&self, scan: RequestedScan) {
        self.put_back(scan);
        self.0.requested.notify_one();
    }

    /// Waits for a request since the last call.
    pub async fn requested(&self) {
        self.0.requested.notified().await;
    }

    /// Takes the request. The caller fulfils it, or else puts it back.
    pub fn take(&self) -> Option<RequestedScan> {
        self.waiting().take()
    }

    /// Adds a request without waking the daemon, which already knows of it.
    pub fn put_back(&self, scan: RequestedScan) {
        let mut waiting = self.waiting();
        *waiting = Some(match waiting.take() {
            Some(earlier) => earlier.merged(scan),
            None => scan,
        });
    }

    /// Returns true while a requested scan has not begun.
    pub fn is_waiting(&self) -> bool {
        self.waiting().is_some()
    }

    /// Requests that the configuration is read again.
    pub fn reload(&self) {
        self.0.reload.notify_one();
    }

    /// Waits for a request to read the configuration again.
    pub async fn reload_requested(&self) {
        self.0.reload.notified().await;
    }

    /// Says that something may be due earlier or later than before.
    pub fn reschedule(&self) {
        self.0.rescheduled.notify_one();
    }

    /// Waits for a change of what is due.
    pub async fn rescheduled(&self) {
        self.0.rescheduled.notified().await;
    }

    /// Ends the current run at its next safe point. Does nothing between two runs.
    pub fn stop_run(&self) {
        if let Some(run) = &*self.run() {
            run.cancel();
        }
    }

    /// Notes the beginning of a run. The returned token ends it: it is cancelled with `stop`, or by
    /// [`Actions::stop_run`].
    pub fn begin_run(&self, stop: &CancellationToken) -> CancellationToken {
        let run = stop.child_token();
        *self.run() = Some(run.clone());
        run
    }

    /// Notes the end of the run.
    pub fn end_run(&self) {
        *self.run() = None;
    }

    fn run(&self) -> MutexGuard<'_, Option<CancellationToken>> {
        self.0.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Option<RequestedScan>> {
        self.0.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RequestedScan {
    /// Returns the request that covers both.
    fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(mut sources), Self::Only(more)) => {
                sources.extend(more);
                Self::Only(sources)
            }
            _ => Self::All,
        }
    }

    /// Returns the sources of the run; `None` is all of them.
    pub fn only(&self) -> Option<Vec<SourceKey>> {
        match self {
            Self::All => None,
            Self::Only(sources) => Some(sources.iter().cloned().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(name: &str) -> RequestedScan {
        RequestedScan::Only([name.parse().unwrap()].into())
    }

    #[test]
    fn stopping_ends_only_the_current_run() {
        let (actions, stop) = (Actions::default(), CancellationToken::new());
        actions.stop_run();
        let run = actions.begin_run(&stop);
        assert!(!run.is_cancelled(), "the request came before the run");

        actions.stop_run();
        assert!(run.is_cancelled() && !stop.is_cancelled());
        actions.end_run();
        assert!(!actions.begin_run(&stop).is_cancelled());
    }

    #[test]
    fn requests_before_a_run_become_one_that_covers_all() {
        let actions = Actions::default();
        assert_eq!(actions.take(), None);

        actions.request(only("lever/acme"));
        actions.request(only("ashby/globex"));
        let both = actions.take().unwrap().only().unwrap();
        let names: Vec<String> = both.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["ashby/globex", "lever/acme"]);
        assert_eq!(actions.take(), None);

        actions.request(only("lever/acme"));
        actions.request(RequestedScan::All);
        actions.request(only("ashby/globex"));
        assert_eq!(actions.take(), Some(RequestedScan::All));
    }
}
