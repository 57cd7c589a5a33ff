//! Validation of arguments: paths, and names that have to be in the configuration.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use job_scanner_config::{Config, ConfigErrors, Home};
use job_scanner_core::escape::Printable;

/// An argument that cannot be used. The message says what to do instead.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// Parses a path in an argument. No shell expands the `~` of `--config=~/config.yaml`.
pub(crate) fn path_argument() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| Home::of_process().expand_path(path))
}

/// Checks that the configuration has a profile of this name.
pub(crate) fn check_profile(config: &Config, name: &str) -> Result<(), ConfigErrors> {
    let known: Vec<&str> = config
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    if known.contains(&name) {
        return Ok(());
    }

    let wrong = format!("unknown profile `{}`", Printable(name));
    let remedy = format!("name one of: {}", known.join(", "));
    let problem = config.problem_of_file("search_criteria".to_owned(), wrong, remedy);
    Err(problem.into())
}
