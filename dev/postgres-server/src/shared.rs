//! The server that all tests of one process share.

use std::sync::OnceLock;

use crate::server::{Options, PostgresServer, StartError};

/// The environment variable that makes a missing PostgreSQL an error: with `required`, the tests
/// that need it fail. Otherwise they are skipped.
const SWITCH: &str = "TEST_POSTGRES";

/// Returns the server of this process, which the first call starts, without syncs to the disk.
/// `None` if PostgreSQL is not installed: the calling test has nothing to do then, and its output
/// says so.
///
/// # Panics
///
/// If the server does not start, or is not installed although `TEST_POSTGRES` is `required`.
pub fn shared() -> Option<&'static PostgresServer> {
    static SERVER: OnceLock<Option<PostgresServer>> = OnceLock::new();
    let server = SERVER.get_or_init(start).as_ref();
    if server.is_none() {
        eprintln!("skipped: {}", StartError::NotInstalled);
    }
    server
}

fn start() -> Option<PostgresServer> {
    let is_required = std::env::var_os(SWITCH).is_some_and(|value| value == "required");
    match PostgresServer::start(Options::default()) {
        Ok(server) => Some(server),
        Err(StartError::NotInstalled) if !is_required => None,
        Err(error) => panic!("{error}"),
    }
}
