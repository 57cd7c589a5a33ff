//! The dialogue with a mail server, step by step, so that we know how far it came when it breaks.
//!
//! Before the final dot nothing has been handed over, and another try is safe. After the dot and without an answer the
//! message may have been taken, which is an outcome of its own.

use std::error::Error as _;
use std::iter;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::address::Envelope;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tracing::debug;

use crate::config::{EmailConfig, SmtpConfig, SmtpLogin, UseTls};
use crate::notify::Remedy;

/// How long one dialogue may take up to the final dot.
const PATIENCE: Duration = Duration::from_secs(45);

/// How much longer the answer to the final dot may take: servers check the message meanwhile, and who gives up here may
/// make them deliver it twice. RFC 5321 (4.5.3.2.6) wants 10 minutes, in which nothing else would go out.
const ANSWER_PATIENCE: Duration = Duration::from_mins(2);

/// How long we wait for a goodbye that changes nothing.
const GOODBYE: Duration = Duration::from_secs(2);

/// The port for mail with STARTTLS, and the one for mail with TLS from the first byte (RFC 6409, RFC 8314).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// A mail server, and how we speak to it.
#[derive(Clone)]
pub struct SmtpTransport {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<SmtpLogin>,
    retries: QuickRetries,
    patience: Duration,
    answer_patience: Duration,
}

#[derive(Clone)]
enum Encryption {
    None,
    Implicit(TlsParameters),
    StartTls(TlsParameters),
    /// For a server on this machine.
    StartTlsIfOffered(TlsParameters),
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
    /// The server will not do business with us: login, certificate, sender. Every message would fail alike.
    #[error("{step} at the mail server was refused: {reason}; correct SMTP_* or `email.use_tls`")]
    Setup {
        /// What we were at.
        step: &'static str,
        /// What the server or the system said.
        reason: String,
    },
    /// The server will not take this message to this recipient.
    #[error("the mail server refused the {what} for good: {reason}")]
    Rejected {
        /// What it refused.
        what: &'static str,
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
    pub fn new(server: &SmtpConfig, email: &EmailConfig) -> Result<Self, smtp::Error> {
        let usual_port = if email.use_tls == UseTls::Implicit { SUBMISSIONS } else { SUBMISSION };
        let port = server.port.unwrap_or(usual_port);
        let encryption = match email.use_tls {
            UseTls::Never => Encryption::None,
            UseTls::Implicit => Encryption::Implicit(tls(server)?),
            UseTls::Always if port == SUBMISSIONS => Encryption::Implicit(tls(server)?),
            UseTls::Always if server.is_loopback() => Encryption::StartTlsIfOffered(tls(server)?),
            UseTls::Always | UseTls::StartTls => Encryption::StartTls(tls(server)?),
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
            retries,
            patience: PATIENCE,
            answer_patience: ANSWER_PATIENCE,
        })
    }

    /// Where mail goes, such as `mail.example.com:587`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Connects and logs in, and says goodbye: what is needed before any message.
    ///
    /// # Errors
    ///
    /// What would keep every message from being handed over.
    pub async fn probe(&self) -> Result<(), SmtpError> {
        let progress = Progress::new();
        match tokio::time::timeout(self.patience, self.log_in(&progress)).await {
            Ok(Ok(mut connection)) => {
                tokio::time::timeout(GOODBYE, connection.quit()).await.ok();
                Ok(())
            }
            Ok(Err(error)) => Err(self.judge(progress.step(), &error)),
            Err(_elapsed) => Err(overdue(progress.step(), self.patience)),
        }
    }

    /// Hands over one message to its one recipient. What another try may heal is tried again at once, as often as
    /// configured, and not after `until`.
    pub(super) async fn send(&self, envelope: &Envelope, message: &[u8], until: Instant) -> Result<(), SmtpError> {
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

    async fn try_once(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SmtpError> {
        let progress = Progress::new();
        let mut dialogue = pin!(self.dialogue(envelope, message, &progress));
        let mut patience = self.patience;
        let mut ended = tokio::time::timeout(patience, dialogue.as_mut()).await;
        if ended.is_err() && progress.step() == Step::Answer {
            patience += self.answer_patience;
            ended = tokio::time::timeout(self.answer_patience, dialogue).await;
        }
        match ended {
            Ok(Ok(mut connection)) => {
                // The message has been taken; how the goodbye goes is nobody's concern.
                tokio::time::timeout(GOODBYE, connection.quit()).await.ok();
                Ok(())
            }
            Ok(Err(error)) => Err(self.judge(progress.step(), &error)),
            Err(_elapsed) => Err(overdue(progress.step(), patience)),
        }
    }

    /// Everything up to the answer to the final dot.
    async fn dialogue(
        &self,
        envelope: &Envelope,
        message: &[u8],
        progress: &Progress,
    ) -> Result<AsyncSmtpConnection, smtp::Error> {
        let mut connection = self.log_in(progress).await?;
        progress.reach(Step::Sender);
        let parameters = parameters(&connection, envelope, message);
        connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
        progress.reach(Step::Recipient);
        for recipient in envelope.to() {
            connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
        }
        progress.reach(Step::Message);
        connection.command(Data).await?;
        // The library asks for the next part once it has written the one before, and writes the dot after the last.
        let all_written = iter::from_fn(|| {
            progress.reach(Step::Answer);
            None
        });
        connection.message_iter(iter::once(message).chain(all_written)).await?;
        Ok(connection)
    }

    /// A connection that takes messages.
    async fn log_in(&self, progress: &Progress) -> Result<AsyncSmtpConnection, smtp::Error> {
        let mut connection = self.connect(progress).await?;
        if let Some(SmtpLogin { user, password }) = &self.login {
            progress.reach(Step::Login);
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    /// A connection on which a password may travel: encrypted, or to this machine, or as the operator wants it.
    async fn connect(&self, progress: &Progress) -> Result<AsyncSmtpConnection, smtp::Error> {
        let hello = ClientId::default();
        let implicit = match &self.encryption {
            Encryption::Implicit(tls) => Some(tls.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.patience), &hello, implicit, None).await?;
        match &self.encryption {
            Encryption::StartTls(tls) => {
                progress.reach(Step::StartTls);
                connection.starttls(tls.clone(), &hello).await?;
            }
            Encryption::StartTlsIfOffered(tls) if connection.can_starttls() => {
                progress.reach(Step::StartTls);
                connection.starttls(tls.clone(), &hello).await?;
            }
            Encryption::StartTlsIfOffered(_) | Encryption::Implicit(_) | Encryption::None => {}
        }
        Ok(connection)
    }

    fn judge(&self, step: Step, error: &smtp::Error) -> SmtpError {
        let code = error.status().map(u16::from);
        let reason = match (step, code) {
            // Some servers repeat what they were sent.
            (Step::Login, Some(code)) => format!("reply {code}"),
            _ => self.without_password(error),
        };
        match (step, code) {
            (Step::Answer, None) => SmtpError::Unanswered { reason },
            (_, Some(530 | 534 | 535 | 538)) => SmtpError::Setup { step: step.words(), reason },
            (Step::Recipient, Some(500..)) => SmtpError::Rejected { what: "recipient", reason },
            (Step::Message | Step::Answer, Some(500..)) => SmtpError::Rejected { what: "message", reason },
            (_, Some(500..)) => SmtpError::Setup { step: step.words(), reason },
            (_, None) if error.is_tls() || error.is_client() => SmtpError::Setup { step: step.words(), reason },
            _ => SmtpError::Interrupted { step: step.words(), reason },
        }
    }

    fn without_password(&self, error: &smtp::Error) -> String {
        // The library's words repeat the cause; where there is one, it says it all.
        let said = match (error.status(), error.source()) {
            (Some(code), Some(reply)) => format!("{code} {reply}"),
            (None, Some(cause)) => cause.to_string(),
            (_, None) => error.to_string(),
        };
        self.login.as_ref().map_or(said.clone(), |login| login.password.hide_in(&said))
    }
}

/// No password, no certificates: where, and nothing else.
impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpTransport").field("address", &self.address()).finish_non_exhaustive()
    }
}

impl SmtpError {
    /// What to do about it.
    pub(in crate::notify) fn remedy(&self) -> Remedy {
        match self {
            Self::Interrupted { .. } | Self::Setup { .. } => Remedy::TryLater,
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

fn tls(server: &SmtpConfig) -> Result<TlsParameters, smtp::Error> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.trusted {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    builder.build()
}

/// Announces what is beyond ASCII, if the server knows how; one that does not will say so.
fn parameters(connection: &AsyncSmtpConnection, envelope: &Envelope, message: &[u8]) -> Vec<MailParameter> {
    let knows = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    let plain = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
    if !plain && knows(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() && knows(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    parameters
}

fn overdue(step: Step, patience: Duration) -> SmtpError {
    let reason = format!("nothing within {patience:?}");
    match step {
        Step::Answer => SmtpError::Unanswered { reason },
        _ => SmtpError::Interrupted { step: step.words(), reason },
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_smtp_server::{Failure, Options, SmtpServer};

    use super::*;
    use crate::config::Environment;

    /// A transport to a server on this machine, which speaks in the clear. It waits for the answer no longer than for
    /// the rest.
    fn transport(port: u16, patience: Duration) -> SmtpTransport {
        let mut config_problems = Vec::new();
        let port = port.to_string();
        let environment = Environment::from_iter([("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", port.as_str())]);
        let server = environment.read_smtp(&mut config_problems).unwrap();
        let email = EmailConfig { max_retries: 0, ..EmailConfig::default() };
        SmtpTransport { patience, answer_patience: patience, ..SmtpTransport::new(&server, &email).unwrap() }
    }

    fn envelope() -> Envelope {
        Envelope::new(None, vec!["jo@example.com".parse().unwrap()]).unwrap()
    }

    #[tokio::test]
    async fn silence_after_the_message_is_no_ordinary_failure() {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        server.fail_next(Failure::SilenceAfterDot);
        let transport = transport(server.port(), Duration::from_secs(1));
        let error = transport.send(&envelope(), b"Subject: x\r\n\r\n.x\r\n", Instant::now()).await.unwrap_err();
        let SmtpError::Unanswered { reason } = error else { panic!("{error:?}") };
        assert_eq!(reason, "nothing within 2s", "what was waited in all");
        assert_eq!(server.received()[0].message, "Subject: x\r\n\r\n.x\r\n\r\n");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_tried_later() {
        let gone = SmtpServer::start(Options::default()).await.unwrap().port();
        let error = transport(gone, PATIENCE).send(&envelope(), b"x", Instant::now()).await.unwrap_err();
        assert!(matches!(error, SmtpError::Interrupted { .. }), "{error:?}");
        assert_eq!(error.remedy(), Remedy::TryLater);
    }

    #[test]
    fn printing_a_transport_shows_where_it_goes_and_no_more() {
        assert_eq!(format!("{:?}", transport(2525, PATIENCE)), r#"SmtpTransport { address: "127.0.0.1:2525", .. }"#);
    }
}
