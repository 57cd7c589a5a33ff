//! The dialogue with a mail server, step by step, so that we know how far it came when it breaks.
//!
//! Before the final dot nothing has been handed over, and another try is safe. After the dot and
//! without an answer the message may have been taken, which is an outcome of its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use tokio::time::timeout;

use crate::channel::mail::smtp::connection::{Connection, DialogueError};

/// The time for which we wait for a QUIT that changes nothing.
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
    /// The final dot may be out.
    FinalReply,
}

/// The step a dialogue is at, known also when it was cut off.
pub(crate) struct Progress(Mutex<Step>);

impl Step {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::StartTls => "encrypting",
            Self::Login => "logging in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Message | Self::FinalReply => "handing over the message",
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

/// Everything from the sender to the answer to the final dot.
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

/// Names the sender of a message.
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

/// Says QUIT, which changes nothing.
pub(crate) async fn quit(connection: Connection) {
    timeout(QUIT_TIME_LIMIT, connection.quit()).await.ok();
}

/// The parameters of `MAIL`, each with a space in front: how large the message is, and what of it
/// is beyond ASCII.
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
        // RFC 6531 (3.2): without this offer, such an address must not be sent.
        if !connection.offers("SMTPUTF8") {
            return Err(DialogueError::NotOffered(
                "SMTPUTF8, which an address beyond ASCII needs",
            ));
        }
        parameters.push_str(" SMTPUTF8");
    }
    Ok(parameters)
}
