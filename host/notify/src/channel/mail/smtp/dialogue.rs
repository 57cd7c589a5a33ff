//! The dialogue with a mail server, with a record of the step at which it failed.
//!
//! Before the final dot the server has not accepted the message, and a retry is safe. After the dot
//! and without a reply the server may have accepted it, which is a separate outcome.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use tokio::time::timeout;

use crate::channel::mail::smtp::connection::{Connection, DialogueError};

/// The time limit for QUIT, whose reply does not change the outcome.
const QUIT_TIME_LIMIT: Duration = Duration::from_secs(2);

/// A step of a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Connect,
    StartTls,
    Login,
    Sender,
    Recipient,
    Message,
    /// The final dot may have been sent.
    FinalReply,
}

/// The current step of a dialogue. It stays readable after the dialogue's future was dropped.
pub(crate) struct Progress(Mutex<Step>);

impl Step {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Connect => "connecting to the mail server",
            Self::StartTls => "starting TLS with the mail server",
            Self::Login => "logging in to the mail server",
            Self::Sender => "sending the sender's address to the mail server",
            Self::Recipient => "sending the recipient's address to the mail server",
            Self::Message | Self::FinalReply => "sending the message to the mail server",
        }
    }
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Step::Connect))
    }

    pub(crate) fn reach(&self, step: Step) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }

    pub(crate) fn step(&self) -> Step {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a message, from the MAIL command to the reply to the final dot.
pub(crate) async fn hand_over(
    connection: &mut Connection,
    envelope: &Envelope,
    message: &[u8],
    progress: &Progress,
) -> Result<(), DialogueError> {
    name_sender(connection, envelope, message, progress).await?;

    progress.reach(Step::Recipient);
    for recipient in envelope.to() {
        name_recipient(connection, recipient).await?;
    }

    progress.reach(Step::Message);
    connection.begin_message().await?;
    connection
        .message(message, || progress.reach(Step::FinalReply))
        .await
}

/// Sends the MAIL command with the sender of a message.
pub(crate) async fn name_sender(
    connection: &mut Connection,
    envelope: &Envelope,
    message: &[u8],
    progress: &Progress,
) -> Result<(), DialogueError> {
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

pub(crate) async fn name_recipient(
    connection: &mut Connection,
    recipient: &Address,
) -> Result<(), DialogueError> {
    connection.command(&format!("RCPT TO:<{recipient}>")).await
}

/// Ends a dialogue with QUIT. Errors are ignored, because they do not change the outcome.
pub(crate) async fn quit(connection: Connection) {
    timeout(QUIT_TIME_LIMIT, connection.quit()).await.ok();
}

/// Returns the parameters of MAIL, each with a leading space: the size of the message, and the
/// extensions that non-ASCII content needs.
fn parameters(
    connection: &Connection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<String, DialogueError> {
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
        // RFC 6531, section 3.2: a non-ASCII address must not be sent without this extension.
        if !connection.offers("SMTPUTF8") {
            return Err(DialogueError::NotOffered(
                "SMTPUTF8, which a non-ASCII address needs",
            ));
        }
        parameters.push_str(" SMTPUTF8");
    }
    Ok(parameters)
}
