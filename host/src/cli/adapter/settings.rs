//! The part of the configuration that commands for adapters need, and the lookup of adapters that
//! arguments name.

use std::path::{Path, PathBuf};

use job_scanner_config::{AdaptersConfig, AdvancedConfig, Config, Home, SourceConfig};
use job_scanner_core::escape::Printable;
use job_scanner_core::key::AdapterName;
use job_scanner_sandbox::{Candidate, Catalog};

use crate::cli::usage::UsageError;
use crate::kit::project::Project;
use crate::startup;
use crate::startup::Folders;

/// The settings for adapters.
pub(crate) struct AdapterSettings {
    pub(super) adapters: AdaptersConfig,
    pub(super) advanced: AdvancedConfig,
    pub(super) sources: Vec<SourceConfig>,
}

impl AdapterSettings {
    /// Returns the defaults relative to the current folder.
    pub(crate) fn without_configuration() -> Self {
        let adapters = AdaptersConfig::under(Path::new(""));
        Self {
            adapters,
            advanced: AdvancedConfig::default(),
            sources: Vec::new(),
        }
    }

    /// Starts the engine that runs adapters.
    pub(super) fn catalog(&self) -> anyhow::Result<Catalog> {
        startup::catalog(&self.adapters, &self.advanced, &Folders::of_process())
    }

    /// Returns the file that an argument names by its path, or by the type of its sources.
    pub(super) fn find(&self, catalog: &Catalog, named: &str) -> anyhow::Result<PathBuf> {
        if is_path(named) {
            return path_of(named);
        }

        let name = AdapterName::new(named).map_err(|error| UsageError(error.to_string()))?;
        let with_file =
            |source: &&SourceConfig| source.key.adapter == name && source.adapter_file.is_some();
        if let Some(source) = self.sources.iter().find(with_file) {
            return Ok(catalog.find(&name, source.adapter_file.as_deref())?);
        }

        Ok(catalog.find_named(&name).map_err(|error| {
            let list = "`job-scanner adapter list` lists all adapters that can be found";
            UsageError(format!(
                "{error}; {list}, and a file is given by its path, such as `./{name}.wasm`"
            ))
        })?)
    }
}

impl From<Config> for AdapterSettings {
    fn from(
        Config {
            adapters,
            advanced,
            sources,
            ..
        }: Config,
    ) -> Self {
        Self {
            adapters,
            advanced,
            sources,
        }
    }
}

/// Inspects adapters that arguments name. Files need no configuration, so an author can build with
/// a broken one.
pub(super) struct Finder<'a> {
    settings: &'a dyn Fn() -> anyhow::Result<AdapterSettings>,
    by_name: Option<(AdapterSettings, Catalog)>,
    by_path: Option<Catalog>,
}

impl<'a> Finder<'a> {
    /// Creates a finder. Does not read anything yet.
    pub(super) fn new(settings: &'a dyn Fn() -> anyhow::Result<AdapterSettings>) -> Self {
        Self {
            settings,
            by_name: None,
            by_path: None,
        }
    }

    /// Returns the adapter with its requests, for an operator who may accept it.
    pub(super) async fn look_at(&mut self, named: &str) -> anyhow::Result<Candidate> {
        if is_path(named) {
            let path = path_of(named)?;
            let catalog = match self.by_path.take() {
                Some(catalog) => catalog,
                None => AdapterSettings::without_configuration().catalog()?,
            };
            let catalog = self.by_path.insert(catalog);
            return Ok(catalog.inspect(&path).await?);
        }

        let loaded = self.by_name.take().map_or_else(|| self.load(), Ok)?;
        let (settings, catalog) = self.by_name.insert(loaded);
        let path = settings.find(catalog, named)?;
        Ok(catalog.inspect(&path).await?)
    }

    fn load(&self) -> anyhow::Result<(AdapterSettings, Catalog)> {
        let settings = (self.settings)()?;
        let catalog = settings.catalog()?;
        Ok((settings, catalog))
    }
}

/// Returns the file that an argument names by its path.
fn path_of(named: &str) -> anyhow::Result<PathBuf> {
    let wrong = |error| UsageError(format!("`{}` {error}", Printable(named)));
    let path = Home::of_process().expand(named).map_err(wrong)?;
    if !path.exists() && Project::of_component(&path).is_some() {
        let remedy = "build it with `job-scanner adapter build`";
        return Err(UsageError(format!("`{}` does not exist; {remedy}", Printable(named))).into());
    }
    Ok(path)
}

/// Returns true for a path. Names of adapters contain none of these characters.
fn is_path(named: &str) -> bool {
    named.contains(['/', '\\', '.'])
}
