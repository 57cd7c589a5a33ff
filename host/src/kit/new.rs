//! `adapter new`: a small, complete project in one of five languages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use job_scanner_core::key::AdapterName;

use super::templates::{SHARED, files};

/// The name that the examples have, as adapters and as programs spell it.
const EXAMPLE: &str = "example-board";
const EXAMPLE_IDENTIFIER: &str = "example_board";

/// A language that adapters are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Quick, 130 KB
    #[default]
    Rust,
    /// Small, 1.7 MB
    #[value(name = "javascript")]
    JavaScript,
    /// Largest, 19 MB
    Python,
    /// Smallest, 22 KB
    C,
    /// Quick, 5 MB
    Go,
}

/// Why a project was not written.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// Something is there that would be overwritten.
    #[error("`{0}` is there already, and not empty: choose another name, or another folder with `--dir`")]
    NotEmpty(PathBuf),
    /// The folder or a file in it.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes a project of this name into a folder, which must be empty or not there yet.
///
/// # Errors
///
/// See [`NewError`]. What was written before a failure stays.
pub fn write_project(name: &AdapterName, language: Language, folder: &Path) -> Result<(), NewError> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(NewError::NotEmpty(folder.to_owned()));
    }
    for (path, text) in SHARED.iter().chain(files(language)) {
        let path = folder.join(path);
        write(&path, &renamed(text, name)).map_err(|source| NewError::Write { path, source })?;
    }
    Ok(())
}

fn renamed(text: &str, name: &AdapterName) -> String {
    let identifier = name.as_str().replace('-', "_");
    text.replace(EXAMPLE, name.as_str()).replace(EXAMPLE_IDENTIFIER, &identifier)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)?;
    if path.extension().is_some_and(|extension| extension == "sh") {
        make_executable(path)?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn examples() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/adapters")
    }

    /// The files of a project in a folder, seen from there; what building leaves behind is none.
    fn project_files(folder: &Path) -> BTreeSet<String> {
        const BUILT: [&str; 5] = ["node_modules", "target", ".venv", "__pycache__", "package-lock.json"];
        let mut found = BTreeSet::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(inner) = folders.pop() {
            for entry in inner.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
                let name = entry.file_name().unwrap().to_str().unwrap();
                if BUILT.contains(&name) || entry.extension().is_some_and(|extension| extension == "wasm") {
                    continue;
                }
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    found.insert(entry.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn a_project_is_the_example_under_another_name() {
        let name = AdapterName::new("acme-jobs").unwrap();
        for language in Language::value_variants() {
            let folder = tempfile::tempdir().unwrap();
            write_project(&name, *language, folder.path()).unwrap();
            let example = examples().join(language.to_possible_value().unwrap().get_name());
            assert_eq!(project_files(folder.path()), project_files(&example), "{language:?}");
            for file in project_files(folder.path()) {
                let text = fs::read_to_string(folder.path().join(&file)).unwrap();
                assert!(!text.contains(EXAMPLE) && !text.contains(EXAMPLE_IDENTIFIER), "{file}");
            }
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "").unwrap();
        let written = write_project(&AdapterName::new("acme").unwrap(), Language::C, folder.path());
        assert!(matches!(written, Err(NewError::NotEmpty(_))));
        assert_eq!(project_files(folder.path()).len(), 1);
    }
}
