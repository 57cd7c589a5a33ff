//! The recipients of messages, each with its channel.

use job_scanner_config::ChannelRhythm;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;

use crate::channel::mail;
use crate::channel::mail::{Mailbox, PLACEHOLDER_RECIPIENT};

/// A recipient: a channel and an address in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    channel: ChannelKind,
    name: String,
    /// The name of the channel in the configuration; `None` for mail to `ALERT_TO_EMAIL`.
    via: Option<String>,
    rhythm: ChannelRhythm,
}

impl Recipient {
    /// Creates the recipient for a mailbox of a channel.
    pub(crate) fn mail(mailbox: &Mailbox, via: Option<&str>, rhythm: ChannelRhythm) -> Self {
        Self {
            channel: ChannelKind::Mail,
            name: mailbox.email.to_string(),
            via: via.map(str::to_owned),
            rhythm,
        }
    }

    /// Creates the recipient of a channel that has exactly one: the channel's name stands for it,
    /// since its address is a secret.
    pub(crate) fn named(channel: ChannelKind, name: &str, rhythm: ChannelRhythm) -> Self {
        Self {
            channel,
            name: name.to_owned(),
            via: Some(name.to_owned()),
            rhythm,
        }
    }

    /// Returns true if these names of channels include the one of this recipient.
    pub(crate) fn is_of(&self, channels: &[String]) -> bool {
        let via = self.via.as_ref();
        via.is_some_and(|via| channels.contains(via))
    }

    /// Returns the channel through which the recipient gets messages.
    pub fn channel(&self) -> ChannelKind {
        self.channel
    }

    /// Returns the recipient as it is stored. For mail, this is the address, and for all other
    /// channels their name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the recipient as logs show it.
    pub(crate) fn masked(&self) -> String {
        masked(self.channel, &self.name)
    }

    /// Returns when the recipient gets messages, and in which order.
    pub(crate) fn rhythm(&self) -> &ChannelRhythm {
        &self.rhythm
    }

    /// Returns true if this is the placeholder for a missing recipient.
    pub(crate) fn is_placeholder(&self) -> bool {
        self.channel == ChannelKind::Mail && self.name == PLACEHOLDER_RECIPIENT
    }

    /// Returns true if a stored recipient of the same channel is this recipient. Older rows may
    /// have the address in another form.
    pub(crate) fn is_on_record_as(&self, name: &str) -> bool {
        match self.channel {
            ChannelKind::Mail => self.name == mail::as_configured(name),
            _ => self.name == name,
        }
    }
}

/// Returns a stored recipient as logs show it: enough to distinguish recipients, but without the
/// full address.
pub(crate) fn masked(channel: ChannelKind, name: &str) -> String {
    match channel {
        ChannelKind::Mail => mail::Masked(name).to_string(),
        // The name of the channel, which the operator has chosen.
        _ => name.to_owned(),
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
