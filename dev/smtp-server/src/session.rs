//! One connection: the part of [SMTP](https://www.rfc-editor.org/rfc/rfc5321) that a client needs
//! to send mail.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};

use crate::server::{Failure, Login, Received, Shared, Step, Tls};

/// A connection, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The step after a command.
enum Next {
    Command,
    StartTls,
    End,
}

pub(crate) struct Session {
    stream: BufReader<Box<dyn Stream>>,
    encrypted: bool,
    shared: Arc<Shared>,
    failure: Option<Failure>,
    user: Option<String>,
    from: String,
    to: Vec<String>,
}

impl Session {
    pub(crate) fn new(
        stream: Box<dyn Stream>,
        encrypted: bool,
        shared: Arc<Shared>,
        failure: Option<Failure>,
    ) -> Self {
        let stream = BufReader::new(stream);
        Self {
            stream,
            encrypted,
            shared,
            failure,
            user: None,
            from: String::new(),
            to: Vec::new(),
        }
    }

    pub(crate) async fn run(mut self) -> io::Result<()> {
        if let Some(Failure::Greeting(code)) = self.failure {
            return self.reply(&format!("{code} not now")).await;
        }
        if let Some(Next::End) = self.fails_at(Step::Greeting).await? {
            return Ok(());
        }

        if !self.says_at(Step::Greeting) {
            self.reply("220 localhost ESMTP").await?;
        }
        while let Some(line) = self.line().await? {
            match self.command(line.trim_end()).await? {
                Next::Command => {}
                Next::StartTls => self = self.encrypt().await?,
                Next::End => break,
            }
        }
        Ok(())
    }

    async fn command(&mut self, line: &str) -> io::Result<Next> {
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let verb = verb.to_ascii_uppercase();

        if let Some(step) = step_of(&verb) {
            self.note(step, rest);
            if let Some(next) = self.fails_at(step).await? {
                return Ok(next);
            }
        }
        self.execute(&verb, rest).await
    }

    /// Records the effects of a command that do not depend on its reply.
    fn note(&mut self, step: Step, rest: &str) {
        let accepts = matches!(self.failure, Some(Failure::Says(at, [b'2', ..])) if at == step);
        match step {
            Step::Auth if accepts => self.user = Some("accepted".to_owned()),
            Step::Recipient if accepts => self.to.push(address(rest)),
            Step::Quit => self.shared.count_goodbye(),
            _ => {}
        }
    }

    async fn execute(&mut self, verb: &str, rest: &str) -> io::Result<Next> {
        match verb {
            "EHLO" => self.greet().await?,
            "STARTTLS" if self.shared.options.tls == Tls::StartTls && !self.encrypted => {
                self.reply("220 go ahead").await?;
                return Ok(Next::StartTls);
            }
            "AUTH" => self.authenticate(rest).await?,
            "MAIL" if self.shared.options.login.is_some() && self.user.is_none() => {
                self.reply("530 5.7.0 authentication required").await?;
            }
            "MAIL" => {
                self.from = address(rest);
                let failure = self.fails_with(Failure::Sender);
                self.reply_or("250 2.1.0 ok", failure).await?;
            }
            "RCPT" => {
                let failure = self.fails_with(Failure::Recipient);
                if failure.is_none() {
                    self.to.push(address(rest));
                }
                self.reply_or("250 2.1.5 ok", failure).await?;
            }
            "DATA" => return self.data().await,
            "QUIT" => {
                self.reply("221 bye").await?;
                return Ok(Next::End);
            }
            _ => self.reply("502 not implemented").await?,
        }
        Ok(Next::Command)
    }

    /// Returns the reply code of this kind of failure if it was set.
    fn fails_with(&self, kind: fn(u16) -> Failure) -> Option<u16> {
        self.failure.and_then(|failure| code(failure, kind))
    }

    /// Fails at this step instead of the reply, or returns `None` if no failure was set for it.
    async fn fails_at(&mut self, step: Step) -> io::Result<Option<Next>> {
        match self.failure {
            Some(Failure::Says(at, bytes)) if at == step => {
                self.write(bytes).await?;
                Ok(Some(Next::Command))
            }
            Some(Failure::Closes(at)) if at == step => Ok(Some(Next::End)),
            Some(Failure::Silent(at)) if at == step => self.shared.be_silent().await,
            _ => Ok(None),
        }
    }

    fn says_at(&self, step: Step) -> bool {
        matches!(self.failure, Some(Failure::Says(at, _)) if at == step)
    }

    async fn greet(&mut self) -> io::Result<()> {
        let mut lines = vec!["localhost", "8BITMIME", "SMTPUTF8"];
        let options = &self.shared.options;
        if options.tls == Tls::StartTls && !self.encrypted {
            lines.push("STARTTLS");
        } else if let Some(Failure::RepeatsLogin { offers, .. }) = self.failure {
            lines.push(if offers == "LOGIN" {
                "AUTH LOGIN"
            } else {
                "AUTH PLAIN"
            });
        } else if options.login.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }

        let last = lines.len() - 1;
        let numbered = lines.iter().enumerate();
        let reply: Vec<String> = numbered
            .map(|(index, line)| format!("250{}{line}", if index == last { ' ' } else { '-' }))
            .collect();
        self.reply(&reply.join("\r\n")).await
    }

    /// Handles `AUTH PLAIN` with the login in the same line, as clients send it.
    async fn authenticate(&mut self, given: &str) -> io::Result<()> {
        match self.failure {
            Some(Failure::Auth(code)) => {
                return self.reply(&format!("{code} no such login: {given}")).await;
            }
            Some(Failure::RepeatsLogin {
                challenges, prefix, ..
            }) => return self.repeat_login(given, challenges, prefix).await,
            _ => {}
        }

        let login = self.shared.options.login.clone();
        let is_right = |login: &Login| {
            let expected = plain(&login.user, &login.password);
            given == format!("PLAIN {expected}")
        };
        match login.filter(is_right) {
            Some(login) => {
                self.user = Some(login.user);
                self.reply("235 2.7.0 welcome").await
            }
            None => self.reply("535 5.7.8 wrong name or password").await,
        }
    }

    /// Sends this many challenges, and repeats the client's last line after `prefix`.
    async fn repeat_login(
        &mut self,
        given: &str,
        challenges: usize,
        prefix: &str,
    ) -> io::Result<()> {
        let mut last = format!("AUTH {given}");
        for _ in 0..challenges {
            self.reply("334 ").await?;
            let line = self.line().await?.unwrap_or_default();
            line.trim_end().clone_into(&mut last);
        }
        self.reply(&format!("{prefix}{last}")).await
    }

    async fn data(&mut self) -> io::Result<Next> {
        if self.to.is_empty() {
            self.reply("503 no recipient").await?;
            return Ok(Next::Command);
        }

        match self.failure {
            Some(Failure::DropBeforeMessage) => return Ok(Next::End),
            Some(Failure::SilenceBeforeMessage) => self.shared.be_silent().await,
            _ => self.reply("354 end with a dot").await?,
        }
        let Some(message) = self.message().await? else {
            return Ok(Next::End);
        };
        if self.says_at(Step::Body) {
            return Ok(Next::Command);
        }
        if let Some(next) = self.refuses(&message).await? {
            return Ok(next);
        }

        // From here on the message counts as accepted, whatever reply the client gets.
        self.shared.accept(Received {
            from: std::mem::take(&mut self.from),
            to: std::mem::take(&mut self.to),
            message,
            encrypted: self.encrypted,
            user: self.user.clone(),
        });
        if let Some(next) = self.fails_at(Step::Dot).await? {
            return Ok(next);
        }
        match self.failure {
            Some(Failure::DropAfterDot) => return Ok(Next::End),
            Some(Failure::SilenceAfterDot) => self.shared.be_silent().await,
            _ => self.reply("250 2.0.0 accepted").await?,
        }
        Ok(Next::Command)
    }

    /// Reads a message up to its final dot; `None` if the client disconnects before it, or the
    /// server does.
    async fn message(&mut self) -> io::Result<Option<String>> {
        let mut message = String::new();
        while let Some(line) = self.line().await? {
            let is_first = message.is_empty();
            if is_first && let Some(Next::End) = self.fails_at(Step::Body).await? {
                return Ok(None);
            }
            if line == ".\r\n" {
                return Ok(Some(message));
            }
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        Ok(None)
    }

    /// Replies to a message that is not accepted, or returns `None` for one that is.
    async fn refuses(&mut self, message: &str) -> io::Result<Option<Next>> {
        if let Some(Failure::LargerThan(most, code)) = self.failure
            && message.len() > most
        {
            let reply = format!("{code} 5.3.4 message too large");
            self.reply(&reply).await?;
            return Ok(Some(Next::Command));
        }

        // A reply that begins with 2 accepts the message, so it is sent after the message is
        // stored.
        let accepts = matches!(self.failure, Some(Failure::Says(Step::Dot, [b'2', ..])));
        if !accepts && let Some(next) = self.fails_at(Step::Dot).await? {
            return Ok(Some(next));
        }

        let Some(code) = self.fails_with(Failure::Dot) else {
            return Ok(None);
        };
        self.reply(&format!("{code} not accepted")).await?;
        Ok(Some(Next::Command))
    }

    async fn encrypt(self) -> io::Result<Self> {
        let stream = self
            .shared
            .acceptor
            .accept(self.stream.into_inner())
            .await?;
        Ok(Self {
            stream: BufReader::new(Box::new(stream)),
            encrypted: true,
            ..self
        })
    }

    async fn reply_or(&mut self, good: &str, failure: Option<u16>) -> io::Result<()> {
        match failure {
            Some(code) => self.reply(&format!("{code} failure on purpose")).await,
            None => self.reply(good).await,
        }
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.write(format!("{text}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes).await?;
        stream.flush().await
    }

    /// Reads a line with its line break; `None` if the client disconnected.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        self.stream.read_until(b'\n', &mut bytes).await?;
        Ok((!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn step_of(verb: &str) -> Option<Step> {
    match verb {
        "EHLO" | "HELO" => Some(Step::Hello),
        "STARTTLS" => Some(Step::StartTls),
        "AUTH" => Some(Step::Auth),
        "MAIL" => Some(Step::Sender),
        "RCPT" => Some(Step::Recipient),
        "DATA" => Some(Step::Data),
        "QUIT" => Some(Step::Quit),
        _ => None,
    }
}

/// Returns the reply code of a failure if it is of this kind.
fn code(failure: Failure, kind: fn(u16) -> Failure) -> Option<u16> {
    let (Failure::Sender(code) | Failure::Recipient(code) | Failure::Dot(code)) = failure else {
        return None;
    };
    (kind(code) == failure).then_some(code)
}

/// Returns the text between `<` and `>`.
fn address(text: &str) -> String {
    let inner = text
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}

/// Returns the argument of `AUTH PLAIN` ([RFC 4616](https://www.rfc-editor.org/rfc/rfc4616)).
fn plain(user: &str, password: &str) -> String {
    BASE64_STANDARD.encode(format!("\0{user}\0{password}"))
}
