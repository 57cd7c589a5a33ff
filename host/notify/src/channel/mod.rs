//! The channels through which messages reach recipients, one file or folder each.
//!
//! A [`Channel`] is a configured channel, and a [`Recipient`] receives messages through it. An
//! attempt returns a [`SentMessage`] or a [`SendError`]. The delivery code needs to know only the
//! [`Remedy`] of the error. A new channel is a variant of
//! [`ChannelKind`](job_scanner_core::channel::ChannelKind) and of [`Channel`]; the compiler then
//! points to the other places to change.
//!
//! Not here: the content of a message ([`crate::message`]), and the next attempt after a failure
//! ([`crate::retry`]).

mod channel;
mod http;
pub(crate) mod mail;
mod recipient;
mod remedy;
mod send_error;
mod sent_message;

pub use channel::{Channel, Channels};
pub use http::{HttpChannel, HttpError, ProbeError, Probed, probe_all};
pub use recipient::Recipient;
pub(crate) use recipient::{masked, masked_on_record};
pub use remedy::Remedy;
pub use send_error::SendError;
pub(crate) use sent_message::SentMessage;
