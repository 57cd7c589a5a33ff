//! The mail channel: sends a message in text and HTML to one recipient.
//!
//! [`channel`] builds the message and hands it to a [`transport`], which is a mail server
//! ([`smtp`]) or a folder ([`outbox`]). [`address`] has the addresses of sender and recipients.

mod address;
mod channel;
mod error;
mod outbox;
mod smtp;
mod transport;

pub(crate) use address::{Masked, as_configured};
pub use address::{PLACEHOLDER_RECIPIENT, default_sender, recipients_or_placeholder};
pub use channel::MailChannel;
pub use error::MailError;
pub use lettre::message::Mailbox;
pub use outbox::Outbox;
pub use smtp::{SmtpError, SmtpTransport};
pub use transport::MailTransport;
