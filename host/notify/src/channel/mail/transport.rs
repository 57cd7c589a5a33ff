//! The ways that a finished message can take.

use std::time::Instant;

use lettre::Message;

use crate::channel::sent_message::SentMessage;
use crate::channel::mail::error::MailError;
use crate::channel::mail::outbox::Outbox;
use crate::channel::mail::smtp::SmtpTransport;
use crate::channel::send_error::SendError;

/// The way that finished messages take.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Into a folder, one `.eml` file each.
    Files(Outbox),
    /// To a mail server.
    Smtp(SmtpTransport),
}

impl MailTransport {
    /// Hands over one message. `name` is the same for every attempt at a delivery, so a second one
    /// replaces the first. No quick retry begins after `until`.
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
