//! `job-scanner db`: tending the database file.

use std::path::PathBuf;

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{RunLockHolder, SchemaState, Store};

use crate::cli::exit_code::GOOD;
use crate::cli::output::print;
use crate::cli::usage::path_argument;

/// The commands below `db`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Bring the tables up to date, after a copy of the file as it is
    Migrate,
    /// Copy everything into a new file, while others may go on using the database
    Backup {
        /// The file to make; it must not exist
        #[arg(value_parser = path_argument())]
        file: PathBuf,
    },
    /// Give back space that is no longer used
    Vacuum,
}

/// Tends a database that is there.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    // Opening brings the tables up to date, so what there was to do is read first.
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
            "unused space was given back".to_owned()
        }
    };
    store.close().await;

    print(&format!("{done}\n"))?;
    Ok(GOOD)
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
            "the database was up to date".to_owned()
        }
    }
}

async fn vacuum(store: &Store) -> anyhow::Result<()> {
    // It writes for as long as it takes, and scans would fail for waiting too long.
    let lock = store.try_run_lock(Clock::system().now())?;
    let _lock = match lock {
        Ok(lock) => lock,
        Err(RunLockHolder(holder)) => {
            anyhow::bail!(
                "a run is under way on this database ({holder}); try again when it has ended"
            )
        }
    };
    store.vacuum().await?;
    Ok(())
}
