//! Leases of deliveries: their tokens, and the release of leases that dead processes left.
//!
//! Deliveries are sent within runs. A run holds the run lock, which the kernel releases when its
//! process ends. So the process with the run lock knows that no other process on this machine is
//! sending from this database: all leases of this machine belong to processes that have ended. This
//! also holds for processes that this one cannot see, such as those of another container.
//!
//! The lock may not work across machines that share the file. The token of a lease therefore names
//! the machine. A lease of another machine, or of one that cannot be identified, expires by itself.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::process;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_core::quantity::counted;
use job_scanner_store::{Store, StoreError};

use crate::retry::retry_delay;

/// This machine; `None` if the system does not identify it.
static THIS_MACHINE: LazyLock<Option<Machine>> = LazyLock::new(Machine::current);

/// The number of crashes during a delivery from which on it waits before the next attempt.
const CRASHES_BEFORE_DELAY: u32 = 3;

/// A machine since its last boot.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Machine {
    /// The host name and machine id, which survive a reboot. The host name alone is not enough:
    /// containers on several machines may share it.
    name: String,
    /// The boot id. Containers on one machine share it, as they share the kernel and its locks.
    boot: String,
}

/// Returns a token that identifies one claim among all claims of this process, of this machine and
/// of other machines that share the database.
pub(crate) fn token() -> String {
    let random = RandomState::new().hash_one(Instant::now());
    match &*THIS_MACHINE {
        Some(Machine { name, boot }) => format!("{name}/{boot}/{}-{random:016x}", process::id()),
        None => format!("{}-{random:016x}", process::id()),
    }
}

/// Releases the leases of processes on this machine that have ended, so that their deliveries are
/// due immediately. Call it at start-up. While another run is in progress it does nothing, because
/// that run has released them itself.
///
/// # Errors
///
/// Fails if the store fails or the run lock cannot be opened.
pub async fn take_back_leases(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    // The lock is left alone if there is nothing to release: another process may be about to take
    // it.
    if !store.has_leases().await? {
        return Ok(());
    }
    if let Ok(_lock) = store.try_run_lock(now)? {
        take_back(store, now).await?;
    }
    Ok(())
}

/// Releases leases like [`take_back_leases`], for a caller that holds the run lock. A message
/// during which several processes died waits, as after other failures.
pub(crate) async fn take_back(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    if !store.has_leases().await? {
        return Ok(());
    }

    let again = |token: &str, attempts: u32| {
        let wait = if attempts < CRASHES_BEFORE_DELAY {
            Duration::ZERO
        } else {
            retry_delay(attempts)
        };
        let is_ours = THIS_MACHINE
            .as_ref()
            .is_some_and(|machine| machine.has_claimed(token));
        is_ours.then(|| now + wait)
    };

    let taken = store.take_back_leases(again).await?;
    if taken > 0 {
        tracing::info!(
            "released {}, claimed by a process that has ended",
            counted(taken as u64, "delivery", "deliveries")
        );
    }
    Ok(())
}

impl Machine {
    fn current() -> Option<Self> {
        let read = |path| {
            let text = fs::read_to_string(path).ok()?;
            Some(text.trim().replace(['/', '|'], "_"))
        };

        let host = read("/proc/sys/kernel/hostname")?;
        let id = read("/etc/machine-id")
            .filter(|id| id != "uninitialized")
            .unwrap_or_default();
        Some(Self {
            name: format!("{host}|{id}"),
            boot: read("/proc/sys/kernel/random/boot_id")?,
        })
    }

    /// Returns true if this machine created the token, since its last boot or before.
    fn has_claimed(&self, token: &str) -> bool {
        let mut parts = token.split('/');
        let (Some(name), Some(boot), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let has_id = !self.name.ends_with('|');
        boot == self.boot || has_id && name == self.name
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::{TestStore, at, store};

    use super::*;
    use crate::dispatch;
    use crate::test_support::{alerted, full_job, run, settings};

    /// A store with a delivery that is leased under this token.
    async fn leased(token: &str) -> TestStore {
        let store = store().await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "acme",
            &[full_job("1")],
            AlertKind::New,
            &["default"],
        )
        .await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        store
            .claim_next_delivery(at("08:16:00"), Duration::from_mins(8), token)
            .await
            .unwrap()
            .unwrap();
        store
    }

    async fn is_due(store: &Store) -> bool {
        store.next_delivery_due(at("08:16:30")).await.unwrap() <= Some(at("08:16:30"))
    }

    #[test]
    fn no_two_claims_share_a_token() {
        assert_ne!(token(), token());
    }

    #[tokio::test]
    async fn a_lease_is_taken_back_while_no_process_runs() {
        let store = leased(&token()).await;
        take_back_leases(&store, at("08:16:30")).await.unwrap();
        assert!(is_due(&store).await);
    }

    #[tokio::test]
    async fn a_lease_is_kept_while_another_process_has_the_run_lock() {
        let store = leased(&token()).await;
        let other = store.reopen().await.unwrap();
        let lock = other.try_run_lock(at("08:16:00")).unwrap().unwrap();
        take_back_leases(&store, at("08:16:30")).await.unwrap();
        assert!(!is_due(&store).await);
        drop(lock);
        take_back_leases(&store, at("08:16:30")).await.unwrap();
        assert!(is_due(&store).await);
    }

    #[test]
    fn containers_and_earlier_boots_count_as_this_machine() {
        let machine = |name: &str| Machine {
            name: name.to_owned(),
            boot: "a-start".to_owned(),
        };
        for (name, token, is_here) in [
            ("host|id", "another-container|/a-start/7-00ff", true),
            ("host|id", "host|id/an-earlier-start/7-00ff", true),
            (
                "host|id",
                "host|id|pid:[4026531836]/a-start/123/4567/00ff",
                true,
            ),
            ("host|id", "host|another/another-start/7-00ff", false),
            // Without a machine id, the name may be that of another machine.
            ("host|", "host|/another-start/7-00ff", false),
            ("host|", "host|/a-start/7-00ff", true),
        ] {
            assert_eq!(
                machine(name).has_claimed(token),
                is_here,
                "{token} seen from {name}"
            );
        }
        assert!(THIS_MACHINE.as_ref().unwrap().has_claimed(&token()));
    }

    #[tokio::test]
    async fn leases_of_other_machines_are_kept() {
        for odd in [
            "elsewhere|id/another-start/7-00ff",
            "",
            "123-00ff",
            "a/b",
            "a/b/c/d/e",
        ] {
            assert!(!THIS_MACHINE.as_ref().unwrap().has_claimed(odd), "{odd}");
        }
        let store = leased("elsewhere|id/another-start/7-00ff").await;
        take_back_leases(&store, at("08:16:30")).await.unwrap();
        assert!(!is_due(&store).await);
    }
}
