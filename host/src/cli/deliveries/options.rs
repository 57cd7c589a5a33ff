//! `job-scanner deliveries`: its subcommands.

use job_scanner_config::Config;

use crate::cli::deliveries::{change, list, moving, show};
use crate::cli::queries::HistoryOptions;

/// The arguments of `deliveries`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<DeliveriesCommand>,

    #[command(flatten)]
    list: HistoryOptions,
}

/// The subcommands of `deliveries`.
#[derive(Debug, clap::Subcommand)]
enum DeliveriesCommand {
    /// Show the latest deliveries, as without a subcommand
    List(HistoryOptions),
    /// Show a delivery with its attempts, its jobs, and what was done with it
    Show(show::Options),
    /// Send deliveries again, under the same message ids: failed, abandoned or uncertain ones
    Retry(change::RetryOptions),
    /// End deliveries, so that they are never sent
    Drop(change::DropOptions),
    /// Send what waits for a channel, also a removed one, through another
    Move(moving::Options),
}

/// Runs a subcommand; without one, prints the latest deliveries.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    match &options.command {
        None => list::run(config, &options.list).await,
        Some(DeliveriesCommand::List(options)) => list::run(config, options).await,
        Some(DeliveriesCommand::Show(options)) => show::run(config, options).await,
        Some(DeliveriesCommand::Retry(options)) => change::retry(config, options).await,
        Some(DeliveriesCommand::Drop(options)) => change::drop(config, options).await,
        Some(DeliveriesCommand::Move(options)) => moving::run(config, options).await,
    }
}
