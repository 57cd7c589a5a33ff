//! `channels`: where messages go.

mod channels;
mod names;
mod read;
mod url;

pub use channels::{ChannelConfig, ChannelSettings, NtfyPriority, SecretPlace, UrlPlace};
pub(crate) use names::ChannelNames;
pub(crate) use read::read;
pub use url::channel_url;
