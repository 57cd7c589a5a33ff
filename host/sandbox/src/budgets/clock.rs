//! The clock by which budgets of time are measured: it only goes forward, and setting the machine's
//! clock does not move it.

#[cfg(test)]
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A clock for durations.
#[derive(Debug, Clone)]
pub(crate) enum MonotonicClock {
    /// The machine's.
    Machine,
    /// One that stands still until a test moves it.
    #[cfg(test)]
    Manual(Arc<Mutex<Instant>>),
}

impl MonotonicClock {
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Machine => Instant::now(),
            #[cfg(test)]
            Self::Manual(now) => *now.lock().unwrap(),
        }
    }

    /// Waits for a call, but not longer than this; `None` when that time is over first.
    pub(crate) async fn timeout<T>(
        &self,
        time: Duration,
        call: impl Future<Output = T> + Unpin,
    ) -> Option<T> {
        match self {
            Self::Machine => tokio::time::timeout(time, call).await.ok(),
            #[cfg(test)]
            Self::Manual(_) => {
                let done = futures::FutureExt::now_or_never(call);
                if done.is_none() {
                    self.advance(time);
                }
                done
            }
        }
    }
}

#[cfg(test)]
impl MonotonicClock {
    /// A clock that stands still. Waiting by it moves it at once.
    pub(crate) fn manual() -> Self {
        Self::Manual(Arc::new(Mutex::new(Instant::now())))
    }

    pub(crate) fn advance(&self, time: Duration) {
        match self {
            Self::Machine => panic!("the machine's clock is not ours to move"),
            Self::Manual(now) => *now.lock().unwrap() += time,
        }
    }
}
