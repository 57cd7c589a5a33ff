//! Scans in ordinary tests: `cargo test` on this machine, with a cassette in place of the board and
//! without WebAssembly.
//!
//! ```ignore
//! let scan = testing::scan::<Example>("cassettes/board").expect("a board");
//! assert_eq!(scan.jobs[0].title, "Cook");
//! ```
//!
//! Folders are seen from the package's own. What is on a cassette, docs/cassettes.md says; here
//! every answer comes with its body, and the last one to a request comes again. What only the host
//! does, such as redirects, retries and budgets, does not happen: `job-scanner adapter test` is for
//! that.

mod board;
mod cassette;
mod manifest;
mod scan;

pub(crate) use board::{log, send, send_all};
pub use manifest::check_manifest;
pub use scan::{Scan, details, request, scan};
