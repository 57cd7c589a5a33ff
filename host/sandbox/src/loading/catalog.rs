//! Finds adapters, and keeps the accepted ones compiled.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::{Accepted, Digest, Limits, LimitsByAdapter};
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::AdapterName;
use tokio::sync::{Mutex, OnceCell};

use crate::contract::lines::Linkers;
use crate::loading::adapter::Adapter;
use crate::loading::component_file::{ComponentFile, FileError};
use crate::loading::described::Described;
use crate::loading::engine::Engine;
use crate::loading::inspection::{Candidate, CandidateError, file_name, folder_of};
use crate::loading::load_error::LoadError;
use crate::loading::lock_file;
use crate::loading::lock_file::LockFileError;

/// The adapters of this process. The file of an adapter is the one that the source names, or else
/// `TYPE.wasm` in the first folder that has it. An adapter is loaded on first use, if exactly these
/// bytes were accepted.
pub struct Catalog {
    engine: Engine,
    /// The host functions that all adapters are linked against.
    linkers: Linkers,
    folders: Vec<PathBuf>,
    limits: LimitsByAdapter,
    loaded: Mutex<HashMap<CatalogKey, Arc<OnceCell<Arc<Adapter>>>>>,
    /// The time and the reason of recent failures to describe a component.
    failed_descriptions: StdMutex<HashMap<Digest, (Instant, String)>>,
}

/// The time for which a failure to describe a component is cached. A failure can take seconds,
/// would repeat for each source of the adapter, and blocks the description of all other adapters.
const RETRY_DESCRIBE_AFTER: Duration = Duration::from_mins(5);

/// The adapter's name, and its file if the source names one.
type CatalogKey = (AdapterName, Option<PathBuf>);

/// The reason why a source has no adapter.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No folder has a file of this name.
    #[error("no adapter `{name}`: none of these files exists: {}", listed(paths))]
    Missing {
        name: AdapterName,
        /// The files that were looked for.
        paths: Vec<PathBuf>,
    },
    /// The file that the source names does not exist.
    #[error("the adapter file `{}` does not exist", path.display())]
    NoFile { path: PathBuf },
    /// The adapter was never accepted.
    #[error("the adapter `{}` has not been accepted yet; review its requests and accept it: {}", path.display(), command(path))]
    NotAccepted { path: PathBuf },
    /// The file's bytes differ from the accepted ones.
    #[error(
        "the adapter `{}` has changed since it was accepted; review its requests and accept it again: {}",
        path.display(),
        command(path)
    )]
    Changed { path: PathBuf },
    /// The manifest requests more than was granted.
    #[error(
        "the adapter `{}` requests more than it was granted; review its requests and accept it again: {}",
        path.display(),
        command(path)
    )]
    NeedsMoreGrants { path: PathBuf },
    /// The lock file cannot be read, so the accepted adapters are unknown.
    #[error(transparent)]
    Lock(#[from] LockFileError),
    /// The adapter's file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file cannot be used as an adapter.
    #[error("`{}` cannot be used as an adapter: {}", path.display(), Printable(&reason.to_string()))]
    Unusable { path: PathBuf, reason: LoadError },
    /// The host itself has a problem, such as a lack of memory. The file may be a valid adapter.
    #[error("cannot load the adapter `{}` now: {}", path.display(), Printable(reason))]
    HostFailure { path: PathBuf, reason: String },
}

impl CatalogError {
    /// Returns the kind of failure.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::NotAccepted { .. }
            | Self::Changed { .. }
            | Self::NeedsMoreGrants { .. }
            | Self::Lock(_) => FailureKind::NotAccepted,
            Self::HostFailure { .. } => FailureKind::NoHostMemory,
            Self::Missing { .. } | Self::NoFile { .. } | Self::File(_) | Self::Unusable { .. } => {
                FailureKind::NotStarted
            }
        }
    }
}

impl Catalog {
    /// Creates a catalog over these folders. The first folder that has a file wins. No file is read
    /// yet.
    ///
    /// # Errors
    ///
    /// When two host functions have the same name, which is a bug in the host.
    pub fn new(
        engine: Engine,
        folders: Vec<PathBuf>,
        limits: LimitsByAdapter,
    ) -> anyhow::Result<Self> {
        let linkers = Linkers::new(engine.wasmtime())?;
        Ok(Self {
            engine,
            linkers,
            folders,
            limits,
            loaded: Mutex::default(),
            failed_descriptions: StdMutex::default(),
        })
    }

    /// Returns the folders in the order in which they are searched.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Returns the names of all adapters in the folders, sorted. A folder that cannot be read has
    /// none.
    pub fn names(&self) -> BTreeSet<AdapterName> {
        let entries = self.folders.iter().flat_map(fs::read_dir).flatten();
        let files = entries.flatten().map(|entry| entry.path());
        let components = files.filter(|file| file.extension().is_some_and(|end| end == "wasm"));
        components.filter_map(|file| name_of(&file).ok()).collect()
    }

    /// Returns the file of a source's adapter: the one that the source names, or else the one with
    /// the adapter's name.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Missing`] or [`CatalogError::NoFile`]. Both are errors in the configuration.
    pub fn find(&self, name: &AdapterName, file: Option<&Path>) -> Result<PathBuf, CatalogError> {
        match file {
            None => self.find_named(name),
            Some(path) if path.is_file() => Ok(path.to_owned()),
            Some(path) => Err(CatalogError::NoFile {
                path: path.to_owned(),
            }),
        }
    }

    /// Returns the file with the adapter's name.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Missing`].
    pub fn find_named(&self, name: &AdapterName) -> Result<PathBuf, CatalogError> {
        let paths: Vec<PathBuf> = self
            .folders
            .iter()
            .map(|folder| folder.join(format!("{name}.wasm")))
            .collect();

        let found = paths.iter().find(|path| path.is_file()).cloned();
        found.ok_or_else(|| CatalogError::Missing {
            name: name.clone(),
            paths,
        })
    }

    /// Returns the adapter that [`Self::find`] finds, compiled, if exactly these bytes were
    /// accepted. The file is read once, so the hashed bytes are the compiled bytes. A file that was
    /// not accepted is not compiled.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`]. The next call tries a failed load again.
    pub async fn load(
        &self,
        name: &AdapterName,
        file: Option<&Path>,
    ) -> Result<Arc<Adapter>, CatalogError> {
        let key = (name.clone(), file.map(Path::to_owned));
        let cell = Arc::clone(self.loaded.lock().await.entry(key).or_default());

        // The lock on the table is already released. The first call for an adapter loads it and
        // other calls for the same adapter wait, but calls for another adapter do not.
        let loaded = cell.get_or_try_init(|| async {
            let path = self.find(name, file)?;
            let adapter = self.load_accepted(name.clone(), &path).await?;
            Ok(Arc::new(adapter))
        });
        loaded.await.map(Arc::clone)
    }

    /// Loads the adapter in any file, if exactly these bytes were accepted. Its name is the file's
    /// name without the extension.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`].
    pub async fn load_file(&self, path: &Path) -> Result<Adapter, CatalogError> {
        self.load_accepted(name_of(path)?, path).await
    }

    /// Loads the adapter in any file with all grants that it requests, accepted or not. Use it only
    /// where no request leaves the machine.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`].
    pub async fn load_unaccepted(&self, path: &Path) -> Result<Adapter, CatalogError> {
        let name = name_of(path)?;
        let file = ComponentFile::read(path)?;
        let limits = self.limits.for_adapter(&name);
        let described = Described::of(&self.engine, &self.linkers, &file, limits)
            .await
            .map_err(|reason| unusable(path, reason))?;

        let asked = described.manifest.requested_grants();
        Ok(Adapter::new(
            name,
            &self.engine,
            file.digest,
            asked,
            described,
            limits.clone(),
        ))
    }

    /// Inspects a file for an operator who may accept it.
    ///
    /// # Errors
    ///
    /// When the file cannot be accepted.
    pub async fn inspect(&self, path: &Path) -> Result<Candidate, CandidateError> {
        let default = Limits::default();
        let name = name_of(path).ok();

        let limits = name
            .as_ref()
            .map_or(&default, |name| self.limits.for_adapter(name));

        Candidate::inspect(&self.engine, &self.linkers, path, limits).await
    }

    async fn load_accepted(&self, name: AdapterName, path: &Path) -> Result<Adapter, CatalogError> {
        // Bytes that were not accepted must not reach the compiler.
        let file = ComponentFile::read(path)?;
        let accepted = accepted(&file)?;

        let limits = self.limits.for_adapter(&name);
        let described = self.describe(&file, limits).await;
        let described = described.map_err(|reason| unusable(path, reason))?;

        let asked = described.manifest.requested_grants();
        if !asked.beyond(&accepted.grants).is_empty() {
            return Err(CatalogError::NeedsMoreGrants {
                path: path.to_owned(),
            });
        }
        Ok(Adapter::new(
            name,
            &self.engine,
            file.digest,
            accepted.grants,
            described,
            limits.clone(),
        ))
    }

    /// Describes a component, unless describing the same bytes failed recently.
    async fn describe(
        &self,
        file: &ComponentFile,
        limits: &Limits,
    ) -> Result<Described, LoadError> {
        if let Some(reason) = self.recent_failure(&file.digest) {
            return Err(reason);
        }

        let described = Described::of(&self.engine, &self.linkers, file, limits).await;
        if let Err(LoadError::NoManifest(message)) = &described {
            let failure = (Instant::now(), message.clone());
            self.failed_descriptions()
                .insert(file.digest.clone(), failure);
        }
        described
    }

    /// Returns the reason why describing these bytes failed within [`RETRY_DESCRIBE_AFTER`].
    fn recent_failure(&self, digest: &Digest) -> Option<LoadError> {
        let mut failed_descriptions = self.failed_descriptions();
        failed_descriptions.retain(|_, (since, _)| since.elapsed() < RETRY_DESCRIBE_AFTER);

        failed_descriptions
            .get(digest)
            .map(|(_, message)| LoadError::NoManifest(message.clone()))
    }

    fn failed_descriptions(&self) -> MutexGuard<'_, HashMap<Digest, (Instant, String)>> {
        self.failed_descriptions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the entry of the lock file in the component's folder, if it is for exactly these bytes.
fn accepted(file: &ComponentFile) -> Result<Accepted, CatalogError> {
    let path = file.path.as_path();
    let lock = lock_file::read(folder_of(path))?;
    let accepted = file_name(path).and_then(|name| lock.get(name)).cloned();

    match accepted {
        None => Err(CatalogError::NotAccepted {
            path: path.to_owned(),
        }),
        Some(accepted) if accepted.sha256 != file.digest => Err(CatalogError::Changed {
            path: path.to_owned(),
        }),
        Some(accepted) => Ok(accepted),
    }
}

/// Returns the adapter type that sources would use for this file.
fn name_of(path: &Path) -> Result<AdapterName, CatalogError> {
    let name = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();

    AdapterName::new(name)
        .map_err(|error| unusable(path, LoadError::NotComponent(error.to_string())))
}

fn unusable(path: &Path, reason: LoadError) -> CatalogError {
    let path = path.to_owned();
    match reason {
        LoadError::HostFailure(reason) => CatalogError::HostFailure { path, reason },
        reason => CatalogError::Unusable { path, reason },
    }
}

/// Returns the command that accepts this file, quoted for a shell.
fn command(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%,".contains(c);
    let word = if path.chars().all(plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    };

    format!("`job-scanner adapter accept {word}`")
}

fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();

    paths.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_command_is_quoted_for_a_shell() {
        assert_eq!(
            command(Path::new("/a/b-1.wasm")),
            "`job-scanner adapter accept /a/b-1.wasm`"
        );
        assert_eq!(
            command(Path::new("/a b/it's.wasm")),
            r"`job-scanner adapter accept '/a b/it'\''s.wasm'`"
        );
    }
}
