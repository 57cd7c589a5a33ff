//! A place of work, as the board states it.

use serde::{Deserialize, Serialize};

/// A place of work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The name as a person would read it, never empty.
    pub name: String,
    /// Present only if the board provides it separately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Present only if the board provides it separately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// An ISO 3166-1 alpha-2 code in upper case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}
