//! A file as an operator inspects it before accepting it: its manifest, the grants that it
//! requests, and the grants that were accepted before.

use std::path::{Path, PathBuf};

use job_scanner_core::adapter::{Accepted, Digest, Grants, Limits, Manifest};
use job_scanner_core::escape::Printable;

use crate::contract::lines::{Contract, Interfaces, Linkers};
use crate::loading::component_file::{ComponentFile, FileError};
use crate::loading::described::Described;
use crate::loading::engine::Engine;
use crate::loading::load_error::LoadError;
use crate::loading::lock_file;
use crate::loading::lock_file::LockFileError;

/// A file that an operator may accept.
pub struct Candidate {
    pub path: PathBuf,
    /// The size of the file, in bytes.
    pub size: usize,
    /// The SHA-256 of the bytes that were read.
    pub digest: Digest,
    /// The entry with the file's name in the lock file, if there is one.
    pub accepted: Option<Accepted>,
    described: Described,
    file_name: String,
}

/// The acceptance of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptanceStatus {
    /// These bytes were accepted, and they request no more than was granted.
    Accepted,
    /// The lock file has no entry with this name.
    NotAccepted,
    /// Other bytes were accepted, whatever these bytes request.
    Changed,
    /// These bytes were accepted, but with fewer grants than they request.
    NeedsMoreGrants,
}

/// The reason why a file cannot be accepted.
#[derive(Debug, thiserror::Error)]
pub enum CandidateError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The lock file in the same folder cannot be read.
    #[error(transparent)]
    Lock(#[from] LockFileError),
    /// The file cannot be used as an adapter.
    #[error("`{}` cannot be used as an adapter: {}", path.display(), Printable(&reason.to_string()))]
    Unusable { path: PathBuf, reason: LoadError },
    /// The host itself has a problem, such as a lack of memory. The file may be a valid adapter.
    #[error("cannot inspect the adapter `{}` now: {}", path.display(), Printable(reason))]
    HostFailure { path: PathBuf, reason: String },
}

impl Candidate {
    /// Reads, compiles and describes a file, and looks up its entry in the lock file.
    pub(crate) async fn inspect(
        engine: &Engine,
        linkers: &Linkers,
        path: &Path,
        limits: &Limits,
    ) -> Result<Self, CandidateError> {
        let unusable = |reason| {
            let path = path.to_owned();
            match reason {
                LoadError::HostFailure(reason) => CandidateError::HostFailure { path, reason },
                reason => CandidateError::Unusable { path, reason },
            }
        };

        let file = ComponentFile::read(path)?;
        let file_name = file_name(path).ok_or_else(|| {
            unusable(LoadError::NotComponent(
                "its file name is not UTF-8 and cannot be written to a lock file".to_owned(),
            ))
        })?;

        let accepted = lock_file::read(folder_of(path))?.get(file_name).cloned();
        let described = Described::of(engine, linkers, &file, limits)
            .await
            .map_err(unusable)?;

        let ComponentFile {
            path,
            bytes,
            digest,
        } = file;

        Ok(Self {
            file_name: file_name.to_owned(),
            path,
            size: bytes.len(),
            digest,
            accepted,
            described,
        })
    }

    /// Returns the manifest, which the adapter itself provides.
    pub fn manifest(&self) -> &Manifest {
        &self.described.manifest
    }

    /// Returns the contract line that the adapter implements.
    pub fn contract(&self) -> Contract {
        self.described.contract
    }

    /// Returns the interfaces that the component imports and exports.
    pub fn interfaces(&self) -> &Interfaces {
        &self.described.interfaces
    }

    /// Returns the grants that the manifest requests in addition to those of the lock file's entry.
    pub fn requested_beyond_grants(&self) -> Grants {
        let nothing = Grants::default();
        let accepted = self.accepted.as_ref();
        let granted = accepted.map_or(&nothing, |accepted| &accepted.grants);

        self.manifest().requested_grants().beyond(granted)
    }

    /// Returns the acceptance of these bytes, in the order in which a scan checks it: the bytes
    /// first, because a scan does not compile other bytes and so cannot know what they request.
    pub fn acceptance_status(&self) -> AcceptanceStatus {
        match &self.accepted {
            None => AcceptanceStatus::NotAccepted,
            Some(accepted) if accepted.sha256 != self.digest => AcceptanceStatus::Changed,
            Some(_) if !self.requested_beyond_grants().is_empty() => {
                AcceptanceStatus::NeedsMoreGrants
            }
            Some(_) => AcceptanceStatus::Accepted,
        }
    }

    /// Accepts exactly these bytes with these grants.
    ///
    /// # Errors
    ///
    /// When the lock file in the same folder cannot be read or written.
    pub fn accept(&self, grants: Grants) -> Result<(), LockFileError> {
        let accepted = Accepted {
            sha256: self.digest.clone(),
            grants,
        };

        lock_file::update(folder_of(&self.path), |lock| {
            lock.insert(self.file_name.as_str(), accepted);
        })
    }
}

/// Returns the folder whose lock file applies to this file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns the name of this file in a lock file.
pub(crate) fn file_name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}
