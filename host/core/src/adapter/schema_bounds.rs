//! What a stranger's JSON Schema must not do: look elsewhere, or unfold without end.
//!
//! A schema is checked by interpreting it, and `$ref` lets 64 KiB of it stand for more steps than
//! there are atoms: `a` refers twice to `b`, `b` twice to `c`. So references lead to places within,
//! never back to themselves, and what remains when all are followed is counted before anything is
//! run. Keywords whose cost does not follow from that count are refused.

use std::collections::HashMap;

use regex::RegexBuilder;
use serde_json::{Map, Value};

use super::shown::shown;

/// The largest schema, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// How many values it may have once every reference is followed; options of an adapter need some
/// dozens. To compile a schema costs the square of it.
const MAX_UNFOLDED: u64 = 5_000;
/// How many patterns it may have, counted in the same way: each is compiled.
const MAX_PATTERNS: u64 = 200;
/// The longest pattern, in bytes: to rewrite one for the engine costs more than the square of it.
const MAX_PATTERN_LENGTH: usize = 200;
/// The bytes of all patterns, counted in the same way.
const MAX_PATTERN_BYTES: u64 = 8_000;
/// The longest way from the root to a value, in bytes: each value is found by comparing its way
/// with those of others.
const MAX_WAY: usize = 1_000;
/// The largest compiled pattern, in bytes.
const MAX_COMPILED_PATTERN: usize = 256 * 1024;

/// Why a schema is not even looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// Larger than options need.
    #[error("the schema has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// A reference that leads elsewhere, or that cannot be followed by looking at the schema alone.
    #[error("`{keyword}` leads elsewhere; only references such as `#/$defs/name` are followed")]
    Elsewhere {
        /// The keyword.
        keyword: &'static str,
    },
    /// A keyword that has all that stands beside it checked again, and again in each that stands
    /// within another.
    #[error(
        "`{keyword}` may take for ever to check; `additionalProperties` and `items` say the same of one schema"
    )]
    Costly {
        /// The keyword.
        keyword: &'static str,
    },
    /// A reference to nothing.
    #[error("a `$ref` leads to nothing in the schema")]
    Dangling,
    /// A reference that comes back.
    #[error("a `$ref` comes back to where it stands")]
    Recursive,
    /// A pattern that is too large, or that no linear-time engine runs.
    #[error("the pattern `{}` cannot be used: {reason}", shown(.pattern))]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Too many steps.
    #[error("the schema unfolds to more values or patterns than options need")]
    Unfolds,
    /// Names of keys that are too long, one below the other.
    #[error("the keys of the schema are longer than options need")]
    LongKeys,
}

/// What a part of a schema comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    values: u64,
    patterns: u64,
    pattern_bytes: u64,
}

/// Checks all of the above.
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
    /// The places that were referred to; `None` while one is being walked.
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Walk<'a> {
    /// Counts a part, to which `way` bytes lead from the root: none to the root alone.
    fn size(&mut self, part: &'a Value, way: usize) -> Result<Size, BoundsError> {
        if way > MAX_WAY {
            return Err(BoundsError::LongKeys);
        }

        let mut size = Size {
            values: 1,
            ..Size::default()
        };
        match part {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let digits = 1 + index.checked_ilog10().unwrap_or(0) as usize;
                    size = size.plus(self.size(item, way + 1 + digits)?)?;
                }
            }
            Value::Object(entries) => {
                check_keywords(entries, way == 0)?;

                // Counted before any of them is compiled: that is what costs.
                for pattern in patterns(entries) {
                    size = size.plus(Size::of_pattern(pattern))?;
                }
                for pattern in patterns(entries) {
                    check_pattern(pattern)?;
                }

                for (key, value) in entries {
                    size = size.plus(self.size(value, way + 1 + key.len())?)?;
                }
                if let Some(Value::String(place)) = entries.get("$ref") {
                    size = size.plus(self.referred(place)?)?;
                }
            }
            _ => {}
        }
        Ok(size)
    }

    fn referred(&mut self, place: &'a str) -> Result<Size, BoundsError> {
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

impl Size {
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

/// Returns true if the pointer reads the same in a URL as it stands here. The library that follows
/// it decodes what is percent-encoded, and would arrive elsewhere than the walk above.
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
            "it sets flags, which JSON Schema has none of".to_owned(),
        ));
    }

    let compiled = RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED_PATTERN)
        .build();
    match compiled {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err(refuse("it is too large once it is compiled".to_owned()))
        }
        Err(error) => Err(refuse(last_line(&error.to_string()))),
    }
}

/// Returns true if a group sets flags of the engine, such as `(?-u)`: the library that rewrites
/// patterns does not expect them. What stands between brackets is taken for a group as well.
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

/// The engine draws the pattern above its reason.
fn last_line(drawn: &str) -> String {
    let line = drawn.lines().next_back().unwrap_or_default();
    let reason = line.strip_prefix("error: ").unwrap_or(line);
    shown(reason).to_string()
}

/// Keywords that change what a reference means are not understood here, so they are not allowed. A
/// property that only happens to have such a name has a schema, not a text, as its value.
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
    fn references_stay_within() {
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
            // These would read otherwise in a URL.
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
    fn references_come_to_an_end() {
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
    fn what_is_checked_again_at_each_level_is_refused() {
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
    fn sizes_are_bounded() {
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
    fn patterns_are_counted_before_any_is_compiled() {
        let broken = |number| (format!("({number}"), Value::Bool(true));
        let patterns: Map<String, Value> = (0..201).map(broken).collect();
        assert_eq!(
            check(&json!({"patternProperties": patterns})),
            Err(BoundsError::Unfolds)
        );
    }

    #[test]
    fn the_keys_that_lead_to_a_value_are_short_in_all() {
        let below = |key: usize| json!({"properties": {"k".repeat(key): {"type": "string"}}});
        assert_eq!(check(&below(900)), Ok(()));
        assert_eq!(check(&below(1_000)), Err(BoundsError::LongKeys));
        assert_eq!(
            check(&json!({"properties": {"k".repeat(500): below(500)}})),
            Err(BoundsError::LongKeys)
        );
    }

    #[test]
    fn patterns_are_small_and_of_a_linear_time_engine() {
        let long = "a".repeat(MAX_PATTERN_LENGTH + 1);
        let cases = [
            ("(", "unclosed group"),
            (
                "(?=a)b",
                "look-around, including look-ahead and look-behind, is not supported",
            ),
            (r"(a)\1", "backreferences are not supported"),
            ("(a{1000}){1000}", "it is too large once it is compiled"),
            (&long, "it has more than 200 bytes"),
            (r"(?-u)\s", "it sets flags, which JSON Schema has none of"),
            (r"\\((?i:a)", "it sets flags, which JSON Schema has none of"),
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
