//! `job-scanner source`: changes of the sources in the configuration.

mod add;

use clap::Subcommand;
use job_scanner_config::{Config, ConfigErrors};

/// The subcommands of `source`.
#[derive(Debug, Subcommand)]
pub(super) enum Options {
    /// Add the sources that read the boards at addresses
    Add(add::Options),
}

/// Runs the subcommand. `load` reads the configuration as it is now.
pub(super) async fn run(
    config: &Config,
    load: impl Fn() -> Result<Config, ConfigErrors>,
    options: &Options,
) -> anyhow::Result<u8> {
    match options {
        Options::Add(options) => add::run(config, load, options).await,
    }
}
