//! The recipients of messages, each in the terms of its channel.

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;

use crate::channel::mail;
use crate::channel::mail::{Mailbox, PLACEHOLDER_RECIPIENT};

/// A recipient: a channel, and who gets messages through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    channel: ChannelKind,
    name: String,
}

impl Recipient {
    /// The owner of a mailbox.
    pub(crate) fn mail(mailbox: &Mailbox) -> Self {
        Self {
            channel: ChannelKind::Mail,
            name: mailbox.email.to_string(),
        }
    }

    /// The channel that messages take.
    pub fn channel(&self) -> ChannelKind {
        self.channel
    }

    /// The recipient in the channel's terms, as it is on record: the address of a mailbox.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns true if it only stands in until the operator names a recipient.
    pub(crate) fn is_placeholder(&self) -> bool {
        match self.channel {
            ChannelKind::Mail => self.name == PLACEHOLDER_RECIPIENT,
        }
    }

    /// Returns true if deliveries to the recipient on record, through the same channel, go to this
    /// one. Older records may have it in another form.
    pub(crate) fn is_on_record_as(&self, name: &str) -> bool {
        match self.channel {
            ChannelKind::Mail => self.name == mail::as_configured(name),
        }
    }
}

/// The setting that names the recipients of a channel.
pub(crate) fn setting_of(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Mail => "ALERT_TO_EMAIL",
    }
}

/// Returns a recipient on record as logs show it: enough to tell recipients apart, not enough to
/// write to them.
pub(crate) fn masked(channel: ChannelKind, name: &str) -> String {
    match channel {
        ChannelKind::Mail => mail::Masked(name).to_string(),
    }
}

/// Returns the recipient of a delivery on record as [`masked`] does; nothing of it when the channel
/// is not one of this program.
pub(crate) fn masked_on_record(channel: &OnRecord<ChannelKind>, name: &str) -> String {
    match channel {
        OnRecord::Known(kind) => masked(*kind, name),
        OnRecord::Unknown(_) => "***".to_owned(),
    }
}
