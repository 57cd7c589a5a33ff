//! Records the outcomes of attempts, and keeps them while the database cannot store them.
//!
//! A sent message that is not recorded is sent again. So recording is retried several times, and an
//! outcome that still could not be stored is tried again by the next call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use job_scanner_core::causes::with_causes;
use job_scanner_store::{AttemptOutcome, ClaimedDelivery, Store, StoreError};
use tracing::warn;

/// The number of times that recording one outcome is tried.
const RECORD_RETRY_ATTEMPTS: u32 = 3;

/// The delay between two of these tries.
const RECORD_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Records the outcomes of attempts. Clones share the outcomes that are still pending.
#[derive(Debug, Clone, Default)]
pub(crate) struct AttemptRecord {
    pending: Arc<Mutex<Vec<PendingOutcome>>>,
}

/// The outcome of an attempt that the database could not store yet.
type PendingOutcome = (Arc<ClaimedDelivery>, AttemptOutcome);

impl AttemptRecord {
    /// Records the outcome of an attempt. Returns false if another process has claimed the delivery
    /// meanwhile. An outcome that the database does not store is kept for
    /// [`Self::record_pending`].
    pub(crate) async fn finish(
        &self,
        store: &Store,
        delivery: &Arc<ClaimedDelivery>,
        outcome: AttemptOutcome,
    ) -> Result<bool, StoreError> {
        let finished = finish(store, delivery, &outcome).await;
        if finished.is_err() {
            self.pending().push((Arc::clone(delivery), outcome));
        }
        finished
    }

    /// Records the pending outcomes. Those that the database still does not store are kept for the
    /// next call.
    pub(crate) async fn record_pending(&self, store: &Store) -> Result<(), StoreError> {
        while let Some((delivery, outcome)) = self.take_pending() {
            if let Err(error) = store.finish_attempt(&delivery, &outcome).await {
                self.pending().push((delivery, outcome));
                return Err(error);
            }
        }
        Ok(())
    }

    fn take_pending(&self) -> Option<PendingOutcome> {
        self.pending().pop()
    }

    fn pending(&self) -> MutexGuard<'_, Vec<PendingOutcome>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records the outcome of an attempt, with retries. Returns false if another process has claimed
/// the delivery meanwhile.
async fn finish(
    store: &Store,
    delivery: &ClaimedDelivery,
    outcome: &AttemptOutcome,
) -> Result<bool, StoreError> {
    let mut tries = 1;
    loop {
        match store.finish_attempt(delivery, outcome).await {
            Err(error) if tries < RECORD_RETRY_ATTEMPTS => {
                warn!(
                    error = with_causes(&error),
                    "cannot record the result of delivery {}, retrying", delivery.id
                );
                tokio::time::sleep(RECORD_RETRY_DELAY).await;
                tries += 1;
            }
            finished => return finished,
        }
    }
}
