//! The channels: how a message reaches a recipient, one file or folder each.
//!
//! A [`Channel`] is one that is set up, and a [`Recipient`] names who gets messages through it. A
//! channel answers an attempt with [`SentMessage`] or with a [`SendError`], whose [`Remedy`] is all
//! that the delivery code needs to know of it. A new channel is a variant of
//! [`ChannelKind`](job_scanner_core::channel::ChannelKind) and of [`Channel`]; the compiler names
//! the rest.
//!
//! Not here: the content of a message ([`crate::message`]), and the next attempt after a failure
//! ([`crate::retry`]).

mod channel;
mod sent_message;
pub(crate) mod mail;
mod recipient;
mod remedy;
mod send_error;

pub use channel::{Channel, Channels};
pub(crate) use sent_message::SentMessage;
pub use recipient::Recipient;
pub(crate) use recipient::{masked, masked_on_record, setting_of};
pub use remedy::Remedy;
pub use send_error::SendError;
