//! The author of a change that comes through the server.

use job_scanner_store::Author;

use crate::access::visitor::Visitor;

/// The name of a person whom the page does not know by name.
pub(crate) const PAGE: &str = "page";

/// The name of a program without a key.
pub(crate) const API: &str = "api";

/// Returns the author of a change: the name of the key, or of the person whom a proxy named, on
/// this machine. `unnamed` is the name of the others.
pub(crate) fn author_of(visitor: &Visitor, unnamed: &str) -> Author {
    let user = match visitor {
        Visitor::Proxied { name } => name.clone(),
        Visitor::Key { name, .. } => format!("key {name}"),
        Visitor::Local | Visitor::Session(_) | Visitor::Stranger => unnamed.to_owned(),
    };
    Author::on_this_machine(user)
}
