//! The reasons why a file cannot be loaded as an adapter.

/// The reason why a file cannot be loaded as an adapter. The text may quote the file, so it has to
/// be escaped when it is printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file is not a component, or it is damaged.
    #[error("{0}")]
    NotComponent(String),
    /// The component targets another world, or an unsupported version of the contract.
    #[error("{0}")]
    Incompatible(String),
    /// The component does not return a valid manifest.
    #[error("{0}")]
    NoManifest(String),
    /// The host itself has a problem, such as a lack of memory. The file may be valid.
    #[error("{0}")]
    HostFailure(String),
}
