//! An open database: its connections, and the question if its file is still in its place.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_scanner_files::durable_file::sync_folder_of;
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, Transaction};

use crate::error::StoreError;
use crate::file::{FileId, real_path, with_end};

/// Everything we remember, in one database file. Cheap to clone: the clones share their
/// connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) writer: SqlitePool,
    pub(super) readers: SqlitePool,
    pub(super) file: Arc<Path>,
    /// The name of the file after all links.
    pub(super) real_file: Arc<Path>,
    /// The file as it was opened, and its journal, which stays for as long as a process has it
    /// open.
    pub(super) opened: OpenedFiles,
}

/// The files that the connections of a store write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenedFiles {
    pub(super) database: Option<FileId>,
    pub(super) journal: Option<FileId>,
}

impl OpenedFiles {
    pub(super) fn at(file: &Path) -> io::Result<Self> {
        Ok(Self {
            database: FileId::of(file)?,
            journal: FileId::of(&journal_of(file))?,
        })
    }
}

impl Store {
    /// Makes sure that what we write can be found again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Replaced`] when the file that we have open, or the journal beside it, was
    /// removed or replaced: whatever is written to it is lost. [`StoreError::ForeignJournal`] when
    /// what is there now has the old journal beside it, and would be read with it.
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        let now = OpenedFiles::at(&self.real_file).map_err(|cause| self.unusable_file(cause))?;

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

    /// Waits for what is under way and closes the file. Clones that are still held give errors from
    /// then on.
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

    /// The database file, as the configuration names it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The one name that the database file has, however it was reached.
    pub(crate) fn real_file(&self) -> &Path {
        &self.real_file
    }

    pub(super) fn unusable_file(&self, cause: io::Error) -> StoreError {
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
}

/// The file in which SQLite keeps what is not in the database file yet.
pub(super) fn journal_of(file: &Path) -> PathBuf {
    with_end(file, "-wal")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::Timestamp;

    use super::*;
    use crate::test_support::{count, store};

    #[tokio::test]
    async fn a_removed_or_replaced_database_is_detected_and_not_locked() {
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
                fs::remove_file(with_end(file, "-wal")).unwrap();
            }),
            ("without its folder", |file| {
                fs::remove_dir_all(file.parent().unwrap()).unwrap();
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
    async fn a_replaced_database_with_the_old_journal_names_the_files_to_remove() {
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
