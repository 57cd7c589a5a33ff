//! Values, which sites write in several forms.

use serde_json::Value;

use crate::values::joined;

/// Returns the elements of a list, or the value itself if it is not one. Without `null`.
pub(super) fn values(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter(|value| !value.is_null())
}

/// Returns true if one of the object's types has this name.
pub(super) fn has_type(value: &Value, name: &str) -> bool {
    values(&value["@type"]).any(|kind| kind == name)
}

/// Joins the words of a list, or returns the single one. A word may be the address of a value of
/// schema.org, whose last part is the word: `https://schema.org/FULL_TIME`.
pub(super) fn words(value: &Value) -> Option<String> {
    let word = |text: String| match text.rsplit_once("schema.org/") {
        Some((_, word)) => word.to_owned(),
        None => text,
    };
    joined(values(value).filter_map(name).map(word))
}

/// Returns a name, or the name of an object. The first one of a list.
pub(super) fn name(value: &Value) -> Option<String> {
    values(value).find_map(|value| text(value).or_else(|| text(&value["name"])))
}

/// Returns a string or a number as text. `None` if it is blank.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
