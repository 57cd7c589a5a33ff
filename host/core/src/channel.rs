//! The channels through which messages leave the host.
//!
//! Not here: how a message goes through one, and who gets it (the crate of messages).

use crate::words;

words! {
    /// A channel, as rows, logs and JSON name it.
    pub enum ChannelKind: "a channel" {
        /// Mail, or files in its place.
        Mail = "mail",
    }
}
