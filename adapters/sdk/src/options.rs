//! The identifier and the options of a request's source.

use serde::de::DeserializeOwned;

use crate::{FetchRequest, SourceError};

impl FetchRequest {
    /// Checks that the identifier is `expected`, for a board that lists the jobs of many companies
    /// and thus has a single identifier.
    ///
    /// `board` is the board's name in the error message.
    pub fn check_identifier(&self, board: &str, expected: &str) -> Result<(), SourceError> {
        if self.identifier == expected {
            return Ok(());
        }
        Err(SourceError::InvalidOptions(format!(
            "the identifier of {board} must be `{expected}`"
        )))
    }

    /// Parses the source's options into a type of the adapter's own.
    ///
    /// The host has validated them against the manifest's schema, so an error means that the schema
    /// allows more than the type.
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
    fn an_identifier_other_than_the_only_one_is_invalid() {
        let check =
            |identifier| testing::request(identifier, "{}").check_identifier("Example", "all");
        assert_eq!(check("all"), Ok(()));

        let message = "the identifier of Example must be `all`".to_owned();
        assert_eq!(check("acme"), Err(SourceError::InvalidOptions(message)));
    }
}
