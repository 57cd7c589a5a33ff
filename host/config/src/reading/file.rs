//! Finds the configuration file and reads its text.

use std::io;
use std::path::{Path, PathBuf};

use job_scanner_files::regular_file;

use crate::reading::problem::{Origin, Position, Problem};
use crate::reading::tree::section_at;

/// The paths that are tried if no file is named, relative to the current folder.
const DEFAULT_PATHS: [&str; 2] = ["config.yaml", "config/config.yaml"];

/// Large enough for ten thousand sources. A larger file is not a configuration.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Returns the named file, or the first of the default paths in `current` that exists. The file is
/// not opened yet.
pub(crate) fn find(explicit: Option<&Path>, current: &Path) -> Result<PathBuf, Problem> {
    if let Some(path) = explicit {
        return Ok(path.to_owned());
    }

    let found = DEFAULT_PATHS
        .iter()
        .map(Path::new)
        .find(|place| current.join(place).exists());

    found.map(Path::to_owned).ok_or_else(|| Problem {
        origin: Origin::File(DEFAULT_PATHS[0].into(), None),
        key: String::new(),
        wrong: format!(
            "is not in the current folder, and neither is `{}`",
            DEFAULT_PATHS[1..].join("` or `")
        ),
        remedy: "write one with `job-scanner init`, which asks three questions, or name the file with `--config FILE`"
            .to_owned(),
    })
}

/// Returns true if there is a configuration file to read. A named file always counts.
pub fn config_exists(explicit: Option<&Path>) -> bool {
    explicit.is_some() || find(None, Path::new("")).is_ok()
}

/// Returns the file that is read if none is named; `None` if there is none.
pub fn find_config() -> Option<PathBuf> {
    find(None, Path::new("")).ok()
}

/// Reads the text of the file, at most [`MAX_BYTES`].
pub(crate) fn read(path: &Path) -> Result<String, Problem> {
    let bytes = regular_file::read(path, MAX_BYTES).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        not_utf8(
            path,
            &String::from_utf8_lossy(valid),
            error.as_bytes()[valid.len()],
        )
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let (wrong, remedy) = match error.kind() {
        io::ErrorKind::NotFound => (
            "does not exist".to_owned(),
            "create it, or name another file with `--config FILE`",
        ),
        io::ErrorKind::IsADirectory => (
            "is a folder".to_owned(),
            "name the file in it with `--config FILE`",
        ),
        io::ErrorKind::PermissionDenied => (
            "cannot be read by this user".to_owned(),
            "give it read permission, such as with `chmod u+r FILE`",
        ),
        io::ErrorKind::FileTooLarge => (
            format!("has more than {} MiB", MAX_BYTES / (1024 * 1024)),
            "name a configuration file with `--config FILE`, or remove repeated parts",
        ),
        _ => (
            format!("cannot be read: {error}"),
            "check the file, or name another file with `--config FILE`",
        ),
    };

    Problem {
        origin: Origin::File(path.into(), None),
        key: String::new(),
        wrong,
        remedy: remedy.to_owned(),
    }
}

fn not_utf8(path: &Path, before: &str, byte: u8) -> Problem {
    let line_start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let position = Position {
        line: before.matches('\n').count() as u64 + 1,
        column: before[line_start..].chars().count() as u64 + 1,
    };

    Problem {
        origin: Origin::File(path.into(), Some(position)),
        key: section_at(before, position.line).to_owned(),
        wrong: format!("the byte 0x{byte:02X} is not UTF-8"),
        remedy: "save the file as UTF-8".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_default_paths_are_searched_in_order() {
        let current = tempfile::tempdir().unwrap();
        fs::create_dir(current.path().join("config")).unwrap();
        fs::write(current.path().join("config/config.yaml"), "").unwrap();
        assert_eq!(
            find(None, current.path()).unwrap(),
            Path::new("config/config.yaml")
        );

        fs::write(current.path().join("config.yaml"), "").unwrap();
        assert_eq!(
            find(None, current.path()).unwrap(),
            Path::new("config.yaml")
        );
    }

    #[test]
    fn a_named_file_overrides_the_default_paths() {
        let current = tempfile::tempdir().unwrap();
        fs::write(current.path().join("config.yaml"), "").unwrap();
        assert_eq!(
            find(Some(Path::new("mine.yaml")), current.path()).unwrap(),
            Path::new("mine.yaml")
        );
    }

    #[test]
    fn without_any_file_the_error_lists_the_default_paths() {
        let current = tempfile::tempdir().unwrap();
        assert_eq!(
            find(None, current.path()).unwrap_err().to_string(),
            "config.yaml: is not in the current folder, and neither is `config/config.yaml`; write one with `job-scanner \
             init`, which asks three questions, or name the file with `--config FILE`"
        );
    }
}
