//! The run lock: only one run at a time on one database, across processes.
//!
//! It is an operating-system lock on a file next to the database. The kernel releases it when the
//! holder ends, however that happens, so a stale lock cannot remain. The content of the file names
//! the holder for a process that finds it locked. The file is next to the real path of the
//! database, so that a database with two names has one lock.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use job_scanner_core::escape::PrintableStart;
use job_scanner_files::durable_file::open_own;

use crate::columns::time;
use crate::database::Store;
use crate::error::StoreError;
use crate::file::with_end;

/// The maximum number of bytes to read from a lock file, which holds one line.
const MAX_HOLDER_BYTES: u64 = 1024;

/// The right to run. Dropping it releases the lock.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// The current holder of the run lock, as printable text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLockHolder(pub String);

impl Store {
    /// Takes the run lock, or returns its holder. Does not wait.
    ///
    /// # Errors
    ///
    /// When the lock file cannot be opened or locked, or when the database was replaced or removed
    /// ([`Store::check_in_place`]).
    pub fn try_run_lock(
        &self,
        now: Timestamp,
    ) -> Result<Result<RunLock, RunLockHolder>, StoreError> {
        self.check_in_place()?;
        let path = lock_file_of(self.real_file());
        let failed = |cause| StoreError::RunLock {
            file: path.clone(),
            cause,
        };

        let mut file = open_own(&path).map_err(failed)?;
        give_to_owner_of(self.real_file(), &file);

        match file.try_lock() {
            Ok(()) => {
                write_holder(&mut file, now).map_err(failed)?;
                Ok(Ok(RunLock { _file: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(Err(read_holder(file))),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// Tries to take the run lock as [`Store::try_run_lock`] does, and releases it. Returns true if a
/// run is in progress. Creates no file.
pub(crate) fn probe_run_lock(real_file: &Path) -> Result<bool, StoreError> {
    let path = lock_file_of(real_file);
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }

    let failed = |cause| StoreError::RunLock {
        file: path.clone(),
        cause,
    };

    match open_own(&path).map_err(failed)?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

fn lock_file_of(database: &Path) -> PathBuf {
    with_end(database, ".lock")
}

/// Gives the lock file to the owner of the database. Otherwise a run as root would leave a lock
/// file that the owner cannot open. Only root can change the owner, so failure is ignored.
fn give_to_owner_of(database: &Path, lock: &File) {
    let (Ok(lock_found), Ok(database_found)) = (lock.metadata(), database.metadata()) else {
        return;
    };

    if lock_found.uid() != database_found.uid() {
        fchown(lock, Some(database_found.uid()), Some(database_found.gid())).ok();
    }
}

fn write_holder(file: &mut File, now: Timestamp) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "process {} since {}", std::process::id(), time(now))
}

/// Reads the name of the holder. A missing name is not an error: the holder may be writing it at
/// this moment, or another program may have changed the file.
fn read_holder(file: File) -> RunLockHolder {
    let mut bytes = Vec::new();
    let read = file.take(MAX_HOLDER_BYTES).read_to_end(&mut bytes);
    let name = String::from_utf8_lossy(&bytes);
    match read {
        Ok(_) if !name.trim().is_empty() => RunLockHolder(
            PrintableStart {
                text: name.trim(),
                limit: 200,
            }
            .to_string(),
        ),
        _ => RunLockHolder("another process".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, chown, symlink};

    use super::*;
    use crate::test_support::{at, store};

    #[tokio::test]
    async fn a_lock_that_root_makes_belongs_to_the_owner_of_the_database() {
        let store = store().await;
        if chown(store.file(), Some(65_534), Some(65_534)).is_err() {
            // Only root can change the owner of a file.
            return;
        }
        drop(store.try_run_lock(at("08:00:00")).unwrap().unwrap());
        assert_eq!(lock_file_of(store.file()).metadata().unwrap().uid(), 65_534);
    }

    #[tokio::test]
    async fn the_second_run_learns_who_holds_the_lock() {
        let store = store().await;
        let lock = store.try_run_lock(at("08:00:00")).unwrap().unwrap();
        let holder = store.try_run_lock(at("08:01:00")).unwrap().unwrap_err();
        assert_eq!(
            holder.0,
            format!(
                "process {} since 2026-11-23T08:00:00.000Z",
                std::process::id()
            )
        );
        drop(lock);
        assert!(store.try_run_lock(at("08:02:00")).unwrap().is_ok());
    }

    #[tokio::test]
    async fn a_database_reached_by_a_link_has_the_same_run_lock() {
        let store = store().await;
        let link = store.file().parent().unwrap().join("link.db");
        symlink(store.file(), &link).unwrap();
        let other = Store::open(&format!("sqlite:{}", link.display()))
            .await
            .unwrap();
        let _lock = store.try_run_lock(at("08:00:00")).unwrap().unwrap();
        other.try_run_lock(at("08:00:00")).unwrap().unwrap_err();
    }

    #[tokio::test]
    async fn a_run_lock_that_is_a_link_is_refused() {
        let store = store().await;
        let victim = with_end(store.file(), ".victim");
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, with_end(store.file(), ".lock")).unwrap();
        let refused = store.try_run_lock(at("08:00:00")).unwrap_err();
        assert!(matches!(refused, StoreError::RunLock { .. }), "{refused}");
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}
