//! The channels, one folder each: how a message reaches a recipient.

pub(crate) mod mail;
