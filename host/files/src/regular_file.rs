//! Regular files, read so that a wrong path does no harm, and removed whether they are there or
//! not.
//!
//! A path may lead to anything: a device without an end, a pipe that no process writes into, a
//! folder. Only regular files are opened, and no more of them is read than can be of use.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use job_scanner_core::quantity::show_size;

/// The bytes of a regular file.
///
/// # Errors
///
/// [`io::ErrorKind::FileTooLarge`] when there are more than `most_bytes`,
/// [`io::ErrorKind::IsADirectory`] for a folder; for other things that are not files the error says
/// what they are.
pub fn read(path: &Path, most_bytes: u64) -> io::Result<Vec<u8>> {
    // Opening a pipe waits for a process at its other end, so the path is looked at first.
    check_form(&path.metadata()?)?;
    let file = File::open(path)?;
    let known = file.metadata()?;
    check_form(&known)?;

    let too_large = || {
        let wrong = format!("it has more than {}", show_size(most_bytes));
        io::Error::new(io::ErrorKind::FileTooLarge, wrong)
    };
    if known.len() > most_bytes {
        return Err(too_large());
    }

    // It may grow meanwhile, and some files of the system do not tell how long they are.
    let mut bytes = Vec::new();
    file.take(most_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes {
        return Err(too_large());
    }

    Ok(bytes)
}

/// As [`read`], for text.
///
/// # Errors
///
/// As [`read`], and [`io::ErrorKind::InvalidData`] for what is not UTF-8. No error repeats a part
/// of the text.
pub fn read_text(path: &Path, most_bytes: u64) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    String::from_utf8(read(path, most_bytes)?).map_err(not_text)
}

/// Removes a file or a link; one that is not there is as good as removed.
pub fn remove(path: &Path) -> io::Result<()> {
    absent_is_fine(fs::remove_file(path))
}

/// Removes what is there, a folder with all that is in it. A link goes, and not where it leads.
pub fn remove_any(path: &Path) -> io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(known) if known.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };

    absent_is_fine(removed)
}

/// Takes it for success that what was to be removed is not there.
fn absent_is_fine(removed: io::Result<()>) -> io::Result<()> {
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
    fn a_file_is_read_up_to_its_bound_and_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "1234").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&file, 4).unwrap(), b"1234");
        assert_eq!(read_text(&link, 4).unwrap(), "1234");

        let too_large = read(&file, 3).unwrap_err();
        assert_eq!(
            (too_large.kind(), too_large.to_string().as_str()),
            (io::ErrorKind::FileTooLarge, "it has more than 3B")
        );
        fs::write(&file, [0xFF]).unwrap();
        assert_eq!(
            read_text(&file, 4).unwrap_err().to_string(),
            "it is not UTF-8 text"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_removed_and_a_folder_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        remove(&file).unwrap();
        assert!(!file.exists());
        remove(&file).unwrap();
        remove(folder.path()).unwrap_err();
    }

    #[test]
    fn what_is_not_a_file_is_neither_opened_nor_waited_for() {
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
