//! `job-scanner adapter list`: lists all adapters that can be found, and their acceptance.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use job_scanner_core::causes::with_causes;
use job_scanner_sandbox::{AcceptanceStatus, Candidate, CandidateError, Catalog, LoadError};
use job_scanner_views::adapters::{COLUMNS, ListedAdapter};
use job_scanner_views::cells::whole;

use crate::cli::adapter::requests::status_word;
use crate::cli::adapter::settings::AdapterSettings;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};

/// The arguments of `adapter list`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Lists the adapters in the folders, and those that sources name by file.
pub(super) async fn run(settings: &AdapterSettings, options: &Options) -> anyhow::Result<u8> {
    let catalog = settings.catalog()?;
    let mut adapters = Vec::new();
    for path in files(settings, &catalog)? {
        adapters.push(listed_adapter(&catalog, &path).await);
    }
    match options.format {
        Format::Json => print_json(&adapters)?,
        Format::Table => print(&render_text(&adapters, catalog.folders()))?,
    }
    Ok(SUCCESS)
}

/// Returns the files, folder by folder in the order of the search, then the files that sources
/// name.
fn files(settings: &AdapterSettings, catalog: &Catalog) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in catalog.folders().iter().filter(|folder| folder.is_dir()) {
        let here = components_in(folder)
            .with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
        files.extend(here);
    }

    let named = settings.sources.iter();
    let named = named.filter_map(|source| source.adapter_file.as_ref());
    let mut named: BTreeSet<&PathBuf> = named.collect();
    named.retain(|path| !files.contains(path));
    files.extend(named.into_iter().cloned());
    Ok(files)
}

/// Returns the components in a folder, sorted by name.
fn components_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut components = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            components.push(path);
        }
    }
    components.sort_unstable();
    Ok(components)
}

async fn listed_adapter(catalog: &Catalog, path: &Path) -> ListedAdapter {
    let name = path.file_stem().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let file = path.display().to_string();

    match catalog.inspect(path).await {
        Ok(candidate) => ListedAdapter {
            detail: detail(&candidate),
            name,
            file,
            status: status_word(candidate.acceptance_status()),
            version: Some(candidate.manifest().version.clone()),
            contract: Some(candidate.contract().line()),
            sha256: Some(candidate.digest.to_string()),
        },
        Err(error) => ListedAdapter {
            name,
            file,
            status: status_without_manifest(&error),
            detail: Some(with_causes(&error)),
            version: None,
            contract: None,
            sha256: None,
        },
    }
}

fn status_without_manifest(error: &CandidateError) -> &'static str {
    let is_incompatible = matches!(
        error,
        CandidateError::Unusable {
            reason: LoadError::Incompatible(_),
            ..
        }
    );
    if is_incompatible {
        "incompatible"
    } else {
        "unreadable"
    }
}

fn detail(candidate: &Candidate) -> Option<String> {
    match candidate.acceptance_status() {
        AcceptanceStatus::Accepted => None,
        AcceptanceStatus::NotAccepted => {
            Some("accept it with `job-scanner adapter accept`".to_owned())
        }
        AcceptanceStatus::Changed => {
            let more =
                describe_more(candidate).unwrap_or_else(|| "it requests nothing more".to_owned());
            Some(format!("the file differs from the accepted one; {more}"))
        }
        AcceptanceStatus::NeedsMoreGrants => describe_more(candidate),
    }
}

/// Returns the requests beyond the accepted ones; `None` if there are none.
fn describe_more(candidate: &Candidate) -> Option<String> {
    let more = candidate.requested_beyond_grants();
    if more.is_empty() {
        return None;
    }

    let hosts = more.hosts.keys().map(ToString::to_string);
    let secrets = more.secrets.keys();
    let secrets = secrets.map(|option| format!("receivers of the secret `{}`", whole(option)));
    let more: Vec<String> = hosts.chain(secrets).collect();
    Some(format!("it also requests {}", more.join(", ")))
}

fn render_text(adapters: &[ListedAdapter], folders: &[PathBuf]) -> String {
    if adapters.is_empty() {
        let folder = |folder: &PathBuf| format!("`{}`", whole(&folder.display().to_string()));
        let folders: Vec<String> = folders.iter().map(folder).collect();
        return format!(
            "there are no adapters in {}; build those that ship with job-scanner with `./just build-adapters`, or set \
             `adapters.dir` in config.yaml to another folder\n",
            folders.join(", ")
        );
    }

    Table::new(&COLUMNS, adapters.iter().map(ListedAdapter::row)).to_string()
}
