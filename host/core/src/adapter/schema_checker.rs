//! Validation with JSON Schema 2020-12: compiles a schema, and reports the places where a value is
//! invalid.
//!
//! The library `boon` is used in this file only, so the messages are our own and another library
//! would change this file alone. It loads nothing: a reference that leads out of the schema is an
//! error.
//!
//! Not here: the bounds that make a third party's schema safe to compile
//! ([`schema_bounds`](super::schema_bounds)), and the problems that the operator reads
//! ([`schema`](super::schema)).

use std::fmt;

use boon::{CompileError, Compiler, Draft, ErrorKind, Schemas, SchemeUrlLoader, ValidationError};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The URL of the schema. The library needs one; no request is ever sent to it.
const ADDRESS: &str = "https://adapter.invalid/options";

/// A compiled schema.
pub(super) struct SchemaChecker {
    schema: Value,
    schemas: Schemas,
    root: boon::SchemaIndex,
}

/// A place where a value is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The place, as a JSON pointer.
    pub(super) pointer: String,
    pub(super) kind: MistakeKind,
}

/// The kinds of mistakes that have a message of their own, and the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MistakeKind {
    Unexpected(Vec<String>),
    Missing(Vec<String>),
    /// The value is not in this list.
    NotListed(Vec<String>),
    /// A predicate, to be read after the value, such as `is less than the minimum of 1`.
    Wrong(String),
}

impl SchemaChecker {
    /// Compiles a schema that is within the bounds.
    ///
    /// # Errors
    ///
    /// The reason why the schema cannot be used, as text.
    pub(super) fn compile(schema: &Value) -> Result<Self, String> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();

        // The library's own loader would read files.
        compiler.use_loader(Box::new(SchemeUrlLoader::new()));

        let mut schemas = Schemas::new();
        let schema = without_address(schema);
        compiler
            .add_resource(ADDRESS, schema.clone())
            .map_err(|error| reason(&error, &schema))?;
        let root = compiler
            .compile(ADDRESS, &mut schemas)
            .map_err(|error| reason(&error, &schema))?;
        Ok(Self {
            schema,
            schemas,
            root,
        })
    }

    /// Returns the mistakes of a value; an empty list means that it is valid.
    pub(super) fn mistakes(&self, value: &Value) -> Vec<Mistake> {
        match self.schemas.validate(value, self.root) {
            Ok(()) => Vec::new(),
            Err(error) => mistakes(&error, &self.schema),
        }
    }
}

impl fmt::Debug for SchemaChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemaChecker").finish_non_exhaustive()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str("the root ")?,
            pointer => write!(f, "`{pointer}` ")?,
        }
        match &self.kind {
            MistakeKind::Unexpected(names) => write!(f, "may not have `{}`", names.join("`, `")),
            MistakeKind::Missing(names) => write!(f, "lacks `{}`", names.join("`, `")),
            MistakeKind::NotListed(choices) => {
                write!(f, "is not one of `{}`", choices.join("`, `"))
            }
            MistakeKind::Wrong(words) => f.write_str(words),
        }
    }
}

/// Removes the schema's name and draft. References lead to places inside the schema, whatever its
/// name is, and the contract fixes the draft.
fn without_address(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(entries) = &mut schema {
        entries.remove("$id");
        entries.remove("$schema");
    }
    schema
}

fn reason(error: &CompileError, schema: &Value) -> String {
    match error {
        CompileError::ValidationError { src, .. } => {
            let first = mistakes(src, schema).into_iter().next();
            first.map_or_else(|| error.to_string(), |mistake| mistake.to_string())
        }
        CompileError::Bug(_) => "it cannot be compiled".to_owned(),
        other => format!("{other:#}"),
    }
}

/// Returns the leaves of the library's tree of errors, at least one.
fn mistakes(error: &ValidationError<'_, '_>, schema: &Value) -> Vec<Mistake> {
    let mut found = Vec::new();
    collect(error, schema, &mut found);

    // An error must never count as a valid value, whatever the library's tree looks like.
    if found.is_empty() {
        found.push(mistake(error, MistakeKind::Wrong("is invalid".to_owned())));
    }
    found
}

fn collect(error: &ValidationError<'_, '_>, schema: &Value, found: &mut Vec<Mistake>) {
    match &error.kind {
        ErrorKind::Group
        | ErrorKind::Schema { .. }
        | ErrorKind::Reference { .. }
        | ErrorKind::AllOf => {
            for cause in &error.causes {
                collect(cause, schema, found);
            }
        }
        ErrorKind::Pattern { want, .. } => {
            let pattern = pattern_at(schema, error.schema_url);
            let pattern = pattern.as_deref().unwrap_or(want);
            let words = format!("does not match \"{pattern}\"");
            found.push(mistake(error, MistakeKind::Wrong(words)));
        }
        kind => found.push(mistake(error, read_kind(kind))),
    }
}

/// Returns the pattern as the author of the schema wrote it: the library reports the rewritten one.
fn pattern_at(schema: &Value, schema_url: &str) -> Option<String> {
    let (_, fragment) = schema_url.split_once('#')?;
    let pointer = percent_decode_str(fragment).decode_utf8().ok()?;

    let pattern = schema.pointer(&pointer)?.get("pattern")?;
    pattern.as_str().map(str::to_owned)
}

fn mistake(error: &ValidationError<'_, '_>, kind: MistakeKind) -> Mistake {
    Mistake {
        pointer: error.instance_location.to_string(),
        kind,
    }
}

fn read_kind(kind: &ErrorKind<'_, '_>) -> MistakeKind {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match kind {
        ErrorKind::AdditionalProperties { got } => {
            MistakeKind::Unexpected(got.iter().map(ToString::to_string).collect())
        }
        ErrorKind::Required { want } => MistakeKind::Missing(owned(want)),
        ErrorKind::DependentRequired { missing, .. } => MistakeKind::Missing(owned(missing)),
        ErrorKind::Enum { want } => MistakeKind::NotListed(want.iter().map(bare).collect()),
        other => MistakeKind::Wrong(predicate(other)),
    }
}

/// Returns a value as the operator would write it.
fn bare(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn predicate(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Type { want, .. } => {
            let names: Vec<String> = want.iter().map(|name| format!("\"{name}\"")).collect();
            let plural = if names.len() == 1 { "" } else { "s" };
            format!("is not of type{plural} {}", names.join(", "))
        }
        ErrorKind::Const { want } => format!("is not {want}"),
        ErrorKind::Format { want, .. } => format!("is not a \"{want}\""),
        ErrorKind::MinLength { want, .. } => format!("is shorter than {}", characters(*want)),
        ErrorKind::MaxLength { want, .. } => format!("is longer than {}", characters(*want)),
        ErrorKind::FalseSchema => "is not allowed here".to_owned(),
        ErrorKind::Not => "is excluded by the schema".to_owned(),
        ErrorKind::AnyOf | ErrorKind::OneOf(None) => {
            "matches none of the allowed schemas".to_owned()
        }
        ErrorKind::OneOf(Some(_)) => {
            "matches more than one schema, but must match exactly one".to_owned()
        }
        other => of_number(other)
            .or_else(|| of_parts(other))
            .unwrap_or_else(|| format!("is invalid: {other}")),
    }
}

fn of_number(kind: &ErrorKind<'_, '_>) -> Option<String> {
    let words = match kind {
        ErrorKind::Minimum { want, .. } => format!("is less than the minimum of {want}"),
        ErrorKind::Maximum { want, .. } => format!("is greater than the maximum of {want}"),
        ErrorKind::ExclusiveMinimum { want, .. } => format!("is not greater than {want}"),
        ErrorKind::ExclusiveMaximum { want, .. } => format!("is not less than {want}"),
        ErrorKind::MultipleOf { want, .. } => format!("is not a multiple of {want}"),
        _ => return None,
    };
    Some(words)
}

fn of_parts(kind: &ErrorKind<'_, '_>) -> Option<String> {
    let words = match kind {
        ErrorKind::MinItems { want, .. } => format!("has fewer than {}", items(*want)),
        ErrorKind::MaxItems { want, .. } => format!("has more than {}", items(*want)),
        ErrorKind::UniqueItems { got: [one, other] } => {
            format!("has the same item twice, at {one} and {other}")
        }
        ErrorKind::Contains => "has no item of the required kind".to_owned(),
        ErrorKind::MinContains { want, .. } => {
            format!("has fewer than {} of the required kind", items(*want))
        }
        ErrorKind::MaxContains { want, .. } => {
            format!("has more than {} of the required kind", items(*want))
        }
        ErrorKind::MinProperties { want, .. } => format!("has fewer than {}", keys(*want)),
        ErrorKind::MaxProperties { want, .. } => format!("has more than {}", keys(*want)),
        ErrorKind::PropertyName { prop } => format!("has the key `{prop}`, which is not allowed"),
        _ => return None,
    };
    Some(words)
}

fn characters(count: usize) -> String {
    counted(count, "character")
}

fn items(count: usize) -> String {
    counted(count, "item")
}

fn keys(count: usize) -> String {
    counted(count, "key")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn messages(schema: &Value, value: &Value) -> Vec<String> {
        let checker = SchemaChecker::compile(schema).unwrap();
        let mistakes = checker.mistakes(value);
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn each_keyword_has_a_message_for_an_invalid_value() {
        let cases = [
            (
                json!({"type": ["string", "null"]}),
                json!(1),
                "is not of types \"null\", \"string\"",
            ),
            (json!({"const": 5}), json!(6), "is not 5"),
            (
                json!({"enum": ["a", 1]}),
                json!("b"),
                "is not one of `a`, `1`",
            ),
            (
                json!({"format": "date"}),
                json!("2026-13-01"),
                "is not a \"date\"",
            ),
            (
                json!({"pattern": r"^\d+$"}),
                json!("b"),
                r#"does not match "^\d+$""#,
            ),
            (
                json!({"minLength": 2}),
                json!("b"),
                "is shorter than 2 characters",
            ),
            (
                json!({"maxLength": 1}),
                json!("ab"),
                "is longer than 1 character",
            ),
            (
                json!({"minimum": 1}),
                json!(0),
                "is less than the minimum of 1",
            ),
            (
                json!({"maximum": 1.5}),
                json!(2),
                "is greater than the maximum of 1.5",
            ),
            (
                json!({"exclusiveMinimum": 1}),
                json!(1),
                "is not greater than 1",
            ),
            (
                json!({"exclusiveMaximum": 1}),
                json!(1),
                "is not less than 1",
            ),
            (json!({"multipleOf": 2}), json!(3), "is not a multiple of 2"),
            (json!({"minItems": 1}), json!([]), "has fewer than 1 item"),
            (json!({"maxItems": 0}), json!([1]), "has more than 0 items"),
            (
                json!({"uniqueItems": true}),
                json!([1, 1]),
                "has the same item twice, at 0 and 1",
            ),
            (
                json!({"contains": {"type": "null"}}),
                json!([1]),
                "has no item of the required kind",
            ),
            (
                json!({"minProperties": 1}),
                json!({}),
                "has fewer than 1 key",
            ),
            (
                json!({"maxProperties": 0}),
                json!({"a": 1}),
                "has more than 0 keys",
            ),
            (json!({"required": ["a"]}), json!({}), "lacks `a`"),
            (
                json!({"dependentRequired": {"a": ["b"]}}),
                json!({"a": 1}),
                "lacks `b`",
            ),
            (
                json!({"additionalProperties": false}),
                json!({"a": 1}),
                "may not have `a`",
            ),
            (json!({"not": {}}), json!(1), "is excluded by the schema"),
            (
                json!({"anyOf": [{"const": 1}, {"const": 2}]}),
                json!(3),
                "matches none of the allowed schemas",
            ),
            (
                json!({"oneOf": [true, true]}),
                json!(3),
                "matches more than one schema, but must match exactly one",
            ),
            (json!(false), json!(3), "is not allowed here"),
        ];
        for (schema, value, words) in cases {
            assert_eq!(
                messages(&schema, &value),
                [format!("the root {words}")],
                "{schema}"
            );
        }
    }

    #[test]
    fn nested_mistakes_are_all_reported() {
        let schema = json!({
            "$defs": {"small": {"maximum": 9}},
            "allOf": [{"properties": {"a": {"$ref": "#/$defs/small"}}}, {"required": ["b"]}],
            "properties": {"list": {"items": {"type": "string"}}},
        });
        let mut messages = messages(&schema, &json!({"a": 10, "list": ["x", 1, 2]}));
        messages.sort();
        assert_eq!(
            messages,
            [
                "`/a` is greater than the maximum of 9",
                "`/list/1` is not of type \"string\"",
                "`/list/2` is not of type \"string\"",
                "the root lacks `b`",
            ]
        );
    }

    #[test]
    fn an_outside_reference_is_an_error_and_loads_nothing() {
        for place in ["file:///etc/passwd", "https://a.example/", "other.json"] {
            assert!(
                SchemaChecker::compile(&json!({"$ref": place})).is_err(),
                "{place}"
            );
        }
    }

    #[test]
    fn the_name_and_the_draft_of_a_schema_are_ignored() {
        for named in [
            "http://json-schema.org/draft-04/schema#",
            "https://a.example/own",
        ] {
            let schema = json!({"$id": named, "$schema": named, "exclusiveMinimum": 1});
            assert_eq!(
                messages(&schema, &json!(1)),
                ["the root is not greater than 1"]
            );
        }
    }
}
