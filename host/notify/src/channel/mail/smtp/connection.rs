//! One connection to a mail server: sends commands and receives replies.
//!
//! Not here: the order of the commands ([`dialogue`](crate::channel::mail::smtp::dialogue)).

use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::channel::mail::smtp::reply::{Reply, ReplyError};
use crate::channel::mail::smtp::tls::Tls;

/// The client name in EHLO: the address literal of a client without a host name ([RFC 5321,
/// 4.1.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4)).
const CLIENT_NAME: &str = "[127.0.0.1]";

/// The time for which a reply is read that the server sent before it closed the connection.
const LATE_REPLY_TIME_LIMIT: Duration = Duration::from_secs(1);

/// A byte stream to the server, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// An open connection.
pub(crate) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    /// The extensions that the server offers, in upper case.
    offers: Vec<String>,
}

/// The reason why a dialogue failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialogueError {
    /// The server refused a command.
    #[error("{0}")]
    Refused(Reply),
    /// The reply does not fit the command.
    #[error("unexpected reply `{0}`")]
    UnexpectedReply(Reply),
    #[error(transparent)]
    NoReply(#[from] ReplyError),
    /// The connection could not be opened, or a command could not be sent.
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("{0}")]
    Tls(io::Error),
    /// The server does not offer an extension that is needed.
    #[error("the server does not offer {0}")]
    NotOffered(&'static str),
}

impl Connection {
    /// Connects, reads the greeting and sends EHLO. The addresses of the host share `time_limit`
    /// evenly for connecting.
    pub(crate) async fn open(
        host: &str,
        port: u16,
        tls: Option<&Tls>,
        time_limit: Duration,
    ) -> Result<Self, DialogueError> {
        let mut stream: Box<dyn Stream> = Box::new(connect(host, port, time_limit).await?);
        if let Some(tls) = tls {
            stream = Box::new(tls.encrypt(stream).await.map_err(DialogueError::Tls)?);
        }
        let mut connection = Self {
            stream: BufReader::new(stream),
            offers: Vec::new(),
        };

        connection.expect(220).await?;
        connection.greet().await?;
        Ok(connection)
    }

    /// Encrypts the connection with STARTTLS.
    pub(crate) async fn start_tls(mut self, tls: &Tls) -> Result<Self, DialogueError> {
        if !self.offers("STARTTLS") {
            return Err(DialogueError::NotOffered("STARTTLS"));
        }
        self.send("STARTTLS").await?;
        self.expect(220).await?;

        // Buffered bytes arrived before the encryption, so an attacker on the network may have
        // inserted them (CVE-2011-0411).
        if !self.stream.buffer().is_empty() {
            return Err(DialogueError::Tls(io::Error::other(
                "the server sent data after its reply to STARTTLS",
            )));
        }

        let stream = tls
            .encrypt(self.stream.into_inner())
            .await
            .map_err(DialogueError::Tls)?;
        let mut encrypted = Self {
            stream: BufReader::new(Box::new(stream)),
            offers: Vec::new(),
        };
        // Extensions offered before the encryption are not trusted.
        encrypted.greet().await?;
        Ok(encrypted)
    }

    /// Logs in ([RFC 4954](https://www.rfc-editor.org/rfc/rfc4954)).
    pub(crate) async fn log_in(&mut self, user: &str, password: &str) -> Result<(), DialogueError> {
        let responses = if self.offers_login("PLAIN") {
            let both = format!("\0{user}\0{password}");
            let command = format!("AUTH PLAIN {}", BASE64_STANDARD.encode(&both));
            self.send(&command).await?;
            // Some servers accept the credentials only on a separate line.
            vec![both]
        } else if self.offers_login("LOGIN") {
            self.send("AUTH LOGIN").await?;
            vec![user.to_owned(), password.to_owned()]
        } else {
            return Err(DialogueError::NotOffered(
                "login with user name and password (AUTH PLAIN or LOGIN)",
            ));
        };

        let mut reply = self.reply().await?;
        for response in responses {
            if reply.code != 334 {
                break;
            }
            self.send(&BASE64_STANDARD.encode(response)).await?;
            reply = self.reply().await?;
        }
        positive(reply)
    }

    /// Sends a command and expects a positive reply.
    pub(crate) async fn command(&mut self, line: &str) -> Result<(), DialogueError> {
        self.send(line).await?;
        positive(self.reply().await?)
    }

    /// Sends DATA, after which the server expects the message.
    pub(crate) async fn begin_message(&mut self) -> Result<(), DialogueError> {
        self.send("DATA").await?;
        self.expect(354).await
    }

    /// Sends the message and the final dot. Calls `before_dot` once everything except the dot has
    /// been sent.
    pub(crate) async fn message(
        &mut self,
        message: &[u8],
        before_dot: impl FnOnce(),
    ) -> Result<(), DialogueError> {
        self.write(&with_dots(message)).await?;
        before_dot();
        self.write(b".\r\n").await?;
        positive(self.reply().await?)
    }

    /// Sends QUIT and waits for the reply.
    pub(crate) async fn quit(mut self) -> Result<(), DialogueError> {
        self.command("QUIT").await
    }

    /// Returns true if the server offers this extension.
    pub(crate) fn offers(&self, extension: &str) -> bool {
        self.offers
            .iter()
            .any(|offer| offer.split_whitespace().next() == Some(extension))
    }

    fn offers_login(&self, mechanism: &str) -> bool {
        // `AUTH=` is the form from before the standard.
        let logins = self
            .offers
            .iter()
            .filter_map(|offer| offer.strip_prefix("AUTH"));
        logins
            .flat_map(|names| names.split([' ', '=']))
            .any(|name| name == mechanism)
    }

    async fn greet(&mut self) -> Result<(), DialogueError> {
        self.send(&format!("EHLO {CLIENT_NAME}")).await?;
        let reply = self.reply().await?;
        if matches!(reply.code, 500 | 502 | 504) {
            // The server does not support extensions (RFC 5321, 3.2).
            return self.command(&format!("HELO {CLIENT_NAME}")).await;
        }
        self.offers = reply
            .lines
            .iter()
            .skip(1)
            .map(|line| line.trim().to_uppercase())
            .collect();
        positive(reply)
    }

    async fn expect(&mut self, code: u16) -> Result<(), DialogueError> {
        let reply = self.reply().await?;
        match reply.code {
            given if given == code => Ok(()),
            400.. => Err(DialogueError::Refused(reply)),
            _ => Err(DialogueError::UnexpectedReply(reply)),
        }
    }

    async fn reply(&mut self) -> Result<Reply, ReplyError> {
        Reply::read(&mut self.stream).await
    }

    async fn send(&mut self, line: &str) -> Result<(), DialogueError> {
        // A line break would begin a second command.
        if line.contains(['\r', '\n', '\0']) {
            return Err(DialogueError::Io(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a command contains a line break",
            )));
        }
        self.write(format!("{line}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), DialogueError> {
        let sent = async {
            self.stream.get_mut().write_all(bytes).await?;
            self.stream.get_mut().flush().await
        };
        let Err(error) = sent.await else {
            return Ok(());
        };
        // A server that closes the connection usually sends the reason first, so the reply may
        // already have arrived.
        match timeout(LATE_REPLY_TIME_LIMIT, self.reply()).await {
            Ok(Ok(reply)) if reply.code >= 400 => Err(DialogueError::Refused(reply)),
            _ => Err(DialogueError::Io(error)),
        }
    }
}

async fn connect(host: &str, port: u16, time_limit: Duration) -> io::Result<TcpStream> {
    let addresses: Vec<_> = lookup_host((host, port)).await?.collect();
    let share = time_limit / u32::try_from(addresses.len()).unwrap_or(1).max(1);

    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Nagle's algorithm would delay the final dot until the message before it is
                // acknowledged.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_elapsed) => {
                let reason = format!("no connection within {share:?}");
                last = io::Error::new(io::ErrorKind::TimedOut, reason);
            }
        }
    }
    Err(last)
}

fn positive(reply: Reply) -> Result<(), DialogueError> {
    match reply.code {
        _ if reply.is_positive() => Ok(()),
        400.. => Err(DialogueError::Refused(reply)),
        _ => Err(DialogueError::UnexpectedReply(reply)),
    }
}

/// Returns the message as it is sent: dots at the beginning of a line are doubled, and a line break
/// is added at the end if it is missing ([RFC 5321,
/// 4.5.2](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.2)).
fn with_dots(message: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(message.len() + 16);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            sent.push(b'.');
        }
        sent.extend_from_slice(line);
    }
    if !sent.is_empty() && !sent.ends_with(b"\r\n") {
        sent.extend_from_slice(b"\r\n");
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_that_begins_a_line_does_not_end_the_message() {
        for (message, sent) in [
            (&b"a\r\n.b\r\n"[..], &b"a\r\n..b\r\n"[..]),
            (b".", b"..\r\n"),
            (b"a\r\n.\r\nQUIT\r\n", b"a\r\n..\r\nQUIT\r\n"),
            (b"a\n.\nb", b"a\n..\nb\r\n"),
            (b"", b""),
        ] {
            assert_eq!(
                with_dots(message),
                sent,
                "{}",
                String::from_utf8_lossy(message)
            );
        }
    }
}
