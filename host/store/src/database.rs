//! The database file itself: opening it, its connections, bringing its tables up to date.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job_scanner_files::durable_file::{create_private, folder_of, sync_folder_of};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Sqlite, Transaction};

use crate::error::{StoreError, is_busy};
use crate::file::{FileId, real_path, with_end};

/// How long a statement waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two tries at what fails at once for being busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Readers never wait for the writer, so a few serve all scans of a run.
const READERS: u32 = 4;

/// How long a scan waits for its turn to write: as long as a whole scan may take.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Everything we remember, in one database file. Cheap to clone: the clones share their
/// connections.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    file: Arc<Path>,
    /// The name of the file after all links.
    real_file: Arc<Path>,
    /// The file as it was opened, and its journal, which stays for as long as a process has it
    /// open.
    opened: Opened,
}

/// The files that the connections of a store write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opened {
    database: Option<FileId>,
    journal: Option<FileId>,
}

impl Opened {
    fn at(file: &Path) -> io::Result<Self> {
        Ok(Self {
            database: FileId::of(file)?,
            journal: FileId::of(&journal_of(file))?,
        })
    }
}

impl Store {
    /// Opens the database that `url` names, such as `sqlite:data/job_scanner.db`; a relative path
    /// starts at the working directory. Creates the file and its folder where they are missing, and
    /// runs pending migrations, after a copy of what is there.
    #[tracing::instrument(name = "store.database.open", skip_all)]
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &MIGRATIONS).await
    }

    pub(crate) async fn open_with(url: &str, migrator: &Migrator) -> Result<Self, StoreError> {
        // A connection that is replaced later must not make another file where this one was.
        let options = connect_options(url)?.create_if_missing(false);
        let file = options.get_filename().to_owned();
        create_folder_of(&file)?;
        let real_file = real_path(&file)?;
        create_private(&real_file).map_err(|cause| StoreError::File {
            file: file.clone(),
            cause,
        })?;

        let readers = options.clone().pragma("query_only", "ON");
        let writer = writer_options(options);
        let unusable = |cause: sqlx::Error| StoreError::Open {
            file: file.clone(),
            cause: cause.into(),
        };
        let writer = open_writer(writer).await.map_err(unusable)?;
        let readers = pool_options(READERS).connect_lazy_with(readers);

        let mut store = Self {
            writer,
            readers,
            opened: Opened {
                database: None,
                journal: None,
            },
            file: file.into(),
            real_file: real_file.into(),
        };
        store.keep_copy_before(migrator).await?;
        store.migrate(migrator).await?;

        // All that have read keep the journal, also while a writer in doubt is replaced. One that
        // was opened later could open another file that has taken the place of this one, and read
        // it with this one's journal.
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let mut reader = store.readers.acquire().await?;
            sqlx::query("SELECT 1 FROM sqlite_schema")
                .execute(&mut *reader)
                .await?;
            readers.push(reader);
        }
        drop(readers);
        store.opened = Opened::at(&store.real_file).map_err(|cause| store.unusable_file(cause))?;
        Ok(store)
    }

    /// As [`Store::open`], for those who only want to tend what is there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Absent`] when there is no such file; none is created.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        if Self::is_there(url)? {
            Self::open(url).await
        } else {
            Err(StoreError::Absent {
                file: Self::file_of(url)?,
            })
        }
    }

    /// As [`Store::open_existing`], for those who only want to read. Where nothing can be written,
    /// the file is read as it is.
    ///
    /// # Errors
    ///
    /// Also [`StoreError::Behind`] when nothing can be written and its tables are those of an older
    /// version.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        match Self::open_existing(url).await {
            Err(error) if error.is_for_want_of_permission() => Self::open_read_only(url).await,
            opened => opened,
        }
    }

    /// Returns true if the file is there that `url` names.
    ///
    /// # Errors
    ///
    /// When something else is there, or it cannot be known.
    pub(crate) fn is_there(url: &str) -> Result<bool, StoreError> {
        let file = Self::file_of(url)?;
        let folder = folder_of(&file);
        match folder.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(StoreError::File { file, cause }),
            Ok(_) => Ok(real_path(&file)?.exists()),
        }
    }

    async fn open_read_only(url: &str) -> Result<Self, StoreError> {
        let options = connect_options(url)?
            .create_if_missing(false)
            .read_only(true);
        let real_file = real_path(options.get_filename())?;
        match Self::read_with(options.clone(), &real_file).await {
            // SQLite reads a file with a journal only where it can write beside it, or another
            // process has it open. Without a journal the file is whole, and taken as one that does
            // not change.
            Err(error)
                if error.is_for_want_of_permission() && is_empty(&journal_of(&real_file)) =>
            {
                Self::read_with(options.immutable(true), &real_file).await
            }
            opened => opened,
        }
    }

    async fn read_with(
        options: SqliteConnectOptions,
        real_file: &Path,
    ) -> Result<Self, StoreError> {
        let file = options.get_filename().to_owned();
        let unusable = |cause: sqlx::Error| StoreError::Open {
            file: file.clone(),
            cause: cause.into(),
        };
        let readers = pool_options(READERS)
            .connect_with(options.clone())
            .await
            .map_err(unusable)?;
        let writer = pool_options(1).connect_lazy_with(options);
        let opened = Opened::at(real_file).map_err(|cause| StoreError::File {
            file: file.clone(),
            cause,
        })?;
        let store = Self {
            writer,
            readers,
            opened,
            file: file.into(),
            real_file: real_file.into(),
        };
        store.check_schema().await?;
        Ok(store)
    }

    /// Makes sure that what we write can be found again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Replaced`] when the file that we have open, or the journal beside it, was
    /// removed or replaced: whatever is written to it is lost. [`StoreError::ForeignJournal`] when
    /// what is there now has the old journal beside it, and would be read with it.
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        let now = Opened::at(&self.real_file).map_err(|cause| self.unusable_file(cause))?;
        // A link that was put in its place leads other processes to another journal.
        if now == self.opened && real_path(&self.file)? == *self.real_file {
            return Ok(());
        }

        let file = self.file.to_path_buf();
        let is_another = now.database.is_some() && now.database != self.opened.database;
        if is_another && now.journal == self.opened.journal {
            return Err(StoreError::ForeignJournal { file });
        }
        Err(StoreError::Replaced { file })
    }

    /// Makes everything that was committed so far survive a power cut. Commits alone do not wait
    /// for the disk.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    #[tracing::instrument(name = "store.database.sync", skip_all)]
    pub async fn sync(&self) -> Result<(), StoreError> {
        let file = Arc::clone(&self.real_file);
        let synced = tokio::task::spawn_blocking(move || {
            // What is no longer in the journal was synced on its way from there.
            match File::open(journal_of(&file)) {
                Ok(journal) => journal.sync_all()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            sync_folder_of(&file)
        });
        let synced = synced.await.map_err(io::Error::other).flatten();
        synced.map_err(|cause| self.unusable_file(cause))
    }

    /// Returns true once the file was closed.
    pub fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }

    /// The file that `url` leads to after all links. Its folder has to be there.
    ///
    /// # Errors
    ///
    /// When it cannot be a database.
    pub fn real_file_of(url: &str) -> Result<PathBuf, StoreError> {
        real_path(connect_options(url)?.get_filename())
    }

    /// Waits for what is under way and closes the file. Whoever still holds a clone gets errors
    /// from then on.
    #[tracing::instrument(name = "store.database.close", skip_all)]
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Starts a transaction that may write. It has the write lock from its first moment, so that
    /// what it reads cannot change before it writes, and it never fails half-way for want of the
    /// lock. Dropped, it leaves nothing.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
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

    /// The database file, as the configuration names it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The one name that the database file has, however it was reached.
    pub(crate) fn real_file(&self) -> &Path {
        &self.real_file
    }

    fn unusable_file(&self, cause: io::Error) -> StoreError {
        StoreError::File {
            file: self.file.to_path_buf(),
            cause,
        }
    }

    /// The connections for reading. They see what was committed, and refuse to write.
    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// The connection for writing, for what cannot be in a transaction.
    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// One transaction around all pending migrations: its lock keeps a second process from running
    /// them as well.
    async fn migrate(&self, migrator: &Migrator) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        migrator.run_direct(None, &mut *tx, false).await?;
        Ok(tx.commit().await?)
    }
}

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

/// The file in which SQLite keeps what is not in the database file yet.
fn journal_of(file: &Path) -> PathBuf {
    with_end(file, "-wal")
}

fn is_empty(file: &Path) -> bool {
    file.metadata().map_or(true, |found| found.len() == 0)
}

fn create_folder_of(file: &Path) -> Result<(), StoreError> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|cause| StoreError::Folder {
        folder: folder.to_owned(),
        cause,
    })
}

/// Opens the writer's connection, which puts a new file into WAL mode. Of several processes that do
/// so at the same moment, all but one may be refused at once, whatever the timeout.
async fn open_writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match pool_options(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && begun.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await
            }
            opened => return opened,
        }
    }
}

/// Connections stay open: a file has no server that drops them, and opening one reads the schema.
/// Waiting for a turn is nothing to warn of: a first run over hundreds of boards queues for the one
/// connection that writes.
fn pool_options(connections: u32) -> SqlitePoolOptions {
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
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::Timestamp;
    use job_scanner_core::causes::with_causes;
    use sqlx::AssertSqlSafe;

    use super::*;
    use crate::DriverError;
    use crate::test_support::{TestStore, count, store};

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
    async fn a_write_without_room_costs_itself_alone_whichever_statement_it_strikes() {
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
    async fn a_database_that_is_removed_or_replaced_is_noticed_and_not_locked() {
        type Mishap = fn(&Path);
        let mishaps: [(&str, Mishap); 5] = [
            ("moved, with a link in its place", |file| {
                fs::rename(file, with_end(file, ".moved")).unwrap();
                std::os::unix::fs::symlink(with_end(file, ".moved"), file).unwrap();
            }),
            ("removed", |file| fs::remove_file(file).unwrap()),
            ("replaced", |file| {
                replace_with_copy(file);
                fs::remove_file(with_end(file, "-wal")).unwrap();
            }),
            ("without its journal", |file| {
                fs::remove_file(with_end(file, "-wal")).unwrap()
            }),
            ("without its folder", |file| {
                fs::remove_dir_all(file.parent().unwrap()).unwrap()
            }),
        ];
        for (name, mishap) in mishaps {
            let store = store().await;
            drop(store.try_run_lock(Timestamp::UNIX_EPOCH).unwrap().unwrap());
            mishap(store.file());
            let refused = store.try_run_lock(Timestamp::UNIX_EPOCH);
            assert!(
                matches!(refused, Err(StoreError::Replaced { .. })),
                "{name}: {refused:?}"
            );
        }
    }

    fn replace_with_copy(file: &Path) {
        fs::copy(file, with_end(file, ".copy")).unwrap();
        fs::rename(with_end(file, ".copy"), file).unwrap();
    }

    #[tokio::test]
    async fn a_database_that_is_replaced_beside_the_old_journal_says_what_to_remove() {
        let store = store().await;
        replace_with_copy(store.file());
        let refused = store.check_in_place().unwrap_err();
        assert!(
            matches!(refused, StoreError::ForeignJournal { .. }),
            "{refused}"
        );
        assert!(refused.to_string().contains("jobs.db-wal`"), "{refused}");
    }

    #[tokio::test]
    async fn a_database_reached_by_a_link_has_the_same_run_lock() {
        let store = store().await;
        let link = store.file().parent().unwrap().join("link.db");
        std::os::unix::fs::symlink(store.file(), &link).unwrap();
        let other = Store::open(&format!("sqlite:{}", link.display()))
            .await
            .unwrap();
        let _lock = store.try_run_lock(Timestamp::UNIX_EPOCH).unwrap().unwrap();
        other
            .try_run_lock(Timestamp::UNIX_EPOCH)
            .unwrap()
            .unwrap_err();
    }

    #[tokio::test]
    async fn a_run_lock_that_leads_elsewhere_is_refused_and_destroys_nothing() {
        let store = store().await;
        let victim = with_end(store.file(), ".victim");
        fs::write(&victim, "precious").unwrap();
        std::os::unix::fs::symlink(&victim, with_end(store.file(), ".lock")).unwrap();
        let refused = store.try_run_lock(Timestamp::UNIX_EPOCH).unwrap_err();
        assert!(matches!(refused, StoreError::RunLock { .. }), "{refused}");
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }

    #[tokio::test]
    async fn only_the_owner_may_read_a_new_database_and_what_lies_beside_it() {
        let store = store().await;
        drop(store.try_run_lock(Timestamp::UNIX_EPOCH).unwrap().unwrap());
        store.sync().await.unwrap();
        for end in ["", "-wal", "-shm", ".lock"] {
            let mode = with_end(store.file(), end)
                .metadata()
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "jobs.db{end}");
        }
    }

    /// The database alone in another folder, as a closed one is.
    async fn closed_copy(store: &TestStore) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("jobs.db");
        store.backup(&copy).await.unwrap();
        (folder, format!("sqlite:{}", copy.display()))
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_read_and_nothing_is_made_beside_it() {
        let store = store().await;
        let mut tx = store.begin().await.unwrap();
        insert_run(&mut tx, 2).await.unwrap();
        tx.commit().await.unwrap();
        let (folder, url) = closed_copy(&store).await;

        let read_only = Store::open_read_only(&url).await.unwrap();

        assert_eq!(count(&read_only, "runs").await, 1);
        insert_run(&mut read_only.begin().await.unwrap(), 2)
            .await
            .unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_file_of_an_older_version_that_cannot_be_written_says_what_to_do() {
        let store = store().await;
        let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        sqlx::query(newest).execute(store.writer()).await.unwrap();
        let (_folder, url) = closed_copy(&store).await;
        let refused = Store::open_read_only(&url).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::Behind { pending: 1 }),
            "{refused}"
        );
        assert!(refused.to_string().contains("db migrate"), "{refused}");
    }

    #[tokio::test]
    async fn a_missing_folder_is_created() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b/jobs.db");
        Store::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap();
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
        for url in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:",
            "sqlite://",
            "sqlite:jobs.db?mode=memory",
        ] {
            assert!(
                matches!(Store::open(url).await.unwrap_err(), StoreError::NoFile),
                "{url}"
            );
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        fs::write(
            &file,
            "not a database, but long enough to look like the header of one, or nearly so",
        )
        .unwrap();
        let error = Store::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("jobs.db"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn three_processes_may_open_a_new_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..10 {
            let url = format!(
                "sqlite:{}",
                folder.path().join(format!("{round}.db")).display()
            );
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
        assert!(matches!(
            store.reopen().await.unwrap_err(),
            StoreError::Newer { version: 9999 }
        ));
    }

    #[tokio::test]
    async fn a_dropped_transaction_leaves_nothing() {
        let store = store().await;
        let mut tx = store.begin().await.unwrap();
        sqlx::query("INSERT INTO runs (trigger, started_at) VALUES ('manual', '')")
            .execute(&mut *tx)
            .await
            .unwrap();
        drop(tx);
        assert_eq!(count(&store, "runs").await, 0);
    }
}
