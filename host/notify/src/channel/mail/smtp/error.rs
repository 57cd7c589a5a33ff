//! The ends of a dialogue that brought no message to the server.

use std::io::ErrorKind;
use std::time::Duration;

use crate::channel::mail::smtp::connection::DialogueError;
use crate::channel::mail::smtp::dialogue::Step;
use crate::channel::mail::smtp::refusal::Refusal;
use crate::channel::mail::smtp::reply::{Reply, ReplyError};
use crate::channel::remedy::Remedy;

/// The end of a dialogue with a mail server that did not take a message.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The connection broke, or the server asked for patience.
    #[error("{step} at the mail server failed: {reason}")]
    Interrupted {
        /// The step we were at.
        step: &'static str,
        /// The words of the server or the system.
        reason: String,
    },
    /// The server will not do business with us: login, certificate, sender. Every message would
    /// fail alike.
    #[error("{step} at the mail server was refused: {reason}; correct SMTP_* or `email.use_tls`")]
    Setup {
        /// The step we were at.
        step: &'static str,
        /// The words of the server or the system.
        reason: String,
    },
    /// The server does not take this message, for a reason that may pass: content, reputation,
    /// quota, routes.
    #[error(
        "{step} at the mail server was refused: {reason}; it is tried again, in case the server's operator or time helps"
    )]
    RefusedForNow {
        /// The step we were at.
        step: &'static str,
        /// The words of the server.
        reason: String,
    },
    /// The message is too large for the server, or for the room that is left in the mailbox.
    #[error("the mail server has no room for the message: {reason}")]
    TooLarge {
        /// The words of the server.
        reason: String,
        /// True if a smaller one would fit for sure, were it small enough.
        by_size: bool,
    },
    /// The server knows no such recipient.
    #[error("the mail server refused the recipient for good: {reason}")]
    RecipientRejected {
        /// The words of the server.
        reason: String,
    },
    /// The whole message is out, and there was no answer.
    #[error("the mail server gave no answer to the message, which may have arrived: {reason}")]
    Unconfirmed {
        /// The words of the system.
        reason: String,
    },
}

impl SmtpError {
    /// Judges what ended a dialogue at a step. `reason` has it in words that may be shown.
    pub(crate) fn of(at: Step, ended: &DialogueError, reason: String) -> Self {
        let step = at.describe();
        match ended {
            DialogueError::UnexpectedReply(_) if at == Step::Login => Self::Setup { step, reason },
            // A reply of the 400s to the final dot says as clearly that the message was not taken.
            DialogueError::Refused(reply) if reply.code < 500 => Self::Interrupted { step, reason },
            DialogueError::Refused(reply) => refused(at, reply, reason),
            _ if at == Step::FinalReply => Self::Unconfirmed { reason },
            DialogueError::NotOffered(_) => Self::Setup { step, reason },
            DialogueError::Tls(error)
                if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::Other) =>
            {
                Self::Setup {
                    step: Step::StartTls.describe(),
                    reason,
                }
            }
            DialogueError::Tls(_) | DialogueError::UnexpectedReply(_) | DialogueError::NoReply(_) | DialogueError::Io(_) => {
                Self::Interrupted { step, reason }
            }
        }
    }

    /// The same for a dialogue that had no end in time.
    pub(crate) fn timed_out(step: Step, time_limit: Duration) -> Self {
        let reason = format!("nothing within {time_limit:?}");
        match step {
            Step::FinalReply => Self::Unconfirmed { reason },
            _ => Self::Interrupted {
                step: step.describe(),
                reason,
            },
        }
    }

    /// Returns what to do about it.
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

/// The error that a refusal for good is, at each step.
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
        // At this point the server knows of nothing but the sender.
        Refusal::Policy if at == Step::Sender => SmtpError::Setup { step, reason },
        Refusal::Policy => SmtpError::RefusedForNow { step, reason },
    }
}

/// The end of a dialogue in words, none of them the server's.
pub(crate) fn describe_without_text(ended: &DialogueError) -> String {
    match ended {
        DialogueError::Refused(reply) | DialogueError::UnexpectedReply(reply) => format!("reply {}", reply.codes()),
        DialogueError::NoReply(ReplyError::Malformed { .. }) => "what came back is not a reply".to_owned(),
        DialogueError::NoReply(ReplyError::Closed | ReplyError::TooLong | ReplyError::Io(_))
        | DialogueError::Io(_)
        | DialogueError::Tls(_)
        | DialogueError::NotOffered(_) => ended.to_string(),
    }
}
