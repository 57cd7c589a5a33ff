//! The keys that a manifest may have, and the report of others.
//!
//! Not here: the keys inside `options`, which are those of JSON Schema
//! ([`schema_checker`](super::schema_checker)).

use std::fmt;

use serde_json::Value;

use super::shown::shown;
use crate::words::closest_match;

const MANIFEST: [&str; 8] = [
    "name",
    "version",
    "description",
    "homepage",
    "license",
    "hosts",
    "options",
    "limits",
];
const HOST: [&str; 5] = ["pattern", "from", "reason", "methods", "rate"];
const LIMITS: [&str; 1] = ["memory_mib"];

/// The number of unknown keys that are reported at once.
const MAX_REPORTED: usize = 10;

/// A key that the contract does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The object that has the key, such as `hosts[2].`; empty for the manifest itself.
    place: String,
    name: String,
    /// The keys that this object may have.
    known: &'static [&'static str],
}

/// Printed as the key and its remedy, safe for a terminal.
impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}{}` ", self.place, shown(&self.name))?;
        match closest_match(&self.name, self.known.iter().copied()) {
            Some(known) => write!(f, "(did you mean `{known}`?)"),
            None => write!(
                f,
                "(remove it, or write one of `{}`)",
                self.known.join("`, `")
            ),
        }
    }
}

/// Joins unknown keys for a message.
pub(super) fn listed(keys: &[UnknownKey]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join(", ")
}

/// Returns the unknown keys of a manifest, at most [`MAX_REPORTED`]. A value of the wrong type has
/// none.
pub(super) fn unknown_keys(manifest: &Value) -> Vec<UnknownKey> {
    let mut unknown: Vec<UnknownKey> = keys_besides(&MANIFEST, "", manifest).collect();

    let hosts = manifest["hosts"].as_array();
    for (index, host) in hosts.into_iter().flatten().enumerate() {
        unknown.extend(keys_besides(&HOST, &format!("hosts[{index}]."), host));
    }
    unknown.extend(keys_besides(&LIMITS, "limits.", &manifest["limits"]));

    unknown.truncate(MAX_REPORTED);
    unknown
}

fn keys_besides(
    known: &'static [&'static str],
    place: &str,
    value: &Value,
) -> impl Iterator<Item = UnknownKey> {
    let keys = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    keys.filter(|name| !known.contains(&name.as_str()))
        .map(move |name| UnknownKey {
            place: place.to_owned(),
            name: name.clone(),
            known,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(manifest: &Value) -> String {
        listed(&unknown_keys(manifest))
    }

    #[test]
    fn an_unknown_key_is_reported_with_its_place_and_the_closest_known_key() {
        let cases = [
            (json!({"hots": []}), "`hots` (did you mean `hosts`?)"),
            (
                json!({"hosts": [{"pattern": "a.example"}, {"patern": "b.example"}]}),
                "`hosts[1].patern` (did you mean `pattern`?)",
            ),
            (
                json!({"limits": {"memory_mb": 64}}),
                "`limits.memory_mb` (did you mean `memory_mib`?)",
            ),
            (
                json!({"hosts": [{"secret\u{1b}": 1}]}),
                "`hosts[0].secret\\u{1b}` (remove it, or write one of `pattern`, `from`, `reason`, `methods`, `rate`)",
            ),
            (
                json!({"licence": "MIT", "Version": "1"}),
                "`Version` (did you mean `version`?), `licence` (did you mean `license`?)",
            ),
        ];
        for (manifest, expected) in cases {
            assert_eq!(report(&manifest), expected);
        }
    }

    #[test]
    fn known_keys_and_the_keys_of_the_schema_are_not_reported() {
        let manifest = json!({
            "name": "n", "version": "1", "description": "", "homepage": "", "license": "", "limits": {"memory_mib": 1},
            "hosts": [{"pattern": "a.example", "from": "identifier", "reason": "", "methods": [], "rate": 1}],
            "options": {"properties": {"hots": {"x-note": "free"}}, "x-own": true},
        });
        assert_eq!(report(&manifest), "");
        for other in [json!([]), json!({"hosts": {"a": 1}, "limits": ["b"]})] {
            assert_eq!(report(&other), "", "{other}");
        }
    }

    #[test]
    fn at_most_ten_unknown_keys_are_reported() {
        let many: serde_json::Map<String, Value> = (0..5_000)
            .map(|number| (format!("key-{number}"), json!(1)))
            .collect();
        assert_eq!(unknown_keys(&many.into()).len(), MAX_REPORTED);
    }
}
