//! A value that must not be shown.

use std::fmt;

/// A secret value such as a password. It can be compared and used, but printing it does not show
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Returns the value, for passing it to its receiver.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns `text` with the value replaced by `***`. A board or a server may have repeated it
    /// there.
    pub fn redact(&self, text: &str) -> String {
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
            secret.redact("535 bad password marker"),
            "535 bad password ***"
        );
        assert_eq!(Secret::new("").redact("as it is"), "as it is");
    }
}
