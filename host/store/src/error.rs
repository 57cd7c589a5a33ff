//! The errors of the store.
//!
//! The driver's error type is private: callers see the failed operation, with a [`DriverError`] as
//! its cause.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use sqlx::migrate::MigrateError;

/// The reason why an operation of the store failed. A row that is not found is `None`, not an
/// error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names another kind of database. It is not repeated, since it may contain a password.
    #[error(
        "the database URL does not start with `sqlite:`, and no other database is supported; {USE_A_FILE}"
    )]
    NotSqlite,
    /// The URL names a database in memory. Each connection would get a separate one, and it would
    /// be lost when the process ends.
    #[error("the database URL names no file (a database in memory is not supported); {USE_A_FILE}")]
    NoFile,
    /// The URL starts with `sqlite:` and is invalid after that.
    #[error("the database URL is invalid; {USE_A_FILE}")]
    Url(#[source] DriverError),
    /// The folder of the database file is missing and cannot be created.
    #[error("could not create the database folder `{}`; make its parent folder writable, or set DATABASE_URL to another file", folder.display())]
    Folder {
        folder: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// The file does not exist, and only a scan creates it.
    #[error("the database `{}` does not exist yet; the first scan creates it", file.display())]
    NoDatabase { file: PathBuf },
    /// A copy would overwrite an existing file.
    #[error("`{}` already exists; name a file that does not exist", file.display())]
    Exists { file: PathBuf },
    /// A copy of the database could not be written.
    #[error("could not write a copy of the database to `{}`; check the free space and the permissions there", file.display())]
    Copy {
        file: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// The path cannot be used as a database file.
    #[error("cannot use `{}` as the database", file.display())]
    File {
        file: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// The open file was replaced or removed.
    #[error(
        "the database `{}` was replaced or removed while it was in use; anything written to it now would be lost \
         (docs/database.md describes how to restore a backup)",
        file.display()
    )]
    Replaced { file: PathBuf },
    /// The open file was replaced by another one, and the old journal is next to the new file.
    #[error(
        "the database `{0}` was replaced while it was in use, and the journal of the old one is still there; stop \
         job-scanner, remove `{0}-wal` and `{0}-shm`, and start it again (docs/database.md)",
        file.display()
    )]
    ForeignJournal { file: PathBuf },
    /// The schema is of an older version, and the file cannot be migrated because it is read-only.
    #[error(
        "the schema of the database is out of date, and the file is read-only; run `job-scanner db migrate` as a user with \
         write permission"
    )]
    Behind {
        /// The number of pending migrations.
        pending: usize,
    },
    /// The file cannot be opened as a database.
    #[error("could not open the database `{}`; make the file and its folder readable and writable, or set DATABASE_URL to another file", file.display())]
    Open {
        file: PathBuf,
        #[source]
        cause: DriverError,
    },
    /// The lock file next to the database cannot be used.
    #[error("could not lock `{}`; make the file and its folder writable", file.display())]
    RunLock {
        file: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// The database has a migration of a newer version of the program.
    #[error(
        "the database has migration {version}, which this version does not know; run a newer job-scanner"
    )]
    Newer {
        /// The number of the unknown migration.
        version: i64,
    },
    /// SQLite's check found the file damaged.
    #[error("the database is damaged ({found}); restore a backup (docs/database.md)")]
    Damaged {
        /// The first fault that SQLite found.
        found: String,
    },
    /// A migration failed and was rolled back.
    #[error("could not migrate the database; it is unchanged")]
    Migration(#[source] DriverError),
    /// A statement failed. Its transaction was rolled back.
    #[error("a database operation failed")]
    Database(#[from] DriverError),
    /// A value cannot be written as JSON.
    #[error("could not write `{column}` as JSON")]
    Json {
        /// The column that the value was meant for.
        column: &'static str,
        #[source]
        cause: serde_json::Error,
    },
    /// A row contains a value that this program never writes.
    #[error("row {id} of table `{table}` is corrupt: column `{column}`: {reason}")]
    Corrupt {
        table: &'static str,
        column: &'static str,
        id: i64,
        reason: String,
    },
    /// An expected row is missing: another program has changed the database.
    #[error("row {id} of table `{table}` is missing: another program has changed the database")]
    RowMissing { table: &'static str, id: i64 },
}

const USE_A_FILE: &str = "write `sqlite:` and a path, such as `sqlite:data/job_scanner.db`";

/// An error of the database driver.
pub struct DriverError(sqlx::Error);

/// Returns true if another process holds a required lock (`SQLITE_BUSY`).
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(5)
}

/// Returns the cause and the remedy in plain words, for the errors of an intact file.
fn advice(error: &sqlx::Error) -> Option<&'static str> {
    Some(match primary_code(error)? {
        5 => "another process keeps the file locked; try again when it has finished",
        8 => "the file is read-only; make it and its folder writable",
        10 => {
            "the disk failed or is full; free some space, and check the disk if that does not help"
        }
        13 => "the disk is full; free some space",
        _ => return None,
    })
}

/// Returns SQLite's primary [result code](https://sqlite.org/rescode.html).
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (advice(&self.0), self.0.as_database_error()) {
            (Some(words), _) => f.write_str(words),
            // The driver repeats its message as its own cause.
            (None, Some(refused)) => f.write_str(refused.message()),
            (None, None) => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for DriverError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if self.0.as_database_error().is_some() {
            None
        } else {
            self.0.source()
        }
    }
}

impl StoreError {
    /// Returns true if the database was replaced or removed, so that the caller may open the same
    /// path again.
    pub fn is_replaced(&self) -> bool {
        matches!(self, Self::Replaced { .. })
    }

    /// Returns true if the file or its folder is not writable. The file may still be readable.
    pub(crate) fn is_permission_denied(&self) -> bool {
        match self {
            Self::Folder { cause, .. } | Self::File { cause, .. } | Self::Copy { cause, .. } => {
                matches!(
                    cause.kind(),
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
                )
            }
            // SQLITE_READONLY and SQLITE_CANTOPEN.
            Self::Open { cause, .. } | Self::Database(cause) | Self::Migration(cause) => {
                matches!(primary_code(&cause.0), Some(8 | 14))
            }
            _ => false,
        }
    }
}

impl From<sqlx::Error> for DriverError {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => Self::Newer { version },
            other => Self::Migration(sqlx::Error::from(other).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::causes::with_causes;

    use crate::driver::Statement;
    use crate::test_support::store;

    #[tokio::test]
    async fn a_locked_database_is_reported_in_plain_words() {
        let first = store().await;
        let second = first.reopen().await.unwrap();
        let _writing = first.begin().await.unwrap();
        Statement::new("PRAGMA busy_timeout = 0")
            .execute(second.writer())
            .await
            .unwrap();
        let error = second.begin().await.unwrap_err();
        assert_eq!(
            with_causes(&error),
            "a database operation failed: another process keeps the file locked; try again when it has finished"
        );
    }
}
