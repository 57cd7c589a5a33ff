//! The author of a decision that is made on the page.

use std::fs;

use job_scanner_store::Author;

use crate::access::visitor::Visitor;

/// The name in the history of people whom the page does not know by name.
const PERSON: &str = "page";

/// Returns the visitor as far as the page knows the name, and the name of this machine.
pub(in crate::pages) fn author(visitor: &Visitor) -> Author {
    let user = match visitor {
        Visitor::Proxied { name } => name.clone(),
        Visitor::Key { name, .. } => format!("key {name}"),
        Visitor::Local | Visitor::Session(_) | Visitor::Stranger => PERSON.to_owned(),
    };
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    Author {
        user,
        host: if host.is_empty() { "unknown" } else { host }.to_owned(),
    }
}
