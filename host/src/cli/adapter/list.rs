//! `job-scanner adapter list`: every adapter that can be found, and whether it may be used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use job_scanner_core::causes::with_causes;
use job_scanner_sandbox::{Candidate, CandidateError, Catalog, Standing, Unusable};
use serde::Serialize;

use crate::cli::GOOD;
use crate::cli::adapter::asked::standing_word;
use crate::cli::adapter::setting::Setting;
use crate::cli::output::{Format, json, print};
use crate::cli::table::{plain_table, whole};

/// How to show them.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// One file.
#[derive(Debug, Serialize)]
struct Listed {
    /// The type under which sources find it.
    name: String,
    file: String,
    standing: &'static str,
    /// What there is to say about that; `null` when all is well.
    detail: Option<String>,
    version: Option<String>,
    contract: Option<&'static str>,
    sha256: Option<String>,
}

/// Shows those in the folders, and those that sources name.
pub(super) async fn run(setting: &Setting, options: &Options) -> anyhow::Result<u8> {
    let catalog = setting.catalog()?;
    let mut adapters = Vec::new();
    for path in files(setting, &catalog)? {
        adapters.push(look_at(&catalog, &path).await);
    }
    match options.format {
        Format::Json => print(&json(&adapters)?)?,
        Format::Table => print(&in_words(&adapters, catalog.folders()))?,
    }
    Ok(GOOD)
}

/// Folder by folder, in the order in which they are searched; then the files that sources name.
fn files(setting: &Setting, catalog: &Catalog) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in catalog.folders().iter().filter(|folder| folder.is_dir()) {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries =
            entries.with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
        let mut here: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        here.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        });
        here.sort_unstable();
        files.extend(here);
    }
    let named: BTreeSet<&PathBuf> = setting
        .sources
        .iter()
        .filter_map(|source| source.adapter_file.as_ref())
        .collect();
    let named = named
        .into_iter()
        .filter(|path| !files.contains(path))
        .cloned()
        .collect::<Vec<_>>();
    files.extend(named);
    Ok(files)
}

async fn look_at(catalog: &Catalog, path: &Path) -> Listed {
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let file = path.display().to_string();
    match catalog.look_at(path).await {
        Ok(candidate) => Listed {
            detail: detail(&candidate),
            name,
            file,
            standing: standing_word(candidate.standing()),
            version: Some(candidate.manifest().version.clone()),
            contract: Some(candidate.contract().line()),
            sha256: Some(candidate.digest.to_string()),
        },
        Err(error) => {
            let incompatible = matches!(
                error,
                CandidateError::Unusable {
                    reason: Unusable::Incompatible(_),
                    ..
                }
            );
            let standing = if incompatible {
                "incompatible"
            } else {
                "unreadable"
            };
            let detail = Some(with_causes(&error));
            Listed {
                name,
                file,
                standing,
                detail,
                version: None,
                contract: None,
                sha256: None,
            }
        }
    }
}

fn detail(candidate: &Candidate) -> Option<String> {
    match candidate.standing() {
        Standing::Accepted => None,
        Standing::NotAccepted => Some("`job-scanner adapter accept` lets it be used".to_owned()),
        Standing::Changed => {
            Some("these are not the bytes that were accepted; it asks for nothing more".to_owned())
        }
        Standing::AsksForMore => {
            let more = candidate.asks_beyond();
            let hosts = more.hosts.keys().map(ToString::to_string);
            let secrets = more
                .secrets
                .keys()
                .map(|option| format!("receivers of the secret `{}`", whole(option)));
            Some(format!(
                "it also wants {}",
                hosts.chain(secrets).collect::<Vec<_>>().join(", ")
            ))
        }
    }
}

fn in_words(adapters: &[Listed], folders: &[PathBuf]) -> String {
    if adapters.is_empty() {
        let folders: Vec<String> = folders
            .iter()
            .map(|folder| format!("`{}`", whole(&folder.display().to_string())))
            .collect();
        return format!(
            "there are no adapters in {}; `./just build-adapters` builds those that come with job-scanner, and \
             `adapters.dir` in config.yaml names another folder\n",
            folders.join(", ")
        );
    }
    let mut table = plain_table();
    table.set_header(["name", "standing", "version", "contract", "file", "detail"]);
    for Listed {
        name,
        file,
        standing,
        detail,
        version,
        contract,
        ..
    } in adapters
    {
        table.add_row([
            whole(name),
            (*standing).to_owned(),
            version.as_deref().map_or_else(|| "-".to_owned(), whole),
            contract.unwrap_or("-").to_owned(),
            whole(file),
            detail.as_deref().map_or_else(String::new, whole),
        ]);
    }
    format!("{table}\n")
}
