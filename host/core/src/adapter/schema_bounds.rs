//! What a stranger's JSON Schema must not do: look elsewhere, or unfold without end.
//!
//! A schema is checked by interpreting it, and `$ref` lets 64 KiB of it stand for more steps than
//! there are atoms: `a` refers twice to `b`, `b` twice to `c`. So references lead to places within,
//! never back to themselves, and what remains when all are followed is counted before anything is
//! run. Keywords whose cost does not follow from that count are refused.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The largest schema, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// How many values it may have once every reference is followed; options of an adapter need some
/// dozens.
const MAX_UNFOLDED: u64 = 20_000;
/// How many patterns it may have, counted in the same way: each is compiled.
const MAX_PATTERNS: u64 = 200;

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
    /// Too many steps.
    #[error("the schema unfolds to more values or patterns than options need")]
    Unfolds,
}

/// What a part of a schema comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    values: u64,
    patterns: u64,
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
    walk.size(schema, true).map(drop)
}

struct Walk<'a> {
    root: &'a Value,
    /// The places that were referred to; `None` while one is being walked.
    known: HashMap<&'a str, Option<Size>>,
}

impl<'a> Walk<'a> {
    fn size(&mut self, part: &'a Value, is_root: bool) -> Result<Size, BoundsError> {
        let mut size = Size {
            values: 1,
            patterns: 0,
        };
        match part {
            Value::Array(items) => {
                for item in items {
                    size = size.plus(self.size(item, false)?)?;
                }
            }
            Value::Object(entries) => {
                check_keywords(entries, is_root)?;
                let named = entries
                    .get("patternProperties")
                    .and_then(Value::as_object)
                    .map_or(0, Map::len);
                let own = u64::from(entries.get("pattern").is_some_and(Value::is_string));
                size.patterns = own.saturating_add(named as u64);
                for value in entries.values() {
                    size = size.plus(self.size(value, false)?)?;
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
        let pointer = place
            .strip_prefix('#')
            .filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let pointer = pointer.ok_or(BoundsError::Elsewhere { keyword: "$ref" })?;
        // A pointer in a URL may be percent-encoded; names that need it are not worth a second way
        // to write them.
        let part = self.root.pointer(pointer).ok_or(BoundsError::Dangling)?;
        self.known.insert(place, None);
        let size = self.size(part, pointer.is_empty())?;
        self.known.insert(place, Some(size));
        Ok(size)
    }
}

impl Size {
    fn plus(self, other: Self) -> Result<Self, BoundsError> {
        let values = self.values.saturating_add(other.values);
        let patterns = self.patterns.saturating_add(other.patterns);
        if values > MAX_UNFOLDED || patterns > MAX_PATTERNS {
            return Err(BoundsError::Unfolds);
        }
        Ok(Self { values, patterns })
    }
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
        let patterns: Vec<_> = (0..201).map(|_| json!({"pattern": "a"})).collect();
        assert_eq!(
            check(&json!({"allOf": patterns})),
            Err(BoundsError::Unfolds)
        );
    }
}
