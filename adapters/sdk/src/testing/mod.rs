//! Scans in ordinary tests: `cargo test` runs the adapter on a recorded board, natively and without
//! WebAssembly.
//!
//! ```ignore
//! let scan = testing::scan::<Example>("cassettes/board").expect("a board");
//! assert_eq!(scan.jobs[0].title, "Cook");
//! ```
//!
//! Folders are relative to the package. `docs/cassettes.md` describes cassettes. In these tests
//! every response has its body, and the last response to a request is repeated.
//!
//! Not here: redirects, retries, budgets and everything else that only the host does. Use
//! `job-scanner adapter test` for those.

mod board;
mod cassette;
mod manifest;
mod scan;

pub(crate) use board::{log, send, send_all};
pub use manifest::check_manifest;
pub use scan::{Scan, details, request, scan, scan_json};
