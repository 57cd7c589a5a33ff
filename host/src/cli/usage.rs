//! Validation of arguments: paths, and names that have to be in the configuration.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use job_scanner_config::{Config, ConfigErrors, Home, Problem};
use job_scanner_core::escape::Printable;
use job_scanner_core::key::SourceKey;

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

/// Returns the keys of the sources that were named, in the order of the arguments. Each name has to
/// be in the configuration.
pub(crate) fn named_sources(
    config: &Config,
    named: &[String],
) -> Result<Vec<SourceKey>, ConfigErrors> {
    let known: Vec<&SourceKey> = config.sources.iter().map(|source| &source.key).collect();

    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    for name in named {
        let mut meant = known.iter().filter(|key| key.is_named(name)).peekable();
        if meant.peek().is_none() {
            problems.push(unknown_source(config, &known, name));
        }
        keys.extend(meant.map(|key| SourceKey::clone(key)));
    }
    ConfigErrors::from_problems(problems).map_or(Ok(keys), Err)
}

fn unknown_source(config: &Config, known: &[&SourceKey], name: &str) -> Problem {
    let known: Vec<String> = known.iter().map(ToString::to_string).collect();
    config.problem_of_file(
        "sources".to_owned(),
        format!("unknown source `{}`", Printable(name)),
        format!("name one of: {}", known.join(", ")),
    )
}
