//! `job-scanner adapter`: for those who write adapters, and those who accept them. One file per command.

mod test;

use crate::config::{AdaptersConfig, AdvancedConfig};

/// What to do with which adapter.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Replay a scan from a cassette, or record one
    Test(test::Options),
}

/// Works without a configuration file too.
pub(super) async fn run(adapters: AdaptersConfig, advanced: AdvancedConfig, options: &Options) -> anyhow::Result<u8> {
    match options {
        Options::Test(options) => test::run(&adapters, &advanced, options).await,
    }
}
