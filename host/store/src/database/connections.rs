//! The connections to a database file: one for writing and a few for reading, with timeouts for
//! locks that other processes hold.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::driver::Pool;
use crate::error::{StoreError, is_busy};

/// The time that a statement waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause between two attempts at an operation that SQLite refuses as busy without waiting.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// The number of connections for reading. Readers never wait for the writer, so a few are enough
/// for all scans of a run.
pub(super) const READERS: u32 = 4;

/// The time that a scan waits for a connection: as long as a whole scan may take.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// Parses a database URL. Rejects one that does not name a file.
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

/// Adds the options of the connection that writes, for a run and for a probe.
pub(crate) fn writer_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
}

/// Opens the writer's connection, which switches a new file to WAL mode. When several processes do
/// so at the same time, SQLite may reject all but one as busy without waiting for the timeout, so
/// this retries.
pub(super) async fn open_writer(options: SqliteConnectOptions) -> Result<Pool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match pool_options(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            opened => return opened.map(Pool::Sqlite),
        }
    }
}

/// Returns the options of a connection pool. Connections stay open: no server closes them, and
/// opening one reads the schema. Slow acquisition is not logged: in a first run, hundreds of boards
/// wait for the one connection that writes.
pub(crate) fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(LONGEST_WAIT)
        .acquire_slow_threshold(LONGEST_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            // When a commit fails on a full disk, SQLite rolls the transaction back itself. The
            // driver's own rollback then fails, and the driver considers the transaction open
            // forever. Rejecting the connection makes the pool open another one.
            let in_doubt = connection.is_in_transaction();
            Box::pin(async move { Ok(!in_doubt) })
        })
}

#[cfg(test)]
mod tests {
    use job_scanner_core::causes::with_causes;

    use super::*;
    use crate::driver::{Statement, Transaction};
    use crate::test_support::{count, store};
    use crate::{DriverError, Store};

    async fn insert_run(tx: &mut Transaction, bytes: i64) -> Result<(), sqlx::Error> {
        let insert =
            Statement::new("INSERT INTO runs (trigger, started_at) VALUES (hex(zeroblob($1)), '')");
        insert.bind(bytes / 2).execute(tx).await.map(drop)
    }

    /// Lets the database grow by at most `pages` pages, and writes more than that in three
    /// statements.
    async fn write_with_room(store: &Store, pages: i64) -> Result<(), StoreError> {
        let there: i64 = Statement::new("PRAGMA page_count")
            .fetch_value(store.writer())
            .await
            .unwrap();
        let limit = format!("PRAGMA max_page_count = {}", there + pages);
        Statement::composed(limit)
            .execute(store.writer())
            .await
            .unwrap();
        let mut tx = store.begin().await?;
        for _ in 0..3 {
            insert_run(&mut tx, 12_000).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn make_room(store: &Store) {
        Statement::new("PRAGMA max_page_count = 1000000")
            .execute(store.writer())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_fails_only_the_current_transaction() {
        let store = store().await;
        // Migrations leave free pages, which the file could be filled with.
        Statement::new("VACUUM")
            .execute(store.writer())
            .await
            .unwrap();
        for pages in 0..9 {
            let before = count(&store, "runs").await;
            let error = write_with_room(&store, pages)
                .await
                .expect_err("there was room for all of it");
            assert!(
                with_causes(&error).ends_with("the disk is full; free some space"),
                "{}",
                with_causes(&error)
            );
            assert_eq!(
                count(&store, "runs").await,
                before,
                "the transaction is rolled back"
            );

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
            let value: i64 = Statement::composed(format!("PRAGMA {pragma}"))
                .fetch_value(&store.writer)
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
        let mode: String = Statement::new("PRAGMA journal_mode")
            .fetch_value(store.readers())
            .await
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let store = store().await;
        let error = Statement::new("DELETE FROM runs")
            .execute(store.readers())
            .await
            .unwrap_err();
        assert_eq!(
            DriverError::from(error).to_string(),
            "the file is read-only; make it and its folder writable"
        );
    }
}
