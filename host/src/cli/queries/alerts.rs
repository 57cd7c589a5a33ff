//! `job-scanner alerts`: notifications sent or queued.

use job_scanner_config::Config;
use job_scanner_store::AlertSummary;
use job_scanner_views::alerts;
use job_scanner_views::alerts::AlertView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};
use crate::cli::queries::database::read_store;
use crate::cli::queries::history_options::HistoryOptions;

/// Prints the latest alerts.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let alerts = read_store(config, async |store| {
        store.recent_alerts(options.limit).await
    })
    .await?;
    match options.format {
        Format::Json => {
            let views: Vec<AlertView<'_>> = alerts.iter().map(AlertView::from).collect();
            print_json(&views)?;
        }
        Format::Table => print(&render_text(&alerts))?,
    }
    Ok(SUCCESS)
}

fn render_text(alerts: &[AlertSummary]) -> String {
    Table::new(&alerts::COLUMNS, alerts.iter().map(alerts::row)).to_string()
}
