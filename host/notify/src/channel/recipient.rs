//! The recipients of messages, each with its channel.

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;

use crate::channel::mail;
use crate::channel::mail::{Mailbox, PLACEHOLDER_RECIPIENT};

/// A recipient: a channel and an address in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    channel: ChannelKind,
    name: String,
}

impl Recipient {
    /// Creates the recipient for a mailbox.
    pub(crate) fn mail(mailbox: &Mailbox) -> Self {
        Self {
            channel: ChannelKind::Mail,
            name: mailbox.email.to_string(),
        }
    }

    /// Returns the channel through which the recipient gets messages.
    pub fn channel(&self) -> ChannelKind {
        self.channel
    }

    /// Returns the recipient as it is stored. For mail, this is the address.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns true if this is the placeholder for a missing recipient.
    pub(crate) fn is_placeholder(&self) -> bool {
        match self.channel {
            ChannelKind::Mail => self.name == PLACEHOLDER_RECIPIENT,
        }
    }

    /// Returns true if a stored recipient of the same channel is this recipient. Older rows may
    /// have the address in another form.
    pub(crate) fn is_on_record_as(&self, name: &str) -> bool {
        match self.channel {
            ChannelKind::Mail => self.name == mail::as_configured(name),
        }
    }
}

/// Returns the setting that names the recipients of a channel.
pub(crate) fn setting_of(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Mail => "ALERT_TO_EMAIL",
    }
}

/// Returns a stored recipient as logs show it: enough to distinguish recipients, but without the
/// full address.
pub(crate) fn masked(channel: ChannelKind, name: &str) -> String {
    match channel {
        ChannelKind::Mail => mail::Masked(name).to_string(),
    }
}

/// Returns the recipient of a stored delivery like [`masked`]. The recipient is hidden completely
/// if its channel is not known to this version of the program.
pub(crate) fn masked_on_record(channel: &OnRecord<ChannelKind>, name: &str) -> String {
    match channel {
        OnRecord::Known(kind) => masked(*kind, name),
        OnRecord::Unknown(_) => "***".to_owned(),
    }
}
