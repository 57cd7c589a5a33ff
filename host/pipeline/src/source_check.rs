//! Checks a source of the configuration against its adapter: the options and secrets against the
//! adapter's schema, and the options that name a host.
//!
//! Not here: sources without a usable adapter (`adapter_check`).

use std::collections::{BTreeMap, BTreeSet};

use job_scanner_config::{Config, Problem, SecretError, SecretPlaces, SourceConfig};
use job_scanner_core::adapter::{OptionProblem, OptionsSchema, UnresolvedHost, pointer_below};
use job_scanner_core::escape::Printable;
use job_scanner_core::secret::Secret;
use job_scanner_sandbox::{Adapter, Secrets};
use serde_json::Value;

/// Checks a source against its adapter and reads its secrets, which may have changed since the last
/// time.
///
/// # Errors
///
/// Fails with all problems of the source, each with its position in the configuration.
pub fn check_source(
    config: &Config,
    source: &SourceConfig,
    adapter: &Adapter,
) -> Result<Secrets, Vec<Problem>> {
    let manifest = adapter.manifest();
    let (secrets, option_problems) = match &manifest.options {
        Some(schema) => check_options(schema, &source.options, &config.secret_places),
        None => (Secrets::default(), unexpected_options(&source.options)),
    };

    let mut problems = Vec::new();
    for host in &manifest.hosts {
        let resolved = host
            .target
            .resolve(source.key.identifier.as_str(), &source.options);
        let Err(problem) = resolved else {
            continue;
        };
        // If the schema rejects the value, its message is better.
        let pointer = pointer_of(&problem);
        let is_known = |known: &OptionProblem| Some(&known.pointer) == pointer.as_ref();
        if !option_problems.iter().any(is_known) {
            problems.push(host_problem(source, &problem));
        }
    }

    for problem in option_problems {
        problems.push(option_problem(source, problem));
    }
    if problems.is_empty() {
        Ok(secrets)
    } else {
        Err(problems)
    }
}

/// Checks the options of a source that is in no configuration, and reads the secrets that they
/// refer to.
///
/// # Errors
///
/// Fails with all options that the adapter's schema rejects, and all secrets that cannot be read.
pub fn read_secrets(
    adapter: &Adapter,
    options: &Value,
    places: &SecretPlaces,
) -> Result<Secrets, Vec<OptionProblem>> {
    let (secrets, problems) = match &adapter.manifest().options {
        Some(schema) => check_options(schema, options, places),
        None => (Secrets::default(), unexpected_options(options)),
    };
    if problems.is_empty() {
        Ok(secrets)
    } else {
        Err(problems)
    }
}

/// Checks options against the schema. Secrets are checked by their values, not by the references to
/// them.
fn check_options(
    schema: &OptionsSchema,
    options: &Value,
    places: &SecretPlaces,
) -> (Secrets, Vec<OptionProblem>) {
    let mut options = options.clone();
    let (values, mut problems) = insert_secrets(schema, &mut options, places);

    // A secret that could not be read is reported only once.
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

/// Replaces the references to secrets by their values, and returns these values.
fn insert_secrets(
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

fn unexpected_options(options: &Value) -> Vec<OptionProblem> {
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

fn option_problem(source: &SourceConfig, problem: OptionProblem) -> Problem {
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
    source.problem(source.positions.option(&pointer), key, wrong, remedy)
}

fn host_problem(source: &SourceConfig, problem: &UnresolvedHost) -> Problem {
    let (position, key) = match pointer_of(problem) {
        None => (source.positions.identifier, ".identifier".to_owned()),
        Some(pointer) => (
            source.positions.option(&pointer),
            format!(".options{}", key_of(&pointer, &source.options)),
        ),
    };
    let remedy =
        "write a host or a URL, such as `jobs.example.com` or `https://jobs.example.com/feed`";
    source.problem(
        position,
        format!("{}{key}", source.path),
        problem.to_string(),
        remedy.to_owned(),
    )
}

/// Returns the pointer of the option whose value is not a host; `None` if it is the identifier.
fn pointer_of(problem: &UnresolvedHost) -> Option<String> {
    problem.option.as_ref().map(|name| pointer_below("", name))
}

/// Converts a JSON pointer to the notation of keys: `/a/0/b` becomes `.a[0].b`.
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
