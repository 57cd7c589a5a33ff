//! `job-scanner deliveries show`: everything that is stored about a delivery.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_views::deliveries;
use job_scanner_views::deliveries::DeliveryHistoryView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, print, print_json};
use crate::cli::queries::existing_store;

/// The arguments of `deliveries show`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Number of the delivery, the first column of `deliveries`
    #[arg(value_name = "ID")]
    delivery: i64,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the delivery with its history.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let id = options.delivery;
    let store = existing_store(config).await?;
    let found = store.delivery_history(id.into()).await?;
    store.close().await;

    let history = found.with_context(|| {
        format!("delivery {id} does not exist; `job-scanner deliveries` lists the latest")
    })?;
    match options.format {
        Format::Json => print_json(&DeliveryHistoryView::from(&history))?,
        Format::Table => print(&(deliveries::history_lines(&history).join("\n") + "\n"))?,
    }
    Ok(SUCCESS)
}
