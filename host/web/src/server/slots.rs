//! The number of connections: in total, and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections that are served at once. Further ones wait in the queue of the system.
pub(crate) const MAX_CONNECTIONS: usize = 128;

/// The connections from one address, so that one client cannot take all of them. A browser opens
/// six, and several people may share an address.
pub(crate) const MAX_FROM_ONE_ADDRESS: usize = 64;

/// The places for connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Slots {
    all: Arc<Semaphore>,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// The place of one connection, which is free again when this is dropped.
pub(crate) struct Slot {
    _total: OwnedSemaphorePermit,
    counted: Option<Counted>,
}

/// A connection that is counted for its address.
struct Counted {
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Self {
            all: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            by_address: Arc::default(),
        }
    }

    /// Waits for a free place. Never fails, since the semaphore is not closed.
    pub(crate) async fn wait(&self) -> Option<Slot> {
        let total = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Slot {
            _total: total,
            counted: None,
        })
    }
}

impl Slot {
    /// Counts the connection for its address. `None` if that has too many already.
    pub(crate) fn counted_for(mut self, address: IpAddr, slots: &Slots) -> Option<Self> {
        let mut by_address = lock(&slots.by_address);
        let count = by_address.entry(address).or_default();
        if *count >= MAX_FROM_ONE_ADDRESS {
            return None;
        }

        *count += 1;
        self.counted = Some(Counted {
            address,
            by_address: Arc::clone(&slots.by_address),
        });
        Some(self)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut by_address = lock(&self.by_address);
        if let Some(count) = by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

fn lock(by_address: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    by_address.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_cannot_take_all_places() {
        let slots = Slots::new();
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let mut held = Vec::new();
        for _ in 0..MAX_FROM_ONE_ADDRESS {
            let slot = slots.wait().await.unwrap();
            held.push(slot.counted_for(one, &slots).unwrap());
        }
        assert!(
            slots
                .wait()
                .await
                .unwrap()
                .counted_for(one, &slots)
                .is_none()
        );
        assert!(
            slots
                .wait()
                .await
                .unwrap()
                .counted_for(other, &slots)
                .is_some()
        );

        held.pop();
        assert!(
            slots
                .wait()
                .await
                .unwrap()
                .counted_for(one, &slots)
                .is_some()
        );
        drop(held);
        assert!(lock(&slots.by_address).is_empty());
        assert_eq!(slots.all.available_permits(), MAX_CONNECTIONS);
    }
}
