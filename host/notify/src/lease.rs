//! Leases: their holders, and the proof that a holder is gone.
//!
//! Deliveries are sent within runs, and a run holds the run lock, which the kernel takes from a
//! process that ends. So the process that has the run lock knows that no other process on this
//! machine is sending anything from this database: all leases of this machine are of processes that
//! are gone. Whether we can see those processes does not matter.
//!
//! A lock may not reach to another machine that shares the file. The token of a lease names the
//! machine; a lease of another one runs out by itself, and so does one of a system that does not
//! tell which machine it is.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::process;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_store::{Store, StoreError};

use crate::retry::retry_delay;

/// This machine; `None` where the system does not tell.
static THIS_MACHINE: LazyLock<Option<Machine>> = LazyLock::new(Machine::current);

/// A message that has seen so many of us die is not tried again at once.
const CRASHES_BEFORE_DELAY: u32 = 3;

/// A machine, since its last start.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Machine {
    /// Its name and id, which stay when it is started again. The name alone tells nothing:
    /// containers on several machines may share it.
    name: String,
    /// Its start. Containers on one machine share it, as they share the kernel and its locks.
    boot: String,
}

/// Tells this claim from every other, in this process, on this machine and on another that shares
/// the database.
pub(crate) fn token() -> String {
    let random = RandomState::new().hash_one(Instant::now());
    match &*THIS_MACHINE {
        Some(Machine { name, boot }) => format!("{name}/{boot}/{}-{random:016x}", process::id()),
        None => format!("{}-{random:016x}", process::id()),
    }
}

/// Takes back what processes on this machine left that are gone, so that it is due at once. Call it
/// at start. While another run is under way there is nothing to take back: it did so itself.
///
/// # Errors
///
/// When the store fails, or the run lock cannot be opened.
pub async fn take_back_leases(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    // The lock is not touched for nothing: another process may be about to take it.
    if !store.has_leases().await? {
        return Ok(());
    }
    if let Ok(_lock) = store.try_run_lock(now)? {
        take_back(store, now).await?;
    }
    Ok(())
}

/// The same for a caller that has the run lock. A message that several processes died with has to
/// wait, as after other failures.
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
        let is_of_here = THIS_MACHINE.as_ref().is_some_and(|here| here.has_claimed(token));
        is_of_here.then(|| now + wait)
    };

    let taken = store.take_back_leases(again).await?;
    if taken > 0 {
        tracing::info!("took back {taken} deliveries from a process that is gone");
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

    /// Returns true if the claimer ran under this kernel, or on this machine before it was started
    /// again.
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
            // Without an id, the name may be that of another machine.
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
