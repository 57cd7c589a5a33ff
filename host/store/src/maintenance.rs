//! Maintenance of the database file: the state of its schema, copies, and reclaiming unused space.
//!
//! SQLite itself writes a copy (`VACUUM INTO`), so the copy is consistent even while other
//! processes write.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use job_scanner_files::durable_file::{
    create_unfinished, folder_of, place_new, remove_abandoned, replace,
};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::NamedTempFile;

use crate::database::{MIGRATIONS, Store, connect_options, pool_options, writer_options};
use crate::driver::{Pool, Statement};
use crate::error::StoreError;
use crate::file::{real_path, with_end};
use crate::run_lock::probe_run_lock;

/// The number of copies from before migrations to keep.
const KEPT_COPIES: usize = 3;

/// The state of the schema of a database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// The file does not exist.
    NoDatabase { file: PathBuf },
    /// The schema is of an older version. Opening the file runs the `pending` migrations.
    Behind { pending: usize },
    /// The schema is up to date.
    Current,
}

impl Store {
    /// Returns the state of the schema without changing the file.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, or has a migration of a newer version.
    #[tracing::instrument(name = "store.database.inspect", skip_all)]
    pub async fn inspect(url: &str) -> Result<SchemaState, StoreError> {
        let options = connect_options(url)?
            .create_if_missing(false)
            .pragma("query_only", "ON");
        if !Self::file_exists(url)? {
            return Ok(SchemaState::NoDatabase {
                file: options.get_filename().to_owned(),
            });
        }

        let pool = connect(options).await?;
        let applied = applied_migrations(&pool).await;
        pool.close().await;

        state_of(&MIGRATIONS, &applied?)
    }

    /// Tries the operations of a run on an existing database: takes the run lock, migrates the
    /// schema, reads each table and writes a row. All changes are rolled back. Returns true if a
    /// run is in progress.
    ///
    /// # Errors
    ///
    /// When a run would fail.
    #[tracing::instrument(name = "store.database.probe", skip_all)]
    pub async fn probe(url: &str) -> Result<bool, StoreError> {
        let options = writer_options(connect_options(url)?.create_if_missing(false));
        let run_is_under_way = probe_run_lock(&real_path(options.get_filename())?)?;

        let tables = expected_tables().await?;

        // One transaction, which is rolled back, so that the probe leaves no trace.
        let pool = connect(options).await?;
        let mut tx = pool.begin().await?;
        tx.migrate(&MIGRATIONS).await?;
        for table in tables {
            let read = Statement::composed(format!("SELECT 1 FROM \"{table}\" LIMIT 1"));
            read.execute(&mut *tx).await?;
        }

        Statement::new("INSERT INTO runs (trigger, started_at) VALUES ('manual', '')")
            .execute(&mut *tx)
            .await?;
        tx.rollback().await?;

        let found: String = Statement::new("PRAGMA quick_check(1)")
            .fetch_value(&pool)
            .await?;
        pool.close().await;

        if found == "ok" {
            Ok(run_is_under_way)
        } else {
            Err(StoreError::Damaged { found })
        }
    }

    /// Checks that the schema is up to date, without changing it.
    pub(crate) async fn check_schema(&self) -> Result<(), StoreError> {
        let applied = applied_migrations(self.readers()).await?;
        match state_of(&MIGRATIONS, &applied)? {
            SchemaState::Behind { pending } => Err(StoreError::Behind { pending }),
            SchemaState::Current | SchemaState::NoDatabase { .. } => Ok(()),
        }
    }

    /// Copies the database into a new file, which only its owner can read.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] when the file already exists, or another backup created it first.
    #[tracing::instrument(name = "store.database.backup", skip_all)]
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let exists = || StoreError::Exists {
            file: to.to_owned(),
        };
        if to.symlink_metadata().is_ok() {
            return Err(exists());
        }

        let copy = self.copy_next_to(to).await?;
        place_new(copy, to).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => exists(),
            _ => copy_error(to, cause),
        })
    }

    /// Rebuilds the file without unused space.
    #[tracing::instrument(name = "store.database.vacuum", skip_all)]
    pub async fn vacuum(&self) -> Result<(), StoreError> {
        Statement::new("VACUUM").execute(self.writer()).await?;

        // Until the checkpoint the rebuilt pages are only in the write-ahead log.
        Statement::new("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(self.writer())
            .await?;

        Ok(())
    }

    /// Copies a file whose schema has pending migrations. The copy is named after the last
    /// migration that the file has: `jobs.db.schema-0001.bak`. The last three copies are kept. A
    /// new file is not copied.
    pub(crate) async fn keep_copy_before_migrations(
        &self,
        migrator: &Migrator,
    ) -> Result<(), StoreError> {
        let before = applied_migrations(self.writer()).await?;
        let Some(last) = before
            .iter()
            .max()
            .filter(|_| count_pending(migrator, &before) > 0)
        else {
            return Ok(());
        };

        let kept = with_end(self.file(), &format!(".schema-{last:04}.bak"));
        let copy = self.copy_next_to(&kept).await?;

        if applied_migrations(self.writer()).await? != before {
            // Another process has migrated the file meanwhile. It made a copy before that; this
            // copy may have the new schema.
            return Ok(());
        }

        replace(copy, &kept).map_err(|cause| copy_error(&kept, cause))?;
        tracing::info!(
            "migrating the database; a copy from before is in `{}`",
            kept.display()
        );
        remove_old_copies(self.file()).map_err(|cause| copy_error(&kept, cause))
    }

    /// Writes a copy under a temporary name next to `to`. Dropping it removes the file.
    async fn copy_next_to(&self, to: &Path) -> Result<NamedTempFile, StoreError> {
        remove_abandoned(to);
        let copy = create_unfinished(to).map_err(|cause| copy_error(to, cause))?;
        let Some(name) = copy.path().to_str() else {
            return Err(copy_error(
                to,
                io::Error::new(io::ErrorKind::InvalidInput, "the path is not UTF-8"),
            ));
        };

        // SQLite writes into an existing file if it is empty.
        Statement::new("VACUUM INTO $1")
            .bind(name)
            .execute(self.writer())
            .await?;

        Ok(copy)
    }
}

/// Returns the names of the tables and views of an up-to-date database.
async fn expected_tables() -> Result<Vec<String>, StoreError> {
    let fresh = connect(SqliteConnectOptions::new().in_memory(true)).await?;
    let mut connection = fresh.acquire().await?;
    connection.migrate(&MIGRATIONS).await?;

    let names = Statement::new("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
    let names = names.fetch_values(&mut connection).await?;
    drop(connection);
    fresh.close().await;

    Ok(names)
}

/// Opens one connection.
async fn connect(options: SqliteConnectOptions) -> Result<Pool, StoreError> {
    let file = options.get_filename().to_owned();
    let opened = pool_options(1).connect_with(options).await;
    opened.map(Pool::Sqlite).map_err(|cause| StoreError::Open {
        file,
        cause: cause.into(),
    })
}

fn state_of(migrator: &Migrator, applied: &[i64]) -> Result<SchemaState, StoreError> {
    if let Some(version) = applied
        .iter()
        .copied()
        .find(|version| !migrator.version_exists(*version))
    {
        return Err(StoreError::Newer { version });
    }

    let pending = count_pending(migrator, applied);
    Ok(if pending == 0 {
        SchemaState::Current
    } else {
        SchemaState::Behind { pending }
    })
}

/// Returns the versions of the applied migrations; empty for a new file.
async fn applied_migrations(pool: &Pool) -> Result<Vec<i64>, StoreError> {
    let known: Option<i64> =
        Statement::new("SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_optional_value(pool)
            .await?;
    if known.is_none() {
        return Ok(Vec::new());
    }

    Ok(
        Statement::new("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_values(pool)
            .await?,
    )
}

fn count_pending(migrator: &Migrator, applied: &[i64]) -> usize {
    migrator
        .iter()
        .filter(|migration| !applied.contains(&migration.version))
        .count()
}

fn remove_old_copies(file: &Path) -> io::Result<()> {
    let folder = folder_of(file);
    let prefix = with_end(file, ".schema-");
    let prefix = prefix.file_name().unwrap_or_default().as_encoded_bytes();
    let mut copies = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name();
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(prefix) && bytes.ends_with(b".bak") {
            copies.push(name);
        }
    }

    copies.sort_unstable();
    let surplus = copies.len().saturating_sub(KEPT_COPIES);
    copies
        .iter()
        .take(surplus)
        .try_for_each(|name| fs::remove_file(folder.join(name)))
}

fn copy_error(file: &Path, cause: io::Error) -> StoreError {
    StoreError::Copy {
        file: file.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::migrate::{Migration, MigrationType};

    use super::*;
    use crate::AlertKind;
    use crate::test_support::{count, job, scan, store};

    fn url(file: &Path) -> String {
        format!("sqlite:{}", file.display())
    }

    /// The real migrations and `more` later ones, each of which creates a table.
    fn later(more: i64) -> Migrator {
        let add = |number: i64| {
            let sql = sqlx::AssertSqlSafe(format!("CREATE TABLE later_{number} (id INTEGER)"));
            let sql = sqlx::SqlSafeStr::into_sql_str(sql);
            Migration::new(
                9_000 + number,
                "later".into(),
                MigrationType::Simple,
                sql,
                false,
            )
        };
        Migrator::with_migrations(
            MIGRATIONS
                .iter()
                .cloned()
                .chain((1..=more).map(add))
                .collect(),
        )
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
        names.sort_unstable();
        names
    }

    #[tokio::test]
    async fn a_backup_is_a_complete_database_and_overwrites_nothing() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.db");
        store.backup(&to).await.unwrap();
        assert_eq!(names(folder.path()), ["copy.db"]);
        assert_eq!(
            count(&Store::open(&url(&to)).await.unwrap(), "jobs").await,
            1
        );

        let taken = folder.path().join("taken");
        fs::write(&taken, "").unwrap();
        assert!(matches!(
            store.backup(&taken).await.unwrap_err(),
            StoreError::Exists { .. }
        ));
        assert_eq!(fs::read(&taken).unwrap(), b"");
        let nowhere = folder.path().join("none/copy.db");
        store.backup(&nowhere).await.unwrap_err();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_of_several_concurrent_backups_to_one_name_succeeds() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.db");
        // The remains of a killed backup.
        fs::write(folder.path().join(".other.db.x.job-scanner-part"), "half").unwrap();

        let (one, two, three) =
            tokio::join!(store.backup(&to), store.backup(&to), store.backup(&to));

        let kept = [&one, &two, &three]
            .into_iter()
            .filter(|backup| backup.is_ok())
            .count();
        assert_eq!(kept, 1, "{one:?} {two:?} {three:?}");
        for refused in [one, two, three].into_iter().filter_map(Result::err) {
            assert!(matches!(refused, StoreError::Exists { .. }), "{refused}");
        }
        assert_eq!(names(folder.path()), ["copy.db"]);
        assert_eq!(
            count(&Store::open(&url(&to)).await.unwrap(), "jobs").await,
            1
        );
    }

    #[tokio::test]
    async fn a_probe_reports_a_current_run_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        let store = Store::open(&url(&file)).await.unwrap();
        assert!(!Store::probe(&url(&file)).await.unwrap());
        assert_eq!(names(folder.path()), ["jobs.db"]);

        let _lock = store
            .try_run_lock(jiff::Timestamp::UNIX_EPOCH)
            .unwrap()
            .unwrap();
        assert!(Store::probe(&url(&file)).await.unwrap());
        assert_eq!(count(&store, "runs").await, 0);
    }

    #[tokio::test]
    async fn a_probe_finds_missing_foreign_and_damaged_tables() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        let store = Store::open(&url(&file)).await.unwrap();
        scan(
            &store,
            "acme",
            &(0..500).map(|n| job(&n.to_string(), 1)).collect::<Vec<_>>(),
            AlertKind::New,
        )
        .await;
        store.close().await;
        Store::probe(&url(&file)).await.unwrap();

        let damaged = folder.path().join("damaged.db");
        let mut bytes = fs::read(&file).unwrap();
        let half = bytes.len() / 2;
        bytes[half..half + 20 * 4096].fill(0xA5);
        fs::write(&damaged, bytes).unwrap();
        Store::probe(&url(&damaged)).await.unwrap_err();

        let foreign = folder.path().join("foreign.db");
        let theirs = SqliteConnectOptions::new()
            .filename(&foreign)
            .create_if_missing(true);
        let theirs = connect(theirs).await.unwrap();
        Statement::new("CREATE TABLE jobs (theirs TEXT)")
            .execute(&theirs)
            .await
            .unwrap();
        theirs.close().await;
        Store::probe(&url(&foreign)).await.unwrap_err();

        let ours = SqliteConnectOptions::new().filename(&file);
        let ours = connect(ours).await.unwrap();
        Statement::new("DROP TABLE attempts")
            .execute(&ours)
            .await
            .unwrap();
        ours.close().await;
        Store::probe(&url(&file)).await.unwrap_err();
    }

    #[tokio::test]
    async fn vacuuming_reclaims_space_and_keeps_the_rows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        let store = Store::open(&url(&file)).await.unwrap();
        scan(
            &store,
            "acme",
            &(0..500).map(|n| job(&n.to_string(), 1)).collect::<Vec<_>>(),
            AlertKind::New,
        )
        .await;
        Statement::new("DELETE FROM alerts WHERE job_id > 1")
            .execute(store.writer())
            .await
            .unwrap();
        Statement::new("DELETE FROM jobs WHERE job_id > 1")
            .execute(store.writer())
            .await
            .unwrap();
        store.vacuum().await.unwrap();
        let small = fs::metadata(&file).unwrap().len();
        assert_eq!(count(&store, "jobs").await, 1);
        let free: i64 = Statement::new("PRAGMA freelist_count")
            .fetch_value(store.writer())
            .await
            .unwrap();
        assert_eq!(free, 0);
        // Each table and each index has a page, about 80 in all. The rows took more than these.
        assert!(small < 400_000, "{small}");
    }

    #[tokio::test]
    async fn new_and_current_databases_are_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        for _ in 0..2 {
            Store::open_with(&url(&file), &MIGRATIONS)
                .await
                .unwrap()
                .close()
                .await;
        }
        assert_eq!(names(folder.path()), ["jobs.db"]);
    }

    #[tokio::test]
    async fn the_last_three_copies_from_before_migrations_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        let store = Store::open(&url(&file)).await.unwrap();
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        store.close().await;
        for more in 1..=5 {
            Store::open_with(&url(&file), &later(more))
                .await
                .unwrap()
                .close()
                .await;
        }
        let copies = names(folder.path());
        assert_eq!(
            copies,
            [
                "jobs.db",
                "jobs.db.schema-9002.bak",
                "jobs.db.schema-9003.bak",
                "jobs.db.schema-9004.bak"
            ]
        );
        let copy = SqliteConnectOptions::new().filename(folder.path().join(&copies[3]));
        let copy = connect(copy).await.unwrap();
        let tables: Vec<String> = Statement::new(
            "SELECT name FROM sqlite_schema WHERE name LIKE 'later_%' ORDER BY name",
        )
        .fetch_values(&copy)
        .await
        .unwrap();
        assert_eq!(tables, ["later_1", "later_2", "later_3", "later_4"]);
        let jobs: i64 = Statement::new("SELECT COUNT(*) FROM jobs")
            .fetch_value(&copy)
            .await
            .unwrap();
        assert_eq!(jobs, 1);
    }

    #[tokio::test]
    async fn inspecting_a_database_reports_its_schema_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        assert_eq!(
            Store::inspect(&url(&file)).await.unwrap(),
            SchemaState::NoDatabase { file: file.clone() }
        );
        assert_eq!(names(folder.path()), [""; 0]);

        Store::open(&url(&file)).await.unwrap().close().await;
        assert_eq!(
            Store::inspect(&url(&file)).await.unwrap(),
            SchemaState::Current
        );

        let store = Store::open_with(&url(&file), &later(1)).await.unwrap();
        let error = Store::inspect(&url(&file)).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { version: 9_001 }),
            "{error}"
        );
        Statement::new("DELETE FROM _sqlx_migrations")
            .execute(store.writer())
            .await
            .unwrap();
        let pending = MIGRATIONS.iter().count();
        assert_eq!(
            Store::inspect(&url(&file)).await.unwrap(),
            SchemaState::Behind { pending }
        );

        fs::write(
            folder.path().join("text"),
            "not a database, but long enough to look like the header of one",
        )
        .unwrap();
        Store::inspect(&url(&folder.path().join("text")))
            .await
            .unwrap_err();
    }
}
