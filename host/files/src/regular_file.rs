//! Reading of regular files in a way that a wrong path does no harm, and removal of files that may
//! be missing.
//!
//! A path may lead to anything: an endless device, a pipe without a writer, a folder. Only regular
//! files are opened, and only up to a size limit.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use job_scanner_core::quantity::show_size;

/// Returns the bytes of a regular file.
///
/// # Errors
///
/// [`io::ErrorKind::FileTooLarge`] for more than `max_bytes`, and [`io::ErrorKind::IsADirectory`]
/// for a folder. For anything else that is not a file, the error names the kind.
pub fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for a process at its other end, so the path is checked first.
    check_form(&path.metadata()?)?;
    let file = File::open(path)?;
    let known = file.metadata()?;
    check_form(&known)?;

    let too_large = || {
        let wrong = format!("it is larger than {}", show_size(max_bytes));
        io::Error::new(io::ErrorKind::FileTooLarge, wrong)
    };
    if known.len() > max_bytes {
        return Err(too_large());
    }

    // The file may grow in the meantime, and some files of the system do not report their size.
    let mut bytes = Vec::new();
    file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large());
    }

    Ok(bytes)
}

/// Returns the text of a regular file, like [`read`].
///
/// # Errors
///
/// Those of [`read`], and [`io::ErrorKind::InvalidData`] for bytes that are not UTF-8. No error
/// repeats a part of the text.
pub fn read_text(path: &Path, max_bytes: u64) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    String::from_utf8(read(path, max_bytes)?).map_err(not_text)
}

/// Removes a file or a link. A missing one is not an error.
pub fn remove(path: &Path) -> io::Result<()> {
    ignore_not_found(fs::remove_file(path))
}

/// Removes a file, a link, or a folder with its content. The target of a link is kept.
pub fn remove_any(path: &Path) -> io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(known) if known.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };

    ignore_not_found(removed)
}

/// Treats a missing file as removed.
fn ignore_not_found(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn check_form(known: &Metadata) -> io::Result<()> {
    if known.is_file() {
        return Ok(());
    }

    if known.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder, not a file",
        ));
    }

    Err(io::Error::other(format!(
        "it is {}, not a file",
        name_of(known.file_type())
    )))
}

fn name_of(form: FileType) -> &'static str {
    if form.is_fifo() {
        "a pipe"
    } else if form.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "1234").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&file, 4).unwrap(), b"1234");
        assert_eq!(read_text(&link, 4).unwrap(), "1234");

        let too_large = read(&file, 3).unwrap_err();
        assert_eq!(
            (too_large.kind(), too_large.to_string().as_str()),
            (io::ErrorKind::FileTooLarge, "it is larger than 3B")
        );
        fs::write(&file, [0xFF]).unwrap();
        assert_eq!(
            read_text(&file, 4).unwrap_err().to_string(),
            "it is not UTF-8 text"
        );
    }

    #[test]
    fn removing_a_missing_file_succeeds_and_a_folder_fails() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        remove(&file).unwrap();
        assert!(!file.exists());
        remove(&file).unwrap();
        remove(folder.path()).unwrap_err();
    }

    #[test]
    fn a_path_that_is_not_a_file_is_neither_opened_nor_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let [pipe, socket] = ["pipe", "socket"].map(|name| folder.path().join(name));
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let _listener = UnixListener::bind(&socket).unwrap();
        for (path, told) in [
            (pipe.as_path(), "it is a pipe, not a file"),
            (&socket, "it is a socket, not a file"),
            (Path::new("/dev/zero"), "it is a device, not a file"),
            (folder.path(), "it is a folder, not a file"),
        ] {
            assert_eq!(
                read(path, 4).unwrap_err().to_string(),
                told,
                "{}",
                path.display()
            );
        }
        assert_eq!(
            read(Path::new("/nowhere"), 4).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
