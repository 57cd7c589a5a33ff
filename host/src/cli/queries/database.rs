//! Access to the database for commands that only read it. None of these functions creates one.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_store::{Store, StoreError};

use crate::terminal::write_stderr_line;

/// Returns the result of `read`, or the default if there is no database yet.
pub(crate) async fn read_store<T: Default>(
    config: &Config,
    read: impl AsyncFnOnce(&Store) -> Result<T, StoreError>,
) -> anyhow::Result<T> {
    let Some(store) = store_if_any(config).await? else {
        return Ok(T::default());
    };
    let found = read(&store).await?;
    store.close().await;
    Ok(found)
}

/// Opens the database. If there is none yet, says so, which is not an error.
pub(crate) async fn store_if_any(config: &Config) -> anyhow::Result<Option<Store>> {
    match Store::open_to_read(&config.database_url).await {
        Err(missing @ StoreError::NoDatabase { .. }) => {
            write_stderr_line(missing);
            Ok(None)
        }
        opened => Ok(Some(opened.context("cannot open the database")?)),
    }
}

/// Opens a database that has to exist.
pub(crate) async fn existing_store(config: &Config) -> anyhow::Result<Store> {
    Store::open_to_read(&config.database_url)
        .await
        .context("cannot open the database")
}
