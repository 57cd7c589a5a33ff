//! The database file itself: opening it, its connections, bringing its tables up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use super::error::{StoreError, is_busy};

/// How long a statement waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two tries at what fails at once for being busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Readers never wait for the writer, so a few serve all scans of a run.
const READERS: u32 = 4;

/// How long a scan waits for its turn to write: as long as a whole scan may take.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

/// Everything we remember, in one database file. Cheap to clone: the clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    file: Arc<Path>,
}

impl Store {
    /// Opens the database that `url` names, such as `sqlite:data/job_scanner.db`; a relative path starts at the
    /// working directory. Creates the file and its folder where they are missing, and runs pending migrations, after a
    /// copy of what is there.
    #[tracing::instrument(name = "store.database.open", skip_all)]
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &MIGRATIONS).await
    }

    pub(super) async fn open_with(url: &str, migrator: &Migrator) -> Result<Self, StoreError> {
        let options = connect_options(url)?;
        let file = options.get_filename().to_owned();
        create_folder_of(&file)?;

        let readers = options.clone().create_if_missing(false).pragma("query_only", "ON");
        let writer = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
        let unusable = |cause: sqlx::Error| StoreError::Open { file: file.clone(), cause: cause.into() };
        let writer = open_writer(writer).await.map_err(unusable)?;
        let readers = pool_options(READERS).connect_lazy_with(readers);
        let store = Self { writer, readers, file: file.clone().into() };
        store.keep_copy_before(migrator, &file).await?;
        store.migrate(migrator).await?;
        Ok(store)
    }

    /// As [`Store::open`], for those who only want to read or tend what is there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is no such file; none is created.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        let file = Self::file_of(url)?;
        if file.is_file() { Self::open(url).await } else { Err(StoreError::Absent { file }) }
    }

    /// Waits for what is under way and closes the file. Whoever still holds a clone gets errors from then on.
    #[tracing::instrument(name = "store.database.close", skip_all)]
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Starts a transaction that may write. It has the write lock from its first moment, so that what it reads cannot
    /// change before it writes, and it never fails half-way for want of the lock. Dropped, it leaves nothing.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The file that `url` names, whether it is there or not.
    ///
    /// # Errors
    ///
    /// When it names none.
    pub fn file_of(url: &str) -> Result<PathBuf, StoreError> {
        Ok(connect_options(url)?.get_filename().to_owned())
    }

    /// The database file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The connections for reading. They see what was committed, and refuse to write.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// The connection for writing, for what cannot be in a transaction.
    pub(super) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// One transaction around all pending migrations: its lock keeps a second process from running them as well.
    async fn migrate(&self, migrator: &Migrator) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        migrator.run_direct(None, &mut *tx, false).await?;
        Ok(tx.commit().await?)
    }
}

/// What a URL asks for, provided that it names a file.
pub(super) fn connect_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Err(StoreError::NotSqlite) };
    let in_memory = rest.contains(":memory:") || rest.contains("mode=memory");
    let options = SqliteConnectOptions::from_str(url).map_err(|cause| StoreError::Url(cause.into()))?;
    if in_memory || options.get_filename().as_os_str().is_empty() {
        return Err(StoreError::NoFile);
    }
    Ok(options.create_if_missing(true).foreign_keys(true).busy_timeout(BUSY_TIMEOUT))
}

fn create_folder_of(file: &Path) -> Result<(), StoreError> {
    let Some(folder) = file.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|cause| StoreError::Folder { folder: folder.to_owned(), cause })
}

/// Opens the writer's connection, which puts a new file into WAL mode. Of several processes that do so at the same
/// moment, all but one may be refused at once, whatever the timeout.
async fn open_writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match pool_options(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => tokio::time::sleep(BUSY_PAUSE).await,
            opened => return opened,
        }
    }
}

/// Connections stay open: a file has no server that drops them, and opening one reads the schema. Waiting for a turn is
/// nothing to warn of: a first run over hundreds of boards queues for the one connection that writes.
fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(LONGEST_WAIT)
        .acquire_slow_threshold(LONGEST_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{count, store};
    use super::*;

    #[tokio::test]
    async fn a_missing_folder_is_created() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b/jobs.db");
        Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
        assert!(file.is_file());
    }

    #[tokio::test]
    async fn whoever_only_reads_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/jobs.db");
        let url = format!("sqlite:{}", file.display());
        let error = Store::open_existing(&url).await.unwrap_err();
        assert!(matches!(error, StoreError::Absent { .. }), "{error}");
        assert!(!file.parent().unwrap().exists());
        Store::open(&url).await.unwrap().close().await;
        Store::open_existing(&url).await.unwrap();
    }

    #[tokio::test]
    async fn the_file_is_in_wal_mode_with_foreign_keys() {
        let store = store().await;
        for (pragma, expected) in [("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)] {
            let value: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("PRAGMA {pragma}")))
                .fetch_one(&store.writer)
                .await
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(store.readers()).await.unwrap();
        assert_eq!(mode, "wal");
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let store = store().await;
        let error = sqlx::query("DELETE FROM runs").execute(store.readers()).await.unwrap_err();
        assert!(error.to_string().contains("readonly"), "{error}");
    }

    #[tokio::test]
    async fn another_kind_of_url_is_refused_without_repeating_it() {
        for url in ["postgres://me:hunter2@db.example/jobs", "data/jobs.db", ""] {
            let error = Store::open(url).await.unwrap_err();
            assert!(matches!(error, StoreError::NotSqlite), "{url}");
            assert!(error.to_string().contains("write `sqlite:`"));
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn a_database_without_a_file_is_refused() {
        for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite:", "sqlite://", "sqlite:jobs.db?mode=memory"] {
            assert!(matches!(Store::open(url).await.unwrap_err(), StoreError::NoFile), "{url}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        std::fs::write(&file, "not a database, but long enough to look like the header of one, or nearly so").unwrap();
        let error = Store::open(&format!("sqlite:{}", file.display())).await.unwrap_err();
        assert!(error.to_string().contains("jobs.db"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn three_processes_may_open_a_new_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..10 {
            let url = format!("sqlite:{}", folder.path().join(format!("{round}.db")).display());
            let open = |url: String| tokio::spawn(async move { Store::open(&url).await.map(drop) });
            let (one, two, three) = tokio::join!(open(url.clone()), open(url.clone()), open(url));
            one.unwrap().and(two.unwrap()).and(three.unwrap()).unwrap();
        }
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_says_so() {
        let store = store().await;
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'later', 1, x'00', 0)",
        )
        .execute(&store.writer)
        .await
        .unwrap();
        assert!(matches!(store.reopen().await.unwrap_err(), StoreError::Newer { version: 9999 }));
    }

    #[tokio::test]
    async fn a_dropped_transaction_leaves_nothing() {
        let store = store().await;
        let mut tx = store.begin().await.unwrap();
        sqlx::query("INSERT INTO runs (trigger, started_at) VALUES ('manual', '')").execute(&mut *tx).await.unwrap();
        drop(tx);
        assert_eq!(count(&store, "runs").await, 0);
    }
}
