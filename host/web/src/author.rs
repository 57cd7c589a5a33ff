//! The author of a decision that comes through the server.

use std::fs;

use job_scanner_store::Author;

use crate::access::visitor::Visitor;

/// The name of an author who gave none.
const API: &str = "api";

/// Returns the author of a decision through the API: the name of the key, or of the person whom a
/// proxy named, on this machine.
pub(crate) fn author_of(visitor: &Visitor) -> Author {
    let user = match visitor {
        Visitor::Key { name, .. } | Visitor::Proxied { name } => name,
        Visitor::Local | Visitor::Session(_) | Visitor::Stranger => API,
    };
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    Author {
        user: user.to_owned(),
        host: if host.is_empty() { "unknown" } else { host }.to_owned(),
    }
}
