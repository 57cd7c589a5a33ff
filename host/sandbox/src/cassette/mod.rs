//! Cassettes: the HTTP exchanges of one scan, written down so that the scan can be repeated without
//! a network.
//!
//! A [`Cassette`] names the source and lists its [`Exchange`]s; on disk it is a folder that people
//! read, write and compare ([`Cassette::read`], [`Cassette::write`]; `format` has the keys,
//! docs/cassettes.md the manual). A [`Recorder`] listens to the requests of a scan
//! ([`Adapter::start_recorded_scan`](crate::Adapter::start_recorded_scan)); a [`Player`] answers in
//! place of boards ([`Adapter::replay`](crate::Adapter::replay)). Both stand where requests leave
//! the host, below the allow-list, redirects, retries and budgets, so a replayed scan is held to
//! the same rules as any other.
//!
//! Not here: which scans are recorded ([`job_scanner_pipeline`] keeps those that failed,
//! `cli/adapter/test.rs` makes them on demand).

mod folder;
mod format;
mod layout;
mod record;
mod replay;
mod tape;

pub use folder::{BodyStyle, CassetteError};
pub use record::Recording;
pub(crate) use record::{Recorder, Take};
pub(crate) use replay::Player;
pub use replay::{Replay, ReplayedPage};
pub use tape::{Cassette, CassetteSource, Exchange, Failure, FailureKind, Request, Response};
