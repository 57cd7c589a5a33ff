//! Paths as operators write them, in the configuration, the environment and the command line.
//!
//! A shell expands `~` and `$HOME`, but only in some places: not in a `.env`, not in a systemd
//! unit, and not in `--config=~/config.yaml`. Here the same rule applies everywhere: `~` and `~/…`
//! stand for the home folder, and everything else that a shell would expand is rejected. Used
//! literally, it would name a folder that the operator did not mean.

use std::path::PathBuf;

/// The home folder, if there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home(Option<PathBuf>);

/// The folders that relative paths and `~` are resolved against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    /// The folder of the file that contains the paths.
    pub(crate) folder: PathBuf,
    pub(crate) home: Home,
}

/// The reason why a text is not a path. Each message ends with a correction after a semicolon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// `~` without a home folder.
    #[error("begins with `~`, but HOME is not set to an absolute path; write the full path")]
    NoHome,
    /// `~name`, which only a shell could look up.
    #[error(
        "begins with `{0}`, the home folder of a user, which is not supported; write the full path (`./{0}` is a file of that name)"
    )]
    OfUser(String),
    /// `$NAME`, which only a shell would expand.
    #[error("begins with the variable `{0}`, which is not expanded here; write the full path")]
    Variable(String),
    /// A NUL character, which no file name can contain.
    #[error("contains a NUL character; write the path without it")]
    Nul,
}

impl Home {
    /// Returns the folder in the variable `HOME`. A relative path counts as no folder.
    pub(crate) fn named(home: Option<impl Into<PathBuf>>) -> Self {
        Self(home.map(Into::into).filter(|home| home.is_absolute()))
    }

    /// Returns the home folder of the user who started the process.
    pub fn of_process() -> Self {
        Self::named(std::env::var_os("HOME"))
    }

    /// Returns the path that a text stands for.
    ///
    /// # Errors
    ///
    /// Fails if only a shell could expand the text.
    pub fn expand(&self, written: &str) -> Result<PathBuf, PathError> {
        if written.contains('\0') {
            return Err(PathError::Nul);
        }

        let (first, rest) = written.split_once('/').unwrap_or((written, ""));
        if first == "~" {
            let home = self.0.as_ref().ok_or(PathError::NoHome)?;
            return Ok(home.join(rest.trim_start_matches('/')));
        }

        if first.starts_with('~') {
            return Err(PathError::OfUser(first.to_owned()));
        }

        if is_variable(first) {
            return Err(PathError::Variable(first.to_owned()));
        }

        Ok(written.into())
    }

    /// Expands an argument of the command line like [`Home::expand`]. It does not have to be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`Home::expand`].
    pub fn expand_path(&self, written: PathBuf) -> Result<PathBuf, PathError> {
        match written.to_str() {
            Some(text) => self.expand(text),
            None => Ok(written),
        }
    }
}

impl Base {
    /// Returns the path that a text in the file stands for.
    pub(crate) fn resolve(&self, written: &str) -> Result<PathBuf, PathError> {
        Ok(self.folder.join(self.home.expand(written)?))
    }
}

/// Returns true if a shell would expand the beginning of a path as a variable: `$HOME`, `${HOME}`.
fn is_variable(first: &str) -> bool {
    let name = first.strip_prefix('$').and_then(|name| name.chars().next());
    name.is_some_and(|c| c == '{' || c == '_' || c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_at_the_beginning_is_the_home_folder() {
        let home = Home::named(Some("/home/jo"));
        for (written, expected) in [
            ("~", "/home/jo"),
            ("~/", "/home/jo"),
            ("~/a/b", "/home/jo/a/b"),
            ("~//a", "/home/jo/a"),
            ("/a/~", "/a/~"),
            ("a~", "a~"),
            ("./~", "./~"),
            ("./$HOME", "./$HOME"),
            ("$", "$"),
            ("$5", "$5"),
        ] {
            assert_eq!(home.expand(written), Ok(expected.into()), "{written}");
        }
    }

    #[test]
    fn text_that_only_a_shell_could_expand_is_rejected_with_a_correction() {
        let home = Home::named(Some("/home/jo"));
        for written in [
            "~kim/a",
            "~root",
            "~+",
            "$HOME/a",
            "${HOME}/a",
            "$HOME",
            "a\0b",
        ] {
            let message = home.expand(written).unwrap_err().to_string();
            assert!(message.contains("; write the "), "{written}: {message}");
        }
        for nowhere in [
            Home::default(),
            Home::named(Some("")),
            Home::named(Some("relative")),
        ] {
            assert_eq!(nowhere.expand("~/a"), Err(PathError::NoHome));
            assert_eq!(nowhere.expand("a"), Ok("a".into()));
        }
    }
}
