//! `job-scanner deliveries list`: messages, and whether they arrived.

use std::fmt::Write as _;

use job_scanner_config::Config;
use job_scanner_store::DeliverySummary;
use job_scanner_views::deliveries;
use job_scanner_views::deliveries::DeliveryView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};
use crate::cli::queries::{HistoryOptions, read_store};

/// Prints the latest deliveries.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let limit = options.limit;
    let deliveries = read_store(config, async |store| store.recent_deliveries(limit).await).await?;
    match options.format {
        Format::Json => {
            let views: Vec<DeliveryView<'_>> = deliveries.iter().map(DeliveryView::from).collect();
            print_json(&views)?;
        }
        Format::Table => print(&render_text(&deliveries))?,
    }
    Ok(SUCCESS)
}

fn render_text(deliveries: &[DeliverySummary]) -> String {
    let rows = deliveries.iter().map(deliveries::row);
    let mut text = Table::new(&deliveries::COLUMNS, rows).to_string();
    for problem in deliveries.iter().filter_map(deliveries::problem) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{problem}");
    }
    text
}
