//! The parts of the program that find and write new sources, which the page asks for.
//!
//! They are in the program itself, because the command line has them too (`adapter detect`, `source
//! add`). The page only gets an object with this interface.

use std::pin::Pin;

use job_scanner_core::key::SourceKey;

/// A result that takes time.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds the sources for addresses, and writes sources into the configuration.
pub trait NewSources: Send + Sync {
    /// Finds the sources for pasted text, without a request to any board.
    fn detect(&self, text: &str) -> DetectedSources;

    /// Validates sources, a YAML text with the key `sources`, and writes them into a file of
    /// `sources.d/`. The caller requests the reload.
    ///
    /// # Errors
    ///
    /// Fails with a text for the operator, and writes nothing, if any of the sources is not valid.
    fn add(&self, yaml: String) -> Pending<'_, Result<AddedSources, String>>;
}

/// The sources for pasted addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DetectedSources {
    /// The sources as YAML with the key `sources`; empty if there are none.
    pub yaml: String,
    pub count: usize,
    /// The addresses for which no source is known, each with the reason. They are untrusted.
    pub unrecognized: Vec<(String, String)>,
}

/// The sources that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedSources {
    /// The name of the file.
    pub file: String,
    pub keys: Vec<SourceKey>,
}
