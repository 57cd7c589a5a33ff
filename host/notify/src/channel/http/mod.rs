//! Channels that are reached by one HTTP request per message.
//!
//! A file of `services/` makes the request of one service and reads its response. The rest is the
//! same for all: where requests may go, what a response means, and what an error may show.
//! `probe.rs` tries a channel without a message.

mod channel;
mod error;
mod outgoing;
mod probe;
mod request;
mod response;
mod services;
#[cfg(test)]
mod tests;

pub use channel::HttpChannel;
pub use error::HttpError;
pub use probe::{ProbeError, Probed, probe_all};
