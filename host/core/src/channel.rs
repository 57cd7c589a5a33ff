//! The channels through which messages are delivered.
//!
//! Not here: the delivery of a message through a channel, and its recipients
//! (`job-scanner-notify`).

use crate::words;

words! {
    /// A channel, as rows, logs and JSON name it.
    pub enum ChannelKind: "a channel" {
        /// Mail, or files instead of mail.
        Mail = "mail",
    }
}
