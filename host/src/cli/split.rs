//! `job-scanner jobs split`: takes a job out of the postings of its vacancy.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::key::JobKey;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{Split, Store};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;

/// The arguments of `jobs split`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Key of the job, such as greenhouse/acme/4711: the last column of `jobs`
    #[arg(value_name = "KEY")]
    job: JobKey,
}

/// Takes the job out and prints where it is now.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let store = Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")?;
    let split = store.split_job(&options.job, Clock::system().now()).await?;
    store.close().await;

    let key = &options.job;
    let split = split.with_context(|| {
        format!("unknown job `{key}`; `job-scanner jobs` lists the stored jobs")
    })?;
    print(&format!("{}\n", describe(key, split)))?;
    Ok(SUCCESS)
}

fn describe(key: &JobKey, split: Split) -> String {
    match split {
        Split::TakenOut { cluster, left } => {
            let left = counted(left, "other job stays", "other jobs stay");
            format!(
                "`{key}` is alone in cluster {cluster} permanently; {left} in its former cluster"
            )
        }
        Split::Alone { cluster } => {
            format!("`{key}` was alone in cluster {cluster}, and no other job will join it")
        }
        Split::WasApart { cluster } => {
            format!("`{key}` is alone in cluster {cluster} already, and no other job will join it")
        }
    }
}
