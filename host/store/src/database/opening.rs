//! Opening a database: from a URL to a store with an up-to-date schema, for scans and for commands
//! that only read.

use std::io;
use std::path::{Path, PathBuf};

use job_scanner_files::durable_file::{create_private, folder_of};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;

use crate::database::connections::{
    READERS, connect_options, open_writer, pool_options, writer_options,
};
use crate::database::database::{OpenedFiles, Store, journal_of};
use crate::database::migrations::MIGRATIONS;
use crate::driver::{Pool, Statement};
use crate::error::StoreError;
use crate::file::real_path;

impl Store {
    /// Opens the database that `url` names, such as `sqlite:data/job_scanner.db`. A relative path
    /// starts at the working directory. Creates the file and its folder if they are missing. Copies
    /// an existing file before it runs pending migrations.
    #[tracing::instrument(name = "store.database.open", skip_all)]
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &MIGRATIONS).await
    }

    pub(crate) async fn open_with(url: &str, migrator: &Migrator) -> Result<Self, StoreError> {
        // If the file is removed later, a replaced connection must not create a new one.
        let options = connect_options(url)?.create_if_missing(false);
        let file = options.get_filename().to_owned();

        // SQLite would create the file with the permissions that the umask allows.
        create_folder_of(&file)?;
        let real_file = real_path(&file)?;
        create_private(&real_file).map_err(|cause| StoreError::File {
            file: file.clone(),
            cause,
        })?;

        let readers =
            pool_options(READERS).connect_lazy_with(options.clone().pragma("query_only", "ON"));
        let readers = Pool::Sqlite(readers);
        let writer = open_writer(writer_options(options)).await;
        let writer = writer.map_err(|cause| StoreError::Open {
            file: file.clone(),
            cause: cause.into(),
        })?;

        let mut store = Self {
            writer,
            readers,
            opened: OpenedFiles {
                database: None,
                journal: None,
            },
            file: file.into(),
            real_file: real_file.into(),
        };

        // The copy comes first, since it has to contain the old schema.
        store.keep_copy_before_migrations(migrator).await?;
        store.migrate(migrator).await?;

        // The ids are read last: the journal exists only after a connection has read or written.
        store.open_all_readers().await?;
        store.opened =
            OpenedFiles::at(&store.real_file).map_err(|cause| store.unusable_file(cause))?;

        Ok(store)
    }

    /// Opens all readers by reading with each of them. A reader that has read keeps the journal in
    /// place, even while the writer's connection is replaced. A reader that is opened later could
    /// open another file at the same path and read it together with the old journal.
    async fn open_all_readers(&self) -> Result<(), StoreError> {
        // The readers are held until the end: the pool would hand out a returned one again.
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let mut reader = self.readers.acquire().await?;
            Statement::new("SELECT 1 FROM sqlite_schema")
                .execute(&mut reader)
                .await?;
            readers.push(reader);
        }

        Ok(())
    }

    /// Opens an existing database as [`Store::open`] does, for the maintenance commands.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoDatabase`] when the file does not exist. It is not created.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        if Self::file_exists(url)? {
            Self::open(url).await
        } else {
            Err(StoreError::NoDatabase {
                file: Self::file_of(url)?,
            })
        }
    }

    /// Opens an existing database as [`Store::open_existing`] does, for commands that only read. If
    /// the file or its folder is not writable, the file is opened read-only.
    ///
    /// # Errors
    ///
    /// Also [`StoreError::Behind`] when the file is read-only and its schema is of an older
    /// version.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        match Self::open_existing(url).await {
            Err(error) if error.is_permission_denied() => Self::open_read_only(url).await,
            opened => opened,
        }
    }

    /// Returns true if the file that `url` names exists.
    ///
    /// # Errors
    ///
    /// When the path is not a regular file, or cannot be examined.
    pub(crate) fn file_exists(url: &str) -> Result<bool, StoreError> {
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
            // SQLite reads a file in WAL mode only if the folder is writable or another process has
            // the file open. Without a journal the file is complete, so it can be opened as one
            // that does not change.
            Err(error) if error.is_permission_denied() && is_empty(&journal_of(&real_file)) => {
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

        let readers = pool_options(READERS).connect_with(options.clone()).await;
        let readers = readers
            .map(Pool::Sqlite)
            .map_err(|cause| StoreError::Open {
                file: file.clone(),
                cause: cause.into(),
            })?;
        let writer = Pool::Sqlite(pool_options(1).connect_lazy_with(options));
        let opened = OpenedFiles::at(real_file).map_err(|cause| StoreError::File {
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

    /// Returns the path that `url` leads to after all links are followed. Its folder must exist.
    ///
    /// # Errors
    ///
    /// When the path cannot be a database.
    pub fn real_file_of(url: &str) -> Result<PathBuf, StoreError> {
        real_path(connect_options(url)?.get_filename())
    }

    /// Returns the file that `url` names, which may be missing.
    ///
    /// # Errors
    ///
    /// When the URL does not name a file.
    pub fn file_of(url: &str) -> Result<PathBuf, StoreError> {
        Ok(connect_options(url)?.get_filename().to_owned())
    }

    /// Runs all pending migrations in one transaction, whose lock prevents a second process from
    /// running them too.
    async fn migrate(&self, migrator: &Migrator) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.migrate(migrator).await?;
        Ok(tx.commit().await?)
    }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::file::with_end;
    use crate::test_support::{TestStore, at, count, store};

    #[tokio::test]
    async fn a_new_database_and_its_companion_files_are_private() {
        let store = store().await;
        drop(store.try_run_lock(at("08:00:00")).unwrap().unwrap());
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

    /// A copy of the database in another folder, without a journal, like a closed database.
    async fn closed_copy(store: &TestStore) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("jobs.db");
        store.backup(&copy).await.unwrap();
        (folder, format!("sqlite:{}", copy.display()))
    }

    #[tokio::test]
    async fn a_read_only_database_is_read_without_creating_files() {
        let store = store().await;
        store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let (folder, url) = closed_copy(&store).await;

        let read_only = Store::open_read_only(&url).await.unwrap();

        assert_eq!(count(&read_only, "runs").await, 1);
        read_only
            .start_run(Trigger::Manual, at("08:01:00"))
            .await
            .unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_read_only_database_with_pending_migrations_is_refused() {
        let store = store().await;
        let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        Statement::new(newest)
            .execute(store.writer())
            .await
            .unwrap();
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
    async fn opening_an_existing_database_creates_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/jobs.db");
        let url = format!("sqlite:{}", file.display());
        let error = Store::open_existing(&url).await.unwrap_err();
        assert!(matches!(error, StoreError::NoDatabase { .. }), "{error}");
        assert!(!file.parent().unwrap().exists());
        Store::open(&url).await.unwrap().close().await;
        Store::open_existing(&url).await.unwrap();
    }

    #[tokio::test]
    async fn an_unsupported_url_is_refused_without_repeating_it() {
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
    async fn a_file_that_is_not_a_database_is_refused_by_name() {
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
    async fn a_database_with_an_unknown_migration_is_refused() {
        let store = store().await;
        Statement::new(
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
}
