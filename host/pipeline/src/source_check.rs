//! Whether a source says what its adapter can work with: its options against the adapter's schema,
//! their secrets among them, and a host where the adapter takes one from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors, Problem, SecretError, SecretPlaces, SourceConfig};
use job_scanner_core::adapter::{FromProblem, OptionProblem, OptionsSchema, pointer_below};
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::secret::Secret;
use job_scanner_sandbox::{Adapter, Catalog, CatalogError, Secrets};
use serde_json::Value;
use tokio::task::JoinSet;
use tracing::warn;

/// Looks at all enabled sources before anything runs, and loads their adapters.
///
/// An adapter that was not accepted, or cannot be used, is not a mistake of the configuration: its
/// sources fail when they are scanned, and the others go on.
///
/// # Errors
///
/// Everything at once: an adapter that is not there, options that the adapter does not take.
pub async fn check_sources(config: &Config, catalog: &Arc<Catalog>) -> Result<(), ConfigErrors> {
    load_side_by_side(config, catalog).await;

    let mut problems = Vec::new();
    let mut reported = BTreeSet::new();
    for source in config.sources.iter().filter(|source| source.enabled) {
        let file = source.adapter_file.as_deref();
        match catalog.load(&source.key.adapter, file).await {
            Ok(adapter) => problems.extend(
                check_source(config, source, &adapter)
                    .err()
                    .into_iter()
                    .flatten(),
            ),
            // Sources that share an adapter share its fault, which is told once.
            Err(error) if !reported.insert((&source.key.adapter, &source.adapter_file)) => {
                drop(error);
            }
            Err(error @ (CatalogError::Missing { .. } | CatalogError::NoFile { .. })) => {
                problems.push(without_adapter(config, source, &error));
            }
            Err(error) => {
                let file = catalog
                    .find(&source.key.adapter, file)
                    .map_or_else(|_| String::new(), |path| path.display().to_string());
                warn!(
                    event = "adapter.refused",
                    adapter.file = file,
                    "{}",
                    Printable(&with_causes(&error))
                );
            }
        }
    }

    ConfigErrors::from_problems(problems).map_or(Ok(()), Err)
}

/// Loading is reading, hashing and unpacking, all of it the processor's work. What cannot be loaded
/// is told by the caller that asks for it next.
async fn load_side_by_side(config: &Config, catalog: &Arc<Catalog>) {
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

/// That there is no adapter for a source, as the mistake of the configuration that it is.
pub fn without_adapter(config: &Config, source: &SourceConfig, error: &CatalogError) -> Problem {
    let (key, remedy) = match source.adapter_file {
        Some(_) => (
            "adapter",
            "correct the path; it is seen from the folder of this file",
        ),
        None => (
            "type",
            "correct the type or `adapters.dir`, or put the file there (`./just build-adapters` builds ours)",
        ),
    };
    config.problem(
        source.positions.adapter,
        format!("{}.{key}", source.path),
        error.to_string(),
        remedy.to_owned(),
    )
}

/// Holds a source against its adapter, and reads its secrets, which may have changed since they
/// were last read.
///
/// # Errors
///
/// Everything that is wrong with it, with its places in the configuration.
pub fn check_source(
    config: &Config,
    source: &SourceConfig,
    adapter: &Adapter,
) -> Result<Secrets, Vec<Problem>> {
    let manifest = adapter.manifest();
    let (secrets, of_options) = match &manifest.options {
        Some(schema) => check_options(schema, &source.options, &config.secret_places),
        None => (Secrets::default(), without_schema(&source.options)),
    };

    let mut problems = Vec::new();
    for host in &manifest.hosts {
        let resolved = host
            .target
            .resolve(source.key.identifier.as_str(), &source.options);
        let Err(problem) = resolved else {
            continue;
        };
        // Where the schema has something to say about the value, that is the better message.
        let pointer = pointer_of(&problem);
        let is_known = |known: &OptionProblem| Some(&known.pointer) == pointer.as_ref();
        if !of_options.iter().any(is_known) {
            problems.push(of_host(config, source, &problem));
        }
    }

    for problem in of_options {
        problems.push(of_option(config, source, problem));
    }
    if problems.is_empty() {
        Ok(secrets)
    } else {
        Err(problems)
    }
}

/// The values of the secrets among these options of an adapter's source.
///
/// # Errors
///
/// Each of them that has none, or one that cannot be used.
pub fn read_secrets(
    adapter: &Adapter,
    options: &Value,
    places: &SecretPlaces,
) -> Result<Secrets, Vec<OptionProblem>> {
    let Some(schema) = &adapter.manifest().options else {
        return Ok(Secrets::default());
    };
    let (values, problems) = put_secrets(schema, &mut options.clone(), places);
    if problems.is_empty() {
        Ok(Secrets::new(values))
    } else {
        Err(problems)
    }
}

/// What the schema says of a secret is said of its value, not of the place where that stands.
fn check_options(
    schema: &OptionsSchema,
    options: &Value,
    places: &SecretPlaces,
) -> (Secrets, Vec<OptionProblem>) {
    let mut options = options.clone();
    let (values, mut problems) = put_secrets(schema, &mut options, places);

    // Of a value that could not be read, only that is told.
    let unread: BTreeSet<String> = problems
        .iter()
        .map(|problem| problem.pointer.clone())
        .collect();
    problems.extend(
        schema
            .check(&options)
            .into_iter()
            .filter(|problem| !unread.contains(&problem.pointer)),
    );
    (Secrets::new(values), problems)
}

/// Puts values in place of where they stand.
fn put_secrets(
    schema: &OptionsSchema,
    options: &mut Value,
    places: &SecretPlaces,
) -> (BTreeMap<String, Secret>, Vec<OptionProblem>) {
    let (mut values, mut problems) = (BTreeMap::new(), Vec::new());
    for option in schema.secrets().keys() {
        let Some(reference) = options.get_mut(option) else {
            continue;
        };
        match places.read(reference.as_str().unwrap_or_default()) {
            Ok(secret) => {
                *reference = secret.expose().into();
                values.insert(option.clone(), secret);
            }
            Err(SecretError { wrong, remedy }) => {
                let (wrong, remedy) = (
                    Printable(&wrong).to_string(),
                    Printable(&remedy).to_string(),
                );
                problems.push(OptionProblem {
                    pointer: pointer_below("", option),
                    wrong,
                    remedy,
                });
            }
        }
    }
    (values, problems)
}

fn without_schema(options: &Value) -> Vec<OptionProblem> {
    let names = options
        .as_object()
        .into_iter()
        .flat_map(|options| options.keys());
    names
        .map(|name| OptionProblem {
            pointer: pointer_below("", name),
            wrong: "is not an option of this adapter, which has none".to_owned(),
            remedy: "remove it".to_owned(),
        })
        .collect()
}

fn of_option(config: &Config, source: &SourceConfig, problem: OptionProblem) -> Problem {
    let OptionProblem {
        pointer,
        wrong,
        remedy,
    } = problem;
    let key = format!(
        "{}.options{}",
        source.path,
        key_of(&pointer, &source.options)
    );
    config.problem(source.positions.option(&pointer), key, wrong, remedy)
}

fn of_host(config: &Config, source: &SourceConfig, problem: &FromProblem) -> Problem {
    let (position, key) = match pointer_of(problem) {
        None => (source.positions.identifier, ".identifier".to_owned()),
        Some(pointer) => (
            source.positions.option(&pointer),
            format!(".options{}", key_of(&pointer, &source.options)),
        ),
    };
    let remedy =
        "write a host or a URL, such as `jobs.example.com` or `https://jobs.example.com/feed`";
    config.problem(
        position,
        format!("{}{key}", source.path),
        problem.to_string(),
        remedy.to_owned(),
    )
}

/// The option that names no host; `None` when it is the identifier.
fn pointer_of(problem: &FromProblem) -> Option<String> {
    problem.option.as_ref().map(|name| pointer_below("", name))
}

/// A JSON pointer in the notation of keys: `/a/0/b` is `.a[0].b`.
fn key_of(pointer: &str, options: &Value) -> String {
    let mut key = String::new();
    let mut around = Some(options);
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        let in_list = around.is_some_and(Value::is_array);
        key = if in_list {
            format!("{key}[{name}]")
        } else {
            format!("{key}.{name}")
        };
        around = around.and_then(|value| match value {
            Value::Array(items) => items.get(name.parse::<usize>().ok()?),
            value => value.get(&name),
        });
    }
    key
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_becomes_a_key() {
        let options = json!({"a/b": [{"0": 1}]});
        assert_eq!(key_of("", &options), "");
        assert_eq!(key_of("/a~1b/0/0", &options), ".a/b[0].0");
        assert_eq!(key_of("/missing", &options), ".missing");
    }
}
