//! The channels that are set up.

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;
use job_scanner_store::ClaimedDelivery;

use crate::channel::sent_message::SentMessage;
use crate::channel::mail::MailChannel;
use crate::channel::recipient::Recipient;
use crate::channel::send_error::SendError;
use crate::message::Note;

/// A channel that is set up, with its recipients.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Mail, to a server or into files.
    Mail(MailChannel),
}

/// The channels that are set up.
#[derive(Debug, Clone, Default)]
pub struct Channels(Vec<Channel>);

impl Channel {
    /// Returns which channel it is.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::Mail(_) => ChannelKind::Mail,
        }
    }

    /// Returns its recipients, in the order of the configuration.
    pub fn recipients(&self) -> Vec<Recipient> {
        match self {
            Self::Mail(mail) => mail.recipients().iter().map(Recipient::mail).collect(),
        }
    }

    /// Returns the folder that takes messages in place of the recipients; `None` when they are
    /// sent.
    pub fn outbox(&self) -> Option<&Path> {
        match self {
            Self::Mail(mail) => mail.outbox(),
        }
    }

    /// Sends a message that tells nothing but that messages arrive. It is not a delivery and on no
    /// record.
    pub async fn send_test(&self, recipient: &Recipient, now: Timestamp) -> Result<(), SendError> {
        self.send_note(recipient, &Note::TEST, now).await
    }

    /// Sends a note, without quick retries.
    pub(crate) async fn send_note(
        &self,
        recipient: &Recipient,
        note: &Note<'_>,
        now: Timestamp,
    ) -> Result<(), SendError> {
        match self {
            Self::Mail(mail) => mail.send_note(recipient.name(), note, now).await,
        }
    }

    /// Makes one attempt at a delivery. The channel begins no try of its own after `until`.
    pub(crate) async fn send(
        &self,
        delivery: &ClaimedDelivery,
        until: Instant,
    ) -> Result<SentMessage, SendError> {
        match self {
            Self::Mail(mail) => mail.send(delivery, until).await,
        }
    }
}

impl Channels {
    /// Takes the channels in the order in which they are configured.
    pub fn new(channels: Vec<Channel>) -> Self {
        Self(channels)
    }

    /// Iterates over the channels in the order in which they are configured.
    pub fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.0.iter()
    }

    /// Returns the recipients of all channels.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.iter().flat_map(Channel::recipients).collect()
    }

    /// Returns the channel of this kind.
    ///
    /// # Errors
    ///
    /// [`SendError::NoChannel`] when it is not set up.
    pub(crate) fn get(&self, kind: ChannelKind) -> Result<&Channel, SendError> {
        self.iter()
            .find(|channel| channel.kind() == kind)
            .ok_or(SendError::NoChannel(OnRecord::Known(kind)))
    }

    /// Finds the channel of a delivery on record.
    ///
    /// # Errors
    ///
    /// [`SendError::NoChannel`] when it is not set up, or not a channel of this program.
    pub(crate) fn on_record(&self, channel: &OnRecord<ChannelKind>) -> Result<&Channel, SendError> {
        match channel {
            OnRecord::Known(kind) => self.get(*kind),
            OnRecord::Unknown(_) => Err(SendError::NoChannel(channel.clone())),
        }
    }
}
