//! Decides which message tells which recipient about which alerts, and gets it there.
//!
//! An *alert* is the decision that the recipients should hear about a job; the scan stores it
//! together with the job. [`dispatch()`] groups alerts that have no delivery yet: one *delivery*
//! per message, channel and recipient, with an id that is fixed for good (`message_id.rs`).
//! [`NotificationService::deliver_due`] claims what is due, sends it and marks it. Only the
//! database sits between the two, so a crash loses no alert, and at worst sends one message twice
//! under one id.
//!
//! `deliver.rs` is the loop. `lease.rs` names the process that works on a delivery, `attempt.rs`
//! contains what may go wrong with one try, `retry.rs` decides what becomes of a delivery that
//! fails, `record.rs` gets that into the database, and `report.rs` into the log. `message/` is the
//! content of messages (pure; it cleans what strangers wrote) and their templates, and `channel/`
//! the ways that they take: nothing outside of it knows which channels there are.
//!
//! Not here: what counts as a match ([`job_scanner_core::matching`]), which matches become alerts
//! and when deliveries are tried (the pipeline), and the rows ([`job_scanner_store`]).

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
