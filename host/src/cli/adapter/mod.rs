//! `job-scanner adapter`: for authors of adapters, and operators who accept them. One file per
//! command.

mod accept;
mod asked;
mod build;
mod check;
mod detect;
mod inspect;
mod list;
mod new;
mod replay_report;
mod setting;
mod test;

use clap::Subcommand;

pub(super) use crate::cli::adapter::setting::Setting;

/// The commands below `adapter`.
#[derive(Debug, Subcommand)]
pub(super) enum Options {
    /// Show every adapter that can be found, and whether it may be used
    List(list::Options),
    /// Show what an adapter is and what it asks for
    Inspect(inspect::Options),
    /// Let adapters be used as they are now, with what they ask for
    Accept(accept::Options),
    /// Replay a scan from a cassette, or record one
    Test(test::Options),
    /// Begin an adapter: a small, complete project
    New(new::Options),
    /// Build a project, with its language's own tools
    Build(build::Options),
    /// Hold an adapter against the rules of the contract
    Check(check::Options),
    /// Find out which source reads the board behind an address
    Detect(detect::Options),
}

/// Runs one of them. The configuration is read once at most, and only by commands that need it.
pub(super) async fn run(
    options: &Options,
    setting: &dyn Fn() -> anyhow::Result<Setting>,
) -> anyhow::Result<u8> {
    match options {
        Options::List(options) => list::run(&setting()?, options).await,
        Options::Inspect(options) => inspect::run(setting, options).await,
        Options::Accept(options) => accept::run(setting, options).await,
        Options::Test(options) => test::run(&setting()?, options).await,
        Options::New(options) => new::run(options),
        Options::Build(options) => build::run(options).await,
        Options::Check(options) => check::run(&setting()?, options).await,
        Options::Detect(options) => detect::run(options),
    }
}
