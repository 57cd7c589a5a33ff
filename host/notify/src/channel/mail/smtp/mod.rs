//! A client for mail servers: the parts of [RFC 5321](https://www.rfc-editor.org/rfc/rfc5321) that
//! a client needs to submit mail.
//!
//! [`transport`] runs one dialogue per message, with a time limit and with retries where they are
//! safe. [`dialogue`] has its steps. [`connection`] sends commands and receives replies, which
//! [`reply`] parses; [`tls`] encrypts it. [`error`] describes failed dialogues, and [`refusal`]
//! decides what a refusal is about.

mod connection;
mod dialogue;
mod error;
#[cfg(test)]
mod outcomes;
mod refusal;
mod reply;
mod tls;
mod transport;

pub use error::SmtpError;
pub use transport::SmtpTransport;
