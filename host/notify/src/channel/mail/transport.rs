//! The transports of a finished message.

use std::time::Instant;

use lettre::Message;

use crate::channel::mail::error::MailError;
use crate::channel::mail::outbox::Outbox;
use crate::channel::mail::smtp::SmtpTransport;
use crate::channel::send_error::SendError;
use crate::channel::sent_message::SentMessage;

/// The destination of finished messages.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// A folder, with one `.eml` file per message.
    Files(Outbox),
    /// A mail server.
    Smtp(SmtpTransport),
}

impl MailTransport {
    /// Sends one message. `name` is the same for every attempt at a delivery, so the file of a
    /// second attempt replaces the first. No quick retry begins after `until`.
    pub(crate) async fn send(
        &self,
        name: &str,
        message: &Message,
        until: Instant,
    ) -> Result<SentMessage, SendError> {
        match self {
            Self::Files(outbox) => {
                outbox
                    .put(&format!("{name}.eml"), &message.formatted())
                    .await?;
                Ok(SentMessage::without_closing())
            }
            Self::Smtp(server) => Ok(server
                .send(message.envelope(), &message.formatted(), until)
                .await
                .map_err(MailError::from)?),
        }
    }
}
