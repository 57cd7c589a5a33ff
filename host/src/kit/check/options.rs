//! Rules about the options of sources.

use job_scanner_core::adapter::{Manifest, OptionsSchema};
use job_scanner_sandbox::{Adapter, Cassette, ListingEnd, ScanError};
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

/// Calls the adapter once for each required option, without that option. The host would reject such
/// a source before a scan.
pub(super) async fn required(adapter: &Adapter, board: &Cassette) -> RuleResult {
    let options = adapter.manifest().options.as_ref();
    let schema = options.map(OptionsSchema::schema);
    let required = schema.and_then(|schema| schema["required"].as_array());
    let names = required.into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    if names.is_empty() {
        return skipped("no option is required");
    }

    for name in names {
        let mut without = board.clone();
        if let Value::Object(options) = &mut without.source.options {
            options.remove(name);
        }

        let listing = adapter.replay(&without).await.listing;
        match listing.end {
            ListingEnd::Failed(ScanError::InvalidOptions(message)) if message.contains(name) => {}
            ListingEnd::Failed(ScanError::InvalidOptions(message)) => {
                return failed(format!(
                    "without `{name}`, the error does not name it: {message}"
                ));
            }
            ListingEnd::Failed(error) => {
                return failed(format!(
                    "without `{name}`, the error is {}: {error}",
                    error.kind()
                ));
            }
            end => return failed(format!("without `{name}`, the scan continues: {end:?}")),
        }
    }
    Ok(())
}
