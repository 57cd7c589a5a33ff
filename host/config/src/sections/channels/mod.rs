//! `channels`: where messages go.

mod channels;
mod names;
mod read;
mod times;
mod url;

pub use channels::{
    ChannelConfig, ChannelRhythm, ChannelSettings, Favourite, NtfyPriority, SecretPlace, UrlPlace,
};
pub(crate) use names::ChannelNames;
pub(crate) use read::read;
pub(crate) use times::read_when;
pub use url::channel_url;
