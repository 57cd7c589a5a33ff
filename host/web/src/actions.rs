//! The requests of the page to the daemon.
//!
//! A request is only noted here. The daemon waits for it with [`Actions::requested`], wakes its
//! scheduler, and takes the request when the run begins. So the page never runs a scan itself, and
//! two runs never overlap.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use job_scanner_core::key::SourceKey;
use tokio::sync::Notify;

/// The scans that were requested since the last run. Cheap to clone: clones share the requests.
#[derive(Debug, Clone, Default)]
pub struct Actions(Arc<Requests>);

#[derive(Debug, Default)]
struct Requests {
    scan: Mutex<Option<RequestedScan>>,
    requested: Notify,
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
