//! What can go wrong with the store.
//!
//! The driver's own error type stays inside: callers see what failed, and [`DriverError`] as its
//! cause.

use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use sqlx::migrate::MigrateError;

/// Why the store did not do as it was asked. Something that is not there is no error but `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another database was asked for. The URL is not repeated: it may hold a password.
    #[error(
        "the database URL does not start with `sqlite:`, and no other database is supported; {USE_A_FILE}"
    )]
    NotSqlite,
    /// A database without a file would be another one for each connection, and gone with the
    /// process.
    #[error("the database URL names no file (a database in memory is not supported); {USE_A_FILE}")]
    NoFile,
    /// The URL starts well and then makes no sense.
    #[error("the database URL cannot be read; {USE_A_FILE}")]
    Url(#[source] DriverError),
    /// The folder of the database file is not there and cannot be made.
    #[error("could not create the database folder `{}`; let us write there, or name another file in DATABASE_URL", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The file is not there, and only a scan creates it.
    #[error("there is no database `{}` yet; the first scan creates it", file.display())]
    NoDatabase {
        /// Where it would be.
        file: PathBuf,
    },
    /// A copy would overwrite something.
    #[error("`{}` exists already; name a file that does not", file.display())]
    Exists {
        /// What is there.
        file: PathBuf,
    },
    /// A copy of the database could not be put in its place.
    #[error("could not keep a copy of the database in `{}`; make room and let us write there", file.display())]
    Copy {
        /// The copy.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The thing at the path cannot be used as a database file.
    #[error("cannot use `{}` as the database", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The file that we have open is not the one that is there.
    #[error(
        "the database `{}` was replaced or removed while it was in use; what would be written to it now could not be \
         found again (docs/database.md says how to restore a backup)",
        file.display()
    )]
    Replaced {
        /// The file.
        file: PathBuf,
    },
    /// Another file is where the one was that we have open, beside a journal that is not its own.
    #[error(
        "the database `{0}` was replaced while it was in use, and the journal of the old one is still there; stop \
         job-scanner, remove `{0}-wal` and `{0}-shm`, and start it again (docs/database.md)",
        file.display()
    )]
    ForeignJournal {
        /// The file.
        file: PathBuf,
    },
    /// The tables are of an older version, and nothing can be written here.
    #[error(
        "the tables of the database are of an older version, and it cannot be written to; run `job-scanner db migrate` as \
         a user who may write there"
    )]
    Behind {
        /// The number of pending migrations.
        pending: usize,
    },
    /// The file cannot be opened as a database.
    #[error("could not open the database `{}`; let us read and write it and its folder, or name another in DATABASE_URL", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: DriverError,
    },
    /// The lock file beside the database cannot be used.
    #[error("could not lock `{}`; let us write to it and its folder", file.display())]
    RunLock {
        /// The lock file.
        file: PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The file was last used by a version that knows more than we do.
    #[error(
        "the database has migration {version}, which this version does not know; run a newer job-scanner"
    )]
    Newer {
        /// The migration's number.
        version: i64,
    },
    /// The file does not hold together.
    #[error("the database is damaged ({found}); restore a backup (docs/database.md)")]
    Damaged {
        /// The first fault that SQLite found.
        found: String,
    },
    /// A migration failed. Nothing of it is left.
    #[error("could not bring the database up to date, and left it as it was")]
    Migration(#[source] DriverError),
    /// A statement failed. Nothing of its transaction is left.
    #[error("the database failed")]
    Database(#[from] DriverError),
    /// A value has no form in the database.
    #[error("could not write `{column}` as JSON")]
    Json {
        /// The column meant for it.
        column: &'static str,
        /// Why not.
        #[source]
        cause: serde_json::Error,
    },
    /// A row holds what we never write.
    #[error("row {id} of table `{table}` makes no sense: column `{column}`: {reason}")]
    Corrupt {
        /// Where it is.
        table: &'static str,
        /// The column at fault.
        column: &'static str,
        /// The row's id.
        id: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// A row that was there before is gone: another program changes the database.
    #[error("row {id} of table `{table}` is gone: another program changes the database")]
    RowMissing {
        /// Where it was.
        table: &'static str,
        /// The row's id.
        id: i64,
    },
}

const USE_A_FILE: &str = "write `sqlite:` and a path, such as `sqlite:data/job_scanner.db`";

/// What the database driver said.
pub struct DriverError(sqlx::Error);

/// Returns true if another process holds a lock that we need (`SQLITE_BUSY`).
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(5)
}

/// The cause and what to do, in words for people, of what happens to a file that is sound.
fn advice(error: &sqlx::Error) -> Option<&'static str> {
    Some(match primary_code(error)? {
        5 => "another process has been writing to it for a long time; try again when that is done",
        8 => "it cannot be written to; let us write to it and its folder",
        10 => {
            "its disk failed, or took no more; make room there, and look at the disk if that does not help"
        }
        13 => "its disk is full; make room there",
        _ => return None,
    })
}

/// SQLite's [result code](https://sqlite.org/rescode.html) without its details.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (advice(&self.0), self.0.as_database_error()) {
            (Some(words), _) => f.write_str(words),
            // The driver says it twice, once more as its own cause.
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
    /// Returns true if the database may be opened again at the same place, where another file is
    /// now, or none.
    pub fn is_replaced(&self) -> bool {
        matches!(self, Self::Replaced { .. })
    }

    /// Returns true if the file could perhaps be read, and cannot be opened because nothing may be
    /// written there.
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

    use crate::test_support::store;

    #[tokio::test]
    async fn a_locked_database_is_reported_in_plain_words() {
        let first = store().await;
        let second = first.reopen().await.unwrap();
        let _writing = first.begin().await.unwrap();
        sqlx::query("PRAGMA busy_timeout = 0")
            .execute(second.writer())
            .await
            .unwrap();
        let error = second.begin().await.unwrap_err();
        assert_eq!(
            with_causes(&error),
            "the database failed: another process has been writing to it for a long time; try again when that is done"
        );
    }
}
