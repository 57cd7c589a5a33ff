//! Files of ours: written whole or not at all, and opened without following links.
//!
//! A file is written under another name in the same folder, synced, and renamed; a reader, and a
//! process that starts after a power cut, sees it as it was or as it is. What a killed process left
//! under such a name is removed by [`remove_abandoned`]: a living writer holds a lock on its
//! unfinished file.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile};

/// The end of the name of an unfinished file. Mail programs skip names that begin with a dot, as
/// these do.
const UNFINISHED: &str = ".job-scanner-part";

/// So many files in a row are not removed by chance.
const MOST_TRIES: u32 = 5;

/// The mode of what only the owner reads and writes.
const PRIVATE: u32 = 0o600;

/// The mode of what the umask alone bounds.
const FOR_ALL: u32 = 0o666;

/// Writes `bytes` to `path`, for the owner alone (mode 0600). A file that is there is replaced once
/// the new one is on disk; after an error it is as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, PRIVATE)
}

/// The same for all whom the process lets read its files (its umask).
pub fn write_whole_for_all(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, FOR_ALL)
}

fn write_with(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut unfinished = create_with(path, mode)?;
    unfinished.write_all(bytes)?;
    replace(unfinished, path)
}

/// Creates an empty file in the folder of `path`, for our eyes only, that [`replace`] or
/// [`put_new`] puts in the place of `path`. It is removed when dropped.
pub fn create_unfinished(path: &Path) -> io::Result<NamedTempFile> {
    create_with(path, PRIVATE)
}

fn create_with(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");

    for _ in 0..MOST_TRIES {
        let mut named = Builder::new();
        named
            .prefix(&prefix)
            .suffix(UNFINISHED)
            .permissions(Permissions::from_mode(mode));

        let unfinished = named.tempfile_in(folder_of(path))?;
        // A file system without locks tidies up less, and loses nothing.
        unfinished.as_file().try_lock().ok();

        // Before it had its lock, another process may have taken it for abandoned.
        if is_at(unfinished.as_file(), unfinished.path()) {
            return Ok(unfinished);
        }
    }

    Err(io::Error::other("another process removes our files"))
}

/// Returns true if the name still leads to the open file.
fn is_at(file: &File, path: &Path) -> bool {
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    let (open, named) = (file.metadata().map(id), path.symlink_metadata().map(id));
    matches!((open, named), (Ok(open), Ok(named)) if open == named)
}

/// Puts an unfinished file in the place of `path`, whatever is there.
pub fn replace(unfinished: NamedTempFile, path: &Path) -> io::Result<()> {
    // The bytes are on disk before the name leads to them, or a power cut leaves an empty file.
    unfinished.as_file().sync_all()?;
    unfinished.persist(path)?;
    sync_folder_of(path)
}

/// Puts an unfinished file in the place of `path`, where nothing is yet.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] when there is something, even if it came a moment ago.
pub fn put_new(unfinished: NamedTempFile, path: &Path) -> io::Result<()> {
    unfinished.as_file().sync_all()?;
    unfinished.persist_noclobber(path)?;
    sync_folder_of(path)
}

/// Makes the names in the folder of `path` survive a power cut.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Removes unfinished files in the folder of `path` whose writers are gone. What cannot be removed
/// stays.
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

/// Opens a file of ours for reading and writing, and creates it, for our eyes only, where it is
/// missing.
///
/// # Errors
///
/// When `path` is something else than a file with one name: through a link we would write to a file
/// elsewhere, and a pipe would make us wait.
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
        // The system's own words for it are of many levels of links.
        Err(_) if path.is_symlink() => Err(not_a_file()),
        opened => check_plain(opened?),
    }
}

/// Creates an empty file, for our eyes only; leaves one that is there as it is.
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

/// The folder in which `path` is a name.
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
            "it is another file's second name (a hard link); remove it",
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
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"again").unwrap();
        assert_eq!(names(folder.path()), ["file"]);
        assert_eq!(fs::read(&path).unwrap(), b"again");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_cannot_take_its_place_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        write_whole(&path, b"x").unwrap_err();
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[test]
    fn of_two_new_files_of_one_name_the_second_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let (one, two) = (
            create_unfinished(&path).unwrap(),
            create_unfinished(&path).unwrap(),
        );
        put_new(one, &path).unwrap();
        let error = put_new(two, &path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn unfinished_files_of_the_dead_are_removed_and_those_of_the_living_stay() {
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
    fn a_file_of_ours_is_opened_neither_through_a_link_nor_from_a_pipe() {
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
