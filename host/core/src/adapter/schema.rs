//! The options of an adapter's sources: the JSON Schema of a third party, and the validation of
//! values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::schema_bounds::{BoundsError, check};
use super::schema_checker::{Mistake, MistakeKind, SchemaChecker};
use super::secret_text::is_secret_name;
use super::shown::shown;
use crate::net::{HostPattern, HostPatternError};

/// The number of mistakes of one source that are reported at once.
const MAX_PROBLEMS: usize = 20;

/// A schema of an object that is safe to use.
#[derive(Debug)]
pub struct OptionsSchema {
    schema: Value,
    checker: SchemaChecker,
    secrets: BTreeMap<String, BTreeSet<HostPattern>>,
}

/// The reason why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It could make validation slow, or refers to something outside of itself.
    #[error(transparent)]
    Bounds(#[from] BoundsError),
    /// It is not a JSON Schema 2020-12.
    #[error("the schema is not a usable JSON Schema 2020-12: {0}")]
    Unusable(String),
    /// A secret has no receivers, or is in a place where secrets are not possible.
    #[error("the secret `{}`: {reason}", shown(.option))]
    Secret { option: String, reason: String },
}

/// A problem of one option of a source. Its texts are safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionProblem {
    /// The JSON pointer to the option. A missing option is named as well.
    pub pointer: String,
    pub wrong: String,
    pub remedy: String,
}

impl OptionsSchema {
    /// Checks and compiles a schema.
    ///
    /// # Errors
    ///
    /// See [`SchemaError`].
    pub fn new(schema: Value) -> Result<Self, SchemaError> {
        check(&schema)?;
        let checker = SchemaChecker::compile(&schema)
            .map_err(|reason| SchemaError::Unusable(shown(&reason).to_string()))?;
        let secrets = read_secrets(&schema)?;
        Ok(Self {
            schema,
            checker,
            secrets,
        })
    }

    /// Returns the schema as the adapter wrote it.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// Returns the options whose values are secret, each with the hosts that may receive it.
    pub fn secrets(&self) -> &BTreeMap<String, BTreeSet<HostPattern>> {
        &self.secrets
    }

    /// Returns true if the schema has an option of this name.
    pub fn has(&self, name: &str) -> bool {
        self.properties()
            .is_some_and(|properties| properties.contains_key(name))
    }

    /// Returns the problems of these options, at most [`MAX_PROBLEMS`]. `options` contains the
    /// values of secrets; the problems do not repeat them.
    pub fn check(&self, options: &Value) -> Vec<OptionProblem> {
        let mistakes = self.checker.mistakes(options);
        mistakes
            .iter()
            .flat_map(|mistake| self.problems(mistake, options))
            .take(MAX_PROBLEMS)
            .collect()
    }

    fn properties(&self) -> Option<&Map<String, Value>> {
        self.schema["properties"].as_object()
    }

    fn problems(&self, mistake: &Mistake, options: &Value) -> Vec<OptionProblem> {
        let pointer = mistake.pointer.as_str();
        match &mistake.kind {
            MistakeKind::Unexpected(names) => names
                .iter()
                .map(|name| self.unexpected(pointer, name))
                .collect(),
            MistakeKind::Missing(names) => names
                .iter()
                .map(|name| self.missing(pointer, name))
                .collect(),
            MistakeKind::NotListed(choices) => {
                let remedy = format!("write one of `{}`", shown(&choices.join("`, `")));
                vec![self.wrong(pointer, options, "is not an allowed value", Some(remedy))]
            }
            MistakeKind::Wrong(words) => vec![self.wrong(pointer, options, words, None)],
        }
    }

    fn unexpected(&self, pointer: &str, name: &str) -> OptionProblem {
        let known: Vec<&str> = match self.properties() {
            Some(properties) if pointer.is_empty() => {
                properties.keys().map(String::as_str).collect()
            }
            _ => Vec::new(),
        };
        let remedy = if known.is_empty() {
            "remove it".to_owned()
        } else {
            format!(
                "remove it, or write one of `{}`",
                shown(&known.join("`, `"))
            )
        };
        OptionProblem {
            pointer: pointer_below(pointer, name),
            wrong: "is not an option of this adapter".to_owned(),
            remedy,
        }
    }

    fn missing(&self, pointer: &str, name: &str) -> OptionProblem {
        let pointer = pointer_below(pointer, name);
        let remedy = self
            .described(&pointer)
            .unwrap_or_else(|| "add it".to_owned());
        OptionProblem {
            pointer,
            wrong: "is missing".to_owned(),
            remedy,
        }
    }

    fn wrong(
        &self,
        pointer: &str,
        options: &Value,
        words: &str,
        remedy: Option<String>,
    ) -> OptionProblem {
        let found = match options.pointer(pointer) {
            _ if self.is_secret(pointer) => "the value".to_owned(),
            None | Some(Value::Null) => "an empty value".to_owned(),
            Some(Value::Array(_)) => "a list".to_owned(),
            Some(Value::Object(_)) => "a mapping".to_owned(),
            Some(Value::String(text)) => format!("`{}`", shown(text)),
            Some(plain @ (Value::Bool(_) | Value::Number(_))) => format!("`{plain}`"),
        };
        let remedy = remedy
            .or_else(|| self.described(pointer))
            .unwrap_or_else(|| "correct it".to_owned());
        OptionProblem {
            pointer: pointer.to_owned(),
            wrong: format!("{found} {}", shown(words)),
            remedy,
        }
    }

    /// Returns the author's description of an option, also for a mistake deep inside its value.
    fn described(&self, pointer: &str) -> Option<String> {
        let description = self
            .properties()?
            .get(&first_part(pointer)?)?
            .get("description")?
            .as_str()?;
        Some(format!("its description is: {}", shown(description)))
    }

    fn is_secret(&self, pointer: &str) -> bool {
        // A mistake of the root is reported with the whole value, which contains the secrets.
        first_part(pointer).is_none_or(|name| self.secrets.contains_key(&name))
    }
}

/// Returns the name of the option that a JSON pointer refers to, or points into.
fn first_part(pointer: &str) -> Option<String> {
    let part = pointer.strip_prefix('/')?.split('/').next()?;
    Some(part.replace("~1", "/").replace("~0", "~"))
}

/// Returns the JSON pointer to a member of the value at `pointer`.
pub fn pointer_below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Collects the secrets of a schema.
///
/// A secret has to be a whole option, not a part of one: the host has to find it without the
/// adapter's help.
fn read_secrets(schema: &Value) -> Result<BTreeMap<String, BTreeSet<HostPattern>>, SchemaError> {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let mut secrets = BTreeMap::new();
    for (option, property) in properties
        .iter()
        .filter(|(_, property)| is_secret(property))
    {
        let refuse = |reason: String| SchemaError::Secret {
            option: option.clone(),
            reason,
        };
        if !is_secret_name(option) {
            return Err(refuse(
                "its name must consist of 1 to 64 letters, digits, `_` and `-`".to_owned(),
            ));
        }
        let named = property["x-secret-hosts"]
            .as_array()
            .filter(|hosts| !hosts.is_empty());
        let named = named.ok_or_else(|| {
            refuse("`x-secret-hosts` does not name a host that may receive it".to_owned())
        })?;
        let receivers = named
            .iter()
            .map(|host| host.as_str().unwrap_or_default().parse())
            .collect::<Result<_, HostPatternError>>()
            .map_err(|error| refuse(shown(&error.to_string()).to_string()))?;
        secrets.insert(option.clone(), receivers);
    }
    if count_secrets(schema) > secrets.len() {
        let reason =
            "`x-secret` is only possible in a whole option, not in a part of one or in a definition".to_owned();
        return Err(SchemaError::Secret {
            option: "x-secret".to_owned(),
            reason,
        });
    }
    Ok(secrets)
}

fn is_secret(property: &Value) -> bool {
    property["x-secret"] == Value::Bool(true)
}

fn count_secrets(part: &Value) -> usize {
    match part {
        Value::Object(entries) => {
            usize::from(is_secret(part)) + entries.values().map(count_secrets).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(count_secrets).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::json;

    use super::*;

    fn schema() -> OptionsSchema {
        OptionsSchema::new(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "required": ["site"],
            "properties": {
                "site": {"type": "string", "pattern": "^[a-z]+$", "description": "The word in the address."},
                "region": {"enum": ["global", "eu"]},
                "depth": {"type": "integer", "minimum": 1, "maximum": 3},
                "lists": {"type": "array", "items": {"type": "object", "properties": {"a/b": {"type": "boolean"}}}},
                "url": {"type": "string", "format": "uri"},
                "key": {"type": "string", "minLength": 40, "x-secret": true, "x-secret-hosts": ["api.example.com"]}
            }
        }))
        .unwrap()
    }

    fn problems(options: &Value) -> Vec<String> {
        let line = |problem: OptionProblem| {
            format!("{}: {}; {}", problem.pointer, problem.wrong, problem.remedy)
        };
        schema().check(options).into_iter().map(line).collect()
    }

    #[test]
    fn valid_options_have_no_problems() {
        assert_eq!(
            problems(
                &json!({"site": "acme", "region": "eu", "depth": 3, "url": "https://a.example/"})
            ),
            [""; 0]
        );
    }

    #[test]
    fn each_mistake_is_reported_with_its_pointer_and_remedy() {
        let mut problems = problems(&json!({
            "regoin": "eu", "region": "us", "depth": 0, "lists": [{"a/b": 1}], "url": "nowhere", "site": "A\u{1b}B"
        }));
        problems.sort();
        assert_eq!(
            problems,
            [
                "/depth: `0` is less than the minimum of 1; correct it",
                "/lists/0/a~1b: `1` is not of type \"boolean\"; correct it",
                "/region: `us` is not an allowed value; write one of `global`, `eu`",
                "/regoin: is not an option of this adapter; remove it, or write one of `depth`, `key`, `lists`, `region`, \
                 `site`, `url`",
                "/site: `A\\u{1b}B` does not match \"^[a-z]+$\"; its description is: The word in the address.",
                "/url: `nowhere` is not a \"uri\"; correct it",
            ]
        );
        let missing = schema().check(&json!({}));
        assert_eq!(
            (missing[0].pointer.as_str(), missing[0].wrong.as_str()),
            ("/site", "is missing")
        );
    }

    #[test]
    fn a_problem_does_not_repeat_the_value_of_a_secret() {
        let problems = problems(&json!({"site": "acme", "key": "hunter2"}));
        assert_eq!(
            problems,
            ["/key: the value is shorter than 40 characters; correct it"]
        );
        let whole = OptionsSchema::new(json!({"maxProperties": 0}))
            .unwrap()
            .check(&json!({"key": "hunter2"}));
        assert!(!format!("{whole:?}").contains("hunter2"), "{whole:?}");
    }

    #[test]
    fn a_secret_without_valid_receivers_is_rejected() {
        assert_eq!(
            schema().secrets()["key"],
            ["api.example.com".parse().unwrap()].into()
        );
        let refused = |property: Value| {
            OptionsSchema::new(json!({"properties": {"key": property}})).unwrap_err()
        };
        assert!(matches!(
            refused(json!({"x-secret": true})),
            SchemaError::Secret { .. }
        ));
        assert!(matches!(
            refused(json!({"x-secret": true, "x-secret-hosts": []})),
            SchemaError::Secret { .. }
        ));
        assert!(matches!(
            refused(json!({"x-secret": true, "x-secret-hosts": ["*.com"]})),
            SchemaError::Secret { .. }
        ));
        let named =
            json!({"properties": {"api key": {"x-secret": true, "x-secret-hosts": ["a.example"]}}});
        assert!(matches!(
            OptionsSchema::new(named).unwrap_err(),
            SchemaError::Secret { .. }
        ));
        let deep =
            json!({"properties": {"in": {"x-secret": true, "x-secret-hosts": ["a.example"]}}});
        assert!(matches!(refused(deep), SchemaError::Secret { .. }));
    }

    #[test]
    fn an_invalid_schema_is_rejected_with_the_reason() {
        let not_a_schema = "the schema is not a usable JSON Schema 2020-12:";
        let cases = [
            (
                json!("text"),
                format!("{not_a_schema} the root is not of types \"boolean\", \"object\""),
            ),
            (
                json!({"type": "sting"}),
                format!("{not_a_schema} `/type` matches none of the allowed schemas"),
            ),
            (
                json!({"pattern": "("}),
                "the pattern `(` cannot be used: unclosed group".to_owned(),
            ),
        ];
        for (schema, words) in cases {
            let refused = OptionsSchema::new(schema.clone()).unwrap_err();
            assert_eq!(refused.to_string(), words, "{schema}");
        }
        assert!(OptionsSchema::new(json!({"pattern": "(?=a)b"})).is_err());
        assert!(OptionsSchema::new(json!({"$ref": "https://a.example/"})).is_err());
    }

    #[test]
    fn a_pattern_that_would_backtrack_is_checked_in_linear_time() {
        let schema =
            OptionsSchema::new(json!({"properties": {"x": {"pattern": "^(a+)+$"}}})).unwrap();
        let begun = Instant::now();
        assert_eq!(
            schema
                .check(&json!({"x": format!("{}b", "a".repeat(50_000))}))
                .len(),
            1
        );
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}
