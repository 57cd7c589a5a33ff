//! Checks of a manifest against its package.

use std::{env, fmt};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cassette::no_options;
use crate::Adapter;

/// Checks the manifest against the package under test: the name, the version, and the default of
/// each option, which has to be what `O` reads if the option is missing.
///
/// # Panics
///
/// If one of them differs.
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

/// Returns the options as `O` reads them, as text for comparison.
fn options<O: DeserializeOwned + fmt::Debug>(written: Value) -> String {
    let options: O =
        serde_json::from_value(written).unwrap_or_else(|error| panic!("invalid options: {error}"));
    format!("{options:?}")
}
