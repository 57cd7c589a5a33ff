//! The visitor of a request, as authentication found it.

/// The proof that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// A person: with a session, named by a trusted proxy, or on this machine where the page asks
    /// for no proof.
    Person,
    /// None that is valid.
    Stranger,
}
