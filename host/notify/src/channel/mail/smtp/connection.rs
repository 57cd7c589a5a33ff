//! One connection to a mail server: commands out, replies in.
//!
//! Knows the wire and nothing of what a dialogue means; that is
//! [`dialogue`](crate::channel::mail::smtp::dialogue).

use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::channel::mail::smtp::reply::{Reply, ReplyError};
use crate::channel::mail::smtp::tls::Tls;

/// Our name at the server: the address literal of a client without a name of its own (RFC 5321,
/// 4.1.4).
const CLIENT_NAME: &str = "[127.0.0.1]";

/// The time for which we look for a reply that came before the connection broke.
const LATE_REPLY_TIME_LIMIT: Duration = Duration::from_secs(1);

/// A way to the server, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// A connection that is open.
pub(crate) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    /// The extensions that the server named, in upper case.
    offers: Vec<String>,
}

/// The event that ended a dialogue early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialogueError {
    /// The server said no.
    #[error("{0}")]
    Refused(Reply),
    /// The server said what answers another question.
    #[error("`{0}`, which does not answer what we sent")]
    UnexpectedReply(Reply),
    /// No reply could be read.
    #[error(transparent)]
    NoReply(#[from] ReplyError),
    /// Something could not be sent, or no connection was to be had.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Encryption could not be agreed on.
    #[error("{0}")]
    Tls(io::Error),
    /// The server does not offer what we need.
    #[error("the server does not offer {0}")]
    NotOffered(&'static str),
}

impl Connection {
    /// Connects and reads the greeting. Each address of the host has its part of `time_limit`.
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

    /// Encrypts from here on.
    pub(crate) async fn start_tls(mut self, tls: &Tls) -> Result<Self, DialogueError> {
        if !self.offers("STARTTLS") {
            return Err(DialogueError::NotOffered("STARTTLS"));
        }
        self.send("STARTTLS").await?;
        self.expect(220).await?;

        // What is here already was not encrypted; an attacker on the line may have put it there
        // (CVE-2011-0411).
        if !self.stream.buffer().is_empty() {
            return Err(DialogueError::Tls(io::Error::other(
                "there is more than the reply to STARTTLS",
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
        // What the server said in the clear counts for nothing any more.
        encrypted.greet().await?;
        Ok(encrypted)
    }

    /// Logs in ([RFC 4954](https://www.rfc-editor.org/rfc/rfc4954)).
    pub(crate) async fn log_in(&mut self, user: &str, password: &str) -> Result<(), DialogueError> {
        let answers = if self.offers_login("PLAIN") {
            let both = format!("\0{user}\0{password}");
            let command = format!("AUTH PLAIN {}", BASE64_STANDARD.encode(&both));
            self.send(&command).await?;
            // Some servers take the answer in a line of its own only.
            vec![both]
        } else if self.offers_login("LOGIN") {
            self.send("AUTH LOGIN").await?;
            vec![user.to_owned(), password.to_owned()]
        } else {
            return Err(DialogueError::NotOffered(
                "login by name and password (AUTH PLAIN or LOGIN)",
            ));
        };

        let mut reply = self.reply().await?;
        for answer in answers {
            if reply.code != 334 {
                break;
            }
            self.send(&BASE64_STANDARD.encode(answer)).await?;
            reply = self.reply().await?;
        }
        positive(reply)
    }

    /// Sends a command that is answered with a plain yes or no.
    pub(crate) async fn command(&mut self, line: &str) -> Result<(), DialogueError> {
        self.send(line).await?;
        positive(self.reply().await?)
    }

    /// Asks to send the message.
    pub(crate) async fn begin_message(&mut self) -> Result<(), DialogueError> {
        self.send("DATA").await?;
        self.expect(354).await
    }

    /// Sends the message and the final dot. Calls `before_dot` when all but the dot is out.
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

    /// Says closing and waits for the same.
    pub(crate) async fn quit(mut self) -> Result<(), DialogueError> {
        self.command("QUIT").await
    }

    /// Returns true if the server named this extension.
    pub(crate) fn offers(&self, extension: &str) -> bool {
        self.offers
            .iter()
            .any(|offer| offer.split_whitespace().next() == Some(extension))
    }

    fn offers_login(&self, mechanism: &str) -> bool {
        // `AUTH=` is how servers wrote it before there was a standard.
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
            // A server from before extensions (RFC 5321, 3.2).
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
        // A line end inside would be a second command.
        if line.contains(['\r', '\n', '\0']) {
            return Err(DialogueError::Io(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a command of several lines",
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
        // A server that hangs up says why, as a rule, and the reply may be here.
        match timeout(LATE_REPLY_TIME_LIMIT, self.reply()).await {
            Ok(Ok(reply)) if reply.code >= 400 => Err(DialogueError::Refused(reply)),
            _ => Err(DialogueError::Io(error)),
        }
    }
}

async fn connect(host: &str, port: u16, time_limit: Duration) -> io::Result<TcpStream> {
    let addresses: Vec<_> = lookup_host((host, port)).await?.collect();
    let share = time_limit / u32::try_from(addresses.len()).unwrap_or(1).max(1);

    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // The dot goes out when it is written, not when the message before it was
                // acknowledged.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_elapsed) => {
                let reason = format!("nothing within {share:?}");
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

/// The message as it is sent: another dot before a dot that begins a line, and a line end at its
/// end (RFC 5321, 4.5.2).
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
