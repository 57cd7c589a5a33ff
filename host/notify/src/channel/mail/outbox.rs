//! A folder to which messages are written as files that any mail program can open.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use job_scanner_files::durable_file::{remove_abandoned, sync_folder_of, write_atomic};

use crate::channel::mail::error::MailError;
use crate::channel::send_error::SendError;

/// A folder of messages. It is created when the first message is written.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
    /// Completed once the unfinished files of killed processes have been removed.
    tidied: Arc<Once>,
}

impl Outbox {
    /// Creates an outbox for a folder, without accessing it yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            tidied: Arc::new(Once::new()),
        }
    }

    /// Returns the folder with the messages.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one message to a file that only this user can read. The file appears complete and
    /// synced to disk, or not at all. A file with the same name is replaced.
    pub(crate) async fn put(&self, name: &str, message: &[u8]) -> Result<(), SendError> {
        let (outbox, path, message) = (self.clone(), self.folder.join(name), message.to_vec());
        // Syncing blocks, so it runs on a thread for blocking work.
        let written = tokio::task::spawn_blocking(move || outbox.write(&path, &message));
        match written.await {
            Ok(written) => Ok(written?),
            Err(panic) => Err(SendError::Panicked(panic.to_string())),
        }
    }

    fn write(&self, path: &Path, message: &[u8]) -> Result<(), MailError> {
        self.make_folder()
            .map_err(|cause| failed(&self.folder, cause))?;
        self.tidied.call_once(|| remove_abandoned(path));
        write_atomic(path, message).map_err(|cause| failed(path, cause))
    }

    fn make_folder(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        // The folder's entry has to survive a power failure, like the message itself.
        sync_folder_of(&self.folder)
    }
}

fn failed(path: &Path, cause: io::Error) -> MailError {
    MailError::Outbox {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::Remedy;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[tokio::test]
    async fn the_same_name_again_replaces_the_file_and_leaves_no_other() {
        let home = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(home.path().join("data/outbox"));
        outbox.put("1.eml", b"first").await.unwrap();
        outbox.put("1.eml", b"again").await.unwrap();
        assert_eq!(names(outbox.folder()), ["1.eml"]);
        assert_eq!(fs::read(outbox.folder().join("1.eml")).unwrap(), b"again");
        let mode = outbox
            .folder()
            .join("1.eml")
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn an_error_names_the_folder_that_cannot_be_created() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("outbox"), "a file").unwrap();
        let error = Outbox::new(home.path().join("outbox"))
            .put("1.eml", b"x")
            .await
            .unwrap_err();
        assert!(error.to_string().contains("/outbox`"), "{error}");
        assert_eq!(error.remedy(), Remedy::Retry);
    }
}
