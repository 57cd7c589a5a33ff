//! The `adapters.lock` file: read as a whole, replaced as a whole, by one writer at a time.

use std::io;
use std::path::{Path, PathBuf};

use job_scanner_core::adapter::{LockError, LockFile};
use job_scanner_files::durable_file::{open_own, remove_abandoned, write_atomic_shared};
use job_scanner_files::regular_file;

/// The file's name in a folder of adapters.
const NAME: &str = "adapters.lock";
/// The file that writers lock while they read, change and replace the lock file, so that no change
/// is lost. It is a separate file because replacing `adapters.lock` would also replace the locked
/// file.
const GUARD: &str = ".adapters.lock.guard";

/// The largest lock file that is read, in bytes: enough for thousands of adapters.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The reason why a lock file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LockFileError {
    /// The operating system reports an error.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// The file is not a valid lock file.
    #[error("{}:{error}; correct it, or remove the file and accept its adapters again", path.display())]
    Broken {
        path: PathBuf,
        /// The error and its position.
        error: LockError,
    },
    /// The operating system reports an error.
    #[error("cannot write `{}`", path.display())]
    NotWritten {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
}

/// Reads the lock file of a folder. A missing file is the same as an empty one.
pub(crate) fn read(folder: &Path) -> Result<LockFile, LockFileError> {
    let path = folder.join(NAME);
    let text = match regular_file::read_text(&path, MAX_BYTES) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(LockFile::default()),
        Err(error) => return Err(LockFileError::Unreadable { path, error }),
    };

    LockFile::parse(&text).map_err(|error| LockFileError::Broken { path, error })
}

/// Changes the lock file of a folder. Even after a power failure, a reader sees either the old or
/// the new file.
pub(crate) fn update(
    folder: &Path,
    change: impl FnOnce(&mut LockFile),
) -> Result<(), LockFileError> {
    // The lock is held until the end. Otherwise a writer that read the old file would undo this
    // change.
    let guard = folder.join(GUARD);
    let held = open_own(&guard).and_then(|file| file.lock().map(|()| file));
    let _held = held.map_err(|error| LockFileError::NotWritten { path: guard, error })?;

    let mut lock = read(folder)?;
    change(&mut lock);

    let path = folder.join(NAME);
    remove_abandoned(&path);
    write_atomic_shared(&path, lock.to_string().as_bytes())
        .map_err(|error| LockFileError::NotWritten { path, error })
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use job_scanner_core::adapter::{Accepted, Grants};
    use job_scanner_core::causes::with_causes;

    use super::*;

    fn accepted() -> Accepted {
        Accepted {
            sha256: "ab".repeat(32).parse().unwrap(),
            grants: Grants::default(),
        }
    }

    #[test]
    fn concurrent_writers_keep_each_others_entries() {
        let folder = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for writer in 0..8 {
                let folder = folder.path();
                scope.spawn(move || {
                    for adapter in 0..10 {
                        let name = format!("{writer}-{adapter}.wasm");
                        update(folder, |lock| lock.insert(name, accepted())).unwrap();
                        read(folder).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(folder.path()).unwrap().iter().count(), 80);
    }

    #[test]
    fn a_symbolic_link_is_replaced_and_not_written_through() {
        use std::os::unix::fs::symlink;

        let (folder, outside) = (
            tempfile::tempdir().unwrap(),
            tempfile::NamedTempFile::new().unwrap(),
        );
        let mine = LockFile::default().to_string();
        fs::write(outside.path(), &mine).unwrap();
        symlink(outside.path(), folder.path().join(NAME)).unwrap();
        update(folder.path(), |lock| lock.insert("a.wasm", accepted())).unwrap();
        assert_eq!(fs::read_to_string(outside.path()).unwrap(), mine);
        assert_eq!(read(folder.path()).unwrap().iter().count(), 1);
        assert!(!folder.path().join(NAME).is_symlink());

        let made = folder.path().join("made");
        fs::remove_file(folder.path().join(GUARD)).unwrap();
        symlink(&made, folder.path().join(GUARD)).unwrap();
        let error = update(folder.path(), |lock| lock.insert("b.wasm", accepted())).unwrap_err();
        let guard = folder.path().join(GUARD).display().to_string();
        assert_eq!(
            with_causes(&error),
            format!("cannot write `{guard}`: it is not a file; remove it")
        );
        assert!(!made.exists());
    }

    #[test]
    fn a_pipe_is_rejected_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        let (sender, receiver) = std::sync::mpsc::channel();
        // This needs a separate thread because no process ever writes to the pipe.
        thread::spawn(move || {
            sender.send(
                read(folder.path())
                    .map(drop)
                    .map_err(|error| with_causes(&error)),
            )
        });
        let result = receiver
            .recv_timeout(std::time::Duration::from_secs(30))
            .unwrap();
        assert_eq!(
            result.unwrap_err(),
            format!("cannot read `{}`: it is a pipe, not a file", path.display())
        );
    }

    #[test]
    fn a_broken_lock_file_is_reported_with_its_line_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs::write(&path, "{\n  \"version\": 1,\n<<<<<<< HEAD\n").unwrap();
        let error = update(folder.path(), |lock| lock.insert("a.wasm", accepted()))
            .unwrap_err()
            .to_string();
        let expected = format!(
            "{}:3:1: key must be a string; correct it, or remove the file",
            path.display()
        );
        assert!(error.starts_with(&expected), "{error}");
        assert!(fs::read_to_string(&path).unwrap().contains("HEAD"));
    }
}
