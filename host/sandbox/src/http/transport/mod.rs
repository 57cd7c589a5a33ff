//! The transports of requests: the lowest layer of `http`, below all rules about hosts, rates and
//! sizes.
//!
//! A [`Transport`] is the network, the network with a [`Recorder`], or a [`Player`] that replays
//! recorded responses. Recorder and player are below the allow-list, redirects, retries and
//! budgets, so that a replayed scan follows the same rules as any other. Both use [`Exchange`]s.
//!
//! Not here: cassettes, which store exchanges on disk ([`crate::cassette`]).

mod player;
mod recorded;
mod recorder;
mod transport;

pub(crate) use player::Player;
pub use player::RefusedRequest;
pub use recorded::{Exchange, NetworkFailure, NetworkFailureKind, Request, Response};
pub(crate) use recorder::{ExchangeRecorder, Recorder};
pub(crate) use transport::Transport;
