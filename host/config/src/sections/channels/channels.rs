//! The channels of the configuration, with the places of their secrets.

use jiff::tz::TimeZone;
use lettre::Address;
use url::Url;

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::delivery_times::DeliveryTimes;
use job_scanner_core::matching::SourcePattern;
use job_scanner_core::words;

/// A channel that the operator has named.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelConfig {
    /// Unique among the channels. Rows, logs and tables show it in place of the address.
    pub name: String,
    pub settings: ChannelSettings,
    pub rhythm: ChannelRhythm,
}

/// The times of a channel's messages, and the order of jobs in its digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRhythm {
    pub times: DeliveryTimes,
    /// The sources whose jobs come first, each by name, identifier or pattern.
    pub first: Vec<Favourite>,
}

/// A source whose jobs come first in digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Favourite {
    /// The name or the identifier of a source, in lower case.
    Named(String),
    /// A pattern of types and identifiers, such as `greenhouse/*`.
    Pattern(SourcePattern),
}

impl Default for ChannelRhythm {
    /// Sends after each run, in the zone of this machine.
    fn default() -> Self {
        Self {
            times: DeliveryTimes::after_each_run(TimeZone::system()),
            first: Vec::new(),
        }
    }
}

/// The settings of a channel. Secrets are only named: their values are read when they are used.
#[derive(Debug, Clone, PartialEq)]
pub enum ChannelSettings {
    /// Mail to these addresses, in ASCII. The server is set in the environment.
    Email {
        to: Vec<Address>,
    },
    /// JSON to a URL.
    Webhook {
        url: UrlPlace,
        /// The key of the signature; `None` sends messages without one.
        secret: Option<SecretPlace>,
    },
    Slack {
        webhook: SecretPlace,
    },
    Discord {
        webhook: SecretPlace,
    },
    Telegram {
        /// The token of the bot.
        token: SecretPlace,
        /// The id of the chat, or `@name` of a public channel.
        chat: String,
        /// The server; `None` is the public one.
        url: Option<Url>,
    },
    Ntfy {
        /// The server with the topic.
        url: UrlPlace,
        token: Option<SecretPlace>,
        priority: Option<NtfyPriority>,
    },
    Gotify {
        /// The server.
        url: Url,
        /// The token of the application.
        token: SecretPlace,
        /// From 0 to 10; `None` is the default of the application.
        priority: Option<u8>,
    },
    Matrix {
        /// The home server.
        url: Url,
        token: SecretPlace,
        /// The id of the room, such as `!abc:example.org`.
        room: String,
    },
    Apprise {
        /// The `notify` endpoint of the server.
        url: UrlPlace,
        /// The services to notify; `None` is all of the endpoint.
        tag: Option<String>,
    },
}

words! {
    /// The urgency with which ntfy shows a message.
    pub enum NtfyPriority: "a priority of ntfy" {
        Min = "min",
        Low = "low",
        Default = "default",
        High = "high",
        Max = "max",
    }
}

/// The place of a secret, `env:NAME` or `file:PATH`. [`crate::SecretPlaces::read`] reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlace(pub(super) String);

/// A URL, or the place of one that is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlPlace {
    Written(Url),
    Secret(SecretPlace),
}

impl ChannelSettings {
    /// Returns the kind of the channel.
    pub fn kind(&self) -> ChannelKind {
        match self {
            Self::Email { .. } => ChannelKind::Mail,
            Self::Webhook { .. } => ChannelKind::Webhook,
            Self::Slack { .. } => ChannelKind::Slack,
            Self::Discord { .. } => ChannelKind::Discord,
            Self::Telegram { .. } => ChannelKind::Telegram,
            Self::Ntfy { .. } => ChannelKind::Ntfy,
            Self::Gotify { .. } => ChannelKind::Gotify,
            Self::Matrix { .. } => ChannelKind::Matrix,
            Self::Apprise { .. } => ChannelKind::Apprise,
        }
    }
}

impl ChannelSettings {
    /// Returns the places of all secrets.
    pub fn secrets(&self) -> Vec<&SecretPlace> {
        match self {
            Self::Email { .. } => Vec::new(),
            Self::Webhook { url, secret } => url.secret().into_iter().chain(secret).collect(),
            Self::Slack { webhook } | Self::Discord { webhook } => vec![webhook],
            Self::Telegram { token, .. }
            | Self::Gotify { token, .. }
            | Self::Matrix { token, .. } => vec![token],
            Self::Ntfy { url, token, .. } => url.secret().into_iter().chain(token).collect(),
            Self::Apprise { url, .. } => url.secret().into_iter().collect(),
        }
    }
}

impl UrlPlace {
    /// Returns the place of the URL; `None` if the URL is written in the configuration.
    fn secret(&self) -> Option<&SecretPlace> {
        match self {
            Self::Written(_) => None,
            Self::Secret(place) => Some(place),
        }
    }
}

impl SecretPlace {
    /// Returns the place as it is written in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
