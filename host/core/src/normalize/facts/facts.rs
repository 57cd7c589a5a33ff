//! The facts of a job, and their origin.
//!
//! Not here: how they are derived ([`super::derive`]).

use serde::{Deserialize, Serialize};

use crate::words;

/// Values of a job that are derived from its fields. Stored and shown as JSON in this shape.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The [BCP 47](https://www.rfc-editor.org/info/bcp47) tag of the posting's language; `None` if
    /// unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Known<String>>,
}

/// A value with its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known<T> {
    pub value: T,
    pub origin: Origin,
}

words! {
    /// The origin of a value.
    pub enum Origin: "an origin of a value" {
        /// The board has a field for it.
        Field = "field",
        /// A text of the board states it: the title, the name of a place or the description.
        Text = "text",
    }
}

impl Facts {
    /// The facts of a job of which nothing is known.
    pub const UNKNOWN: Self = Self { language: None };
}

impl<T> Known<T> {
    /// Returns a value of a field.
    pub fn from_field(value: T) -> Self {
        let origin = Origin::Field;
        Self { value, origin }
    }

    /// Returns a value of a text.
    pub fn from_text(value: T) -> Self {
        let origin = Origin::Text;
        Self { value, origin }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_read_back_from_their_json() {
        let english = Facts {
            language: Some(Known::from_field("en".to_owned())),
        };
        let json = serde_json::to_string(&english).unwrap();
        assert_eq!(json, r#"{"language":{"value":"en","origin":"field"}}"#);
        for facts in [english, Facts::UNKNOWN] {
            let json = serde_json::to_string(&facts).unwrap();
            assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), facts);
        }
    }
}
