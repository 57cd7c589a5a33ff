//! Groups alerts into messages for each recipient, and delivers them.
//!
//! An *alert* is the decision to notify the recipients about a job. The scan stores it together
//! with the job. [`dispatch()`] assigns it to its recipients, for each of whom it waits until its
//! time has come (`release.rs`). Then it is grouped with others (`bundle.rs`): one *delivery* per
//! message, channel and recipient, with an id that never changes (`message_id.rs`).
//! [`NotificationService::deliver_due`] claims the deliveries that are due, sends them and records
//! the results. Only the database sits between the two, so a crash loses no alert, and at worst
//! sends one message twice under the same id.
//!
//! `deliver.rs` is the loop. `lease.rs` identifies the process that works on a delivery,
//! `attempt.rs` isolates the failures of one attempt, `retry.rs` decides what happens after a
//! failed attempt, `record.rs` stores that in the database, and `report.rs` logs it.
//! `failing_channel/` reports channels that have failed for a day, and moves what waits for one to
//! another. `message/` has the content of messages and their templates (pure; it cleans the texts
//! of boards). `channel/` sends them; no code outside of it knows which channels exist.
//!
//! Not here: what counts as a match ([`job_scanner_core::matching`]), which matches become alerts
//! and when deliveries are attempted (the pipeline), and the rows ([`job_scanner_store`]).

mod attempt;
mod bundle;
mod by_job;
mod channel;
mod deliver;
mod dispatch;
mod failing_channel;
mod lease;
mod message;
mod message_id;
mod record;
mod release;
mod report;
mod result;
mod retry;
#[cfg(test)]
mod test_support;

pub use channel::mail::{
    MailChannel, MailError, MailTransport, Mailbox, Outbox, PLACEHOLDER_RECIPIENT, SmtpError,
    SmtpTransport, default_sender, recipients_or_placeholder,
};
pub use channel::{
    Channel, Channels, HttpChannel, HttpError, ProbeError, Probed, Recipient, Remedy, SendError,
    probe_all,
};
pub use deliver::NotificationService;
pub use dispatch::{NotifySettings, dispatch};
pub use failing_channel::{MoveError, describe_failing, lasting_failures, move_deliveries};
pub use lease::take_back_leases;
pub use message::content::PageAddress;
pub use message::template::{TemplateFault, TemplateFiles, Templates, built_in_templates};
pub use release::next_dispatch;
pub use result::{NotificationResult, NotificationStatus};
