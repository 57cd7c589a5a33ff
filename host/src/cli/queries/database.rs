//! The database, for commands that only look into it: none of these creates one.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_store::{Store, StoreError};

use crate::terminal::say_line;

/// Returns what `read` finds; nothing where there is no database yet.
pub(crate) async fn stored<T: Default>(
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

/// Opens the database. That there is none yet is said, and is not an error.
pub(crate) async fn store_if_any(config: &Config) -> anyhow::Result<Option<Store>> {
    match Store::open_to_read(&config.database_url).await {
        Err(absent @ StoreError::NoDatabase { .. }) => {
            say_line(absent);
            Ok(None)
        }
        opened => Ok(Some(opened.context("cannot open the database")?)),
    }
}

/// Opens a database that has to be there.
pub(crate) async fn existing_store(config: &Config) -> anyhow::Result<Store> {
    Store::open_to_read(&config.database_url)
        .await
        .context("cannot open the database")
}
