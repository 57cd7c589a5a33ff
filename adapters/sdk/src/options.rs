//! Reading the source's options.

use serde::de::DeserializeOwned;

use crate::{FetchRequest, SourceError};

impl FetchRequest {
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
