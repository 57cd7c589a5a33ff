//! The identity of a database file: one real path for all of its names, and a file id that reveals
//! a replaced file.
//!
//! All names of one database must lead to the same run lock. If a file is replaced or removed while
//! the program has it open, everything written to it afterwards is lost.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use job_scanner_files::durable_file::folder_of;

use crate::error::StoreError;

/// The maximum number of symbolic links to follow, as in Linux.
const MAX_LINKS: usize = 40;

/// The suffixes of the files that SQLite keeps next to a database.
const COMPANION_SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file independent of its name: its device and inode number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    number: u64,
}

impl FileId {
    /// Returns the id of the file at `path`; `None` if there is no file.
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

/// Returns the path of a database file after all links are followed. The file may be missing, but
/// its folder must exist.
///
/// # Errors
///
/// When the links form a cycle, when the path is not a regular file, or when the file has several
/// hard links: SQLite keeps a journal next to each name, and two journals corrupt the database.
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
        let companion = with_end(&path, end);
        // SQLite would wait forever for a pipe.
        if companion
            .symlink_metadata()
            .is_ok_and(|found| !found.is_file())
        {
            let cause = io::Error::other("it is not a file; remove it");
            return Err(StoreError::File {
                file: companion,
                cause,
            });
        }
    }

    Ok(path)
}

/// Returns the path of `file` with `end` appended to its name.
pub(crate) fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Follows the links of `file` to a path that may be missing.
fn follow_links(file: &Path) -> io::Result<PathBuf> {
    let mut path = file.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            // The path is not a link, or does not exist.
            Err(_) => return Ok(path),
        }
    }

    Err(io::Error::other("its symbolic links form a cycle"))
}

fn check_single_file(found: &Metadata) -> io::Result<()> {
    if !found.is_file() {
        return Err(io::Error::other("it is not a file"));
    }

    if found.nlink() > 1 {
        return Err(io::Error::other(
            "it has several hard links, and programs that use different ones would corrupt it; replace it \
             with a copy",
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
            ("a", "cycle"),
            ("folder", "not a file"),
            ("pipe", "not a file"),
            ("one", "several hard links"),
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
