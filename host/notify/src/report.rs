//! Reports the result of an attempt to the log and to the caller.

use std::collections::BTreeSet;
use std::time::Duration;

use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_core::time::saturating_millis;
use job_scanner_store::{ClaimedDelivery, DeliveryKind, PendingAlert};
use tracing::{error, info, warn};

use crate::channel::masked_on_record;
use crate::result::{NotificationResult, NotificationStatus};

/// The maximum number of sources that one log event names.
const MAX_NAMED_SOURCES: usize = 10;

/// Logs the result of one attempt and returns it for the caller. Every attempt is logged here and
/// nowhere else.
pub(crate) fn report(
    delivery: &ClaimedDelivery,
    status: NotificationStatus,
    error: Option<String>,
    took: Duration,
) -> NotificationResult {
    log(delivery, status, error.as_deref(), took);

    let alerts = delivery
        .alerts
        .iter()
        .map(|alert| (alert.id, alert.source().clone()))
        .collect();
    NotificationResult {
        delivery: delivery.id,
        status,
        alerts,
        error,
    }
}

fn log(
    delivery: &ClaimedDelivery,
    status: NotificationStatus,
    error: Option<&str>,
    took: Duration,
) {
    let recipient = masked_on_record(&delivery.channel, &delivery.recipient);
    let keys = source_keys(delivery);
    let elapsed_ms = saturating_millis(took);
    let event = event(status);
    let message = message(delivery, status, &recipient, error.unwrap_or_default());
    // Another process reports the outcome of a duplicate, so this attempt has no error of its own.
    let error = error.filter(|_| status != NotificationStatus::Duplicate);

    // `tracing` fixes the level of an event at compile time, so each level needs its own call. All
    // of them have these fields.
    macro_rules! log_at {
        ($level:ident) => {
            $level!(
                event,
                delivery.id = %delivery.id,
                alerts.count = delivery.alerts.len(),
                source.key = keys,
                %recipient,
                attempt = delivery.attempt,
                elapsed_ms,
                error,
                "{message}"
            )
        };
    }
    match status {
        NotificationStatus::Sent => log_at!(info),
        NotificationStatus::Abandoned => log_at!(error),
        NotificationStatus::Duplicate
        | NotificationStatus::Split
        | NotificationStatus::Skipped
        | NotificationStatus::Failed
        | NotificationStatus::Uncertain => log_at!(warn),
    }
}

fn event(status: NotificationStatus) -> &'static str {
    match status {
        NotificationStatus::Sent => "notification.sent",
        NotificationStatus::Duplicate => "notification.duplicate",
        NotificationStatus::Skipped => "notification.skipped",
        NotificationStatus::Split
        | NotificationStatus::Failed
        | NotificationStatus::Uncertain
        | NotificationStatus::Abandoned => "notification.failed",
    }
}

fn message(
    delivery: &ClaimedDelivery,
    status: NotificationStatus,
    recipient: &str,
    error: &str,
) -> String {
    let id = delivery.id;
    let contents = contents(delivery);
    match status {
        NotificationStatus::Sent => {
            format!("sent delivery {id} with {contents} to {recipient}")
        }
        NotificationStatus::Duplicate => format!(
            "delivery {id} to {recipient} was taken over by another process; it may arrive twice with the same id"
        ),
        NotificationStatus::Split => format!(
            "delivery {id} with {contents} to {recipient} is too large and was split in two: {error}"
        ),
        NotificationStatus::Abandoned => format!(
            "abandoned delivery {id} with {contents} to {recipient}; it will not be retried: {error}"
        ),
        NotificationStatus::Skipped
        | NotificationStatus::Failed
        | NotificationStatus::Uncertain => {
            let word = status.as_str();
            format!("{word} delivery {id} with {contents} to {recipient}: {error}")
        }
    }
}

/// The contents of a delivery, such as `3 alerts`.
fn contents(delivery: &ClaimedDelivery) -> String {
    match delivery.kind {
        DeliveryKind::Health => counted(delivery.notices.len() as u64, "notice", "notices"),
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
            counted(delivery.alerts.len() as u64, "alert", "alerts")
        }
    }
}

/// Returns the keys of the sources that the message is about, separated by spaces. Keys contain no
/// spaces. A digest may be about hundreds of sources, so only the first ones are named.
fn source_keys(delivery: &ClaimedDelivery) -> String {
    let of_alerts = delivery.alerts.iter().map(PendingAlert::source);
    let of_notices = delivery.notices.iter().map(|notice| &notice.source);
    let keys: BTreeSet<&SourceKey> = of_alerts.chain(of_notices).collect();

    let mut named: Vec<String> = keys
        .iter()
        .take(MAX_NAMED_SOURCES)
        .map(ToString::to_string)
        .collect();
    if keys.len() > MAX_NAMED_SOURCES {
        named.push(format!("+{}", keys.len() - MAX_NAMED_SOURCES));
    }
    named.join(" ")
}
