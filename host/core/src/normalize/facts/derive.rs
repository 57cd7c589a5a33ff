//! Collects the facts of a job from its fields and texts.

use super::facts::{Facts, Known};
use crate::normalize::Content;

/// Derives the facts of a job. `language` is the tag that the board states.
pub fn facts(_content: &Content<'_>, language: Option<&str>) -> Facts {
    Facts {
        language: language.map(|tag| Known::from_field(tag.to_owned())),
    }
}
