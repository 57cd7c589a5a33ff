//! Checks all enabled sources before a run: loads their adapters, and checks the sources against
//! them. Each cause is reported once, with the number of sources that it affects.
//!
//! Not here: the check of one source against its adapter (`source_check`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors, Problem, SourceConfig, closest_type, is_bundled};
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::{AdapterName, SourceKey};
use job_scanner_core::quantity::counted;
use job_scanner_sandbox::{Adapter, Catalog, CatalogError};
use tokio::task::JoinSet;
use tracing::warn;

use crate::source_check::check_source;

/// The files that the program reads if no other is named. Commands then need no `--config`.
const DEFAULT_FILES: [&str; 2] = ["config.yaml", "config/config.yaml"];

/// The adapters of all enabled sources.
pub struct CheckedAdapters {
    /// Sorted by name.
    pub usable: Vec<Arc<Adapter>>,
    by_source: HashMap<SourceKey, Arc<Adapter>>,
    /// The errors of the configuration: adapters that do not exist, and options that an adapter
    /// does not accept.
    pub problems: Vec<Problem>,
    /// The adapters that exist, but that may not or cannot be used. Only their sources fail.
    pub refused: Vec<RefusedAdapter>,
}

/// An adapter that may not or cannot be used.
pub struct RefusedAdapter {
    name: AdapterName,
    /// The file, if the sources name one.
    named_file: Option<PathBuf>,
    /// The number of enabled sources that need it.
    sources: u64,
    error: CatalogError,
}

/// One cause for which adapters may not or cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Not empty.
    pub adapters: Vec<AdapterName>,
    /// The cause and the correction.
    pub message: String,
}

/// An adapter, or the reason why it cannot be loaded, with the enabled sources that need it.
struct Needed<'c> {
    sources: Vec<&'c SourceConfig>,
    loaded: Result<Arc<Adapter>, CatalogError>,
}

/// Checks the sources before the first run, and logs the adapters that are refused.
///
/// An adapter that was not accepted or cannot be used is not an error of the configuration: its
/// sources fail when they are scanned, and the others are not affected.
///
/// # Errors
///
/// Fails with all errors at once: missing adapters, and options that an adapter does not accept.
pub async fn check_sources(config: &Config, catalog: &Arc<Catalog>) -> Result<(), ConfigErrors> {
    let checked = check_adapters(config, catalog).await;
    for refused in &checked.refused {
        let file = catalog
            .find(&refused.name, refused.named_file.as_deref())
            .map_or_else(|_| String::new(), |path| path.display().to_string());
        warn!(
            event = "adapter.refused",
            adapter.file = file,
            "{}",
            Printable(&with_causes(&refused.error))
        );
    }

    ConfigErrors::from_problems(checked.problems).map_or(Ok(()), Err)
}

/// Loads the adapters of all enabled sources, and checks these sources.
pub async fn check_adapters(config: &Config, catalog: &Arc<Catalog>) -> CheckedAdapters {
    load_concurrently(config, catalog).await;

    let mut checked = CheckedAdapters {
        usable: Vec::new(),
        by_source: HashMap::new(),
        problems: Vec::new(),
        refused: Vec::new(),
    };
    let mut missing = Vec::new();
    for Needed { sources, loaded } in needed(config, catalog).await {
        match loaded {
            Ok(adapter) => {
                let check = |source: &&SourceConfig| check_source(config, source, &adapter).err();
                let problems = sources.iter().filter_map(check).flatten();
                checked.problems.extend(problems);
                let keys = sources.iter().map(|source| source.key.clone());
                let adapters = keys.map(|key| (key, Arc::clone(&adapter)));
                checked.by_source.extend(adapters);
                checked.usable.push(adapter);
            }
            Err(CatalogError::Missing { .. }) => missing.push(sources),
            Err(error @ CatalogError::NoFile { .. }) => {
                checked.problems.extend(no_file(&sources, &error));
            }
            Err(error) => checked.refused.extend(refused(&sources, error)),
        }
    }

    checked
        .problems
        .extend(not_installed(config, catalog, &missing));
    checked
}

/// Loads all adapters concurrently, because reading, hashing and decompressing them takes CPU time.
/// Errors are ignored here; the caller gets them from the catalog.
async fn load_concurrently(config: &Config, catalog: &Arc<Catalog>) {
    let mut known = BTreeSet::new();
    let mut loads = JoinSet::new();
    for source in config.sources.iter().filter(|source| source.enabled) {
        if known.insert((&source.key.adapter, &source.adapter_file)) {
            let catalog = Arc::clone(catalog);
            let (name, file) = (source.key.adapter.clone(), source.adapter_file.clone());
            loads.spawn(async move { drop(catalog.load(&name, file.as_deref()).await) });
        }
    }
    loads.join_all().await;
}

/// Returns each adapter once, sorted by name and file.
async fn needed<'c>(config: &'c Config, catalog: &Catalog) -> Vec<Needed<'c>> {
    let mut sources: BTreeMap<_, Vec<&SourceConfig>> = BTreeMap::new();
    for source in config.sources.iter().filter(|source| source.enabled) {
        let file = source.adapter_file.as_deref();
        sources
            .entry((&source.key.adapter, file))
            .or_default()
            .push(source);
    }

    let mut needed = Vec::new();
    for ((name, file), sources) in sources {
        let loaded = catalog.load(name, file).await;
        needed.push(Needed { sources, loaded });
    }
    needed
}

fn refused(sources: &[&SourceConfig], error: CatalogError) -> Option<RefusedAdapter> {
    let first = sources.first()?;
    Some(RefusedAdapter {
        name: first.key.adapter.clone(),
        named_file: first.adapter_file.clone(),
        sources: sources.len() as u64,
        error,
    })
}

fn no_file(sources: &[&SourceConfig], error: &CatalogError) -> Option<Problem> {
    let first = sources.first()?;
    Some(first.problem(
        first.positions.adapter,
        format!("{}.adapter", first.path),
        format!("{error}{}", if_several(sources)),
        "correct the path; it is relative to the folder of this file".to_owned(),
    ))
}

/// Returns a problem for each type without an adapter, or one problem if there is not any adapter.
fn not_installed(
    config: &Config,
    catalog: &Catalog,
    missing: &[Vec<&SourceConfig>],
) -> Vec<Problem> {
    let installed = catalog.names();
    if installed.is_empty() && !missing.is_empty() {
        return vec![nothing_installed(config, catalog, missing)];
    }

    let installed: Vec<&str> = installed.iter().map(AdapterName::as_str).collect();
    let problem = |sources: &Vec<&SourceConfig>| {
        let first = sources.first()?;
        let name = first.key.adapter.as_str();
        Some(first.problem(
            first.positions.adapter,
            format!("{}.type", first.path),
            format!("no adapter `{name}` is installed{}", if_several(sources)),
            remedy_of_type(name, &installed, catalog.folders()),
        ))
    };
    missing.iter().filter_map(problem).collect()
}

fn nothing_installed(
    config: &Config,
    catalog: &Catalog,
    missing: &[Vec<&SourceConfig>],
) -> Problem {
    let sources = missing.iter().map(Vec::len).sum::<usize>() as u64;
    let folders: Vec<String> = catalog
        .folders()
        .iter()
        .map(|folder| shown(folder))
        .collect();
    let wrong = format!(
        "no adapters are installed, so {} cannot be scanned: these folders have no `.wasm` file: {}",
        counted(sources, "source", "sources"),
        folders.join(", ")
    );
    let remedy = "build the bundled ones with `./just build-adapters` and write the path of their folder `adapters/dist` here, or \
         install them with `./just install`";
    config.problem_of_file("adapters.dir".to_owned(), wrong, remedy.to_owned())
}

fn shown(folder: &Path) -> String {
    let note = if folder.is_dir() {
        ""
    } else {
        " (does not exist)"
    };
    format!("`{}`{note}", folder.display())
}

fn remedy_of_type(name: &str, installed: &[&str], folders: &[PathBuf]) -> String {
    if is_bundled(name) {
        return format!("build it with `./just build-adapters {name}`, or correct the type");
    }
    if let Some(meant) = closest_type(name, installed) {
        return format!("did you mean `{meant}`? `job-scanner adapter list` lists all types");
    }

    let folder = folders.first().map_or_else(String::new, |folder| {
        format!(", or put `{name}.wasm` into `{}`", folder.display())
    });
    format!("write one of {}{folder}", installed.join(", "))
}

/// Returns the number of sources that share a problem, in parentheses. Empty if it is one.
fn if_several(sources: &[&SourceConfig]) -> String {
    match sources.len() {
        0 | 1 => String::new(),
        many => format!(" ({many} sources)"),
    }
}

impl CheckedAdapters {
    /// Returns the adapter of a source. `None` if the source is disabled or its adapter cannot be
    /// used.
    pub fn of(&self, source: &SourceConfig) -> Option<&Adapter> {
        self.by_source.get(&source.key).map(Arc::as_ref)
    }

    /// Returns the causes for which adapters are refused, in the order of the adapters.
    pub fn refusals(&self, config: &Config) -> Vec<Refusal> {
        let mut by_cause: Vec<(String, Vec<&RefusedAdapter>)> = Vec::new();
        for refused in &self.refused {
            let cause = refused.cause();
            match by_cause.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, adapters)) => adapters.push(refused),
                None => by_cause.push((cause, vec![refused])),
            }
        }

        by_cause
            .into_iter()
            .map(|(cause, adapters)| Refusal {
                message: message_of(&cause, &adapters, config),
                adapters: adapters
                    .iter()
                    .map(|refused| refused.name.clone())
                    .collect(),
            })
            .collect()
    }
}

impl RefusedAdapter {
    /// Returns a text that is equal for adapters with the same cause.
    fn cause(&self) -> String {
        let shared = self.shared_cause().filter(|_| self.named_file.is_none());
        shared.map_or_else(|| with_causes(&self.error), str::to_owned)
    }

    /// Returns what is wrong with several adapters at once that one command accepts. `None` for all
    /// other errors.
    fn shared_cause(&self) -> Option<&'static str> {
        match self.error {
            CatalogError::NotAccepted { .. } => Some("have not been accepted yet"),
            CatalogError::Changed { .. } => Some("have changed since they were accepted"),
            CatalogError::NeedsMoreGrants { .. } => Some("request more than they were granted"),
            _ => None,
        }
    }
}

fn message_of(cause: &str, refused: &[&RefusedAdapter], config: &Config) -> String {
    let [first, _, ..] = refused else {
        return refused
            .first()
            .map_or_else(String::new, |refused| with_causes(&refused.error));
    };

    let names: Vec<&str> = refused
        .iter()
        .map(|refused| refused.name.as_str())
        .collect();
    let sources = refused.iter().map(|refused| refused.sources).sum();
    let sources = counted(sources, "source", "sources");
    if first.shared_cause().is_none() {
        return format!("{cause} ({sources} of {})", names.join(", "));
    }

    let default = DEFAULT_FILES
        .iter()
        .any(|file| config.path == Path::new(file));
    let same_file = if default {
        ""
    } else {
        " (with the same `--config`)"
    };
    format!(
        "{} adapters {cause}, so {sources} would fail; review their requests and accept them: `job-scanner adapter accept \
         {}`{same_file}",
        refused.len(),
        names.join(" ")
    )
}
