//! Rules for arguments: how paths are read, and which names the configuration has to know.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use job_scanner_config::{Config, ConfigErrors, Home};
use job_scanner_core::escape::Printable;

/// The operator asked for something that cannot be done as it was asked. The message says what can
/// be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct WrongUsage(pub(crate) String);

/// Reads a path in an argument: of `--config=~/config.yaml` no shell replaces the `~`.
pub(crate) fn path_argument() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| Home::of_process().expand_path(path))
}

/// Makes sure that the configuration has a profile of this name.
pub(crate) fn check_profile(config: &Config, name: &str) -> Result<(), ConfigErrors> {
    let known: Vec<&str> = config
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    if known.contains(&name) {
        return Ok(());
    }

    let wrong = format!("there is no profile `{}`", Printable(name));
    let remedy = format!("name one of: {}", known.join(", "));
    let problem = config.problem_of_file("search_criteria".to_owned(), wrong, remedy);
    Err(problem.into())
}
