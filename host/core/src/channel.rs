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
        /// JSON to a URL of the operator, signed.
        Webhook = "webhook",
        /// A channel in Slack, or in a service that accepts the same messages.
        Slack = "slack",
        /// A channel in Discord.
        Discord = "discord",
        /// A chat in Telegram.
        Telegram = "telegram",
        /// A topic of an ntfy server.
        Ntfy = "ntfy",
        /// An application of a Gotify server.
        Gotify = "gotify",
        /// A room on a Matrix server.
        Matrix = "matrix",
        /// A server of Apprise, which reaches further services.
        Apprise = "apprise",
    }
}
