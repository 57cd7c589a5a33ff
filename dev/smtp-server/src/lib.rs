//! A mail server on loopback for development and tests. It has real sockets, real TLS with a
//! self-signed certificate, and AUTH. It can fail at any point of the dialogue, and it keeps the
//! messages that it accepted.
//!
//! ```no_run
//! # use job_scanner_smtp_server::{Failure, Options, SmtpServer, Tls};
//! # async fn example() -> Result<(), job_scanner_smtp_server::StartError> {
//! let server = SmtpServer::start(Options { tls: Tls::StartTls, login: None }).await?;
//! server.fail_next(Failure::Recipient(450));
//! println!("SMTP_HOST=localhost SMTP_PORT={}", server.port());
//! # Ok(())
//! # }
//! ```

mod certificate;
mod server;
mod session;

pub use server::{Failure, Login, Options, Received, SmtpServer, StartError, Step, Tls};
