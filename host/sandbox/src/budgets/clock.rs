//! The clock that measures time budgets. It is monotonic, so setting the machine's clock does not
//! affect it.

#[cfg(test)]
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A clock for durations.
#[derive(Debug, Clone)]
pub(crate) enum MonotonicClock {
    Machine,
    /// A clock that only tests move.
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

    /// Waits for a call up to this time; `None` if the time runs out first.
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
    /// Creates a clock that stands still. Waiting for a timeout advances it at once.
    pub(crate) fn manual() -> Self {
        Self::Manual(Arc::new(Mutex::new(Instant::now())))
    }

    pub(crate) fn advance(&self, time: Duration) {
        match self {
            Self::Machine => panic!("only a manual clock can be moved"),
            Self::Manual(now) => *now.lock().unwrap() += time,
        }
    }
}
