//! Rules about the options of sources.

use job_scanner_core::adapter::{Manifest, OptionsSchema, pointer_below};
use job_scanner_core::words::closest_match;
use job_scanner_sandbox::Cassette;
use serde_json::{Map, Value};

use crate::kit::check::report::{RuleResult, failed, skipped};

/// Returns the options in the schema.
pub(super) fn properties(manifest: &Manifest) -> impl Iterator<Item = (&String, &Value)> {
    let properties = manifest
        .options
        .as_ref()
        .and_then(|options| options.schema()["properties"].as_object());
    properties.into_iter().flatten()
}

/// Validates the examples and defaults. The schema itself was compiled when the adapter was loaded.
pub(super) fn examples(manifest: &Manifest) -> RuleResult {
    let Some(schema) = &manifest.options else {
        return skipped("the sources have no options");
    };

    let wrong: Vec<_> = properties(manifest)
        .flat_map(|(name, option)| wrong_examples(schema, name, option))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        failed(wrong.join("; "))
    }
}

fn wrong_examples(schema: &OptionsSchema, name: &str, option: &Value) -> Vec<String> {
    let examples = option["examples"].as_array();
    let shown = examples.into_iter().flatten().chain(option.get("default"));
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));

    let mut wrong = Vec::new();
    for example in shown {
        // Other options may be missing here. That is not an error of the example.
        let alone = Value::Object(Map::from_iter([(name.to_owned(), example.clone())]));
        let mut problems = schema.check(&alone).into_iter();
        if let Some(problem) = problems.find(|problem| problem.pointer.starts_with(&pointer)) {
            wrong.push(format!("`{name}`: {example}: {}", problem.wrong));
        }
    }
    wrong
}

/// Returns the names of the options that a source must have.
pub(super) fn required(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let schema = manifest.options.as_ref().map(OptionsSchema::schema);
    let required = schema.and_then(|schema| schema["required"].as_array());
    required.into_iter().flatten().filter_map(Value::as_str)
}

/// Checks that the schema describes each required option. The host refuses a source that lacks one,
/// so an adapter is never called without it.
pub(super) fn required_are_described(manifest: &Manifest) -> RuleResult {
    if required(manifest).next().is_none() {
        return skipped("no option is required");
    }

    let known = || properties(manifest).map(|(name, _)| name.as_str());
    match required(manifest).find(|name| !known().any(|known| known == *name)) {
        None => Ok(()),
        Some(name) => failed(match closest_match(name, known()) {
            Some(known) => {
                format!("`{name}` is required, but not in `properties`; did you mean `{known}`?")
            }
            None => format!("`{name}` is required, but not in `properties`; add it there"),
        }),
    }
}

/// Checks that the options of each cassette fit the schema. The host calls an adapter only with
/// options that do. A secret is recorded as a placeholder, which need not fit.
pub(super) fn recorded(manifest: &Manifest, cassettes: &[Cassette]) -> RuleResult {
    if cassettes.is_empty() {
        return skipped("the adapter has no cassette");
    }

    for cassette in cassettes {
        let source = &cassette.source;
        if let Some(wrong) = wrong_options(manifest, &source.options) {
            return failed(format!(
                "the cassette of `{}`: {wrong}; correct it in `cassette.json`",
                source.identifier.as_str()
            ));
        }
    }
    Ok(())
}

fn wrong_options(manifest: &Manifest, options: &Value) -> Option<String> {
    let Some(schema) = &manifest.options else {
        let name = options.as_object()?.keys().next()?;
        return Some(format!(
            "`{name}` is not an option of this adapter, which has none"
        ));
    };

    let is_secret = |pointer: &str| {
        let mut secrets = schema.secrets().keys();
        secrets.any(|name| pointer_below("", name) == pointer)
    };
    let mut problems = schema.check(options).into_iter();
    let problem = problems.find(|problem| {
        let placeholder = options.pointer(&problem.pointer).is_some();
        !(placeholder && is_secret(&problem.pointer))
    })?;
    let option = problem.pointer.trim_start_matches('/');
    Some(format!(
        "option `{option}`: {}; {}",
        problem.wrong, problem.remedy
    ))
}
