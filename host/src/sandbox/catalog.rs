//! Finding adapters by name, and keeping them compiled.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_scanner_core::escape::Printable;
use job_scanner_core::key::AdapterName;
use tokio::sync::Mutex;

use super::adapter::Adapter;
use super::engine::Engine;
use crate::config::AdaptersConfig;

/// The largest component we read, in bytes.
const MAX_COMPONENT_BYTES: u64 = 64 * 1024 * 1024;

/// The adapters of this process: `NAME.wasm` in the adapters folder, loaded when first asked for.
pub struct Catalog {
    engine: Engine,
    config: AdaptersConfig,
    loaded: Mutex<HashMap<AdapterName, Arc<Adapter>>>,
}

/// Why there is no adapter of this name.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No file of that name.
    #[error("no adapter `{name}`: there is no `{}`", path.display())]
    Missing {
        /// Which adapter.
        name: AdapterName,
        /// Where it would be.
        path: PathBuf,
    },
    /// A file that cannot be read.
    #[error("cannot read the adapter `{}`", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file larger than any adapter.
    #[error("the adapter `{}` has more than {MAX_COMPONENT_BYTES} bytes", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// A file that is no adapter of ours.
    #[error("`{}` is no adapter that can be used: {reason}", path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// Why, in words fit to be printed.
        reason: String,
    },
}

impl Catalog {
    /// A catalog over the configured folder; reads nothing yet.
    pub fn new(engine: Engine, config: AdaptersConfig) -> Self {
        Self { engine, config, loaded: Mutex::default() }
    }

    /// Where the adapter of this name is.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Missing`], which is an error of the configuration that names it.
    pub fn find(&self, name: &AdapterName) -> Result<PathBuf, CatalogError> {
        let path = self.config.dir.join(format!("{name}.wasm"));
        if path.is_file() { Ok(path) } else { Err(CatalogError::Missing { name: name.clone(), path }) }
    }

    /// The adapter of this name, compiled. The file is read once; the bytes hashed are the bytes compiled.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`].
    pub async fn load(&self, name: &AdapterName) -> Result<Arc<Adapter>, CatalogError> {
        // Held while compiling, so that two sources of one adapter do not compile it twice.
        let mut loaded = self.loaded.lock().await;
        if let Some(adapter) = loaded.get(name) {
            return Ok(Arc::clone(adapter));
        }
        let adapter = Arc::new(self.load_as(name.clone(), &self.find(name)?).await?);
        loaded.insert(name.clone(), Arc::clone(&adapter));
        Ok(adapter)
    }

    /// The adapter in this file, wherever it lies, under its file's name without the ending.
    ///
    /// # Errors
    ///
    /// See [`CatalogError`].
    pub async fn load_file(&self, path: &Path) -> Result<Adapter, CatalogError> {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let name = AdapterName::new(name)
            .map_err(|error| CatalogError::Unusable { path: path.to_owned(), reason: error.to_string() })?;
        self.load_as(name, path).await
    }

    async fn load_as(&self, name: AdapterName, path: &Path) -> Result<Adapter, CatalogError> {
        let bytes = read_component(path)?;
        let limits = self.config.limits.for_adapter(&name).clone();
        Adapter::load(&self.engine, name, &bytes, limits).await.map_err(|error| {
            let reason = Printable(&format!("{error:#}")).to_string();
            CatalogError::Unusable { path: path.to_owned(), reason }
        })
    }
}

fn read_component(path: &Path) -> Result<Vec<u8>, CatalogError> {
    let unreadable = |error| CatalogError::Unreadable { path: path.to_owned(), error };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_COMPONENT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_COMPONENT_BYTES {
        return Err(CatalogError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}
