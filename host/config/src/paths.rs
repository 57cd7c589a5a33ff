//! Paths as people write them, wherever they come from: the configuration, the environment, the
//! command line.
//!
//! A shell replaces `~` and `$HOME`, but only in some places: not in a `.env`, not in a unit of
//! systemd, and not in `--config=~/config.yaml`. One rule holds for all of them here: `~` and `~/…`
//! mean the home folder, and what else a shell would replace is refused. Taken as it stands, it
//! would be a folder that was not meant.

use std::path::PathBuf;

/// The home folder, if there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home(Option<PathBuf>);

/// The places that relative paths and `~` stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    /// The folder of the file that holds the paths.
    pub(crate) folder: PathBuf,
    /// The folder that `~` means.
    pub(crate) home: Home,
}

/// The reason a text is not a path. Ends with what to write instead, after a semicolon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// `~` without a home folder.
    #[error("begins with `~`, and HOME names no folder; write the whole path")]
    NoHome,
    /// `~name`, which only a shell could look up.
    #[error(
        "begins with `{0}`, the home folder of a user; write the whole path (`./{0}` is a file of that name)"
    )]
    OfUser(String),
    /// `$NAME`, which only a shell would replace.
    #[error("begins with the variable `{0}`, which is not replaced here; write the path itself")]
    Variable(String),
    /// No file can have such a name.
    #[error("holds a NUL character; write the path without it")]
    Nul,
}

impl Home {
    /// The folder that `HOME` names; a relative one names none.
    pub(crate) fn named(home: Option<impl Into<PathBuf>>) -> Self {
        Self(home.map(Into::into).filter(|home| home.is_absolute()))
    }

    /// The home folder of the user who started the process.
    pub fn of_process() -> Self {
        Self::named(std::env::var_os("HOME"))
    }

    /// The path that a text means.
    ///
    /// # Errors
    ///
    /// When only a shell could tell.
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

    /// As [`Home::expand`], for an argument of the command line, which need not be UTF-8.
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
    /// The path that a text in the file means.
    pub(crate) fn resolve(&self, written: &str) -> Result<PathBuf, PathError> {
        Ok(self.folder.join(self.home.expand(written)?))
    }
}

/// Returns true if a shell would take the beginning of a path for a variable: `$HOME`, `${HOME}`.
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
        for (written, meant) in [
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
            assert_eq!(home.expand(written), Ok(meant.into()), "{written}");
        }
    }

    #[test]
    fn what_only_a_shell_could_replace_is_refused_with_what_to_write() {
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
            let told = home.expand(written).unwrap_err().to_string();
            assert!(told.contains("; write the "), "{written}: {told}");
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
