//! Cassettes: the HTTP exchanges of one scan, written down so that the scan can be repeated without
//! a network.
//!
//! A [`Cassette`] names the source and lists its [`Exchange`](crate::Exchange)s; on disk it is a
//! folder that people read, write and compare ([`Cassette::read`], [`Cassette::write`]; `format`
//! has the keys, docs/cassettes.md the manual).
//! [`Adapter::start_recorded_scan`](crate::Adapter::start_recorded_scan) records a scan, and
//! [`Adapter::replay`](crate::Adapter::replay) repeats one.
//!
//! Not here: the recorder and the player ([`crate::http::transport`]), and the choice of the scans
//! that are recorded, which is the caller's.

mod folder;
mod format;
mod layout;
mod record;
mod replay;
mod cassette;

pub use folder::{BodyStyle, CassetteError};
pub use record::Recording;
pub use replay::{Replay, ReplayedPage};
pub use cassette::{Cassette, CassetteSource};
