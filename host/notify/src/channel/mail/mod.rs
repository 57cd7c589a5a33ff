//! The mail channel: a message in text and HTML for one recipient, handed to a transport.
//!
//! [`channel`] puts the message together, [`transport`] is where it goes, [`outbox`] a folder that
//! takes it, [`smtp`] a server that does, and [`address`] who sends and who receives.

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
