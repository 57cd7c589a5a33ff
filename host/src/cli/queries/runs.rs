//! `job-scanner runs`: the latest runs and their results.

use job_scanner_config::Config;
use job_scanner_store::RunSummary;
use job_scanner_views::runs;
use job_scanner_views::runs::RunView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};
use crate::cli::queries::database::read_store;
use crate::cli::queries::history_options::HistoryOptions;

/// Prints the latest runs.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let runs = read_store(config, async |store| store.recent_runs(options.limit).await).await?;
    match options.format {
        Format::Json => {
            let views: Vec<RunView<'_>> = runs.iter().map(RunView::from).collect();
            print_json(&views)?;
        }
        Format::Table => print(&render_text(&runs))?,
    }
    Ok(SUCCESS)
}

fn render_text(runs: &[RunSummary]) -> String {
    Table::new(&runs::COLUMNS, runs.iter().map(runs::row)).to_string()
}
