//! Finding adapters, and keeping those compiled that were accepted.

use std::collections::HashMap;
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

/// The adapters of this process: the file that a source names, or `TYPE.wasm` in the first of some
/// folders that has it. Each is loaded when first asked for, if it was accepted as it is.
pub struct Catalog {
    engine: Engine,
    /// The host's functions, which all adapters are linked against.
    linkers: Linkers,
    folders: Vec<PathBuf>,
    limits: LimitsByAdapter,
    loaded: Mutex<HashMap<CatalogKey, Arc<OnceCell<Arc<Adapter>>>>>,
    /// The last that could not say who they are.
    failed_descriptions: StdMutex<HashMap<Digest, (Instant, String)>>,
}

/// For so long an adapter that could not say who it is is not asked again: it may take seconds each
/// time, for every one of its sources, and meanwhile no other is asked.
const RETRY_DESCRIBE_AFTER: Duration = Duration::from_mins(5);

/// A source's words about its adapter: the name, and the file if it names one.
type CatalogKey = (AdapterName, Option<PathBuf>);

/// The reason why there is no adapter for a source.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No file of that name in any folder.
    #[error("no adapter `{name}`: there is no {}", listed(places))]
    Missing {
        /// The adapter.
        name: AdapterName,
        /// The files that it could be in.
        places: Vec<PathBuf>,
    },
    /// The file that a source names is not there.
    #[error("there is no adapter `{}`", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// It was not accepted.
    #[error("the adapter `{}` is not accepted yet; look at what it asks for and accept it: {}", path.display(), command(path))]
    NotAccepted {
        /// The file.
        path: PathBuf,
    },
    /// Its bytes are not those that were accepted.
    #[error(
        "the adapter `{}` changed since it was accepted; look at what it asks for and accept it again: {}",
        path.display(),
        command(path)
    )]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It asks for what it was not granted.
    #[error(
        "the adapter `{}` asks for more than it was granted; look at it and accept it again: {}",
        path.display(),
        command(path)
    )]
    NeedsMoreGrants {
        /// The file.
        path: PathBuf,
    },
    /// It is not known what was accepted.
    #[error(transparent)]
    Lock(#[from] LockFileError),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is not an adapter of ours.
    #[error("`{}` is not an adapter that can be used: {}", path.display(), Printable(&reason.to_string()))]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: LoadError,
    },
    /// It is not known if the file is an adapter: the host could not try it.
    #[error("cannot start the adapter `{}` now: {}", path.display(), Printable(reason))]
    HostFailure {
        /// The file.
        path: PathBuf,
        /// The thing that the host lacks.
        reason: String,
    },
}

impl CatalogError {
    /// The kind of failure.
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
    /// A catalog over these folders, the first of which wins; reads nothing yet.
    ///
    /// # Errors
    ///
    /// When two of the functions that adapters are offered have one name, which would be our
    /// mistake.
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

    /// The folders, in the order in which they are searched.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The file of a source's adapter: the one that the source names, or else the one of the
    /// adapter's name.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Missing`] or [`CatalogError::NoFile`], which are errors of the configuration
    /// that names it.
    pub fn find(&self, name: &AdapterName, file: Option<&Path>) -> Result<PathBuf, CatalogError> {
        match file {
            None => self.find_named(name),
            Some(path) if path.is_file() => Ok(path.to_owned()),
            Some(path) => Err(CatalogError::NoFile {
                path: path.to_owned(),
            }),
        }
    }

    /// The file of the adapter of this name.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Missing`].
    pub fn find_named(&self, name: &AdapterName) -> Result<PathBuf, CatalogError> {
        let places: Vec<PathBuf> = self
            .folders
            .iter()
            .map(|folder| folder.join(format!("{name}.wasm")))
            .collect();

        let found = places.iter().find(|path| path.is_file()).cloned();
        found.ok_or_else(|| CatalogError::Missing {
            name: name.clone(),
            places,
        })
    }

    /// The adapter that [`Self::find`] finds, compiled, if it was accepted as it is. The file is
    /// read once; the bytes hashed are the bytes compiled, and those of a file that was not
    /// accepted are not compiled at all.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`]. A load that failed is tried again at the next call.
    pub async fn load(
        &self,
        name: &AdapterName,
        file: Option<&Path>,
    ) -> Result<Arc<Adapter>, CatalogError> {
        let key = (name.clone(), file.map(Path::to_owned));
        let place = Arc::clone(self.loaded.lock().await.entry(key).or_default());

        // The lock on the table is free again: of the calls for one adapter the first loads it and
        // the others wait, and a call for another adapter waits for none of them.
        let loaded = place.get_or_try_init(|| async {
            let path = self.find(name, file)?;
            let adapter = self.load_accepted(name.clone(), &path).await?;
            Ok(Arc::new(adapter))
        });
        loaded.await.map(Arc::clone)
    }

    /// The adapter in this file, wherever it lies, if it was accepted as it is; under its file's
    /// name without the ending.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`].
    pub async fn load_file(&self, path: &Path) -> Result<Adapter, CatalogError> {
        self.load_accepted(name_of(path)?, path).await
    }

    /// The same with all that it asks for, accepted or not: to be run where no request
    /// leaves the machine.
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

        let asked = described.manifest.asks_for();
        Ok(Adapter::new(
            name,
            &self.engine,
            file.digest,
            asked,
            described,
            limits.clone(),
        ))
    }

    /// A file as the operator looks at it who may accept it.
    ///
    /// # Errors
    ///
    /// When there is nothing that could be accepted.
    pub async fn inspect(&self, path: &Path) -> Result<Candidate, CandidateError> {
        let default = Limits::default();
        let name = name_of(path).ok();

        let limits = name
            .as_ref()
            .map_or(&default, |name| self.limits.for_adapter(name));

        Candidate::inspect(&self.engine, &self.linkers, path, limits).await
    }

    async fn load_accepted(&self, name: AdapterName, path: &Path) -> Result<Adapter, CatalogError> {
        // Nothing is made of bytes before it is known that they were accepted.
        let file = ComponentFile::read(path)?;
        let accepted = accepted(&file)?;

        let limits = self.limits.for_adapter(&name);
        let described = self.describe(&file, limits).await;
        let described = described.map_err(|reason| unusable(path, reason))?;

        let asked = described.manifest.asks_for();
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

    /// Describes a component, unless it could not say who it is a short while ago.
    async fn describe(&self, file: &ComponentFile, limits: &Limits) -> Result<Described, LoadError> {
        if let Some(reason) = self.recent_failure(&file.digest) {
            return Err(reason);
        }

        let described = Described::of(&self.engine, &self.linkers, file, limits).await;
        if let Err(LoadError::NoManifest(words)) = &described {
            let failure = (Instant::now(), words.clone());
            self.failed_descriptions()
                .insert(file.digest.clone(), failure);
        }
        described
    }

    /// The reason why an adapter could not say who it is when it was last asked, not long ago.
    fn recent_failure(&self, digest: &Digest) -> Option<LoadError> {
        let mut failed_descriptions = self.failed_descriptions();
        failed_descriptions.retain(|_, (since, _)| since.elapsed() < RETRY_DESCRIBE_AFTER);

        failed_descriptions
            .get(digest)
            .map(|(_, words)| LoadError::NoManifest(words.clone()))
    }

    fn failed_descriptions(&self) -> MutexGuard<'_, HashMap<Digest, (Instant, String)>> {
        self.failed_descriptions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The entry of the lock file beside a component's file, if it is of these very bytes.
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

/// The type under which sources would find this file.
fn name_of(path: &Path) -> Result<AdapterName, CatalogError> {
    let name = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();

    AdapterName::new(name).map_err(|error| unusable(path, LoadError::NotComponent(error.to_string())))
}

fn unusable(path: &Path, reason: LoadError) -> CatalogError {
    let path = path.to_owned();
    match reason {
        LoadError::HostFailure(reason) => CatalogError::HostFailure { path, reason },
        reason => CatalogError::Unusable { path, reason },
    }
}

/// The command to type, for a shell.
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

fn listed(places: &[PathBuf]) -> String {
    let places: Vec<String> = places
        .iter()
        .map(|place| format!("`{}`", place.display()))
        .collect();

    places.join(", and no ")
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
