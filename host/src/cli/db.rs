//! `job-scanner db`: maintains the database file.

use std::path::PathBuf;

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{RunLockHolder, SchemaState, Store};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::path_argument;

/// The subcommands of `db`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Upgrade the database to this version, after backing it up
    Migrate,
    /// Copy the database into a new file, even while it is in use
    Backup {
        /// File to create; it must not exist
        #[arg(value_parser = path_argument())]
        file: PathBuf,
    },
    /// Reclaim unused space
    Vacuum,
}

/// Maintains an existing database.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    // The pending migrations are read first, because opening the database runs them.
    let before = Store::inspect(&config.database_url)
        .await
        .context("cannot open the database")?;
    let store = Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")?;

    let done = match options {
        Options::Migrate => migrated(&before),
        Options::Backup { file } => {
            store.backup(file).await?;
            format!("the database was copied to `{}`", file.display())
        }
        Options::Vacuum => {
            vacuum(&store).await?;
            "unused space was reclaimed".to_owned()
        }
    };
    store.close().await;

    print(&format!("{done}\n"))?;
    Ok(SUCCESS)
}

fn migrated(before: &SchemaState) -> String {
    match before {
        SchemaState::Behind { pending: 1 } => {
            "the database is up to date: 1 migration was run".to_owned()
        }
        SchemaState::Behind { pending } => {
            format!("the database is up to date: {pending} migrations were run")
        }
        SchemaState::Current | SchemaState::NoDatabase { .. } => {
            "the database is already up to date".to_owned()
        }
    }
}

async fn vacuum(store: &Store) -> anyhow::Result<()> {
    // A vacuum may write for a long time, and scans would time out waiting for it.
    let lock = store.try_run_lock(Clock::system().now())?;
    let _lock = match lock {
        Ok(lock) => lock,
        Err(RunLockHolder(holder)) => {
            anyhow::bail!(
                "a run is in progress on this database ({holder}); try again after it has ended"
            )
        }
    };
    store.vacuum().await?;
    Ok(())
}
