//! A file as the operator looks at it who may accept it: what it is, what it asks for, and what was
//! accepted before.

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

/// A file that may be accepted.
pub struct Candidate {
    /// The file.
    pub path: PathBuf,
    /// The size of the file, in bytes.
    pub size: usize,
    /// SHA-256 of what was read.
    pub digest: Digest,
    /// The entry of its name in the lock file, if there is one.
    pub accepted: Option<Accepted>,
    described: Described,
    file_name: String,
}

/// The relation of a file to what was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptanceStatus {
    /// These bytes were accepted, and ask for nothing else.
    Accepted,
    /// Nothing of this name was ever accepted.
    NotAccepted,
    /// Other bytes were accepted; these ask for nothing that those were not granted.
    Changed,
    /// It asks for what was not granted.
    NeedsMoreGrants,
}

/// The reason why there is nothing to accept.
#[derive(Debug, thiserror::Error)]
pub enum CandidateError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The lock file beside it.
    #[error(transparent)]
    Lock(#[from] LockFileError),
    /// The file is not an adapter that this host can use.
    #[error("`{}` is not an adapter that can be used: {}", path.display(), Printable(&reason.to_string()))]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: LoadError,
    },
    /// It is not known if the file is an adapter: the host could not try it.
    #[error("cannot look at the adapter `{}` now: {}", path.display(), Printable(reason))]
    HostFailure {
        /// The file.
        path: PathBuf,
        /// The thing that the host lacks.
        reason: String,
    },
}

impl Candidate {
    /// Reads a file, compiles it, asks who it is, and looks up what was accepted.
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
                "the name of its file is not text, which a lock file could not hold".to_owned(),
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

    /// The manifest, which is what it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.described.manifest
    }

    /// The line of the contract that it speaks.
    pub fn contract(&self) -> Contract {
        self.described.contract
    }

    /// The interfaces that it imports and exports.
    pub fn interfaces(&self) -> &Interfaces {
        &self.described.interfaces
    }

    /// The grants that it asks for beyond those of the file of its name.
    pub fn requested_beyond_grants(&self) -> Grants {
        let nothing = Grants::default();
        let accepted = self.accepted.as_ref();
        let granted = accepted.map_or(&nothing, |accepted| &accepted.grants);

        self.manifest().asks_for().beyond(granted)
    }

    /// The relation to what was accepted.
    pub fn acceptance_status(&self) -> AcceptanceStatus {
        match &self.accepted {
            None => AcceptanceStatus::NotAccepted,
            Some(_) if !self.requested_beyond_grants().is_empty() => AcceptanceStatus::NeedsMoreGrants,
            Some(accepted) if accepted.sha256 != self.digest => AcceptanceStatus::Changed,
            Some(_) => AcceptanceStatus::Accepted,
        }
    }

    /// Writes down that exactly these bytes may do this.
    ///
    /// # Errors
    ///
    /// When the lock file beside it cannot be read or written.
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

/// The folder whose lock file speaks of this file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The name under which a lock file speaks of this file.
pub(crate) fn file_name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}
