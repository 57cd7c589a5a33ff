//! An open database: its connections, and the check that its file is still in place.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_scanner_files::durable_file::sync_folder_of;

use crate::driver::{Pool, Transaction};
use crate::error::StoreError;
use crate::file::{FileId, real_path, with_end};

/// The state of the program in one database file. Cheap to clone: clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) writer: Pool,
    pub(super) readers: Pool,
    pub(super) file: Arc<Path>,
    /// The path of the file after all links are followed.
    pub(super) real_file: Arc<Path>,
    /// The ids of the file and its journal when they were opened. The journal stays while any
    /// process has the database open.
    pub(super) opened: OpenedFiles,
}

/// The ids of the files that the connections of a store write to.
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
    /// Checks that the path still leads to the open file, so that new writes are not lost.
    ///
    /// # Errors
    ///
    /// [`StoreError::Replaced`] when the open file or its journal was removed or replaced: writes
    /// to it would be lost. [`StoreError::ForeignJournal`] when another file is in its place next
    /// to the old journal: SQLite would read the new file together with that journal.
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        let now = OpenedFiles::at(&self.real_file).map_err(|cause| self.unusable_file(cause))?;

        // If a link has taken its place, other processes use a journal at another path.
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

    /// Syncs everything that was committed so far to the disk. A commit alone does not wait for the
    /// disk and may be lost in a power failure.
    ///
    /// # Errors
    ///
    /// When the sync fails.
    #[tracing::instrument(name = "store.database.sync", skip_all)]
    pub async fn sync(&self) -> Result<(), StoreError> {
        let file = Arc::clone(&self.real_file);
        let synced = tokio::task::spawn_blocking(move || {
            // SQLite syncs the database file itself when it moves pages there from the journal.
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

    /// Returns true if the store is closed.
    pub fn is_closed(&self) -> bool {
        self.writer.is_closed()
    }

    /// Waits for running statements and closes the file. All clones return errors afterwards.
    #[tracing::instrument(name = "store.database.close", skip_all)]
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Begins a transaction that may write. It takes the write lock at once. Therefore the rows it
    /// reads cannot change before it writes, and it cannot fail later for lack of the lock. A
    /// dropped transaction is rolled back.
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(self.writer.begin().await?)
    }

    /// Returns the database file as the configuration names it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the path of the database file after all links are followed.
    pub(crate) fn real_file(&self) -> &Path {
        &self.real_file
    }

    pub(super) fn unusable_file(&self, cause: io::Error) -> StoreError {
        StoreError::File {
            file: self.file.to_path_buf(),
            cause,
        }
    }

    /// Returns the connections for reading. They see only committed rows and reject writes.
    pub(crate) fn readers(&self) -> &Pool {
        &self.readers
    }

    /// Returns the connection for writing, for statements that cannot run in a transaction.
    pub(crate) fn writer(&self) -> &Pool {
        &self.writer
    }
}

/// Returns the path of the write-ahead log, where SQLite keeps pages that are not in the database
/// file yet.
pub(super) fn journal_of(file: &Path) -> PathBuf {
    with_end(file, "-wal")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::Timestamp;

    use super::*;
    use crate::driver::Statement;
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
        Statement::new("INSERT INTO runs (trigger, started_at) VALUES ('manual', '')")
            .execute(&mut *tx)
            .await
            .unwrap();
        drop(tx);
        assert_eq!(count(&store, "runs").await, 0);
    }
}
