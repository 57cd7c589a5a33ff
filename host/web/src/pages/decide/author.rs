//! The author of a decision that is made on the page.

use std::fs;

use job_scanner_store::Author;

/// The name of the user in the history: the page has one password, not users.
const USER: &str = "page";

/// Returns the page, and the name of this machine.
pub(in crate::pages) fn author() -> Author {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    Author {
        user: USER.to_owned(),
        host: if host.is_empty() { "unknown" } else { host }.to_owned(),
    }
}
