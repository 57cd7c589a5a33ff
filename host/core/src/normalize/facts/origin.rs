//! The origin of a value.

use serde::{Deserialize, Serialize};

use crate::words;

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
