//! `job-scanner adapter`: commands for authors of adapters, and for operators who accept them. One
//! file per command.

mod accept;
mod build;
mod check;
mod detect;
mod inspect;
mod list;
mod new;
mod replay_report;
mod requests;
mod settings;
mod test;
mod watch;

use clap::Subcommand;

pub(super) use crate::cli::adapter::detect::{AddressArguments, Input, report_unrecognized};
pub(super) use crate::cli::adapter::settings::AdapterSettings;

/// The subcommands of `adapter`.
#[derive(Debug, Subcommand)]
pub(super) enum Options {
    /// List all adapters that can be found, and which of them may be used
    List(list::Options),
    /// Show an adapter and what it requests
    Inspect(inspect::Options),
    /// Approve adapters in their current version, with what they request
    Accept(accept::Options),
    /// Replay a scan from a cassette, or record one
    Test(test::Options),
    /// Create a starter project for an adapter
    New(new::Options),
    /// Build a project with the tools of its language
    Build(build::Options),
    /// Check that an adapter follows the contract
    Check(check::Options),
    /// Print the sources that read the boards at addresses
    Detect(detect::Options),
}

/// Runs a subcommand. The configuration is read at most once, and only by commands that need it.
pub(super) async fn run(
    options: &Options,
    settings: &dyn Fn() -> anyhow::Result<AdapterSettings>,
) -> anyhow::Result<u8> {
    match options {
        Options::List(options) => list::run(&settings()?, options).await,
        Options::Inspect(options) => inspect::run(settings, options).await,
        Options::Accept(options) => accept::run(settings, options).await,
        Options::Test(options) => test::run(&settings()?, options).await,
        Options::New(options) => new::run(options),
        Options::Build(options) => build::run(options).await,
        Options::Check(options) => check::run(&settings()?, options).await,
        Options::Detect(options) => detect::run(options),
    }
}
