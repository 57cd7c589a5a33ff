//! The memory that all scans hold together, in bytes: response bodies for guests, their recordings,
//! and jobs that are not stored yet.
//!
//! A scan takes more memory (starts, calls the guest for a page, sends a request) only while all
//! scans together hold less than the limit. Responses that were already requested still arrive. The
//! oldest scan is never blocked. It continues, ends and releases its memory, so scans cannot
//! deadlock.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The limit of the whole process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct InFlightBudget(Arc<InFlight>);

#[derive(Debug)]
struct InFlight {
    limit: u64,
    reservations: Mutex<Reservations>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Reservations {
    /// The bytes that each scan holds, by its number. The lowest number is the oldest scan.
    held: BTreeMap<u64, u64>,
    total: u64,
    next: u64,
}

/// One scan's share of the budget. Dropping it releases everything that the scan holds.
#[derive(Debug)]
pub struct Reservation {
    all: InFlightBudget,
    number: u64,
}

impl InFlightBudget {
    /// Creates a budget. Scans wait while they hold `limit` bytes or more together.
    pub fn new(limit: u64) -> Self {
        Self(Arc::new(InFlight {
            limit,
            reservations: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Creates the reservation of a scan that starts now.
    pub fn reserve(&self) -> Reservation {
        let mut reservations = self.lock();
        let number = reservations.next;
        reservations.next += 1;
        reservations.held.insert(number, 0);

        Reservation {
            all: self.clone(),
            number,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Reservations> {
        self.0
            .reservations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Waits until this scan may take more memory.
    pub async fn wait_for_room(&self) {
        loop {
            // The notification is registered before the check, so that no change between check and
            // wait is missed.
            let changed = self.all.0.changed.notified();
            if self.has_room() {
                return;
            }

            changed.await;
        }
    }

    /// Adds bytes that the scan holds from now on.
    pub(crate) fn hold(&self, bytes: u64) {
        let mut reservations = self.all.lock();
        reservations.total += bytes;
        *reservations.held.entry(self.number).or_default() += bytes;
    }

    /// Subtracts bytes that the scan no longer holds.
    pub(crate) fn release(&self, bytes: u64) {
        let mut reservations = self.all.lock();
        let held = reservations.held.entry(self.number).or_default();
        let less = bytes.min(*held);
        *held -= less;
        reservations.total -= less;

        // The lock is released first because woken scans take it at once.
        drop(reservations);
        self.all.0.changed.notify_waiters();
    }

    /// Gives up this scan's priority as the oldest until the returned guard is dropped. The scan
    /// waits for resources of other scans, so they must not wait for it. It holds no bytes then.
    pub(crate) fn yield_priority(&self) -> YieldedPriority<'_> {
        let mut reservations = self.all.lock();
        let held = reservations.held.remove(&self.number).unwrap_or(0);
        drop(reservations);
        self.all.0.changed.notify_waiters();

        YieldedPriority {
            reservation: self,
            held,
        }
    }

    fn has_room(&self) -> bool {
        let reservations = self.all.lock();
        reservations.total < self.all.0.limit
            || reservations.held.keys().next() == Some(&self.number)
    }
}

/// The guard of [`Reservation::yield_priority`].
#[derive(Debug)]
pub(crate) struct YieldedPriority<'s> {
    reservation: &'s Reservation,
    held: u64,
}

impl Drop for YieldedPriority<'_> {
    fn drop(&mut self) {
        *self
            .reservation
            .all
            .lock()
            .held
            .entry(self.reservation.number)
            .or_default() += self.held;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut reservations = self.all.lock();
        let held = reservations.held.remove(&self.number).unwrap_or(0);
        reservations.total -= held;
        drop(reservations);
        self.all.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt as _;

    use super::*;

    impl Reservation {
        /// Returns the number of bytes that the scan holds.
        pub(crate) fn held(&self) -> u64 {
            self.all
                .lock()
                .held
                .get(&self.number)
                .copied()
                .unwrap_or_default()
        }
    }

    #[test]
    fn the_in_flight_limit_blocks_all_but_the_oldest_scan() {
        let all = InFlightBudget::new(100);
        let (first, second) = (all.reserve(), all.reserve());
        first.hold(60);
        assert!(second.wait_for_room().now_or_never().is_some());
        second.hold(60);
        assert!(second.wait_for_room().now_or_never().is_none());
        assert!(
            first.wait_for_room().now_or_never().is_some(),
            "the oldest scan continues"
        );
        first.release(30);
        assert!(second.wait_for_room().now_or_never().is_some());
    }

    #[tokio::test]
    async fn waiting_scans_continue_when_the_oldest_ends() {
        let all = InFlightBudget::new(100);
        let (first, second, third) = (all.reserve(), all.reserve(), all.reserve());
        for reservation in [&first, &second, &third] {
            reservation.hold(200);
        }
        let ends = async {
            // Both scans wait at this point.
            tokio::task::yield_now().await;
            drop(first);
        };
        // The second scan is now the oldest, so it waits neither for the third nor for room.
        let waits = async {
            tokio::join!(second.wait_for_room(), ends);
            drop(second);
            third.wait_for_room().await;
        };
        tokio::time::timeout(Duration::from_secs(20), waits)
            .await
            .unwrap();
    }

    #[test]
    fn a_scan_that_yields_its_priority_blocks_no_other() {
        let all = InFlightBudget::new(100);
        let (first, second) = (all.reserve(), all.reserve());
        second.hold(200);
        assert!(second.wait_for_room().now_or_never().is_none());
        let waits = first.yield_priority();
        assert!(
            second.wait_for_room().now_or_never().is_some(),
            "the first waits for it"
        );
        drop(waits);
        assert!(second.wait_for_room().now_or_never().is_none());
        assert!(first.wait_for_room().now_or_never().is_some());
    }

    #[test]
    fn a_dropped_reservation_releases_its_bytes() {
        let all = InFlightBudget::new(100);
        let reservation = all.reserve();
        reservation.hold(70);
        reservation.release(1_000);
        reservation.hold(70);
        drop(reservation);
        assert_eq!(all.lock().total, 0);
    }
}
