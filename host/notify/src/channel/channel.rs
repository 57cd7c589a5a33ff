//! The configured channels.

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;
use job_scanner_store::ClaimedDelivery;

use crate::channel::http::HttpChannel;
use crate::channel::mail::MailChannel;
use crate::channel::recipient::Recipient;
use crate::channel::send_error::SendError;
use crate::channel::sent_message::SentMessage;
use crate::message::Note;

/// A configured channel with its recipients.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Mail, sent to a server or written to files.
    Mail(MailChannel),
    /// A service that is reached over HTTP.
    Http(HttpChannel),
}

/// All configured channels.
#[derive(Debug, Clone, Default)]
pub struct Channels(Vec<Channel>);

impl Channel {
    /// Returns the kind of the channel.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::Mail(_) => ChannelKind::Mail,
            Self::Http(http) => http.kind(),
        }
    }

    /// Returns the name in the configuration, or else the kind of the channel.
    pub fn name(&self) -> &str {
        match self {
            Self::Mail(mail) => mail.name().unwrap_or(ChannelKind::Mail.as_str()),
            Self::Http(http) => http.name(),
        }
    }

    /// Returns true if this is the name or the kind of the channel.
    pub fn is_called(&self, name: &str) -> bool {
        self.name() == name || self.kind().as_str() == name
    }

    /// Returns the recipients in the order of the configuration.
    pub fn recipients(&self) -> Vec<Recipient> {
        match self {
            Self::Mail(mail) => mail.recipients(),
            Self::Http(http) => vec![http.recipient()],
        }
    }

    /// Returns the folder to which messages are written; `None` if they are sent.
    pub fn outbox(&self) -> Option<&Path> {
        match self {
            Self::Mail(mail) => mail.outbox(),
            Self::Http(_) => None,
        }
    }

    /// Returns true if the channel can carry a message to a stored recipient. Mail reaches every
    /// address; any other channel is known by its name.
    fn reaches(&self, recipient: &str) -> bool {
        match self {
            Self::Mail(_) => true,
            Self::Http(http) => http.name() == recipient,
        }
    }

    /// Sends a test message. It is not a delivery and is not recorded.
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
            Self::Http(http) => http.send_note(note, now).await,
        }
    }

    /// Makes one attempt at a delivery. The channel begins no quick retry after `until`.
    pub(crate) async fn send(
        &self,
        delivery: &ClaimedDelivery,
        now: Timestamp,
        until: Instant,
    ) -> Result<SentMessage, SendError> {
        match self {
            Self::Mail(mail) => mail.send(delivery, until).await,
            Self::Http(http) => http.send(delivery, now).await,
        }
    }
}

impl Channels {
    /// Creates a collection of channels in the order of the configuration.
    pub fn new(channels: Vec<Channel>) -> Self {
        Self(channels)
    }

    /// Iterates over the channels in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.0.iter()
    }

    /// Returns the recipients of all channels.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.iter().flat_map(Channel::recipients).collect()
    }

    /// Returns the channel that reaches a recipient.
    ///
    /// # Errors
    ///
    /// Fails with [`SendError::NoChannel`] if the channel is not configured.
    pub(crate) fn get(&self, kind: ChannelKind, recipient: &str) -> Result<&Channel, SendError> {
        self.iter()
            .find(|channel| channel.kind() == kind && channel.reaches(recipient))
            .ok_or(SendError::NoChannel(OnRecord::Known(kind)))
    }

    /// Returns the channel of a stored delivery.
    ///
    /// # Errors
    ///
    /// Fails with [`SendError::NoChannel`] if the channel is not configured, or is not known to this
    /// version of the program.
    pub(crate) fn on_record(
        &self,
        channel: &OnRecord<ChannelKind>,
        recipient: &str,
    ) -> Result<&Channel, SendError> {
        match channel {
            OnRecord::Known(kind) => self.get(*kind, recipient),
            OnRecord::Unknown(_) => Err(SendError::NoChannel(channel.clone())),
        }
    }
}
