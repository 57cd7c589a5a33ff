//! Who holds a lease: a token that names a process so well that another one on this machine can tell whether it lives.
//!
//! Linux alone tells us enough. Elsewhere, and between machines or containers, a lease of the dead runs out by itself.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::process;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::service::retry_delay;
use crate::store::{Store, StoreError};

/// This process; `None` where the system does not tell.
static OURS: LazyLock<Option<Process>> = LazyLock::new(|| Process::current(process::id()));

/// A message that has seen so many of us die is not tried again at once.
const DEATHS_BEFORE_WAITING: u32 = 3;

/// A process on a machine, since its last start.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    /// The machine and the namespace in which process numbers count.
    place: String,
    /// The start of the machine.
    boot: String,
    number: u32,
    /// When it began, in ticks since then: numbers are given out again.
    began: String,
}

/// Tells this claim from every other, in this process, on this machine and on another that shares the database.
pub(super) fn token() -> String {
    let random = RandomState::new().hash_one(Instant::now());
    match &*OURS {
        Some(process) => format!("{}/{random:016x}", process.in_words()),
        None => format!("{}-{random:016x}", process::id()),
    }
}

/// Takes back the leases of processes on this machine that are gone, so that what they left is due at once. Call it at
/// start. A message that several processes died with has to wait, as after other failures.
///
/// # Errors
///
/// Only when the store fails.
pub async fn take_back_leases(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let again = |token: &str, attempts: u32| {
        let wait = if attempts < DEATHS_BEFORE_WAITING { Duration::ZERO } else { retry_delay(attempts) };
        is_dead(token).then(|| now + wait)
    };
    let taken = store.take_back_leases(again).await?;
    if taken > 0 {
        tracing::info!("took back {taken} deliveries from a process that is gone");
    }
    Ok(())
}

/// Whether we know that the claimer is gone.
fn is_dead(token: &str) -> bool {
    let Some(ours) = &*OURS else { return false };
    let Some(theirs) = token.rsplit_once('/').and_then(|(process, _)| Process::from_words(process)) else {
        return false;
    };
    if theirs.place != ours.place {
        return false;
    }
    theirs.boot != ours.boot || began(theirs.number).is_ok_and(|began| began.as_ref() != Some(&theirs.began))
}

impl Process {
    fn current(number: u32) -> Option<Self> {
        let read = |path| Some(fs::read_to_string(path).ok()?.trim().replace(['/', '|'], "_"));
        let host = read("/proc/sys/kernel/hostname")?;
        let machine = read("/etc/machine-id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
        Some(Self {
            place: format!("{host}|{machine}|{}", namespace.display()),
            boot: read("/proc/sys/kernel/random/boot_id")?,
            number,
            began: began(number).ok()??,
        })
    }

    fn in_words(&self) -> String {
        format!("{}/{}/{}/{}", self.place, self.boot, self.number, self.began)
    }

    fn from_words(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(str::to_owned);
        let mut part = || parts.next();
        let process = Self { place: part()?, boot: part()?, number: part()?.parse().ok()?, began: part()? };
        part().is_none().then_some(process)
    }
}

/// When the process with this number began; `None` when there is none, or only what its parent has not yet buried.
fn began(number: u32) -> io::Result<Option<String>> {
    let stat = match fs::read_to_string(format!("/proc/{number}/stat")) {
        Ok(stat) => stat,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The name, in parentheses, may hold anything. After it come the state and, as the twentieth, the start.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = after_name.split_whitespace();
    if matches!(fields.next(), Some("Z" | "X")) {
        return Ok(None);
    }
    Ok(fields.nth(18).map(str::to_owned))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn no_two_claims_share_a_token() {
        assert_ne!(token(), token());
    }

    #[test]
    fn the_living_are_not_dead() {
        assert!(!is_dead(&token()));
    }

    #[test]
    fn a_process_that_is_gone_is_dead() {
        let mut child = Command::new("cat").stdin(process::Stdio::piped()).spawn().unwrap();
        let theirs = format!("{}/0", Process::current(child.id()).unwrap().in_words());
        assert!(!is_dead(&theirs));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_dead(&theirs));
    }

    #[test]
    fn a_number_that_was_given_out_again_is_another_process() {
        let ours = OURS.clone().unwrap();
        let earlier = Process { began: "1".to_owned(), ..ours.clone() };
        assert!(is_dead(&format!("{}/0", earlier.in_words())));
        let before_the_reboot = Process { boot: "another".to_owned(), ..ours };
        assert!(is_dead(&format!("{}/0", before_the_reboot.in_words())));
    }

    #[test]
    fn of_other_machines_we_know_nothing() {
        let elsewhere = Process { place: "elsewhere".to_owned(), began: "1".to_owned(), ..OURS.clone().unwrap() };
        assert!(!is_dead(&format!("{}/0", elsewhere.in_words())));
        for odd in ["", "123-00ff", "a/b", "a/b/c/d/e", "a/b/1/2/3/4"] {
            assert!(!is_dead(odd), "{odd}");
        }
    }
}
