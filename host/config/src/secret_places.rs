//! Where the secrets of sources stand: the environment and files, never `config.yaml` itself.

use std::path::PathBuf;

use job_scanner_core::secret::Secret;
use job_scanner_files::regular_file;

use crate::environment::Environment;
use crate::paths::Base;

/// Shorter ones are no keys; and whatever equals a secret is masked in answers, which would hide
/// half of them.
const LEAST_BYTES: usize = 8;
/// Longer ones fit into no header.
const MOST_BYTES: usize = 4 * 1024;

/// The bytes that a file may have that holds one; some line ends are not worth a refusal.
const LARGEST_FILE: u64 = 8 * 1024;

const REMEDY: &str = "write `env:NAME` or `file:PATH`, and the value into that variable or file";

/// What `env:NAME` and `file:PATH` in a configuration are looked up in.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretPlaces {
    environment: Environment,
    /// Against what paths are resolved.
    base: Base,
}

/// Why there is no value. Fit to be printed: names a place, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSecret {
    /// What is wrong.
    pub wrong: String,
    /// What to write.
    pub remedy: String,
}

impl SecretPlaces {
    /// Variables of this environment, and files seen from this folder.
    pub fn new(environment: Environment, folder: PathBuf) -> Self {
        let base = Base {
            folder,
            home: environment.home(),
        };

        Self { environment, base }
    }

    /// The value of `env:NAME` or `file:PATH`, as it is now: a file that changed is read again.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be one: keys are of 8 bytes to 4 KiB, in one line.
    pub fn read(&self, reference: &str) -> Result<Secret, NoSecret> {
        let (value, place) = if let Some(name) = reference.strip_prefix("env:") {
            let value = self.environment.variable(name).ok_or_else(|| NoSecret {
                wrong: format!("the environment has no variable `{name}` of UTF-8 text"),
                remedy: format!("set {name}, in `.env` for example"),
            })?;
            (value.to_owned(), format!("the variable `{name}`"))
        } else if let Some(path) = reference.strip_prefix("file:") {
            let value = self.read_file(path)?;
            (value, format!("the file `{path}`"))
        } else {
            // It may well be the secret itself.
            let wrong = "does not say where the secret stands".to_owned();
            return Err(NoSecret {
                wrong,
                remedy: REMEDY.to_owned(),
            });
        };

        check(&value).map_err(|problem| NoSecret {
            wrong: format!("{place} {problem}"),
            remedy: "put the key alone there, on one line".to_owned(),
        })?;

        Ok(Secret::new(value))
    }

    fn read_file(&self, path: &str) -> Result<String, NoSecret> {
        let file = self.base.resolve(path).map_err(|error| {
            let told = error.to_string();
            let (wrong, remedy) = told.split_once("; ").unwrap_or((&told, REMEDY));
            NoSecret {
                wrong: format!("the file `{path}` {wrong}"),
                remedy: remedy.to_owned(),
            }
        })?;

        // Line ends count for nothing; whatever else is too much is told by the check of the value.
        let text = regular_file::read_text(&file, LARGEST_FILE).map_err(|error| NoSecret {
            wrong: format!("the file `{path}` cannot be read: {error}"),
            remedy: "name a file that holds the value alone".to_owned(),
        })?;

        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn check(value: &str) -> Result<(), String> {
    if value.len() < LEAST_BYTES {
        return Err(format!(
            "holds fewer than {LEAST_BYTES} bytes, which is no key"
        ));
    }

    if value.len() > MOST_BYTES {
        return Err(format!("holds more than {MOST_BYTES} bytes"));
    }

    if value.chars().any(char::is_control) {
        return Err("holds line breaks or control characters".to_owned());
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
    fn a_secret_stands_in_a_variable_or_in_a_file() {
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
            "it is read anew"
        );
        assert!(!format!("{places:?}").contains("marker"));
    }

    #[test]
    fn what_is_none_is_told_without_its_value() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("long"),
            format!("marker{}", "x".repeat(MOST_BYTES)),
        )
        .unwrap();
        for (reference, wrong) in [
            ("marker-in-the-file", "does not say where the secret stands"),
            (
                "env:MISSING",
                "the environment has no variable `MISSING` of UTF-8 text",
            ),
            (
                "env:SHORT",
                "the variable `SHORT` holds fewer than 8 bytes, which is no key",
            ),
            (
                "env:LINES",
                "the variable `LINES` holds line breaks or control characters",
            ),
            (
                "file:missing",
                "the file `missing` cannot be read: No such file or directory (os error 2)",
            ),
            (
                "file:.",
                "the file `.` cannot be read: it is a folder, not a file",
            ),
            ("file:long", "the file `long` holds more than 4096 bytes"),
        ] {
            let told = places(&folder).read(reference).unwrap_err();
            assert_eq!(told.wrong, wrong);
            assert!(!told.remedy.contains("marker"), "{}", told.remedy);
        }
    }
}
