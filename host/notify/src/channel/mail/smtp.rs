//! The dialogue with a mail server, step by step, so that we know how far it came when it breaks.
//!
//! Before the final dot nothing has been handed over, and another try is safe. After the dot and
//! without an answer the message may have been taken, which is an outcome of its own.
//! `connection.rs` is the wire, `reply.rs` what comes back over it, and `refusal.rs` says whose
//! fault a refusal is.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_config::{EmailConfig, SmtpConfig, SmtpLogin, UseTls};
use lettre::Address;
use lettre::address::Envelope;
use tokio::time::timeout;
use tracing::debug;

use crate::channel::handed_over::HandedOver;
use crate::channel::mail::connection::{Connection, Ended};
use crate::channel::mail::refusal::Refusal;
use crate::channel::mail::reply::{Reply, ReplyError};
use crate::channel::mail::tls::Tls;
use crate::channel::remedy::Remedy;

/// How long one dialogue may take up to the final dot.
const PATIENCE: Duration = Duration::from_secs(45);

/// How much longer the answer to the final dot may take: servers check the message meanwhile, and
/// who gives up here may make them deliver it twice. RFC 5321 (4.5.3.2.6) wants 10 minutes, in
/// which nothing else would go out.
const ANSWER_PATIENCE: Duration = Duration::from_mins(2);

/// How long we wait for a goodbye that changes nothing.
const GOODBYE: Duration = Duration::from_secs(2);

/// The port for mail with STARTTLS, and the one for mail with TLS from the first byte (RFC 6409,
/// RFC 8314).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// A mail server, and how we speak to it.
#[derive(Clone)]
pub struct SmtpTransport {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<SmtpLogin>,
    sender: Address,
    retries: QuickRetries,
    patience: Duration,
    answer_patience: Duration,
}

#[derive(Clone)]
enum Encryption {
    None,
    Implicit(Tls),
    StartTls(Tls),
    /// For a server on this machine.
    StartTlsIfOffered(Tls),
}

/// Tries within one attempt.
#[derive(Debug, Clone, Copy)]
struct QuickRetries {
    most: u32,
    first_delay: Duration,
    multiplier: f64,
}

/// How far a dialogue came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Connect,
    StartTls,
    Login,
    Sender,
    Recipient,
    Message,
    /// The final dot may be out.
    Answer,
}

/// What ended a dialogue with a mail server.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The connection broke, or the server asked for patience.
    #[error("{step} at the mail server failed: {reason}")]
    Interrupted {
        /// What we were at.
        step: &'static str,
        /// What the server or the system said.
        reason: String,
    },
    /// The server will not do business with us: login, certificate, sender. Every message would
    /// fail alike.
    #[error("{step} at the mail server was refused: {reason}; correct SMTP_* or `email.use_tls`")]
    Setup {
        /// What we were at.
        step: &'static str,
        /// What the server or the system said.
        reason: String,
    },
    /// The server does not take this message, for a reason that may pass: content, reputation,
    /// quota, routes.
    #[error(
        "{step} at the mail server was refused: {reason}; it is tried again, in case the server's operator or time helps"
    )]
    Withheld {
        /// What we were at.
        step: &'static str,
        /// What the server said.
        reason: String,
    },
    /// The message is too large for the server, or for the room that is left in the mailbox.
    #[error("the mail server has no room for the message: {reason}")]
    TooLarge {
        /// What it said.
        reason: String,
        /// True if a smaller one would fit for sure, were it small enough.
        by_size: bool,
    },
    /// The server knows no such recipient.
    #[error("the mail server refused the recipient for good: {reason}")]
    Rejected {
        /// What it said.
        reason: String,
    },
    /// The whole message is out, and there was no answer.
    #[error("the mail server gave no answer to the message, which may have arrived: {reason}")]
    Unanswered {
        /// What the system said.
        reason: String,
    },
}

impl SmtpTransport {
    /// Prepares for a server; nothing is connected yet.
    ///
    /// # Errors
    ///
    /// When the certificates to trust cannot be used.
    pub fn new(server: &SmtpConfig, email: &EmailConfig) -> Result<Self, rustls::Error> {
        let usual_port = if email.use_tls == UseTls::Implicit {
            SUBMISSIONS
        } else {
            SUBMISSION
        };
        let port = server.port.unwrap_or(usual_port);
        let tls = || Tls::new(&server.host, server.trusted.as_deref());
        let encryption = match email.use_tls {
            UseTls::Never => Encryption::None,
            UseTls::Implicit => Encryption::Implicit(tls()?),
            UseTls::Always if port == SUBMISSIONS => Encryption::Implicit(tls()?),
            UseTls::Always if server.is_loopback() => Encryption::StartTlsIfOffered(tls()?),
            UseTls::Always | UseTls::StartTls => Encryption::StartTls(tls()?),
        };
        let retries = QuickRetries {
            most: email.max_retries,
            first_delay: email.retry_initial_delay,
            multiplier: email.retry_backoff_multiplier,
        };
        Ok(Self {
            host: server.host.clone(),
            port,
            encryption,
            login: server.login.clone(),
            sender: server.sender.email.clone(),
            retries,
            patience: PATIENCE,
            answer_patience: ANSWER_PATIENCE,
        })
    }

    /// Where mail goes, such as `mail.example.com:587`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Connects, logs in, names the sender and these recipients as a message would, and says
    /// goodbye instead of sending one.
    ///
    /// # Errors
    ///
    /// What would keep messages from being handed over. That the server wants a recipient named
    /// again later does not.
    pub async fn probe(&self, recipients: &[Address]) -> Result<(), SmtpError> {
        let progress = Progress::new();
        match timeout(self.patience, self.ask(recipients, &progress)).await {
            Ok(Ok(connection)) => {
                say_goodbye(connection).await;
                Ok(())
            }
            Ok(Err(ended)) => Err(self.judge(progress.step(), &ended)),
            Err(_elapsed) => Err(overdue(progress.step(), self.patience)),
        }
    }

    /// Hands over one message to its one recipient. What another try may heal is tried again at
    /// once, as often as configured, and not after `until`.
    pub(crate) async fn send(
        &self,
        envelope: &Envelope,
        message: &[u8],
        until: Instant,
    ) -> Result<HandedOver, SmtpError> {
        let mut delay = self.retries.first_delay;
        for retry in 1..=self.retries.most {
            match self.try_once(envelope, message).await {
                Err(error @ SmtpError::Interrupted { .. }) if Instant::now() + delay < until => {
                    debug!(error = %error, retry, "mail: {error}; trying again in {delay:?}");
                }
                ended => return ended,
            }
            tokio::time::sleep(delay).await;
            delay = delay.mul_f64(self.retries.multiplier);
        }
        self.try_once(envelope, message).await
    }

    async fn try_once(&self, envelope: &Envelope, message: &[u8]) -> Result<HandedOver, SmtpError> {
        let progress = Progress::new();
        let mut dialogue = pin!(self.dialogue(envelope, message, &progress));
        let mut patience = self.patience;
        let mut ended = timeout(patience, dialogue.as_mut()).await;
        if ended.is_err() && progress.step() == Step::Answer {
            patience += self.answer_patience;
            ended = timeout(self.answer_patience, dialogue).await;
        }
        match ended {
            Ok(Ok((connection, Ok(())))) => Ok(HandedOver::with_goodbye(say_goodbye(connection))),
            Ok(Ok((connection, Err(ended)))) => {
                if matches!(ended, Ended::Refused(_)) {
                    // The server is still there and waits for what comes next.
                    say_goodbye(connection).await;
                }
                Err(self.judge(progress.step(), &ended))
            }
            Ok(Err(ended)) => Err(self.judge(progress.step(), &ended)),
            Err(_elapsed) => Err(overdue(progress.step(), patience)),
        }
    }

    /// Everything up to the answer to the final dot. Once logged in, the connection is there
    /// however it goes on.
    async fn dialogue(
        &self,
        envelope: &Envelope,
        message: &[u8],
        progress: &Progress,
    ) -> Result<(Connection, Result<(), Ended>), Ended> {
        let mut connection = self.log_in(progress).await?;
        let handed_over = hand_over(&mut connection, envelope, message, progress).await;
        Ok((connection, handed_over))
    }

    /// Everything up to where the message would begin. A recipient that the server does not take
    /// now says nothing about the next one; a sender that it does not take now is rarely taken
    /// later.
    async fn ask(&self, recipients: &[Address], progress: &Progress) -> Result<Connection, Ended> {
        let mut connection = self.log_in(progress).await?;
        let Ok(envelope) = Envelope::new(Some(self.sender.clone()), recipients.to_vec()) else {
            return Ok(connection);
        };
        name_sender(&mut connection, &envelope, &[], progress).await?;

        progress.reach(Step::Recipient);
        for recipient in envelope.to() {
            match name_recipient(&mut connection, recipient).await {
                // The server closes the connection after this code.
                Err(Ended::Refused(reply)) if reply.code == 421 => break,
                Err(Ended::Refused(reply)) if reply.code < 500 => {}
                answered => answered?,
            }
        }
        Ok(connection)
    }

    /// A connection that takes messages.
    async fn log_in(&self, progress: &Progress) -> Result<Connection, Ended> {
        let mut connection = self.connect(progress).await?;
        if let Some(SmtpLogin { user, password }) = &self.login {
            progress.reach(Step::Login);
            connection.log_in(user, password.expose()).await?;
        }
        Ok(connection)
    }

    /// A connection on which a password may travel: encrypted, or to this machine, or as the
    /// operator wants it.
    async fn connect(&self, progress: &Progress) -> Result<Connection, Ended> {
        let implicit = match &self.encryption {
            Encryption::Implicit(tls) => Some(tls),
            _ => None,
        };
        let connection = Connection::open(&self.host, self.port, implicit, self.patience).await?;
        match &self.encryption {
            Encryption::StartTls(tls) => {
                progress.reach(Step::StartTls);
                connection.start_tls(tls).await
            }
            Encryption::StartTlsIfOffered(tls) if connection.offers("STARTTLS") => {
                progress.reach(Step::StartTls);
                connection.start_tls(tls).await
            }
            Encryption::StartTlsIfOffered(_) | Encryption::Implicit(_) | Encryption::None => {
                Ok(connection)
            }
        }
    }

    fn judge(&self, at: Step, ended: &Ended) -> SmtpError {
        let step = at.words();
        // Some servers repeat what they were sent, and no way of writing a password is known here
        // but its own.
        let reason = if at == Step::Login {
            unquoted(ended)
        } else {
            self.without_password(ended.to_string())
        };
        match ended {
            Ended::OutOfPlace(_) if at == Step::Login => SmtpError::Setup { step, reason },
            // A reply of the 400s to the final dot says as clearly that the message was not taken.
            Ended::Refused(reply) if reply.code < 500 => SmtpError::Interrupted { step, reason },
            Ended::Refused(reply) => refused(at, reply, reason),
            _ if at == Step::Answer => SmtpError::Unanswered { reason },
            Ended::NotOffered(_) => SmtpError::Setup { step, reason },
            Ended::Tls(error)
                if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::Other) =>
            {
                SmtpError::Setup {
                    step: Step::StartTls.words(),
                    reason,
                }
            }
            Ended::Tls(_) | Ended::OutOfPlace(_) | Ended::NoReply(_) | Ended::Broken(_) => {
                SmtpError::Interrupted { step, reason }
            }
        }
    }

    fn without_password(&self, said: String) -> String {
        match &self.login {
            Some(login) => login.password.hide_in(&said),
            None => said,
        }
    }
}

/// The end of a dialogue in words, none of them the server's.
fn unquoted(ended: &Ended) -> String {
    match ended {
        Ended::Refused(reply) | Ended::OutOfPlace(reply) => format!("reply {}", reply.codes()),
        Ended::NoReply(ReplyError::Garbled { .. }) => "what came back is not a reply".to_owned(),
        Ended::NoReply(ReplyError::Closed | ReplyError::TooLong | ReplyError::Broken(_))
        | Ended::Broken(_)
        | Ended::Tls(_)
        | Ended::NotOffered(_) => ended.to_string(),
    }
}

/// Says goodbye, which changes nothing.
async fn say_goodbye(connection: Connection) {
    timeout(GOODBYE, connection.quit()).await.ok();
}

/// Everything from the sender to the answer to the final dot.
async fn hand_over(
    connection: &mut Connection,
    envelope: &Envelope,
    message: &[u8],
    progress: &Progress,
) -> Result<(), Ended> {
    name_sender(connection, envelope, message, progress).await?;
    progress.reach(Step::Recipient);
    for recipient in envelope.to() {
        name_recipient(connection, recipient).await?;
    }

    progress.reach(Step::Message);
    connection.begin_message().await?;
    connection
        .message(message, || progress.reach(Step::Answer))
        .await
}

/// Names the sender of a message.
async fn name_sender(
    connection: &mut Connection,
    envelope: &Envelope,
    message: &[u8],
    progress: &Progress,
) -> Result<(), Ended> {
    progress.reach(Step::Sender);
    let sender = envelope
        .from()
        .map(AsRef::<str>::as_ref)
        .unwrap_or_default();
    let parameters = parameters(connection, envelope, message)?;
    connection
        .command(&format!("MAIL FROM:<{sender}>{parameters}"))
        .await
}

async fn name_recipient(connection: &mut Connection, recipient: &Address) -> Result<(), Ended> {
    connection.command(&format!("RCPT TO:<{recipient}>")).await
}

/// The error that a refusal for good is, at each step.
fn refused(at: Step, reply: &Reply, reason: String) -> SmtpError {
    let step = at.words();
    if matches!(at, Step::Connect | Step::StartTls | Step::Login) {
        return SmtpError::Setup { step, reason };
    }
    match Refusal::of(reply, at != Step::Sender) {
        Refusal::Recipient => SmtpError::Rejected { reason },
        Refusal::Size => SmtpError::TooLarge {
            reason,
            by_size: true,
        },
        Refusal::Room => SmtpError::TooLarge {
            reason,
            by_size: false,
        },
        Refusal::Setup => SmtpError::Setup { step, reason },
        // At this point the server knows of nothing but the sender.
        Refusal::Policy if at == Step::Sender => SmtpError::Setup { step, reason },
        Refusal::Policy => SmtpError::Withheld { step, reason },
    }
}

/// No password, no certificates: where, and nothing else.
impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpTransport")
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}

impl SmtpError {
    /// What to do about it.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Interrupted { .. } | Self::Setup { .. } | Self::Withheld { .. } => {
                Remedy::TryLater
            }
            Self::TooLarge { by_size, .. } => Remedy::MakeSmaller { by_size: *by_size },
            Self::Unanswered { .. } => Remedy::TryOnceMore,
            Self::Rejected { .. } => Remedy::GiveUp,
        }
    }
}

impl Step {
    fn words(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::StartTls => "encrypting",
            Self::Login => "logging in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Message | Self::Answer => "handing over the message",
        }
    }
}

/// The step a dialogue is at, known also when it was cut off.
struct Progress(Mutex<Step>);

impl Progress {
    fn new() -> Self {
        Self(Mutex::new(Step::Connect))
    }

    fn reach(&self, step: Step) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }

    fn step(&self) -> Step {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parameters of `MAIL`, each with a space in front: how large the message is, and what of it
/// is beyond ASCII.
fn parameters(
    connection: &Connection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<String, Ended> {
    let mut parameters = String::new();
    if !message.is_empty() && connection.offers("SIZE") {
        parameters += " SIZE=";
        parameters += &message.len().to_string();
    }
    if !message.is_ascii() && connection.offers("8BITMIME") {
        parameters.push_str(" BODY=8BITMIME");
    }

    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    if !addresses.all(|address: &Address| AsRef::<str>::as_ref(address).is_ascii()) {
        // RFC 6531 (3.2): without this offer, such an address must not be sent.
        if !connection.offers("SMTPUTF8") {
            return Err(Ended::NotOffered(
                "SMTPUTF8, which an address beyond ASCII needs",
            ));
        }
        parameters.push_str(" SMTPUTF8");
    }
    Ok(parameters)
}

fn overdue(step: Step, patience: Duration) -> SmtpError {
    let reason = format!("nothing within {patience:?}");
    match step {
        Step::Answer => SmtpError::Unanswered { reason },
        _ => SmtpError::Interrupted {
            step: step.words(),
            reason,
        },
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use job_scanner_config::Environment;
    use job_scanner_smtp_server::{Failure, Options, SmtpServer, Step as At, Tls as ServerTls};

    use super::*;

    /// A transport to a server on this machine, which speaks in the clear. It waits for the answer
    /// no longer than for the rest.
    fn transport(port: u16, patience: Duration) -> SmtpTransport {
        transport_with(port, patience, &[])
    }

    /// The same, of an environment that has more.
    fn transport_with(port: u16, patience: Duration, more: &[(&str, &str)]) -> SmtpTransport {
        let mut config_problems = Vec::new();
        let port = port.to_string();
        let server = [("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", port.as_str())];
        let environment: Environment = server.iter().chain(more).copied().collect();
        let server = environment.read_smtp(&mut config_problems).unwrap();
        let email = EmailConfig {
            max_retries: 0,
            ..EmailConfig::default()
        };
        SmtpTransport {
            patience,
            answer_patience: patience,
            ..SmtpTransport::new(&server, &email).unwrap()
        }
    }

    fn envelope() -> Envelope {
        Envelope::new(None, vec!["jo@example.com".parse().unwrap()]).unwrap()
    }

    #[tokio::test]
    async fn silence_after_the_message_is_no_ordinary_failure() {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        server.fail_next(Failure::SilenceAfterDot);
        let transport = transport(server.port(), Duration::from_secs(1));
        let error = transport
            .send(&envelope(), b"Subject: x\r\n\r\n.x\r\n", Instant::now())
            .await
            .err()
            .unwrap();
        let SmtpError::Unanswered { reason } = error else {
            panic!("{error:?}")
        };
        assert_eq!(reason, "nothing within 2s", "what was waited in all");
        assert_eq!(server.received()[0].message, "Subject: x\r\n\r\n.x\r\n");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_tried_later() {
        let gone = SmtpServer::start(Options::default()).await.unwrap().port();
        let error = transport(gone, PATIENCE)
            .send(&envelope(), b"x", Instant::now())
            .await
            .err()
            .unwrap();
        assert!(matches!(error, SmtpError::Interrupted { .. }), "{error:?}");
        assert_eq!(error.remedy(), Remedy::TryLater);
    }

    /// The fate of a message when the server behaves like this, in the words of the outcomes there
    /// are.
    async fn outcome(failure: Failure) -> &'static str {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        server.fail_next(failure);
        // Only silence is waited for to its end.
        let patience = if matches!(failure, Failure::Silent(_)) {
            Duration::from_millis(500)
        } else {
            PATIENCE
        };
        let transport = transport(server.port(), patience);
        let sent = transport
            .send(&envelope(), b"Subject: x\r\n\r\nx\r\n", Instant::now())
            .await;
        let taken = !server.received().is_empty();
        match sent.err() {
            None => {
                assert!(taken, "{failure:?}");
                "sent"
            }
            Some(SmtpError::Interrupted { .. }) => "later",
            Some(SmtpError::Setup { .. }) => "setup",
            Some(SmtpError::Withheld { .. }) => "withheld",
            Some(SmtpError::TooLarge { .. }) => "too large",
            Some(SmtpError::Rejected { .. }) => "given up",
            Some(SmtpError::Unanswered { .. }) => "uncertain",
        }
    }

    #[tokio::test]
    async fn a_reply_means_what_the_standard_says_at_each_step() {
        let says = Failure::Says;
        for (failure, expected) in [
            // Whatever begins with 2 is a yes, however it is worded.
            (says(At::Greeting, b"220-one\r\n220 two\r\n"), "sent"),
            (says(At::Sender, b"250\r\n"), "sent"),
            (says(At::Recipient, b"251 will forward\r\n"), "sent"),
            (says(At::Recipient, b"252 will try\r\n"), "sent"),
            (says(At::Dot, b"250 angenommen f\xfcr jo\r\n"), "sent"),
            (
                says(At::Dot, b"250-2.0.0 taken\r\n250 2.0.0 as 4711\r\n"),
                "sent",
            ),
            (says(At::Dot, b"250\r\n"), "sent"),
            (says(At::Quit, b"500 what\r\n"), "sent"),
            (Failure::Hangs(At::Quit), "sent"),
            (Failure::Silent(At::Quit), "sent"),
            // What answers another question is not a yes.
            (says(At::Greeting, b"250 hello\r\n"), "later"),
            (says(At::Greeting, b"SSH-2.0-OpenSSH_9.6\r\n"), "later"),
            (says(At::Sender, b"354 go ahead\r\n"), "later"),
            (says(At::Recipient, b"354 go ahead\r\n"), "later"),
            (says(At::Data, b"250 ok\r\n"), "later"),
            (says(At::Dot, b"354 go ahead\r\n"), "uncertain"),
            (says(At::Dot, b"what?\r\n"), "uncertain"),
            (says(At::Dot, b"250-yes\r\n550 no\r\n"), "uncertain"),
            // The server shuts down, or asks for patience.
            (says(At::Greeting, b"421 4.3.2 shutting down\r\n"), "later"),
            (says(At::Hello, b"421 4.3.2 shutting down\r\n"), "later"),
            (says(At::Sender, b"421 4.3.2 shutting down\r\n"), "later"),
            (
                says(At::Recipient, b"421 4.7.0 too many errors\r\n"),
                "later",
            ),
            (says(At::Data, b"421 4.3.2 shutting down\r\n"), "later"),
            (says(At::Dot, b"421 4.3.2 shutting down\r\n"), "later"),
            (says(At::Recipient, b"450 4.2.0 greylisted\r\n"), "later"),
            (says(At::Recipient, b"452 4.2.2 mailbox full\r\n"), "later"),
            (says(At::Dot, b"451 4.3.0 local error\r\n"), "later"),
            // It does no business with us.
            (says(At::Greeting, b"554 no SMTP service here\r\n"), "setup"),
            (says(At::Hello, b"550 5.7.1 not you\r\n"), "setup"),
            (says(At::Sender, b"550 5.1.1 no such user\r\n"), "setup"),
            (says(At::Sender, b"503 5.5.1 already given\r\n"), "setup"),
            (says(At::Recipient, b"503 5.5.1 MAIL first\r\n"), "withheld"),
            (
                says(At::Recipient, b"554 5.7.1 Relay access denied\r\n"),
                "setup",
            ),
            (says(At::Data, b"503 bad sequence\r\n"), "setup"),
            (says(At::Data, b"554 no valid recipients\r\n"), "withheld"),
            (says(At::Dot, b"554 5.7.1 spam\r\n"), "withheld"),
            (says(At::Dot, b"552 5.3.4 too large\r\n"), "too large"),
            (says(At::Sender, b"552 5.3.4 too large\r\n"), "too large"),
            (
                says(At::Recipient, b"552 5.2.2 mailbox full\r\n"),
                "too large",
            ),
            // There is no such recipient.
            (
                says(At::Recipient, b"550-5.1.1 no such\r\n550 5.1.1 user\r\n"),
                "given up",
            ),
            (says(At::Dot, b"550 5.1.1 user unknown\r\n"), "given up"),
            // Nothing comes, or not all of it.
            (Failure::Hangs(At::Greeting), "later"),
            (Failure::Hangs(At::Hello), "later"),
            (Failure::Hangs(At::Sender), "later"),
            (Failure::Hangs(At::Recipient), "later"),
            (Failure::Hangs(At::Data), "later"),
            (Failure::Hangs(At::Dot), "uncertain"),
            (Failure::Silent(At::Recipient), "later"),
            (Failure::Silent(At::Dot), "uncertain"),
        ] {
            assert_eq!(outcome(failure).await, expected, "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_no_reply() {
        static LONG: [u8; 300_000] = [b'2'; 300_000];
        assert_eq!(outcome(Failure::Says(At::Sender, &LONG)).await, "later");
        assert_eq!(outcome(Failure::Says(At::Dot, &LONG)).await, "uncertain");
    }

    #[tokio::test]
    async fn a_message_with_lines_of_dots_arrives_as_it_was() {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        let message = "Subject: x\r\n\r\n.\r\n..\r\n.x\r\nlast";
        let handed_over = transport(server.port(), PATIENCE)
            .send(&envelope(), message.as_bytes(), Instant::now())
            .await;
        handed_over.unwrap().say_goodbye().await;
        assert_eq!(server.received()[0].message, format!("{message}\r\n"));
    }

    #[tokio::test]
    async fn what_follows_the_reply_to_starttls_is_not_taken_for_encrypted() {
        let server = SmtpServer::start(Options {
            tls: ServerTls::StartTls,
            login: None,
        })
        .await
        .unwrap();
        server.fail_next(Failure::Says(
            At::StartTls,
            b"220 go ahead\r\n250 injected\r\n",
        ));
        let error = transport(server.port(), PATIENCE)
            .probe(&[])
            .await
            .unwrap_err();
        assert!(matches!(error, SmtpError::Setup { .. }), "{error:?}");
    }

    #[tokio::test]
    async fn a_probe_finds_out_what_would_keep_messages_and_sends_none() {
        let recipients: Vec<Address> = vec![
            "jo@example.com".parse().unwrap(),
            "kim@example.com".parse().unwrap(),
        ];
        for (failure, good) in [
            (None, true),
            (Some(Failure::Recipient(450)), true),
            // A reply that is there already answers the second recipient.
            (
                Some(Failure::Says(
                    At::Recipient,
                    b"450 4.2.0 greylisted\r\n550 5.1.1 user unknown\r\n",
                )),
                false,
            ),
            (
                Some(Failure::Says(
                    At::Recipient,
                    b"421 4.3.2 shutting down\r\n550 5.1.1 user unknown\r\n",
                )),
                true,
            ),
            (
                Some(Failure::Says(
                    At::Sender,
                    b"450 4.1.8 sender domain not found\r\n",
                )),
                false,
            ),
            (Some(Failure::Sender(421)), false),
            (
                Some(Failure::Says(
                    At::Recipient,
                    b"554 5.7.1 Relay access denied\r\n",
                )),
                false,
            ),
            (
                Some(Failure::Says(At::Recipient, b"550 5.1.1 user unknown\r\n")),
                false,
            ),
            (Some(Failure::Sender(550)), false),
            (Some(Failure::Greeting(421)), false),
        ] {
            let server = SmtpServer::start(Options::default()).await.unwrap();
            if let Some(failure) = failure {
                server.fail_next(failure);
            }
            let probed = transport(server.port(), PATIENCE).probe(&recipients).await;
            assert_eq!(probed.is_ok(), good, "{failure:?}: {probed:?}");
            assert_eq!(server.received(), []);
        }
    }

    #[tokio::test]
    async fn what_a_server_repeats_of_the_login_is_quoted_nowhere() {
        let login = [
            ("SMTP_USER", "jo@example.com"),
            ("SMTP_PASS", "marker-of-a-password"),
        ];
        let plain = BASE64_STANDARD.encode("\0jo@example.com\0marker-of-a-password");
        let parts = login.map(|(_, value)| BASE64_STANDARD.encode(value));
        for (offers, questions) in [
            ("PLAIN", 0),
            ("PLAIN", 1),
            ("LOGIN", 0),
            ("LOGIN", 1),
            ("LOGIN", 2),
        ] {
            for prefix in [
                "",
                "535 ",
                "535 5.7.8 ",
                "451 4.7.0 ",
                "250-x\r\n535 ",
                "354 ",
                "334 ",
            ] {
                let options = Options {
                    tls: ServerTls::None,
                    login: None,
                };
                let server = SmtpServer::start(options).await.unwrap();
                server.fail_next(Failure::RepeatsLogin {
                    offers,
                    questions,
                    prefix,
                });
                let transport = transport_with(server.port(), PATIENCE, &login);
                let error = transport.probe(&[]).await.unwrap_err();
                let told = format!("{error} {error:?}");
                for secret in [
                    &plain[..8],
                    &parts[0],
                    &parts[1],
                    "marker-of-a-password",
                    "AUTH ",
                ] {
                    assert!(
                        !told.contains(secret),
                        "{offers} {questions} {prefix:?}: {told}"
                    );
                }
                assert!(
                    told.contains("logging in"),
                    "{offers} {questions} {prefix:?}: {told}"
                );
            }
        }
    }

    #[tokio::test]
    async fn an_address_beyond_ascii_needs_a_server_that_knows_such() {
        let recipients: Vec<Address> = vec!["jö@example.com".parse().unwrap()];
        for (offers, good) in [
            (&b"250-x\r\n250 SMTPUTF8\r\n"[..], true),
            (b"250-x\r\n250 8BITMIME\r\n", false),
        ] {
            let server = SmtpServer::start(Options::default()).await.unwrap();
            server.fail_next(Failure::Says(At::Hello, offers));
            let probed = transport(server.port(), PATIENCE).probe(&recipients).await;
            assert_eq!(probed.is_ok(), good, "{probed:?}");
        }
    }

    #[test]
    fn printing_a_transport_shows_where_it_goes_and_no_more() {
        assert_eq!(
            format!("{:?}", transport(2525, PATIENCE)),
            r#"SmtpTransport { address: "127.0.0.1:2525", .. }"#
        );
    }
}
