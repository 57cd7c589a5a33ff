//! The locations of the secrets of sources: the environment and files, never `config.yaml` itself.

use std::path::PathBuf;

use job_scanner_core::secret::Secret;
use job_scanner_files::regular_file;

use crate::environment::Environment;
use crate::paths::Base;

/// Shorter values are not keys. Responses are searched for each secret and every occurrence is
/// masked, which would hide half of the text for a short one.
const MIN_BYTES: usize = 8;
/// Longer values do not fit into a header.
const MAX_BYTES: usize = 4 * 1024;

/// The maximum size of a file with a secret. It is larger than a secret because some line breaks at
/// the end are not an error.
const MAX_FILE_BYTES: u64 = 8 * 1024;

const REMEDY: &str =
    "write `env:NAME` or `file:PATH`, and put the value into that variable or file";

/// Resolves `env:NAME` and `file:PATH` in a configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretPlaces {
    environment: Environment,
    /// Paths are resolved against it.
    base: Base,
}

/// The reason why a secret cannot be read. It can be printed: it names a location, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretError {
    pub wrong: String,
    pub remedy: String,
}

impl SecretPlaces {
    /// Resolves variables in this environment, and files relative to this folder.
    pub fn new(environment: Environment, folder: PathBuf) -> Self {
        let base = Base {
            folder,
            home: environment.home(),
        };

        Self { environment, base }
    }

    /// Returns the current value of `env:NAME` or `file:PATH`. A file is read at every call.
    ///
    /// # Errors
    ///
    /// Fails if there is no value, or it cannot be a key: keys have 8 bytes to 4 KiB, in one line.
    pub fn read(&self, reference: &str) -> Result<Secret, SecretError> {
        let (value, place) = if let Some(name) = reference.strip_prefix("env:") {
            let value = self.environment.variable(name).ok_or_else(|| SecretError {
                wrong: format!("the variable `{name}` is not set, or is not UTF-8"),
                remedy: format!("set {name}, in `.env` for example"),
            })?;
            (value.to_owned(), format!("the variable `{name}`"))
        } else if let Some(path) = reference.strip_prefix("file:") {
            let value = self.read_file(path)?;
            (value, format!("the file `{path}`"))
        } else {
            // The message does not repeat the reference: it may be the secret itself.
            let wrong = "does not say where the secret is stored".to_owned();
            return Err(SecretError {
                wrong,
                remedy: REMEDY.to_owned(),
            });
        };

        check(&value).map_err(|problem| SecretError {
            wrong: format!("{place} {problem}"),
            remedy: "put only the key there, on one line".to_owned(),
        })?;

        Ok(Secret::new(value))
    }

    fn read_file(&self, path: &str) -> Result<String, SecretError> {
        let file = self.base.resolve(path).map_err(|error| {
            let message = error.to_string();
            let (wrong, remedy) = message.split_once("; ").unwrap_or((&message, REMEDY));
            SecretError {
                wrong: format!("the file `{path}` {wrong}"),
                remedy: remedy.to_owned(),
            }
        })?;

        // Line breaks at the end are ignored. Anything else that does not belong there is reported
        // by the check of the value.
        let text = regular_file::read_text(&file, MAX_FILE_BYTES).map_err(|error| SecretError {
            wrong: format!("the file `{path}` cannot be read: {error}"),
            remedy: "name a file that contains only the value".to_owned(),
        })?;

        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn check(value: &str) -> Result<(), String> {
    if value.len() < MIN_BYTES {
        return Err(format!(
            "has fewer than {MIN_BYTES} bytes, which is too short for a key"
        ));
    }

    if value.len() > MAX_BYTES {
        return Err(format!("has more than {MAX_BYTES} bytes"));
    }

    if value.chars().any(char::is_control) {
        return Err("contains line breaks or control characters".to_owned());
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn places(folder: &tempfile::TempDir) -> SecretPlaces {
        let variables = [
            ("KEY", "marker-1234"),
            ("SHORT", "marker"),
            ("LINES", "marker\n1234"),
        ];
        SecretPlaces::new(Environment::from_iter(variables), folder.path().to_owned())
    }

    #[test]
    fn a_secret_is_read_from_a_variable_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), "marker-5678\r\n").unwrap();
        let places = places(&folder);
        assert_eq!(places.read("env:KEY").unwrap().expose(), "marker-1234");
        assert_eq!(places.read("file:key").unwrap().expose(), "marker-5678");
        let whole = format!("file:{}", folder.path().join("key").display());
        assert_eq!(places.read(&whole).unwrap().expose(), "marker-5678");
        fs::write(folder.path().join("key"), "marker-9999").unwrap();
        assert_eq!(
            places.read("file:key").unwrap().expose(),
            "marker-9999",
            "the file is read again"
        );
        assert!(!format!("{places:?}").contains("marker"));
    }

    #[test]
    fn an_invalid_secret_is_reported_without_its_value() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("long"),
            format!("marker{}", "x".repeat(MAX_BYTES)),
        )
        .unwrap();
        for (reference, wrong) in [
            (
                "marker-in-the-file",
                "does not say where the secret is stored",
            ),
            (
                "env:MISSING",
                "the variable `MISSING` is not set, or is not UTF-8",
            ),
            (
                "env:SHORT",
                "the variable `SHORT` has fewer than 8 bytes, which is too short for a key",
            ),
            (
                "env:LINES",
                "the variable `LINES` contains line breaks or control characters",
            ),
            (
                "file:missing",
                "the file `missing` cannot be read: No such file or directory (os error 2)",
            ),
            (
                "file:.",
                "the file `.` cannot be read: it is a folder, not a file",
            ),
            ("file:long", "the file `long` has more than 4096 bytes"),
        ] {
            let error = places(&folder).read(reference).unwrap_err();
            assert_eq!(error.wrong, wrong);
            assert!(!error.remedy.contains("marker"), "{}", error.remedy);
        }
    }
}
