//! `job-scanner jobs show`: everything that is stored about a job.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::key::JobKey;
use job_scanner_pipeline::clock::Clock;
use job_scanner_views::job_history;
use job_scanner_views::job_history::JobHistoryView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, print, print_json};
use crate::cli::queries::database::existing_store;

/// The arguments of `jobs show`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Key of the job, such as greenhouse/acme/4711: the last column of `jobs`
    #[arg(value_name = "KEY")]
    job: JobKey,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the job with its history.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let key = &options.job;
    let store = existing_store(config).await?;
    let found = store.job_history(key, Clock::system().now()).await?;
    store.close().await;

    let history = found.with_context(|| {
        format!("unknown job `{key}`; `job-scanner jobs` lists the stored jobs")
    })?;
    match options.format {
        Format::Json => print_json(&JobHistoryView::from(&history))?,
        Format::Table => print(&(job_history::lines(&history).join("\n") + "\n"))?,
    }
    Ok(SUCCESS)
}
