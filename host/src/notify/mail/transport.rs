//! Where finished messages go.

use super::outbox::Outbox;
use crate::notify::SendError;

/// Where finished messages go.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Into a folder, one `.eml` file each.
    Files(Outbox),
}

impl MailTransport {
    /// Hands over one message. `name` is the same for every attempt at a delivery, so a second one replaces the first.
    pub(super) async fn send(&self, name: &str, message: &[u8]) -> Result<(), SendError> {
        match self {
            Self::Files(outbox) => outbox.put(&format!("{name}.eml"), message).await,
        }
    }
}
