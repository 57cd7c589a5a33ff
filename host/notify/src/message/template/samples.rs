//! Sample contents of messages, with which `check` tries the templates of the operator.

use serde_json::{Map, Value};

/// A content with every variable.
const SAMPLE: &str = include_str!("sample.json");

/// A text that tries to be more than text in each kind of message. Boards cannot send line breaks
/// or invisible characters: they are removed before.
const HOSTILE: &str = "<script>alert(1)</script> \"'>&amp; {{ 7*7 }} @everyone <!channel> *b* _i_ `c` [x](http://x) ]] ";

/// A link that tries to end its element.
const HOSTILE_URL: &str = "https://example.org/@everyone?x=1&y=%22%3E%3Cscript%3E|(*_~";

/// The variables that may be none.
const OPTIONAL: [&str; 10] = [
    "rest",
    "company",
    "decision",
    "changes",
    "url",
    "apply_url",
    "page",
    "marked",
    "error",
    "advice",
];

/// A sample content.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// A description for errors, such as `a message with few values`.
    pub(super) name: &'static str,
    /// The variables of the content.
    pub(super) content: Value,
}

/// Returns samples of a kind of message: with all values, with few, and with hostile ones.
pub(super) fn samples(kind: &str) -> Vec<Sample> {
    let full = full(kind);
    let sample = |name, content| Sample { name, content };
    vec![
        sample("a message with few values", emptied(&full)),
        sample("a message with hostile values", hostile(&full)),
        sample("a message with all values", full),
    ]
}

/// Returns the sample with what this kind of message has.
fn full(kind: &str) -> Value {
    let mut content: Value = serde_json::from_str(SAMPLE).unwrap_or_default();
    let mut clear = |list: &str, keep: usize| {
        if let Some(entries) = content[list].as_array_mut() {
            entries.truncate(keep);
        }
    };
    match kind {
        "job" => clear("jobs", 1),
        "health" => clear("jobs", 0),
        _ => {}
    }
    if kind != "first-scan" {
        clear("boards", 0);
        content["more_boards"] = 0.into();
    }
    if kind != "health"
        && let Some(notices) = content["notices"].as_array_mut()
    {
        notices.clear();
    }
    content
}

/// Returns a content in which everything that may be missing is missing.
fn emptied(value: &Value) -> Value {
    let Value::Object(object) = value else {
        return value.clone();
    };
    let entry = |(name, value): (&String, &Value)| {
        let value = match value {
            _ if OPTIONAL.contains(&name.as_str()) => Value::Null,
            // A message has at least one of these.
            Value::Array(entries) if matches!(name.as_str(), "jobs" | "notices") => {
                entries.iter().take(1).map(emptied).collect()
            }
            Value::Array(_) => Value::Array(Vec::new()),
            Value::Number(_) => 0.into(),
            other => emptied(other),
        };
        (name.clone(), value)
    };
    Value::Object(object.iter().map(entry).collect::<Map<_, _>>())
}

/// Returns a content whose texts are hostile.
fn hostile(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("https:") => HOSTILE_URL.into(),
        Value::String(_) => HOSTILE.into(),
        Value::Array(entries) => entries.iter().map(hostile).collect(),
        Value::Object(object) => {
            let entries = object.iter();
            Value::Object(
                entries
                    .map(|(name, it)| (name.clone(), hostile(it)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}
