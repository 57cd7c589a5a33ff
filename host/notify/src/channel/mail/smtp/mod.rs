//! A mail server that takes messages: RFC 5321, as much of it as a client that submits mail needs.
//!
//! [`transport`] holds one dialogue for each message, bounded in time and tried again where that
//! is safe. [`dialogue`] is its steps, [`connection`] the wire below them, which [`tls`] encrypts,
//! and [`reply`] reads what the server says. [`error`] says how a dialogue ended early, and
//! [`refusal`] whose fault a refusal is.

mod connection;
mod dialogue;
mod error;
mod refusal;
mod reply;
mod tls;
mod transport;

pub use error::SmtpError;
pub use transport::SmtpTransport;
