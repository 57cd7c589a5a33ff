//! The identity of a database file, by which a database is known under any name, and missed when it
//! is replaced.
//!
//! Two names of one database must be one to its run lock, and a file that was replaced or removed
//! while we have it open takes everything that we write with it into nothing.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use job_scanner_files::durable_file::folder_of;

use crate::error::StoreError;

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// The ends of the names of what SQLite keeps beside a database.
const COMPANION_SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file, whatever it is called: its device and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    number: u64,
}

impl FileId {
    /// The file at `path`; `None` when there is none.
    pub(crate) fn of(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(Self {
                device: found.dev(),
                number: found.ino(),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The one name that a database file has after all links, whether it is there or not. Its folder
/// has to be.
///
/// # Errors
///
/// When the links lead in a circle, or what is there is not a file, or is one with several names of
/// its own: SQLite keeps a journal beside each name, and two of them destroy the database.
pub(crate) fn real_path(file: &Path) -> Result<PathBuf, StoreError> {
    let unusable = |cause| StoreError::File {
        file: file.to_owned(),
        cause,
    };

    let named = follow_links(file).map_err(unusable)?;
    let folder = folder_of(&named).canonicalize().map_err(unusable)?;
    let path = folder.join(named.file_name().unwrap_or_default());

    match path.metadata() {
        Ok(found) => check_single_file(&found).map_err(unusable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(error)),
    }

    for end in COMPANION_SUFFIXES {
        let beside = with_end(&path, end);
        // SQLite would wait at a pipe for ever.
        if beside
            .symlink_metadata()
            .is_ok_and(|found| !found.is_file())
        {
            let cause = io::Error::other("it is not a file; remove it");
            return Err(StoreError::File {
                file: beside,
                cause,
            });
        }
    }

    Ok(path)
}

/// The file whose name has `end` added to that of `file`.
pub(crate) fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The file that `file` leads to, which may be missing.
fn follow_links(file: &Path) -> io::Result<PathBuf> {
    let mut path = file.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            // It is not a link, or not there.
            Err(_) => return Ok(path),
        }
    }

    Err(io::Error::other("its links lead in a circle"))
}

fn check_single_file(found: &Metadata) -> io::Result<()> {
    if !found.is_file() {
        return Err(io::Error::other("it is not a file"));
    }

    if found.nlink() > 1 {
        return Err(io::Error::other(
            "it has several names (hard links), and programs that use different ones would destroy it; \
             put a copy in its place, which has one name",
        ));
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_database_has_one_real_path_through_any_link() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().canonicalize().unwrap().join("data/jobs.db");
        fs::create_dir(home.path().join("data")).unwrap();
        symlink("data/jobs.db", home.path().join("link.db")).unwrap();
        symlink("link.db", home.path().join("link-to-link.db")).unwrap();
        symlink("data", home.path().join("folder")).unwrap();
        let names = [
            "data/jobs.db",
            "data/../data/jobs.db",
            "link.db",
            "link-to-link.db",
            "folder/jobs.db",
        ];
        for there in [false, true] {
            if there {
                fs::write(&real, "").unwrap();
            }
            for name in names {
                assert_eq!(
                    real_path(&home.path().join(name)).unwrap(),
                    real,
                    "{name}, there: {there}"
                );
            }
        }
    }

    #[test]
    fn a_path_that_is_not_a_single_regular_file_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        symlink(at("b"), at("a")).unwrap();
        symlink(at("a"), at("b")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        for pipe in ["pipe", "jobs.db-wal", "other.db-journal"] {
            assert!(
                std::process::Command::new("mkfifo")
                    .arg(at(pipe))
                    .status()
                    .unwrap()
                    .success()
            );
        }
        fs::write(at("one"), "").unwrap();
        fs::hard_link(at("one"), at("two")).unwrap();
        for (name, words) in [
            ("a", "circle"),
            ("folder", "not a file"),
            ("pipe", "not a file"),
            ("one", "several names"),
            ("jobs.db", "jobs.db-wal` as the database: it is not a file"),
            (
                "other.db",
                "other.db-journal` as the database: it is not a file",
            ),
        ] {
            let error = real_path(&at(name)).unwrap_err();
            assert!(
                job_scanner_core::causes::with_causes(&error).contains(words),
                "{name}: {}",
                job_scanner_core::causes::with_causes(&error)
            );
        }
    }
}
