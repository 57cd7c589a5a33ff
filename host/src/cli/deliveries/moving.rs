//! `job-scanner deliveries move`: sends what waits for one channel through another.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_notify::{Outbox, move_deliveries};
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::Store;
use job_scanner_views::deliveries::{MovedView, moved_line};

use crate::cli::decide::author;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, print, print_json};
use crate::startup::{Folders, channels, http_clients};

/// The arguments of `deliveries move`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Channel for which deliveries wait: its name in the configuration, also a former one, or an
    /// address
    #[arg(long, value_name = "CHANNEL")]
    from: String,

    /// Channel of the configuration that sends them instead
    #[arg(long, value_name = "CHANNEL")]
    to: String,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Moves the deliveries. The next run sends them.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let clients = http_clients(&config.advanced)?;
    let outbox = Outbox::new(Folders::of_process().outbox);
    let channels = channels(config, outbox, &clients)?;
    let store = Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")?;

    let now = Clock::system().now();
    let names = (options.from.as_str(), options.to.as_str());
    let moved = move_deliveries(&store, &channels, names, &author(), now).await;
    store.close().await;

    let moved = moved?;
    match options.format {
        Format::Json => print_json(&MovedView::from(&moved))?,
        Format::Table => print(&(moved_line(&moved, &options.to) + "\n"))?,
    }
    Ok(SUCCESS)
}
