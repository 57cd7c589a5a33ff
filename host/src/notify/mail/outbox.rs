//! A folder that takes messages as files, for reading with any mail program.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use crate::notify::SendError;

/// A folder of messages. Created when the first one comes.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// Names the folder; nothing is touched yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where the messages are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one message. The file appears complete and on disk or not at all; the same name again replaces it.
    pub(super) async fn put(&self, name: &str, message: &[u8]) -> Result<(), SendError> {
        let path = self.folder.join(name);
        fs::create_dir_all(&self.folder).await.map_err(|cause| failed(&self.folder, cause))?;
        // Nobody else writes this name: the delivery is leased to us. Mail programs skip names with a dot in front.
        let unfinished = self.folder.join(format!(".{name}.part"));
        if let Err(cause) = write_through(&unfinished, message).await {
            // The disk may be full; half a message helps nobody, and why we failed is on its way to the record.
            fs::remove_file(&unfinished).await.ok();
            return Err(failed(&unfinished, cause));
        }
        fs::rename(&unfinished, &path).await.map_err(|cause| failed(&path, cause))?;
        // The new name has to survive a power cut too: the delivery is marked as sent right after this.
        let folder = File::open(&self.folder).await.map_err(|cause| failed(&self.folder, cause))?;
        folder.sync_all().await.map_err(|cause| failed(&self.folder, cause))
    }
}

async fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path).await?;
    file.write_all(bytes).await?;
    file.sync_all().await
}

fn failed(path: &Path, cause: io::Error) -> SendError {
    SendError::Outbox { path: path.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Remedy;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn the_same_name_again_replaces_the_file_and_leaves_no_other() {
        let home = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(home.path().join("data/outbox"));
        outbox.put("1.eml", b"first").await.unwrap();
        outbox.put("1.eml", b"again").await.unwrap();
        assert_eq!(names(outbox.folder()), ["1.eml"]);
        assert_eq!(std::fs::read(outbox.folder().join("1.eml")).unwrap(), b"again");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("outbox"), "a file").unwrap();
        let error = Outbox::new(home.path().join("outbox")).put("1.eml", b"x").await.unwrap_err();
        assert!(error.to_string().contains("/outbox`"), "{error}");
        assert_eq!(error.remedy(), Remedy::TryLater);
    }
}
