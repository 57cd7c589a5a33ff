//! The ways that the requests of a scan leave the host: the lowest layer of `http`, below every
//! rule on what may be asked, how often, and how much may come back.
//!
//! A [`Transport`] is the network, the network with a [`Recorder`] that listens, or a [`Player`] that
//! answers in place of boards. Recorder and player stand here, below the allow-list, redirects,
//! retries and budgets, so that a replayed scan is held to the same rules as any other; both speak
//! of [`Exchange`]s.
//!
//! Not here: cassettes, which are exchanges on disk ([`crate::cassette`]).

mod player;
mod recorded;
mod recorder;
mod transport;

pub(crate) use player::Player;
pub use recorded::{Exchange, NetworkFailure, NetworkFailureKind, Request, Response};
pub(crate) use recorder::{Recorder, ExchangeRecorder};
pub(crate) use transport::Transport;
