//! Rules about a source's options.

use job_scanner_core::adapter::{Manifest, OptionsSchema};
use job_scanner_sandbox::{Adapter, Cassette, ListingEnd, ScanError};
use serde_json::{Map, Value};

use crate::kit::check::{Held, broken, skipped};

/// The options that the schema names.
pub(super) fn properties(manifest: &Manifest) -> impl Iterator<Item = (&String, &Value)> {
    let properties = manifest
        .options
        .as_ref()
        .and_then(|options| options.schema()["properties"].as_object());
    properties.into_iter().flatten()
}

/// The schema itself was compiled when the adapter was loaded.
pub(super) fn examples(manifest: &Manifest) -> Held {
    let Some(schema) = &manifest.options else {
        return skipped("its sources have no options");
    };
    let wrong: Vec<_> = properties(manifest)
        .flat_map(|(name, option)| wrong_examples(schema, name, option))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        broken(wrong.join("; "))
    }
}

fn wrong_examples(schema: &OptionsSchema, name: &str, option: &Value) -> Vec<String> {
    let shown = option["examples"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(option.get("default"));
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    let wrong = shown.filter_map(|example| {
        let alone = Value::Object(Map::from_iter([(name.to_owned(), example.clone())]));
        let problem = schema
            .check(&alone)
            .into_iter()
            .find(|problem| problem.pointer.starts_with(&pointer))?;
        Some(format!("`{name}`: {example}: {}", problem.wrong))
    });
    wrong.collect()
}

/// The guest is asked in the host's place, which would not let such a source pass.
pub(super) async fn required(adapter: &Adapter, board: &Cassette) -> Held {
    let schema = adapter
        .manifest()
        .options
        .as_ref()
        .map(OptionsSchema::schema);
    let required = schema.and_then(|schema| schema["required"].as_array());
    let required: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if required.is_empty() {
        return skipped("no option is required");
    }
    for name in required {
        let mut without = board.clone();
        if let Value::Object(options) = &mut without.source.options {
            options.remove(name);
        }
        match adapter.replay(&without).await.listing.end {
            ListingEnd::Failed(ScanError::InvalidOptions(words)) if words.contains(name) => {}
            ListingEnd::Failed(ScanError::InvalidOptions(words)) => {
                return broken(format!(
                    "without `{name}` the error does not name it: {words}"
                ));
            }
            ListingEnd::Failed(error) => {
                return broken(format!("without `{name}`: {}: {error}", error.kind()));
            }
            end => return broken(format!("without `{name}` the scan goes on: {end:?}")),
        }
    }
    Ok(())
}
