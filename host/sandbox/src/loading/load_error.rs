//! The reasons why this host cannot use a file as an adapter.

/// The reason why this host cannot use a file as an adapter, or not now, in words that may quote a
/// stranger's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// No component, or a damaged one.
    #[error("{0}")]
    NotComponent(String),
    /// Made for another world, or for another version of ours.
    #[error("{0}")]
    Incompatible(String),
    /// An adapter that does not say what it is.
    #[error("{0}")]
    NoManifest(String),
    /// The host could not find out: it is the host that has a problem, and the file may be fine.
    #[error("{0}")]
    HostFailure(String),
}
