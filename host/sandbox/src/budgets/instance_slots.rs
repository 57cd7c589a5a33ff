//! Limits the number of adapter instances that exist at the same time, and retries when the host
//! has no memory for another one.
//!
//! With a pool of instances there is a slot for each scan. Without a pool, because the address
//! space is limited, a scan waits for a free slot. A scan that still gets no memory retries after
//! another one ends, because neither the adapter nor the board is to blame for a shortage of the
//! host.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::io::Errno;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use wasmtime::OutOfMemory;

/// The maximum wait for another instance to end before a retry. Not only instances hold memory, so
/// a retry can succeed earlier.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// The number of retries while no other instance exists, and the pause before each.
const MAX_RETRIES_ALONE: u32 = 3;
const RETRY_PAUSE_ALONE: Duration = Duration::from_millis(500);

/// The instance slots of one engine. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct InstanceSlots(Arc<SlotPool>);

#[derive(Debug)]
struct SlotPool {
    all: usize,
    free: Arc<Semaphore>,
    /// Notified when a slot is released.
    ended: Notify,
    /// Allows one scan to retry at a time. Two could take the memory from each other forever.
    trying_again: Semaphore,
    taken: Mutex<TakenSlots>,
    /// Notified when the first slot is taken, and when the waits for it end.
    taken_changed: Condvar,
}

/// The slots that are taken, which a thread can wait for.
#[derive(Debug, Default)]
struct TakenSlots {
    count: usize,
    /// True if no thread waits any more.
    is_over: bool,
}

/// The slot of one instance, which is released when this is dropped.
#[derive(Debug)]
pub(crate) struct InstanceSlot {
    permit: Option<OwnedSemaphorePermit>,
    slots: InstanceSlots,
}

/// The retries of one instance that got no memory.
#[derive(Debug)]
pub(crate) struct InstantiationRetry<'r> {
    slots: &'r InstanceSlots,
    permit: Option<SemaphorePermit<'r>>,
    /// The number of retries while no other instance existed, and the pause before each.
    alone: u32,
    pause: Duration,
}

impl InstanceSlots {
    /// Creates this many slots, but at least one.
    pub(crate) fn new(slots: usize) -> Self {
        let all = slots.clamp(1, Semaphore::MAX_PERMITS);
        let free = Arc::new(Semaphore::new(all));

        Self(Arc::new(SlotPool {
            all,
            free,
            ended: Notify::new(),
            trying_again: Semaphore::new(1),
            taken: Mutex::default(),
            taken_changed: Condvar::new(),
        }))
    }

    /// Waits for a free slot.
    pub(crate) async fn acquire(&self) -> InstanceSlot {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.0.free).acquire_owned().await.ok();
        self.0.taken().count += 1;
        self.0.taken_changed.notify_all();

        InstanceSlot {
            permit,
            slots: self.clone(),
        }
    }

    /// Returns the retries of one instance. Call [`InstantiationRetry::wait`] after each failure.
    pub(crate) fn retry(&self) -> InstantiationRetry<'_> {
        InstantiationRetry {
            slots: self,
            permit: None,
            alone: 0,
            pause: RETRY_PAUSE_ALONE,
        }
    }

    /// Blocks the thread while no slot is taken. Returns false once [`Self::end_waits`] was called.
    pub(crate) fn wait_until_taken(&self) -> bool {
        let is_idle = |taken: &mut TakenSlots| taken.count == 0 && !taken.is_over;
        let taken = self.0.taken_changed.wait_while(self.0.taken(), is_idle);

        !taken.unwrap_or_else(PoisonError::into_inner).is_over
    }

    /// Ends the waits for a slot to be taken.
    pub(crate) fn end_waits(&self) {
        self.0.taken().is_over = true;
        self.0.taken_changed.notify_all();
    }

    fn is_empty(&self) -> bool {
        self.0.free.available_permits() == self.0.all
    }
}

impl SlotPool {
    fn taken(&self) -> MutexGuard<'_, TakenSlots> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InstantiationRetry<'_> {
    /// Waits until another instance ends, or pauses if there is no other. The caller must have
    /// released its own slot. Returns false when no retry is left.
    pub(crate) async fn wait(&mut self) -> bool {
        if self.permit.is_none() {
            self.permit = self.slots.0.trying_again.acquire().await.ok();
        }

        // The notification is registered before the check, so that no end of an instance between
        // check and wait is missed.
        let ended = self.slots.0.ended.notified();
        if !self.slots.is_empty() {
            // A retry follows in either case.
            tokio::time::timeout(MAX_WAIT, ended).await.ok();
            return true;
        }

        self.alone += 1;
        if self.alone > MAX_RETRIES_ALONE {
            return false;
        }

        tokio::time::sleep(self.pause).await;
        true
    }
}

impl Drop for InstanceSlot {
    fn drop(&mut self) {
        // The slot must be free before a waiting scan checks for other instances.
        drop(self.permit.take());
        self.slots.0.taken().count -= 1;
        self.slots.0.ended.notify_waiters();
    }
}

/// Returns the error message if the host has no memory; `None` for any other error, also when the
/// guest exceeds its own limit.
pub(crate) fn no_memory(error: &wasmtime::Error) -> Option<String> {
    let cause = error.root_cause();
    let is_hosts = cause.is::<OutOfMemory>()
        || cause.downcast_ref() == Some(&Errno::NOMEM)
        || cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::OutOfMemory);

    is_hosts.then(|| cause.to_string())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_thread_waits_until_a_slot_is_taken_or_the_waits_end() {
        let slots = InstanceSlots::new(2);
        let waiting = slots.clone();
        let thread = std::thread::spawn(move || waiting.wait_until_taken());
        let (first, second) = (slots.acquire().await, slots.acquire().await);
        assert!(thread.join().unwrap());

        drop(first);
        assert!(slots.wait_until_taken(), "the other slot is still taken");
        drop(second);
        assert_eq!(slots.0.taken().count, 0);

        let waiting = slots.clone();
        let thread = std::thread::spawn(move || waiting.wait_until_taken());
        slots.end_waits();
        assert!(!thread.join().unwrap());
    }

    #[tokio::test]
    async fn a_scan_waits_for_a_slot_until_another_scan_ends() {
        let slots = InstanceSlots::new(1);
        let first = slots.acquire().await;
        let mut second = Box::pin(slots.acquire());
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.now_or_never().is_some());
    }

    #[tokio::test]
    async fn there_is_always_one_instance_slot() {
        assert!(InstanceSlots::new(0).acquire().now_or_never().is_some());
    }

    fn retry(slots: &InstanceSlots) -> InstantiationRetry<'_> {
        InstantiationRetry {
            pause: Duration::ZERO,
            ..slots.retry()
        }
    }

    #[tokio::test]
    async fn an_instance_without_memory_is_retried_when_another_ends() {
        let slots = InstanceSlots::new(4);
        let others = [slots.acquire().await, slots.acquire().await];
        let mut retry = retry(&slots);
        for other in others {
            let mut wait = Box::pin(retry.wait());
            assert!(wait.as_mut().now_or_never().is_none());
            drop(other);
            assert_eq!(wait.now_or_never(), Some(true));
        }
    }

    #[tokio::test]
    async fn an_instance_without_memory_fails_after_some_retries_alone() {
        let slots = InstanceSlots::new(4);
        let mut retry = retry(&slots);
        for _ in 0..MAX_RETRIES_ALONE {
            assert!(retry.wait().await);
        }
        assert!(!retry.wait().await);
    }

    #[tokio::test]
    async fn only_one_scan_retries_at_a_time() {
        let slots = InstanceSlots::new(4);
        let (mut one, mut other) = (retry(&slots), retry(&slots));
        assert!(one.wait().await);
        let mut waits = Box::pin(other.wait());
        assert!(waits.as_mut().now_or_never().is_none());
        drop(one);
        assert!(waits.await);
    }

    #[test]
    fn a_memory_shortage_of_the_host_is_recognized() {
        let call = wasmtime::Error::new(Errno::NOMEM).context("mmap failed");
        assert!(no_memory(&call).is_some());
        let host = wasmtime::Error::new(io::Error::from_raw_os_error(12))
            .context("cannot make an instance");
        assert!(no_memory(&host).is_some_and(|message| message.contains("os error 12")));
        assert!(no_memory(&wasmtime::Error::msg("wasm trap: unreachable")).is_none());
        assert!(no_memory(&wasmtime::Error::new(io::Error::from_raw_os_error(2))).is_none());
    }
}
