//! `job-scanner db`: maintains the database.

use std::path::PathBuf;

use anyhow::Context as _;
use job_scanner_config::{Config, Home, read_database_url};
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{RunLock, RunLockHolder, SchemaState, Store};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::{UsageError, path_argument};

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
    /// Copy the database into another one, which must be empty
    Copy {
        /// Database to fill, such as `sqlite:jobs.db`; a missing file is created
        url: String,
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
        Options::Copy { url } => copy(&store, url).await?,
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

/// Copies into the database at this URL, which may contain a password: no message repeats it.
async fn copy(store: &Store, url: &str) -> anyhow::Result<String> {
    let url = read_database_url(url, &Home::of_process())
        .map_err(|error| UsageError(format!("the URL of the copy {error}")))?;
    let other = Store::open(&url)
        .await
        .context("cannot open the database to copy to")?;
    if other.is_same_database(store) {
        let wrong = "the URL of the copy is that of the database itself; name another one";
        return Err(UsageError(wrong.to_owned()).into());
    }

    // A run that writes meanwhile would be missing from the copy.
    let _lock = run_lock(store, "this database")?;
    let _other_lock = run_lock(&other, "the database to copy to")?;
    let copied = store.copy_to(&other).await?;

    // A commit may still be lost in a power failure, and the operator may delete the original now.
    other.sync().await?;
    other.close().await;

    Ok(format!(
        "{} rows of {} tables were copied; to use the copy, set DATABASE_URL to it",
        copied.rows, copied.tables
    ))
}

async fn vacuum(store: &Store) -> anyhow::Result<()> {
    // A vacuum may write for a long time, and scans would time out waiting for it.
    let _lock = run_lock(store, "this database")?;
    store.vacuum().await?;
    Ok(())
}

/// Takes the run lock, or says which run holds it.
fn run_lock(store: &Store, name: &str) -> anyhow::Result<RunLock> {
    let lock = store.try_run_lock(Clock::system().now())?;
    lock.map_err(|RunLockHolder(holder)| {
        anyhow::anyhow!("a run is in progress on {name} ({holder}); try again after it has ended")
    })
}
