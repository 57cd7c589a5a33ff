//! `job-scanner deliveries retry` and `drop`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use jiff::Timestamp;
use job_scanner_config::Config;
use job_scanner_notify::take_back_leases;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{DeliveryId, Operation, OperationResult, Store};
use job_scanner_views::deliveries::{OperationView, operation_line};

use crate::cli::decide::{author, note};
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};

/// The arguments of `deliveries retry`.
#[derive(Debug, clap::Args)]
pub(super) struct RetryOptions {
    #[command(flatten)]
    which: Which,
}

/// The arguments of `deliveries drop`.
#[derive(Debug, clap::Args)]
pub(super) struct DropOptions {
    #[command(flatten)]
    which: Which,

    /// The reason, which is recorded with your name
    #[arg(long, value_name = "TEXT", value_parser = note)]
    reason: String,
}

/// The deliveries to change, and the output format.
#[derive(Debug, clap::Args)]
struct Which {
    /// Numbers of the deliveries, the first column of `deliveries`
    #[arg(value_name = "ID", required = true)]
    deliveries: Vec<i64>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

type Results = Vec<(DeliveryId, OperationResult)>;

/// Makes the deliveries due now. The exit code is 1 if one of them could not be changed.
pub(super) async fn retry(config: &Config, options: &RetryOptions) -> anyhow::Result<u8> {
    let (store, now) = open(config).await?;
    let mut results = Results::new();
    for delivery in options.which.ids() {
        let result = store.retry_delivery(delivery, &author(), now).await?;
        results.push((delivery, result));
    }
    store.close().await;
    options.which.show(Operation::Retried, &results)
}

/// Ends the deliveries. The exit code is 1 if one of them could not be changed.
pub(super) async fn drop(config: &Config, options: &DropOptions) -> anyhow::Result<u8> {
    let (store, now) = open(config).await?;
    let mut results = Results::new();
    for delivery in options.which.ids() {
        let reason = &options.reason;
        let result = store
            .drop_delivery(delivery, reason, &author(), now)
            .await?;
        results.push((delivery, result));
    }
    store.close().await;
    options.which.show(Operation::Dropped, &results)
}

/// Opens the database. The leases of processes that have ended do not keep a delivery.
async fn open(config: &Config) -> anyhow::Result<(Store, Timestamp)> {
    let store = Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")?;
    let now = Clock::system().now();
    take_back_leases(&store, now).await?;
    Ok((store, now))
}

impl Which {
    /// Returns each delivery once, in the order of the arguments.
    fn ids(&self) -> Vec<DeliveryId> {
        let mut seen = BTreeSet::new();
        let ids = self.deliveries.iter().copied();
        ids.filter(|id| seen.insert(*id))
            .map(DeliveryId::from)
            .collect()
    }

    fn show(&self, operation: Operation, results: &Results) -> anyhow::Result<u8> {
        let results = results.iter().copied();
        let is_done = results
            .clone()
            .all(|(_, result)| result == OperationResult::Done);
        match self.format {
            Format::Json => {
                let view = |(delivery, result)| OperationView::new(delivery, operation, result);
                print_json(&results.map(view).collect::<Vec<_>>())?;
            }
            Format::Table => {
                let line = |(delivery, result)| operation_line(delivery, operation, result) + "\n";
                print(&results.map(line).collect::<String>())?;
            }
        }
        Ok(if is_done { SUCCESS } else { FAILURE })
    }
}
