//! `email`: how matches become messages. Who gets them stands in the environment.

use super::read::Section;

/// How matches become messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailConfig {
    /// Up to this many matches of one run are mailed one by one, more of them together.
    pub digest_above: u32,
}

impl Default for EmailConfig {
    fn default() -> Self {
        Self { digest_above: 5 }
    }
}

impl EmailConfig {
    pub(super) fn read(root: &mut Section<'_>) -> Self {
        let default = Self::default();
        let read = root.section("email", |email| Self {
            digest_above: email.small_integer("digest_above", 0..=1000).unwrap_or(default.digest_above),
        });
        read.unwrap_or(default)
    }
}
