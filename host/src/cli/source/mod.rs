//! `job-scanner source`: changes of sources.

mod add;
mod pause;

use clap::Subcommand;
use job_scanner_config::{Config, ConfigErrors};

/// The subcommands of `source`.
#[derive(Debug, Subcommand)]
pub(super) enum Options {
    /// Add the sources that read the boards at addresses
    Add(add::Options),
    /// Take sources out of the schedule until you resume them; their jobs stay as they are
    Pause(pause::PauseOptions),
    /// Put paused sources back into the schedule
    Resume(pause::PauseOptions),
}

/// Runs the subcommand. `load` reads the configuration as it is now.
pub(super) async fn run(
    config: &Config,
    load: impl Fn() -> Result<Config, ConfigErrors>,
    options: &Options,
) -> anyhow::Result<u8> {
    match options {
        Options::Add(options) => add::run(config, load, options).await,
        Options::Pause(options) => pause::pause(config, options).await,
        Options::Resume(options) => pause::resume(config, options).await,
    }
}
