//! The author of a decision that comes through the server.

use std::fs;

use job_scanner_store::Author;

/// Returns the author for a part of the server, such as `api`, on this machine.
pub(crate) fn author(part: &str) -> Author {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    Author {
        user: part.to_owned(),
        host: if host.is_empty() { "unknown" } else { host }.to_owned(),
    }
}
