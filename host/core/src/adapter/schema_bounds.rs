//! The bounds of a third party's JSON Schema: no outside references, and no expansion without end.
//!
//! Validation interprets a schema, and with `$ref` a schema of 64 KiB can stand for more steps than
//! there are atoms: `a` refers to `b` twice, `b` refers to `c` twice, and so on. So references may
//! only lead to places inside the schema and never back to themselves, and the size of the expanded
//! schema is counted before anything is run. Keywords whose cost does not follow from that size are
//! rejected.

use std::collections::HashMap;

use regex::RegexBuilder;
use serde_json::{Map, Value};

use super::shown::shown;

/// The largest schema, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// The number of values after all references are expanded. The options of an adapter need a few
/// dozen. Compilation takes time quadratic in this number.
const MAX_UNFOLDED: u64 = 5_000;
/// The number of patterns after all references are expanded. Each of them is compiled.
const MAX_PATTERNS: u64 = 200;
/// The longest pattern, in bytes. Rewriting a pattern for the engine takes more than quadratic
/// time.
const MAX_PATTERN_LENGTH: usize = 200;
/// The bytes of all patterns after all references are expanded.
const MAX_PATTERN_BYTES: u64 = 8_000;
/// The longest path from the root to a value, in bytes. Each value is found by comparing its path
/// with other paths.
const MAX_PATH: usize = 1_000;
/// The largest compiled pattern, in bytes.
const MAX_COMPILED_PATTERN: usize = 256 * 1024;

/// The reason why a schema is rejected without compiling it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// The schema is larger than options need.
    #[error("the schema has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// A reference leads out of the schema, or cannot be followed by reading the schema alone.
    #[error(
        "`{keyword}` may lead out of the schema; only references such as `#/$defs/name` are allowed"
    )]
    Elsewhere { keyword: &'static str },
    /// A keyword causes all of its siblings to be checked again, and this repeats at each level of
    /// nesting.
    #[error(
        "`{keyword}` is not allowed, since its cost has no bound; use `additionalProperties` or `items`"
    )]
    Costly { keyword: &'static str },
    /// A reference leads to a place that does not exist.
    #[error("a `$ref` leads to a place that the schema does not have")]
    Dangling,
    /// A reference leads back to itself.
    #[error("a `$ref` leads back to itself")]
    Recursive,
    /// A pattern is too large, or cannot run on a linear-time engine.
    #[error("the pattern `{}` cannot be used: {reason}", shown(.pattern))]
    Pattern { pattern: String, reason: String },
    /// The expanded schema has too many values or patterns.
    #[error("the schema expands to too many values or patterns")]
    Unfolds,
    /// The nested keys that lead to a value are too long together.
    #[error("the nested keys of the schema are too long")]
    LongKeys,
}

/// The size of a part of a schema, with its references expanded.
#[derive(Debug, Clone, Copy, Default)]
struct SchemaSize {
    values: u64,
    patterns: u64,
    pattern_bytes: u64,
}

/// Rejects a schema that exceeds any of these bounds.
pub(super) fn check(schema: &Value) -> Result<(), BoundsError> {
    if schema.to_string().len() > MAX_BYTES {
        return Err(BoundsError::TooLarge);
    }
    let mut walk = Walk {
        root: schema,
        known: HashMap::new(),
    };
    walk.size(schema, 0).map(drop)
}

struct Walk<'a> {
    root: &'a Value,
    /// The size by reference; `None` while its target is being walked.
    known: HashMap<&'a str, Option<SchemaSize>>,
}

impl<'a> Walk<'a> {
    /// Returns the size of a part. Its path from the root has `path_len` bytes, 0 for the root.
    fn size(&mut self, part: &'a Value, path_len: usize) -> Result<SchemaSize, BoundsError> {
        if path_len > MAX_PATH {
            return Err(BoundsError::LongKeys);
        }

        let mut size = SchemaSize {
            values: 1,
            ..SchemaSize::default()
        };
        match part {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let digits = 1 + index.checked_ilog10().unwrap_or(0) as usize;
                    size = size.plus(self.size(item, path_len + 1 + digits)?)?;
                }
            }
            Value::Object(entries) => {
                check_keywords(entries, path_len == 0)?;

                // All patterns are counted before the first one is compiled, since compiling is
                // expensive.
                for pattern in patterns(entries) {
                    size = size.plus(SchemaSize::of_pattern(pattern))?;
                }
                for pattern in patterns(entries) {
                    check_pattern(pattern)?;
                }

                for (key, value) in entries {
                    size = size.plus(self.size(value, path_len + 1 + key.len())?)?;
                }
                if let Some(Value::String(place)) = entries.get("$ref") {
                    size = size.plus(self.referred(place)?)?;
                }
            }
            _ => {}
        }
        Ok(size)
    }

    fn referred(&mut self, place: &'a str) -> Result<SchemaSize, BoundsError> {
        match self.known.get(place) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(BoundsError::Recursive),
            None => {}
        }
        let pointer = place.strip_prefix('#').filter(|pointer| is_plain(pointer));
        let pointer = pointer.ok_or(BoundsError::Elsewhere { keyword: "$ref" })?;
        let part = self.root.pointer(pointer).ok_or(BoundsError::Dangling)?;
        self.known.insert(place, None);
        let size = self.size(part, pointer.len())?;
        self.known.insert(place, Some(size));
        Ok(size)
    }
}

impl SchemaSize {
    fn of_pattern(pattern: &str) -> Self {
        Self {
            values: 0,
            patterns: 1,
            pattern_bytes: pattern.len() as u64,
        }
    }

    fn plus(self, other: Self) -> Result<Self, BoundsError> {
        let sum = Self {
            values: self.values.saturating_add(other.values),
            patterns: self.patterns.saturating_add(other.patterns),
            pattern_bytes: self.pattern_bytes.saturating_add(other.pattern_bytes),
        };

        let is_too_large = sum.values > MAX_UNFOLDED
            || sum.patterns > MAX_PATTERNS
            || sum.pattern_bytes > MAX_PATTERN_BYTES;
        if is_too_large {
            return Err(BoundsError::Unfolds);
        }
        Ok(sum)
    }
}

/// Returns true if percent-decoding does not change the pointer. The library that follows it
/// decodes it as a part of a URL, and would otherwise reach a different place than the walk above.
fn is_plain(pointer: &str) -> bool {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"/$_-.~".contains(&byte);
    (pointer.is_empty() || pointer.starts_with('/')) && pointer.bytes().all(is_kept)
}

fn patterns(entries: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let own = entries.get("pattern").and_then(Value::as_str);
    let of_keys = entries.get("patternProperties").and_then(Value::as_object);
    let of_keys = of_keys.into_iter().flat_map(Map::keys);
    own.into_iter().chain(of_keys.map(String::as_str))
}

fn check_pattern(pattern: &str) -> Result<(), BoundsError> {
    let refuse = |reason: String| BoundsError::Pattern {
        pattern: pattern.to_owned(),
        reason,
    };
    if pattern.len() > MAX_PATTERN_LENGTH {
        return Err(refuse(format!(
            "it has more than {MAX_PATTERN_LENGTH} bytes"
        )));
    }
    if sets_flags(pattern) {
        return Err(refuse(
            "it sets flags, which JSON Schema does not have".to_owned(),
        ));
    }

    let compiled = RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED_PATTERN)
        .build();
    match compiled {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err(refuse("its compiled form is too large".to_owned()))
        }
        Err(error) => Err(refuse(last_line(&error.to_string()))),
    }
}

/// Returns true if a group sets flags of the engine, such as `(?-u)`: the library that rewrites
/// patterns does not expect them. Text inside brackets is treated as a group as well.
fn sets_flags(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(at) = rest.find(['\\', '(']) {
        let (from, skipped) = (
            &rest[at..],
            if rest[at..].starts_with('\\') { 2 } else { 1 },
        );
        if from
            .strip_prefix("(?")
            .is_some_and(|group| !group.starts_with([':', '<', 'P', '=', '!']))
        {
            return true;
        }
        rest = from.get(skipped..).unwrap_or_default();
    }
    false
}

/// Returns the reason in the engine's message, which prints the pattern above it.
fn last_line(drawn: &str) -> String {
    let line = drawn.lines().next_back().unwrap_or_default();
    let reason = line.strip_prefix("error: ").unwrap_or(line);
    shown(reason).to_string()
}

/// Rejects keywords that change the meaning of a reference, since the walk does not understand
/// them, and keywords of unbounded cost. A property that happens to have such a name has a schema
/// as its value, not a text.
fn check_keywords(entries: &Map<String, Value>, is_root: bool) -> Result<(), BoundsError> {
    for keyword in ["$dynamicRef", "$recursiveRef", "$id", "$schema"] {
        let of_root = is_root && matches!(keyword, "$id" | "$schema");
        if !of_root && entries.get(keyword).is_some_and(Value::is_string) {
            return Err(BoundsError::Elsewhere { keyword });
        }
    }
    let costly = ["unevaluatedProperties", "unevaluatedItems"]
        .into_iter()
        .find(|keyword| entries.contains_key(*keyword));
    costly.map_or(Ok(()), |keyword| Err(BoundsError::Costly { keyword }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_out_of_the_schema_is_rejected() {
        assert_eq!(
            check(
                &json!({"$defs": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a"}}})
            ),
            Ok(())
        );
        let elsewhere = [
            "https://a.example/schema.json",
            "file:///etc/passwd",
            "other.json#/a",
            "#anchor",
            "urn:x",
            // Percent-decoding would change these.
            "#/$defs/%61",
            "#/$defs/a\t",
            "#/$defs/\u{e4}",
        ];
        for place in elsewhere {
            assert_eq!(
                check(&json!({"$ref": place})),
                Err(BoundsError::Elsewhere { keyword: "$ref" }),
                "{place}"
            );
        }
        assert_eq!(
            check(&json!({"$ref": "#/$defs/a"})),
            Err(BoundsError::Dangling)
        );
        assert_eq!(
            check(&json!({"properties": {"x": {"$id": "https://a.example/", "$ref": "#/x"}}})),
            Err(BoundsError::Elsewhere { keyword: "$id" })
        );
        assert_eq!(
            check(&json!({"$dynamicRef": "#a"})),
            Err(BoundsError::Elsewhere {
                keyword: "$dynamicRef"
            })
        );
    }

    #[test]
    fn a_recursive_or_dangling_reference_is_rejected() {
        assert_eq!(
            check(&json!({"properties": {"x": {"$ref": "#"}}})),
            Err(BoundsError::Recursive)
        );
        let to = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
        assert_eq!(
            check(&json!({"$defs": {"a": to("b"), "b": to("a")}})),
            Err(BoundsError::Recursive)
        );

        let mut definitions = Map::new();
        for level in 0..60 {
            definitions.insert(
                format!("d{level}"),
                json!({"allOf": [to(&format!("d{}", level + 1)), to(&format!("d{}", level + 1))]}),
            );
        }
        definitions.insert("d60".to_owned(), json!({"type": "string"}));
        assert_eq!(
            check(&json!({"$defs": definitions, "allOf": [to("d0")]})),
            Err(BoundsError::Unfolds)
        );
    }

    #[test]
    fn keywords_that_are_checked_again_at_each_level_are_rejected() {
        let mut schema = json!({"type": "object"});
        for _ in 0..40 {
            schema = json!({"if": schema, "then": true, "unevaluatedProperties": false});
        }
        assert_eq!(
            check(&schema),
            Err(BoundsError::Costly {
                keyword: "unevaluatedProperties"
            })
        );
        let items = json!({"properties": {"x": {"type": "array", "unevaluatedItems": false}}});
        assert_eq!(
            check(&items),
            Err(BoundsError::Costly {
                keyword: "unevaluatedItems"
            })
        );
    }

    #[test]
    fn a_schema_that_expands_too_far_is_rejected() {
        assert_eq!(
            check(&json!({"description": "x".repeat(MAX_BYTES)})),
            Err(BoundsError::TooLarge)
        );
        let many = |schema: Value, count: usize| {
            let schemas = vec![schema; count];
            check(&json!({"allOf": schemas}))
        };
        assert_eq!(many(json!({"pattern": "a"}), 200), Ok(()));
        assert_eq!(
            many(json!({"pattern": "a"}), 201),
            Err(BoundsError::Unfolds)
        );
        let of_100_bytes = json!({"pattern": "a".repeat(100)});
        assert_eq!(many(of_100_bytes.clone(), 80), Ok(()));
        assert_eq!(many(of_100_bytes, 81), Err(BoundsError::Unfolds));
        assert_eq!(many(json!({}), 4_990), Ok(()));
        assert_eq!(many(json!({}), 5_000), Err(BoundsError::Unfolds));
    }

    #[test]
    fn too_many_patterns_are_rejected_before_any_is_compiled() {
        let broken = |number| (format!("({number}"), Value::Bool(true));
        let patterns: Map<String, Value> = (0..201).map(broken).collect();
        assert_eq!(
            check(&json!({"patternProperties": patterns})),
            Err(BoundsError::Unfolds)
        );
    }

    #[test]
    fn a_path_of_long_keys_is_rejected() {
        let below = |key: usize| json!({"properties": {"k".repeat(key): {"type": "string"}}});
        assert_eq!(check(&below(900)), Ok(()));
        assert_eq!(check(&below(1_000)), Err(BoundsError::LongKeys));
        assert_eq!(
            check(&json!({"properties": {"k".repeat(500): below(500)}})),
            Err(BoundsError::LongKeys)
        );
    }

    #[test]
    fn a_large_pattern_or_one_that_needs_backtracking_is_rejected() {
        let long = "a".repeat(MAX_PATTERN_LENGTH + 1);
        let cases = [
            ("(", "unclosed group"),
            (
                "(?=a)b",
                "look-around, including look-ahead and look-behind, is not supported",
            ),
            (r"(a)\1", "backreferences are not supported"),
            ("(a{1000}){1000}", "its compiled form is too large"),
            (&long, "it has more than 200 bytes"),
            (r"(?-u)\s", "it sets flags, which JSON Schema does not have"),
            (
                r"\\((?i:a)",
                "it sets flags, which JSON Schema does not have",
            ),
        ];
        for (pattern, words) in cases {
            let refused = Err(BoundsError::Pattern {
                pattern: pattern.to_owned(),
                reason: words.to_owned(),
            });
            assert_eq!(
                check(&json!({"properties": {"x": {"pattern": pattern}}})),
                refused
            );
            assert_eq!(
                check(&json!({"patternProperties": {pattern: true}})),
                refused
            );
        }
        for pattern in [r"^[\w.-]+\d{2,}$", r"\(?-u", "(?:a)(?P<b>c)(?<d>e)"] {
            assert_eq!(check(&json!({"pattern": pattern})), Ok(()), "{pattern}");
        }
    }
}
