//! The configured mail server: runs one dialogue per message, with time limits and quick retries.

use std::pin::pin;
use std::time::{Duration, Instant};

use job_scanner_config::{EmailConfig, SmtpConfig, SmtpLogin, UseTls};
use lettre::Address;
use lettre::address::Envelope;
use tokio::time::timeout;
use tracing::debug;

use crate::channel::mail::smtp::connection::{Connection, DialogueError};
use crate::channel::mail::smtp::dialogue::{
    Progress, Step, hand_over, name_recipient, name_sender, quit,
};
use crate::channel::mail::smtp::error::{SmtpError, describe_without_text};
use crate::channel::mail::smtp::tls::Tls;
use crate::channel::sent_message::SentMessage;

/// The time limit of one dialogue up to the final dot.
const TIME_LIMIT: Duration = Duration::from_secs(45);

/// The additional time limit for the reply to the final dot. Servers check the message meanwhile,
/// and may deliver it twice if the client gives up too early. [RFC 5321,
/// 4.5.3.2.6](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6) asks for 10 minutes, but no
/// other message could be sent during that time.
const FINAL_REPLY_TIME_LIMIT: Duration = Duration::from_mins(2);

/// The port for submission with STARTTLS ([RFC 6409](https://www.rfc-editor.org/rfc/rfc6409)).
const SUBMISSION_PORT: u16 = 587;

/// The port for submission with implicit TLS ([RFC 8314](https://www.rfc-editor.org/rfc/rfc8314)).
const SUBMISSIONS_PORT: u16 = 465;

/// A mail server and the settings for its dialogues.
#[derive(Clone)]
pub struct SmtpTransport {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<SmtpLogin>,
    sender: Address,
    retries: QuickRetries,
    time_limit: Duration,
    final_reply_time_limit: Duration,
}

#[derive(Clone)]
enum Encryption {
    None,
    Implicit(Tls),
    StartTls(Tls),
    /// For a server on this machine.
    StartTlsIfOffered(Tls),
}

/// The retries within one attempt.
#[derive(Debug, Clone, Copy)]
struct QuickRetries {
    max: u32,
    first_delay: Duration,
    multiplier: f64,
}

impl SmtpTransport {
    /// Creates a transport for a server, without connecting yet.
    ///
    /// # Errors
    ///
    /// Fails if the certificates to trust cannot be used.
    pub fn new(server: &SmtpConfig, email: &EmailConfig) -> Result<Self, rustls::Error> {
        let usual_port = if email.use_tls == UseTls::Implicit {
            SUBMISSIONS_PORT
        } else {
            SUBMISSION_PORT
        };
        let port = server.port.unwrap_or(usual_port);

        let tls = || Tls::new(&server.host, server.trusted.as_deref());
        let encryption = match email.use_tls {
            UseTls::Never => Encryption::None,
            UseTls::Implicit => Encryption::Implicit(tls()?),
            UseTls::Always if port == SUBMISSIONS_PORT => Encryption::Implicit(tls()?),
            UseTls::Always if server.is_loopback() => Encryption::StartTlsIfOffered(tls()?),
            UseTls::Always | UseTls::StartTls => Encryption::StartTls(tls()?),
        };

        let retries = QuickRetries {
            max: email.max_retries,
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
            time_limit: TIME_LIMIT,
            final_reply_time_limit: FINAL_REPLY_TIME_LIMIT,
        })
    }

    /// Returns the transport with other time limits, of the dialogue and of the final reply.
    #[cfg(test)]
    pub(super) fn with_time_limit(self, time_limit: Duration) -> Self {
        Self {
            time_limit,
            final_reply_time_limit: time_limit,
            ..self
        }
    }

    /// Returns the address of the server, such as `mail.example.com:587`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Connects, logs in, and names the sender and these recipients, but sends no message.
    ///
    /// # Errors
    ///
    /// Fails if messages could not be sent. A temporary refusal of a recipient is not an error.
    pub async fn probe(&self, recipients: &[Address]) -> Result<(), SmtpError> {
        let progress = Progress::new();
        let tried = timeout(self.time_limit, self.try_recipients(recipients, &progress)).await;
        match tried {
            Ok(Ok(connection)) => {
                quit(connection).await;
                Ok(())
            }
            Ok(Err(ended)) => Err(self.judge(progress.step(), &ended)),
            Err(_elapsed) => Err(SmtpError::timed_out(progress.step(), self.time_limit)),
        }
    }

    /// Sends one message to its one recipient. An interrupted dialogue is retried quickly, as often
    /// as configured, but not after `until`.
    pub(crate) async fn send(
        &self,
        envelope: &Envelope,
        message: &[u8],
        until: Instant,
    ) -> Result<SentMessage, SmtpError> {
        let mut delay = self.retries.first_delay;
        for retry in 1..=self.retries.max {
            match self.try_once(envelope, message).await {
                Err(error @ SmtpError::Interrupted { .. }) if Instant::now() + delay < until => {
                    debug!(error = %error, retry, "mail: {error}; retrying in {delay:?}");
                }
                ended => return ended,
            }
            tokio::time::sleep(delay).await;
            delay = delay.mul_f64(self.retries.multiplier);
        }
        self.try_once(envelope, message).await
    }

    async fn try_once(
        &self,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<SentMessage, SmtpError> {
        let progress = Progress::new();
        let mut dialogue = pin!(self.dialogue(envelope, message, &progress));

        let mut time_limit = self.time_limit;
        let mut ended = timeout(time_limit, dialogue.as_mut()).await;
        // Once the final dot may have been sent, giving up risks that the message arrives twice.
        if ended.is_err() && progress.step() == Step::FinalReply {
            time_limit += self.final_reply_time_limit;
            ended = timeout(self.final_reply_time_limit, dialogue).await;
        }

        match ended {
            Ok(Ok((connection, Ok(())))) => Ok(SentMessage::with_closing(quit(connection))),
            Ok(Ok((connection, Err(ended)))) => {
                if matches!(ended, DialogueError::Refused(_)) {
                    // The connection still works, and the server waits for a command.
                    quit(connection).await;
                }
                Err(self.judge(progress.step(), &ended))
            }
            Ok(Err(ended)) => Err(self.judge(progress.step(), &ended)),
            Err(_elapsed) => Err(SmtpError::timed_out(progress.step(), time_limit)),
        }
    }

    /// Runs the dialogue up to the reply to the final dot. After a successful login the connection
    /// is returned even if sending the message fails.
    async fn dialogue(
        &self,
        envelope: &Envelope,
        message: &[u8],
        progress: &Progress,
    ) -> Result<(Connection, Result<(), DialogueError>), DialogueError> {
        let mut connection = self.log_in(progress).await?;
        let sent = hand_over(&mut connection, envelope, message, progress).await;
        Ok((connection, sent))
    }

    /// Runs the dialogue up to the point where the message would begin. A temporary refusal of a
    /// recipient is ignored, because it does not affect the others. A temporary refusal of the
    /// sender is an error, because such a sender is rarely accepted later.
    async fn try_recipients(
        &self,
        recipients: &[Address],
        progress: &Progress,
    ) -> Result<Connection, DialogueError> {
        let mut connection = self.log_in(progress).await?;
        let Ok(envelope) = Envelope::new(Some(self.sender.clone()), recipients.to_vec()) else {
            return Ok(connection);
        };
        name_sender(&mut connection, &envelope, &[], progress).await?;

        progress.reach(Step::Recipient);
        for recipient in envelope.to() {
            match name_recipient(&mut connection, recipient).await {
                // The server closes the connection after this code.
                Err(DialogueError::Refused(reply)) if reply.code == 421 => break,
                Err(DialogueError::Refused(reply)) if reply.code < 500 => {}
                answered => answered?,
            }
        }
        Ok(connection)
    }

    /// Connects and logs in.
    async fn log_in(&self, progress: &Progress) -> Result<Connection, DialogueError> {
        let mut connection = self.connect(progress).await?;
        if let Some(SmtpLogin { user, password }) = &self.login {
            progress.reach(Step::Login);
            connection.log_in(user, password.expose()).await?;
        }
        Ok(connection)
    }

    /// Opens a connection that may carry a password: it is encrypted, or leads to this machine, or
    /// the operator has disabled TLS.
    async fn connect(&self, progress: &Progress) -> Result<Connection, DialogueError> {
        let implicit = match &self.encryption {
            Encryption::Implicit(tls) => Some(tls),
            _ => None,
        };
        let connection = Connection::open(&self.host, self.port, implicit, self.time_limit).await?;

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

    fn judge(&self, at: Step, ended: &DialogueError) -> SmtpError {
        // Some servers repeat the credentials in an encoding in which the password cannot be found
        // and removed, so no text of theirs is quoted.
        let reason = if at == Step::Login {
            describe_without_text(ended)
        } else {
            self.without_password(ended.to_string())
        };
        SmtpError::of(at, ended, reason)
    }

    fn without_password(&self, said: String) -> String {
        match &self.login {
            Some(login) => login.password.redact(&said),
            None => said,
        }
    }
}

/// Shows only the address, no password and no certificates.
impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpTransport")
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use job_scanner_config::Environment;
    use job_scanner_smtp_server::{Failure, Options, SmtpServer, Step as At, Tls as ServerTls};

    use super::*;
    use crate::Remedy;

    /// Returns a transport to an unencrypted server on this machine. The final reply has the same
    /// time limit as the rest of the dialogue.
    fn transport(port: u16, time_limit: Duration) -> SmtpTransport {
        transport_with(port, time_limit, &[])
    }

    /// Returns the same transport with further environment variables.
    fn transport_with(port: u16, time_limit: Duration, more: &[(&str, &str)]) -> SmtpTransport {
        let mut config_problems = Vec::new();
        let port = port.to_string();
        let server = [("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", port.as_str())];
        let environment: Environment = server.iter().chain(more).copied().collect();
        let server = environment.read_smtp(&mut config_problems).unwrap();
        let email = EmailConfig {
            max_retries: 0,
            ..EmailConfig::default()
        };
        let transport = SmtpTransport::new(&server, &email).unwrap();
        transport.with_time_limit(time_limit)
    }

    fn envelope() -> Envelope {
        Envelope::new(None, vec!["jo@example.com".parse().unwrap()]).unwrap()
    }

    #[tokio::test]
    async fn a_message_without_a_final_reply_is_unconfirmed() {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        server.fail_next(Failure::SilenceAfterDot);
        let transport = transport(server.port(), Duration::from_secs(1));
        let error = transport
            .send(&envelope(), b"Subject: x\r\n\r\n.x\r\n", Instant::now())
            .await
            .err()
            .unwrap();
        let SmtpError::Unconfirmed { reason } = error else {
            panic!("{error:?}")
        };
        assert_eq!(reason, "no reply within 2s", "both time limits together");
        assert_eq!(server.received()[0].message, "Subject: x\r\n\r\n.x\r\n");
    }

    #[tokio::test]
    async fn an_unreachable_server_is_retried_later() {
        let gone = SmtpServer::start(Options::default()).await.unwrap().port();
        let error = transport(gone, TIME_LIMIT)
            .send(&envelope(), b"x", Instant::now())
            .await
            .err()
            .unwrap();
        assert!(matches!(error, SmtpError::Interrupted { .. }), "{error:?}");
        assert_eq!(error.remedy(), Remedy::Retry);
    }

    /// Sends a message to a server with this failure and returns a word for the outcome.
    async fn outcome(failure: Failure) -> &'static str {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        server.fail_next(failure);
        // Only a silent server uses up the time limit.
        let time_limit = if matches!(failure, Failure::Silent(_)) {
            Duration::from_millis(500)
        } else {
            TIME_LIMIT
        };
        let transport = transport(server.port(), time_limit);
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
            Some(SmtpError::RefusedForNow { .. }) => "withheld",
            Some(SmtpError::TooLarge { .. }) => "too large",
            Some(SmtpError::RecipientRejected { .. }) => "abandoned",
            Some(SmtpError::Unconfirmed { .. }) => "uncertain",
        }
    }

    #[tokio::test]
    async fn replies_have_their_standard_meaning_at_each_step() {
        let says = Failure::Says;
        for (failure, expected) in [
            // Every 2xx reply is positive, regardless of its text.
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
            (Failure::Closes(At::Quit), "sent"),
            (Failure::Silent(At::Quit), "sent"),
            // A reply to another command is not positive.
            (says(At::Greeting, b"250 hello\r\n"), "later"),
            (says(At::Greeting, b"SSH-2.0-OpenSSH_9.6\r\n"), "later"),
            (says(At::Sender, b"354 go ahead\r\n"), "later"),
            (says(At::Recipient, b"354 go ahead\r\n"), "later"),
            (says(At::Data, b"250 ok\r\n"), "later"),
            (says(At::Dot, b"354 go ahead\r\n"), "uncertain"),
            (says(At::Dot, b"what?\r\n"), "uncertain"),
            (says(At::Dot, b"250-yes\r\n550 no\r\n"), "uncertain"),
            // The server shuts down, or refuses temporarily.
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
            // The server refuses this client.
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
            // The recipient does not exist.
            (
                says(At::Recipient, b"550-5.1.1 no such\r\n550 5.1.1 user\r\n"),
                "abandoned",
            ),
            (says(At::Dot, b"550 5.1.1 user unknown\r\n"), "abandoned"),
            // The reply is missing or incomplete.
            (Failure::Closes(At::Greeting), "later"),
            (Failure::Closes(At::Hello), "later"),
            (Failure::Closes(At::Sender), "later"),
            (Failure::Closes(At::Recipient), "later"),
            (Failure::Closes(At::Data), "later"),
            (Failure::Closes(At::Dot), "uncertain"),
            (Failure::Silent(At::Recipient), "later"),
            (Failure::Silent(At::Dot), "uncertain"),
        ] {
            assert_eq!(outcome(failure).await, expected, "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_not_a_reply() {
        static LONG: [u8; 300_000] = [b'2'; 300_000];
        assert_eq!(outcome(Failure::Says(At::Sender, &LONG)).await, "later");
        assert_eq!(outcome(Failure::Says(At::Dot, &LONG)).await, "uncertain");
    }

    #[tokio::test]
    async fn a_message_with_lines_of_dots_arrives_unchanged() {
        let server = SmtpServer::start(Options::default()).await.unwrap();
        let message = "Subject: x\r\n\r\n.\r\n..\r\n.x\r\nlast";
        let sent = transport(server.port(), TIME_LIMIT)
            .send(&envelope(), message.as_bytes(), Instant::now())
            .await;
        sent.unwrap().close().await;
        assert_eq!(server.received()[0].message, format!("{message}\r\n"));
    }

    #[tokio::test]
    async fn plaintext_after_the_reply_to_starttls_is_rejected() {
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
        let error = transport(server.port(), TIME_LIMIT)
            .probe(&[])
            .await
            .unwrap_err();
        assert!(matches!(error, SmtpError::Setup { .. }), "{error:?}");
    }

    #[tokio::test]
    async fn a_probe_finds_obstacles_without_sending_a_message() {
        let recipients: Vec<Address> = vec![
            "jo@example.com".parse().unwrap(),
            "kim@example.com".parse().unwrap(),
        ];
        for (failure, good) in [
            (None, true),
            (Some(Failure::Recipient(450)), true),
            // The second recipient gets a reply that has already been sent.
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
            let probed = transport(server.port(), TIME_LIMIT)
                .probe(&recipients)
                .await;
            assert_eq!(probed.is_ok(), good, "{failure:?}: {probed:?}");
            assert_eq!(server.received(), []);
        }
    }

    #[tokio::test]
    async fn a_login_that_the_server_repeats_is_not_quoted() {
        let login = [
            ("SMTP_USER", "jo@example.com"),
            ("SMTP_PASS", "marker-of-a-password"),
        ];
        let plain = BASE64_STANDARD.encode("\0jo@example.com\0marker-of-a-password");
        let parts = login.map(|(_, value)| BASE64_STANDARD.encode(value));
        for (offers, challenges) in [
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
                    challenges,
                    prefix,
                });
                let transport = transport_with(server.port(), TIME_LIMIT, &login);
                let error = transport.probe(&[]).await.unwrap_err();
                let shown = format!("{error} {error:?}");
                for secret in [
                    &plain[..8],
                    &parts[0],
                    &parts[1],
                    "marker-of-a-password",
                    "AUTH ",
                ] {
                    assert!(
                        !shown.contains(secret),
                        "{offers} {challenges} {prefix:?}: {shown}"
                    );
                }
                assert!(
                    shown.contains("logging in"),
                    "{offers} {challenges} {prefix:?}: {shown}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_non_ascii_address_needs_a_server_with_smtputf8() {
        let recipients: Vec<Address> = vec!["jö@example.com".parse().unwrap()];
        for (offers, good) in [
            (&b"250-x\r\n250 SMTPUTF8\r\n"[..], true),
            (b"250-x\r\n250 8BITMIME\r\n", false),
        ] {
            let server = SmtpServer::start(Options::default()).await.unwrap();
            server.fail_next(Failure::Says(At::Hello, offers));
            let probed = transport(server.port(), TIME_LIMIT)
                .probe(&recipients)
                .await;
            assert_eq!(probed.is_ok(), good, "{probed:?}");
        }
    }

    #[test]
    fn debug_output_of_a_transport_shows_only_its_address() {
        assert_eq!(
            format!("{:?}", transport(2525, TIME_LIMIT)),
            r#"SmtpTransport { address: "127.0.0.1:2525", .. }"#
        );
    }
}
