//! The errors of a dialogue in which the server did not accept the message.

use std::io::ErrorKind;
use std::time::Duration;

use crate::channel::mail::smtp::connection::DialogueError;
use crate::channel::mail::smtp::dialogue::Step;
use crate::channel::mail::smtp::refusal::Refusal;
use crate::channel::mail::smtp::reply::{Reply, ReplyError};
use crate::channel::remedy::Remedy;

/// The reason why a mail server did not accept a message. `reason` quotes the server or the
/// system; `step` describes the step that failed.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The connection failed, or the server refused the message temporarily.
    #[error("{step} failed: {reason}")]
    Interrupted { step: &'static str, reason: String },
    /// The server refuses this client because of its login, certificate or sender. Every message
    /// would fail in the same way.
    #[error("{step} failed: {reason}; correct SMTP_* or `email.use_tls`")]
    Setup { step: &'static str, reason: String },
    /// The server refuses this message for a reason that may not last: content, reputation, quota,
    /// routes.
    #[error("{step} failed: {reason}; the message is retried in case the refusal is temporary")]
    RefusedForNow { step: &'static str, reason: String },
    /// The message is too large for the server, or for the space that is left in the mailbox.
    #[error("the message is too large for the mail server or the mailbox: {reason}")]
    TooLarge {
        reason: String,
        /// True if the server has a size limit. False if the mailbox is full, or the reply does not
        /// distinguish the two.
        by_size: bool,
    },
    /// The recipient does not exist.
    #[error("the mail server permanently rejected the recipient: {reason}")]
    RecipientRejected { reason: String },
    /// The whole message was sent, but the server did not reply.
    #[error("the mail server did not confirm the message, which may have arrived: {reason}")]
    Unconfirmed { reason: String },
}

impl SmtpError {
    /// Classifies the error of a dialogue that failed at a step. `reason` describes the error
    /// without secrets.
    pub(crate) fn of(at: Step, error: &DialogueError, reason: String) -> Self {
        let step = at.describe();
        match error {
            DialogueError::UnexpectedReply(_) if at == Step::Login => Self::Setup { step, reason },
            // A 4xx reply to the final dot also means that the server did not accept the message.
            DialogueError::Refused(reply) if reply.code < 500 => Self::Interrupted { step, reason },
            DialogueError::Refused(reply) => refused(at, reply, reason),
            _ if at == Step::FinalReply => Self::Unconfirmed { reason },
            DialogueError::NotOffered(_) => Self::Setup { step, reason },
            DialogueError::Tls(cause)
                if matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::Other) =>
            {
                Self::Setup {
                    step: Step::StartTls.describe(),
                    reason,
                }
            }
            DialogueError::Tls(_)
            | DialogueError::UnexpectedReply(_)
            | DialogueError::NoReply(_)
            | DialogueError::Io(_) => Self::Interrupted { step, reason },
        }
    }

    /// Creates the error of a dialogue that exceeded its time limit at a step.
    pub(crate) fn timed_out(step: Step, time_limit: Duration) -> Self {
        let reason = format!("no reply within {time_limit:?}");
        match step {
            Step::FinalReply => Self::Unconfirmed { reason },
            _ => Self::Interrupted {
                step: step.describe(),
                reason,
            },
        }
    }

    /// Returns the remedy for this error.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Interrupted { .. } | Self::Setup { .. } | Self::RefusedForNow { .. } => {
                Remedy::Retry
            }
            Self::TooLarge { by_size, .. } => Remedy::Split { by_size: *by_size },
            Self::Unconfirmed { .. } => Remedy::RetryOnce,
            Self::RecipientRejected { .. } => Remedy::Abandon,
        }
    }
}

/// Classifies a permanent refusal by step and reply.
fn refused(at: Step, reply: &Reply, reason: String) -> SmtpError {
    let step = at.describe();
    if matches!(at, Step::Connect | Step::StartTls | Step::Login) {
        return SmtpError::Setup { step, reason };
    }
    match Refusal::of(reply, at != Step::Sender) {
        Refusal::Recipient => SmtpError::RecipientRejected { reason },
        Refusal::Size => SmtpError::TooLarge {
            reason,
            by_size: true,
        },
        Refusal::MailboxFull => SmtpError::TooLarge {
            reason,
            by_size: false,
        },
        Refusal::Setup => SmtpError::Setup { step, reason },
        // At this step the server knows only the sender.
        Refusal::Policy if at == Step::Sender => SmtpError::Setup { step, reason },
        Refusal::Policy => SmtpError::RefusedForNow { step, reason },
    }
}

/// Describes the error of a dialogue without any text from the server.
pub(crate) fn describe_without_text(error: &DialogueError) -> String {
    match error {
        DialogueError::Refused(reply) | DialogueError::UnexpectedReply(reply) => {
            format!("reply {}", reply.codes())
        }
        DialogueError::NoReply(ReplyError::Malformed { .. }) => "the reply is malformed".to_owned(),
        DialogueError::NoReply(ReplyError::Closed | ReplyError::TooLong | ReplyError::Io(_))
        | DialogueError::Io(_)
        | DialogueError::Tls(_)
        | DialogueError::NotOffered(_) => error.to_string(),
    }
}
