//! The source of a request: its identifier and its options.

use serde::de::DeserializeOwned;

use crate::{FetchRequest, SourceError};

impl FetchRequest {
    /// Fails unless the identifier is `expected`, the only one of a board that lists the jobs of
    /// many companies.
    pub fn check_identifier(&self, board: &str, expected: &str) -> Result<(), SourceError> {
        if self.identifier == expected {
            return Ok(());
        }
        Err(SourceError::InvalidOptions(format!(
            "the identifier of {board} is `{expected}`"
        )))
    }

    /// The source's options as a type of the adapter's own.
    ///
    /// The host has checked them against the manifest's schema, so a failure here is a schema that
    /// promises too much.
    pub fn read_options<T: DeserializeOwned>(&self) -> Result<T, SourceError> {
        serde_json::from_str(&self.options).map_err(|error| {
            SourceError::InvalidOptions(format!("cannot read the source's options: {error}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_board_of_one_identifier_has_no_other() {
        let check =
            |identifier| testing::request(identifier, "{}").check_identifier("Example", "all");
        assert_eq!(check("all"), Ok(()));

        let words = "the identifier of Example is `all`".to_owned();
        assert_eq!(check("acme"), Err(SourceError::InvalidOptions(words)));
    }
}
