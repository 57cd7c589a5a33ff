//! Adding sources to the configuration: each gets a file in `sources.d`.
//!
//! A source is checked as the daemon would check it, and only then written. A file is written
//! completely or not at all, and no existing file is changed. A lock on the folder makes two
//! processes add one after the other, so they cannot both add the same source.
//!
//! Not here: the sources for pasted addresses ([`crate::kit::detect`]), and a reload of the daemon.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors, Position, SourceConfig};
use job_scanner_files::durable_file::write_new_shared;
use job_scanner_pipeline::check_adapters;
use job_scanner_sandbox::Catalog;

use crate::kit::detect::{Detected, source_block};

/// The maximum length of the name of a file, without its number and ending.
const MAX_NAME_BYTES: usize = 80;

/// A source that was to be added, and what became of it.
#[derive(Debug)]
pub struct AddedSource {
    /// The key as the program prints it, such as `lever/acme`.
    pub key: String,
    pub name: String,
    pub outcome: AddOutcome,
}

/// The outcome for one source.
#[derive(Debug, PartialEq, Eq)]
pub enum AddOutcome {
    /// The source is in this new file.
    Written(PathBuf),
    /// The configuration had the source already, here.
    Known(PathBuf, Position),
    /// Nothing was written, for these reasons. Each says what to do.
    Refused(Vec<String>),
}

/// The reason why nothing could be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    #[error("cannot write in the folder `{}`; give job-scanner write permission", folder.display())]
    Folder {
        folder: PathBuf,
        #[source]
        cause: io::Error,
    },
}

/// Adds the sources that the configuration lacks. `load` reads the configuration as it is now.
/// Returns the outcomes in the order of the sources.
///
/// # Errors
///
/// Fails before anything is written: for a configuration that is not valid, and for a folder that
/// cannot be created or locked.
pub async fn add_sources(
    load: impl Fn() -> Result<Config, ConfigErrors>,
    catalog: &Arc<Catalog>,
    found: &[Detected],
) -> Result<Vec<AddedSource>, AddError> {
    let folder = load()?.sources_folder();
    let _lock = lock(&folder).await?;

    // Another process may have added sources before the folder was locked.
    let mut config = load()?;
    let mut added = Vec::with_capacity(found.len());
    for source in found {
        added.push(add_source(&mut config, catalog, source).await);
    }
    Ok(added)
}

/// Creates the folder if necessary and waits for its lock, which ends when the file is dropped.
async fn lock(folder: &Path) -> Result<File, AddError> {
    let path = folder.to_owned();
    let locked = tokio::task::spawn_blocking(move || {
        fs::create_dir_all(&path)?;
        let folder = File::open(&path)?;
        folder.lock()?;
        Ok(folder)
    });
    let locked = locked.await.map_err(io::Error::other).flatten();
    locked.map_err(|cause| AddError::Folder {
        folder: folder.to_owned(),
        cause,
    })
}

/// Adds the sources of a text in YAML, a list under `sources:`, all of them or none. They get one
/// file.
///
/// # Errors
///
/// As [`add_sources`].
pub async fn add_yaml(
    load: impl Fn() -> Result<Config, ConfigErrors>,
    catalog: &Arc<Catalog>,
    yaml: &str,
) -> Result<AddOutcome, AddError> {
    let folder = load()?.sources_folder();
    let _lock = lock(&folder).await?;
    let config = load()?;

    let written = check_and_write(&config, catalog, yaml).await;
    Ok(match written {
        Ok((file, _)) => AddOutcome::Written(file),
        Err(reasons) => AddOutcome::Refused(reasons),
    })
}

/// Adds one source, and notes it in `config` if it was written.
async fn add_source(config: &mut Config, catalog: &Arc<Catalog>, found: &Detected) -> AddedSource {
    let text = source_block(std::iter::once(found));
    let outcome = match known(config, found) {
        Some(known) => AddOutcome::Known(known.file.clone(), known.position()),
        None => match check_and_write(config, catalog, &text).await {
            Ok((file, sources)) => {
                config.sources.extend(sources);
                AddOutcome::Written(file)
            }
            Err(reasons) => AddOutcome::Refused(reasons),
        },
    };
    AddedSource {
        key: format!("{}/{}", found.adapter, found.identifier),
        name: found.name.clone(),
        outcome,
    }
}

fn known<'c>(config: &'c Config, found: &Detected) -> Option<&'c SourceConfig> {
    config.sources.iter().find(|source| {
        source.key.adapter.as_str() == found.adapter
            && source.key.identifier.as_str() == found.identifier
    })
}

/// Checks sources against the configuration and their adapters, and writes their file.
///
/// # Errors
///
/// The reasons for which it was not written.
async fn check_and_write(
    config: &Config,
    catalog: &Arc<Catalog>,
    text: &str,
) -> Result<(PathBuf, Vec<SourceConfig>), Vec<String>> {
    let parse = |path: &Path| {
        let parsed = config.parse_sources(path, text);
        parsed.map_err(|errors| reasons(&errors))
    };
    let folder = config.sources_folder();
    let Some(first) = parse(&folder)?.into_iter().next() else {
        return Err(vec!["there are no sources; write at least one".to_owned()]);
    };
    let path = free_path(&folder, &first);
    let sources = parse(&path)?;
    check_adapters_of(config, catalog, &sources).await?;

    let written = write_new_shared(&path, text.as_bytes());
    written.map_err(|error| vec![format!("cannot write `{}`: {error}", path.display())])?;
    Ok((path, sources))
}

/// Checks sources against their adapters.
async fn check_adapters_of(
    config: &Config,
    catalog: &Arc<Catalog>,
    sources: &[SourceConfig],
) -> Result<(), Vec<String>> {
    let alone = Config {
        sources: sources.to_vec(),
        ..config.clone()
    };
    let checked = check_adapters(&alone, catalog).await;
    let refusals = checked.refusals(&alone).into_iter();
    let mut wrong: Vec<String> = refusals.map(|refusal| refusal.message).collect();
    if let Some(errors) = ConfigErrors::from_problems(checked.problems) {
        wrong.extend(reasons(&errors));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn reasons(errors: &ConfigErrors) -> Vec<String> {
    let problems = errors.problems().iter();
    problems
        .map(|problem| format!("{}; {}", problem.wrong, problem.remedy))
        .collect()
}

/// Returns the path of a new file. Different keys may have the same name, so a number follows it if
/// necessary.
fn free_path(folder: &Path, source: &SourceConfig) -> PathBuf {
    let (kind, identifier) = (source.key.adapter.as_str(), source.key.identifier.as_str());
    let name = file_name(&format!("{kind}-{identifier}"));
    let mut path = folder.join(format!("{name}.yaml"));
    let mut number = 2_u64;
    while path.symlink_metadata().is_ok() {
        path = folder.join(format!("{name}-{number}.yaml"));
        number += 1;
    }
    path
}

/// Returns a name of plain characters for a key.
fn file_name(key: &str) -> String {
    let mut name = String::new();
    for c in key.chars() {
        let is_plain = c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        match c {
            c if is_plain && name.len() < MAX_NAME_BYTES => name.push(c.to_ascii_lowercase()),
            _ if name.ends_with('-') || name.len() >= MAX_NAME_BYTES => {}
            _ => name.push('-'),
        }
    }
    name.trim_end_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_has_plain_characters_and_a_limit() {
        for (key, name) in [
            ("lever-acme", "lever-acme"),
            ("workday-acme.wd5/Careers", "workday-acme.wd5-careers"),
            (
                "feed-https://größe.example/a?b=1",
                "feed-https-gr-e.example-a-b-1",
            ),
            ("feed-../../etc/passwd", "feed-..-..-etc-passwd"),
            ("lever-..", "lever"),
        ] {
            assert_eq!(file_name(key), name);
        }
        assert_eq!(file_name(&"x".repeat(1_000)).len(), MAX_NAME_BYTES);
    }
}
