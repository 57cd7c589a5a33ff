//! Files of the program: written completely or not at all, and opened without following links.
//!
//! A file is written under another name in the same folder, synced, and renamed. A reader, and a
//! process that starts after a power failure, sees the old content or the new one.
//! [`remove_abandoned`] removes the unfinished files of a killed process: a running writer holds a
//! lock on its unfinished file.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile};

/// The suffix of an unfinished file. Its name begins with a dot, so mail programs skip it.
const UNFINISHED: &str = ".job-scanner-part";

/// The number of attempts to create an unfinished file. If this many are removed in a row, it is
/// not by chance.
const MAX_ATTEMPTS: u32 = 5;

/// The mode of files that only the owner can read and write.
const PRIVATE: u32 = 0o600;

/// The mode of files that only the umask restricts.
const SHARED: u32 = 0o666;

/// Writes `bytes` to `path` atomically, for the owner only (mode 0600). An existing file is
/// replaced when the new one is on disk, and stays unchanged after an error.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, PRIVATE)
}

/// Writes `bytes` to `path` atomically, with the permissions that the process's umask allows.
pub fn write_atomic_shared(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, SHARED)
}

/// Writes `bytes` to `path` atomically like [`write_atomic_shared`], but replaces nothing.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] as [`place_new`].
pub fn write_new_shared(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut unfinished = create_with(path, SHARED)?;
    unfinished.write_all(bytes)?;
    place_new(unfinished, path)
}

fn write_with(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut unfinished = create_with(path, mode)?;
    unfinished.write_all(bytes)?;
    replace(unfinished, path)
}

/// Creates an empty file in the folder of `path`, readable by the owner only. [`replace`] or
/// [`place_new`] moves it to `path`. It is removed when dropped.
pub fn create_unfinished(path: &Path) -> io::Result<NamedTempFile> {
    create_with(path, PRIVATE)
}

fn create_with(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");

    for _ in 0..MAX_ATTEMPTS {
        let mut named = Builder::new();
        named
            .prefix(&prefix)
            .suffix(UNFINISHED)
            .permissions(Permissions::from_mode(mode));

        let unfinished = named.tempfile_in(folder_of(path))?;
        // On a file system without locks, fewer unfinished files are removed, but no content is
        // lost.
        unfinished.as_file().try_lock().ok();

        // Before the file was locked, another process may have treated it as abandoned.
        if is_at(unfinished.as_file(), unfinished.path()) {
            return Ok(unfinished);
        }
    }

    Err(io::Error::other(
        "another process keeps removing the unfinished file",
    ))
}

/// Returns true if the path still leads to the open file.
fn is_at(file: &File, path: &Path) -> bool {
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    let (open, named) = (file.metadata().map(id), path.symlink_metadata().map(id));
    matches!((open, named), (Ok(open), Ok(named)) if open == named)
}

/// Moves an unfinished file to `path` and replaces an existing file.
pub fn replace(unfinished: NamedTempFile, path: &Path) -> io::Result<()> {
    // The bytes must be on disk before the rename, or a power failure leaves an empty file.
    unfinished.as_file().sync_all()?;
    unfinished.persist(path)?;
    sync_folder_of(path)
}

/// Moves an unfinished file to `path`, where nothing may exist yet.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] if something exists at `path`, even if it was created a moment
/// ago.
pub fn place_new(unfinished: NamedTempFile, path: &Path) -> io::Result<()> {
    unfinished.as_file().sync_all()?;
    unfinished.persist_noclobber(path)?;
    sync_folder_of(path)
}

/// Syncs the folder of `path`, so that its names survive a power failure.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Removes the unfinished files in the folder of `path` whose writers have ended. Files that cannot
/// be removed are kept.
pub fn remove_abandoned(path: &Path) {
    let Ok(entries) = fs::read_dir(folder_of(path)) else {
        return;
    };

    for entry in entries.flatten() {
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        if !bytes.starts_with(b".") || !bytes.ends_with(UNFINISHED.as_bytes()) {
            continue;
        }

        let unfinished = entry.path();
        let abandoned = open_existing(&unfinished).is_ok_and(|file| file.try_lock().is_ok());

        if abandoned {
            fs::remove_file(&unfinished).ok();
        }
    }
}

/// Opens a file of the program for reading and writing. A missing file is created, readable by the
/// owner only.
///
/// # Errors
///
/// If `path` is not a file with a single name: a link would redirect writes to a file elsewhere,
/// and a pipe would block.
pub fn open_own(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(PRIVATE)
        .custom_flags(flags.bits().cast_signed())
        .open(path);

    match opened {
        // The system's own message is about too many levels of links.
        Err(_) if path.is_symlink() => Err(not_a_file()),
        opened => check_plain(opened?),
    }
}

/// Creates an empty file, readable by the owner only. An existing file is kept unchanged.
pub fn create_private(path: &Path) -> io::Result<()> {
    match OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(PRIVATE)
        .open(path)
    {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Returns the folder that contains `path`.
pub fn folder_of(path: &Path) -> PathBuf {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

fn open_existing(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    check_plain(
        OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path)?,
    )
}

fn check_plain(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(not_a_file());
    }

    if found.nlink() > 1 {
        return Err(io::Error::other(
            "it is a hard link to another file; remove it",
        ));
    }

    Ok(file)
}

fn not_a_file() -> io::Error {
    io::Error::other("it is not a file; remove it")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_written_file_replaces_the_old_one_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_atomic(&path, b"first").unwrap();
        write_atomic(&path, b"again").unwrap();
        assert_eq!(names(folder.path()), ["file"]);
        assert_eq!(fs::read(&path).unwrap(), b"again");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_failed_write_leaves_no_unfinished_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        write_atomic(&path, b"x").unwrap_err();
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn a_second_new_file_of_the_same_name_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let (one, two) = (
            create_unfinished(&path).unwrap(),
            create_unfinished(&path).unwrap(),
        );
        place_new(one, &path).unwrap();
        let error = place_new(two, &path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn a_new_shared_file_is_readable_as_the_umask_allows_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_new_shared(&path, b"first").unwrap();
        let error = write_new_shared(&path, b"again").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["file"]);

        let by_umask = folder.path().join("plain");
        fs::write(&by_umask, "").unwrap();
        assert_eq!(
            path.metadata().unwrap().permissions(),
            by_umask.metadata().unwrap().permissions()
        );
    }

    #[test]
    fn only_unfinished_files_of_ended_processes_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let living = create_unfinished(&path).unwrap();
        let dead = folder.path().join(format!(".other.x{UNFINISHED}"));
        fs::write(&dead, "half").unwrap();
        fs::write(folder.path().join(".somebody.part"), "not ours").unwrap();

        remove_abandoned(&path);

        assert!(living.path().exists());
        assert!(!dead.exists());
        assert_eq!(names(folder.path()).len(), 2, "{:?}", names(folder.path()));
    }

    #[test]
    fn a_link_or_a_pipe_is_not_opened_as_an_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let (soft, hard, pipe) = (
            folder.path().join("soft"),
            folder.path().join("hard"),
            folder.path().join("pipe"),
        );
        symlink(&victim, &soft).unwrap();
        assert_eq!(
            open_own(&soft).unwrap_err().to_string(),
            "it is not a file; remove it"
        );
        fs::hard_link(&victim, &hard).unwrap();
        open_own(&hard).unwrap_err();
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap();
        assert!(made.success());
        open_own(&pipe).unwrap_err();
        open_own(folder.path()).unwrap_err();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");

        let own = folder.path().join("own");
        open_own(&own).unwrap();
        assert_eq!(own.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
