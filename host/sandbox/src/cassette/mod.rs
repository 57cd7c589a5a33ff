//! Cassettes: the recorded HTTP exchanges of one scan, with which the scan can be replayed without
//! a network.
//!
//! A [`Cassette`] contains the source and the [`Exchange`](crate::Exchange)s. On disk it is a
//! folder that people read, write and compare ([`Cassette::read`], [`Cassette::write`]). The module
//! `format` has the keys, and docs/cassettes.md describes them for users.
//! [`Adapter::start_recorded_scan`](crate::Adapter::start_recorded_scan) records a scan, and
//! [`Adapter::replay`](crate::Adapter::replay) replays one.
//!
//! Not here: the recorder and the player ([`crate::http::transport`]), and the decision which scans
//! are recorded, which the caller makes.

mod cassette;
mod folder;
mod format;
mod layout;
mod record;
mod replay;

pub use cassette::{Cassette, CassetteSource};
pub use folder::{BodyStyle, CassetteError};
pub use record::Recording;
pub use replay::{Replay, ReplayedPage};
