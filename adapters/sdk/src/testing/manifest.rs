//! A manifest against its package.

use std::{env, fmt};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cassette::no_options;
use crate::Adapter;

/// Checks what the manifest says of the package under test: its name, its version, and what the
/// options that `O` reads are when they are left out.
///
/// # Panics
///
/// When one of them is not so.
pub fn check_manifest<A: Adapter, O: DeserializeOwned + fmt::Debug>() {
    let manifest: Value = serde_json::from_str(A::MANIFEST).expect("the manifest is JSON");

    for (key, variable) in [("name", "CARGO_PKG_NAME"), ("version", "CARGO_PKG_VERSION")] {
        let package = env::var(variable).unwrap_or_else(|_| panic!("`cargo test` sets {variable}"));
        assert_eq!(manifest[key], package, "the manifest's `{key}`");
    }

    let properties = manifest["options"]["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        let Some(default) = property.get("default") else {
            continue;
        };
        assert_eq!(
            options::<O>(json!({ name: default })),
            options::<O>(no_options()),
            "the default of `{name}`"
        );
    }
}

/// The options as `O` reads them, for comparison.
fn options<O: DeserializeOwned + fmt::Debug>(written: Value) -> String {
    let options: O =
        serde_json::from_value(written).unwrap_or_else(|error| panic!("odd options: {error}"));
    format!("{options:?}")
}
