//! The visitor of a request, as authentication found it.

use job_scanner_store::{KeyScope, SessionId};

/// The proof that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// A person on this machine, of whom the page asks no proof.
    Local,
    /// A person with this session.
    Session(SessionId),
    /// A person whom a trusted proxy named.
    Proxied { name: String },
    /// A program with a key.
    Key { name: String, scope: KeyScope },
    /// None that is valid.
    Stranger,
}
