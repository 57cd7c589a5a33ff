//! The record of how attempts ended, kept while the database does not take it.
//!
//! A message that went out and is not marked goes out again, so the record is worth several tries,
//! and what no try has brought to the disk is tried again at the next call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use job_scanner_core::causes::with_causes;
use job_scanner_store::{AttemptOutcome, ClaimedDelivery, Store, StoreError};
use tracing::warn;

/// The number of tries to write down how an attempt ended, and the pause between two of them.
const RECORD_RETRY_ATTEMPTS: u32 = 3;
const RECORD_RETRY_DELAY: Duration = Duration::from_secs(1);

/// Writes down how attempts ended. Copies share what is still to be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct AttemptRecord {
    pending: Arc<Mutex<Vec<PendingOutcome>>>,
}

/// An attempt that has ended, which the database could not take in.
type PendingOutcome = (Arc<ClaimedDelivery>, AttemptOutcome);

impl AttemptRecord {
    /// Writes down how an attempt ended. `false` when the delivery was not ours any more. What the
    /// database does not take is kept for [`Self::record_pending`].
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

    /// Writes down how attempts ended for which the database failed at the time. What it does not
    /// take now is kept for the next call.
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

/// Writes down how an attempt ended. `false` when the delivery was not ours any more.
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
                    "cannot write down how delivery {} went, trying again", delivery.id
                );
                tokio::time::sleep(RECORD_RETRY_DELAY).await;
                tries += 1;
            }
            finished => return finished,
        }
    }
}
