//! The channels through which messages leave the host.
//!
//! Not here: how a message goes through one, and who gets it (the crate of messages).

use std::fmt;
use std::str::FromStr;

/// A channel, as rows, logs and JSON name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChannelKind {
    /// Mail, or files in its place.
    Mail,
}

impl ChannelKind {
    /// Every channel, in the order in which they are listed.
    pub const ALL: [Self; 1] = [Self::Mail];

    /// Returns the word that the store, logs and JSON output use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
        }
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChannelKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a channel"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_reads_back_from_its_word_and_no_other_word_does() {
        for kind in ChannelKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for other in ["pigeon", "Mail", "mail ", ""] {
            assert!(other.parse::<ChannelKind>().is_err(), "{other:?}");
        }
    }
}
