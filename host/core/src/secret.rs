//! A value that must not be shown.

use std::fmt;

/// A password or the like. It can be compared and used, and printing it shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for handing it to whom it is meant for.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns `text` without the value, which a board or a server may have repeated in it.
    pub fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.0, "***")
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_a_secret_shows_nothing_of_it() {
        let secret = Secret::new("marker");
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(
            secret.hide_in("535 bad password marker"),
            "535 bad password ***"
        );
        assert_eq!(Secret::new("").hide_in("as it is"), "as it is");
    }
}
