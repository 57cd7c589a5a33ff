//! The connections to a database file: one that writes and a few that read, with the settings that
//! make them wait for other processes.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::error::{StoreError, is_busy};

/// How long a statement waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two tries at what fails at once for being busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Readers never wait for the writer, so a few serve all scans of a run.
pub(super) const READERS: u32 = 4;

/// How long a scan waits for its turn to write: as long as a whole scan may take.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What a URL asks for, provided that it names a file.
pub(crate) fn connect_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return Err(StoreError::NotSqlite);
    };

    let in_memory = rest.contains(":memory:") || rest.contains("mode=memory");
    let options =
        SqliteConnectOptions::from_str(url).map_err(|cause| StoreError::Url(cause.into()))?;
    if in_memory || options.get_filename().as_os_str().is_empty() {
        return Err(StoreError::NoFile);
    }

    Ok(options
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT))
}

/// The options of the one connection that writes, for a run and for a rehearsal of one.
pub(crate) fn writer_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
}

/// Opens the writer's connection, which puts a new file into WAL mode. Of several processes that do
/// so at the same moment, all but one may be refused at once, whatever the timeout.
pub(super) async fn open_writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match pool_options(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// Connections stay open: a file has no server that drops them, and opening one reads the schema.
/// Waiting for a turn is nothing to warn of: a first run over hundreds of boards queues for the one
/// connection that writes.
pub(super) fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(LONGEST_WAIT)
        .acquire_slow_threshold(LONGEST_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            // Where a commit failed for want of room, SQLite has rolled back by itself, and the
            // driver's own attempt at it fails: it believes in a transaction that is over, for
            // ever. Another connection takes its place.
            let in_doubt = connection.is_in_transaction();
            Box::pin(async move { Ok(!in_doubt) })
        })
}

#[cfg(test)]
mod tests {
    use job_scanner_core::causes::with_causes;
    use sqlx::{AssertSqlSafe, Sqlite, Transaction};

    use super::*;
    use crate::test_support::{count, store};
    use crate::{DriverError, Store};

    async fn insert_run(
        tx: &mut Transaction<'static, Sqlite>,
        bytes: i64,
    ) -> Result<(), sqlx::Error> {
        let insert =
            sqlx::query("INSERT INTO runs (trigger, started_at) VALUES (hex(zeroblob($1)), '')");
        insert.bind(bytes / 2).execute(&mut **tx).await.map(drop)
    }

    /// Lets the database grow by so many pages; writes more than that in three statements.
    async fn write_with_room(store: &Store, pages: i64) -> Result<(), StoreError> {
        let there: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(store.writer())
            .await
            .unwrap();
        let limit = AssertSqlSafe(format!("PRAGMA max_page_count = {}", there + pages));
        sqlx::query(limit).execute(store.writer()).await.unwrap();
        let mut tx = store.begin().await?;
        for _ in 0..3 {
            insert_run(&mut tx, 12_000).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn make_room(store: &Store) {
        sqlx::query("PRAGMA max_page_count = 1000000")
            .execute(store.writer())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_fails_only_the_current_transaction() {
        let store = store().await;
        for pages in 0..9 {
            let before = count(&store, "runs").await;
            let error = write_with_room(&store, pages)
                .await
                .expect_err("there was room for all of it");
            assert!(
                with_causes(&error).ends_with("its disk is full; make room there"),
                "{}",
                with_causes(&error)
            );
            assert_eq!(count(&store, "runs").await, before, "nothing of it is left");

            make_room(&store).await;
            let mut tx = store
                .begin()
                .await
                .unwrap_or_else(|error| panic!("after {pages} pages: {error}"));
            insert_run(&mut tx, 2).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(count(&store, "runs").await, before + 1);
            store.check_in_place().unwrap();
        }
    }

    #[tokio::test]
    async fn the_file_is_in_wal_mode_with_foreign_keys() {
        let store = store().await;
        for (pragma, expected) in [
            ("synchronous", 1),
            ("foreign_keys", 1),
            ("busy_timeout", 10_000),
        ] {
            let value: i64 = sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA {pragma}")))
                .fetch_one(&store.writer)
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(store.readers())
            .await
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let store = store().await;
        let error = sqlx::query("DELETE FROM runs")
            .execute(store.readers())
            .await
            .unwrap_err();
        assert_eq!(
            DriverError::from(error).to_string(),
            "it cannot be written to; let us write to it and its folder"
        );
    }
}
