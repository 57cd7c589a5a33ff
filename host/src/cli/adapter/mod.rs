//! `job-scanner adapter`: looking at adapters, and saying what they may do.

mod accept;
mod asked;
mod inspect;
mod list;

use std::path::PathBuf;

use clap::Subcommand;
use job_scanner_core::key::AdapterName;

use crate::config::Config;
use crate::sandbox::Catalog;
use crate::startup::{self, Folders};

/// What to do with adapters.
#[derive(Debug, Subcommand)]
pub(super) enum Options {
    /// Show every adapter that can be found, and whether it may be used
    List(list::Options),
    /// Show what an adapter is and what it asks for
    Inspect(inspect::Options),
    /// Let adapters be used as they are now, with what they ask for
    Accept(accept::Options),
}

/// Runs one of them. The configuration is read only where an adapter is named and not its file.
pub(super) async fn run(options: &Options, config: impl Fn() -> anyhow::Result<Config>) -> anyhow::Result<u8> {
    match options {
        Options::List(options) => list::run(&config()?, options).await,
        Options::Inspect(options) => inspect::run(options, config).await,
        Options::Accept(options) => accept::run(options, config).await,
    }
}

/// The file that somebody names by its path, or by the type under which sources of the configuration would find it.
fn find(wanted: &str, config: impl Fn() -> anyhow::Result<Config>) -> anyhow::Result<(Catalog, PathBuf)> {
    let folders = Folders::of_process();
    if wanted.contains(['/', '\\', '.']) {
        return Ok((startup::catalog_of_files(&folders)?, wanted.into()));
    }
    let name = AdapterName::new(wanted)?;
    let config = config()?;
    let catalog = startup::catalog(&config, &folders)?;
    let with_file = config.sources.iter().find(|source| source.key.adapter == name && source.adapter_file.is_some());
    let path = match with_file {
        Some(source) => catalog.find(source)?,
        None => catalog.find_named(&name)?,
    };
    Ok((catalog, path))
}
