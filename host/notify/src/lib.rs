//! Deciding who hears about what in which message, and getting it to them.
//!
//! An *alert* is the decision that the recipients should hear about a job; the scan stores it
//! together with the job. [`dispatch()`] groups alerts that have no delivery yet: one *delivery*
//! per message, channel and recipient, its `Message-ID` fixed for good.
//! [`NotificationService::deliver_due`] claims what is due, sends it and marks it. Only the
//! database sits between the two, so a crash loses no alert, and at worst sends one message twice
//! under one id.
//!
//! `message.rs` says what a message tells (pure; it cleans what strangers wrote, with `text.rs` and
//! `salary.rs`), `render.rs` fills the templates, `lease.rs` says who works on a delivery, and
//! `mail/` is the one channel so far.
//!
//! Not here: what counts as a match ([`job_scanner_core::matching`]), which matches become alerts
//! and when we try to deliver them ([`job_scanner_pipeline`]), and the rows ([`job_scanner_store`]).

mod attempt;
mod by_job;
mod channel;
mod deliver;
mod dispatch;
mod lease;
mod message;
mod message_id;
mod record;
mod report;
mod result;
mod retry;
#[cfg(test)]
mod test_support;

pub use channel::mail::{
    MailChannel, MailError, MailTransport, Mailbox, Outbox, PLACEHOLDER_RECIPIENT, SmtpError,
    SmtpTransport, default_sender, recipients_or_placeholder,
};
pub use channel::{Channel, Channels, Recipient, Remedy, SendError};
pub use deliver::NotificationService;
pub use dispatch::{NotifySettings, dispatch};
pub use lease::take_back_leases;
pub use result::{NotificationResult, NotificationStatus};
