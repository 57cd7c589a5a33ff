//! The requests and responses of failed scans, kept as cassettes beside the database file. After a
//! board has changed, they show its responses and can be replayed with a corrected adapter.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_files::durable_file::sync_folder_of;
use job_scanner_files::regular_file::remove_any;
use job_scanner_sandbox::{BodyStyle, Cassette, CassetteError};
use job_scanner_store::Store;
use tracing::warn;

/// The folder, next to the database file.
const FOLDER: &str = "failed-exchanges";
/// The subfolder in which a cassette is written before it gets its name.
const UNFINISHED: &str = ".unfinished";
/// The time at the end of a cassette's name, with milliseconds. It sorts the oldest first.
const TIME_FORMAT: &str = "%Y%m%dT%H%M%S%3fZ";
const TIME_SHAPE: &str = "00000000T000000000Z";
/// The maximum length of the identifier in a cassette's name.
const MAX_NAME_BYTES: usize = 60;

/// The kept exchanges of the last failed scans.
#[derive(Debug)]
pub struct FailedExchanges {
    folder: PathBuf,
    keep: usize,
    /// Serializes writers, because several scans may fail at the same time.
    lock: Mutex<()>,
}

impl FailedExchanges {
    /// The maximum size of the exchanges of one scan, in bytes: twice that of the largest known
    /// board. The exchanges of a larger scan are not kept, because a part of them would replay
    /// differently.
    pub(crate) const MAX_BYTES: u64 = 32 * 1024 * 1024;

    /// Opens the folder for the exchanges of the last `keep` failed scans, and removes older ones.
    /// Returns `None` if `keep` is 0.
    pub fn new(store: &Store, keep: u32) -> Option<Self> {
        let folder = store.file().parent().unwrap_or(Path::new("")).join(FOLDER);
        let kept = Self {
            folder,
            keep: keep as usize,
            lock: Mutex::new(()),
        };
        if let Err(error) = kept.remove_all_but(kept.keep) {
            warn!(%error, "cannot remove old requests and responses in `{}`", kept.folder.display());
        }
        (keep > 0).then_some(kept)
    }

    /// Writes the exchanges of one scan and returns their folder. `None` if there were no requests,
    /// or the responses were larger than [`Self::MAX_BYTES`].
    pub(crate) fn keep(
        &self,
        source: &SourceKey,
        exchanges: Option<Cassette>,
        at: Timestamp,
    ) -> Result<Option<PathBuf>, CassetteError> {
        let Some(cassette) = exchanges else {
            warn!(
                "the requests and responses of `{source}` are not kept: they exceed {} bytes",
                Self::MAX_BYTES
            );
            return Ok(None);
        };
        if cassette.exchanges.is_empty() {
            return Ok(None);
        }

        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder.join(name(source, at));

        // Written under another name first, so that an unfinished one is never mistaken for a
        // cassette.
        let unfinished = self.folder.join(UNFINISHED);
        let unwritable = |error| CassetteError::Unwritable {
            path: folder.clone(),
            error,
        };
        remove_any(&unfinished).map_err(unwritable)?;
        cassette.write(&unfinished, BodyStyle::AsTheyCame)?;
        remove_any(&folder)
            .and_then(|()| fs::rename(&unfinished, &folder))
            .and_then(|()| sync_folder_of(&folder))
            .map_err(unwritable)?;

        // The new cassette counts towards the limit, so the oldest is removed after it is in place.
        self.remove_all_but(self.keep).map_err(unwritable)?;
        Ok(Some(folder))
    }

    /// Removes the oldest cassettes. Other files in the folder are not touched.
    fn remove_all_but(&self, keep: usize) -> io::Result<()> {
        let names = match fs::read_dir(&self.folder) {
            Ok(entries) => entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };

        let mut kept: Vec<String> = names.filter(|name| time_of(name).is_some()).collect();
        kept.sort_by(|one, other| time_of(one).cmp(&time_of(other)));
        let too_many = kept.len().saturating_sub(keep);
        kept.iter()
            .take(too_many)
            .try_for_each(|name| remove_any(&self.folder.join(name)))?;

        // No cassettes are kept any more, so an unfinished one is from a killed process.
        if keep == 0 {
            remove_any(&self.folder.join(UNFINISHED))
        } else {
            Ok(())
        }
    }
}

/// Returns a name such as `greenhouse-acme-20261123T211500250Z`. Characters that are unsafe in a
/// path become `_`.
fn name(source: &SourceKey, at: Timestamp) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let identifier: String = source
        .identifier
        .as_str()
        .chars()
        .map(plain)
        .take(MAX_NAME_BYTES)
        .collect();
    format!(
        "{}-{identifier}-{}",
        source.adapter,
        at.strftime(TIME_FORMAT)
    )
}

/// Returns the time in the name of a cassette; `None` for other names.
fn time_of(name: &str) -> Option<&str> {
    let (_, time) = name.rsplit_once('-')?;
    let shape: String = time
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    (shape == TIME_SHAPE).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &Path, keep: usize) -> FailedExchanges {
        FailedExchanges {
            folder: folder.to_owned(),
            keep,
            lock: Mutex::new(()),
        }
    }

    fn cassette() -> Cassette {
        let keys = r#"{"format": 1, "source": {"identifier": "a"}, "now": "2026-11-23T08:15:00Z", "exchanges": [
            {"request": {"url": "https://a.example/"}, "response": {"status": 500}}]}"#;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cassette.json"), keys).unwrap();
        Cassette::read(folder.path()).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_last_recordings_are_kept_and_other_files_stay() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("failed-exchanges");
        let kept = kept(&folder, 2);
        for (second, key) in [(1, "lever/b"), (2, "ashby/..%2F..%2Fetc"), (3, "ashby/a")] {
            let at = Timestamp::from_second(second).unwrap();
            let cassette = Some(cassette());
            assert!(
                kept.keep(&key.parse().unwrap(), cassette, at)
                    .unwrap()
                    .unwrap()
                    .join("cassette.json")
                    .is_file()
            );
            fs::create_dir_all(folder.join("mine-2026")).unwrap();
        }
        let last = [
            "ashby-______etc-19700101T000002000Z",
            "ashby-a-19700101T000003000Z",
            "mine-2026",
        ];
        assert_eq!(names(&folder), last);
        fs::create_dir(folder.join(UNFINISHED)).unwrap();
        kept.remove_all_but(2).unwrap();
        assert!(
            folder.join(UNFINISHED).is_dir(),
            "another process may be writing it"
        );
        kept.remove_all_but(0).unwrap();
        assert_eq!(names(&folder), ["mine-2026"]);
    }

    #[test]
    fn a_scan_without_requests_or_with_too_large_responses_leaves_no_recording() {
        let home = tempfile::tempdir().unwrap();
        let kept = kept(&home.path().join("failed-exchanges"), 2);
        let nothing = Cassette {
            exchanges: Vec::new(),
            ..cassette()
        };
        for exchanges in [None, Some(nothing)] {
            let folder = kept.keep(
                &"ashby/a".parse().unwrap(),
                exchanges,
                Timestamp::UNIX_EPOCH,
            );
            assert_eq!(folder.unwrap(), None);
        }
        assert!(!kept.folder.exists());
    }
}
