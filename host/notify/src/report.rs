//! The end of an attempt, as the log and the caller see it.

use std::collections::BTreeSet;
use std::time::Duration;

use job_scanner_core::key::SourceKey;
use job_scanner_core::time::saturating_millis;
use job_scanner_store::{ClaimedDelivery, DeliveryKind, PendingAlert};
use tracing::{error, info, warn};

use crate::channel::masked;
use crate::result::{NotificationResult, NotificationStatus};

/// How many sources the log names of one delivery.
const MOST_NAMED: usize = 10;

/// Logs the end of one attempt, in the one place where it is handled, and makes it the caller's
/// result.
pub(crate) fn report(
    delivery: &ClaimedDelivery,
    status: NotificationStatus,
    error: Option<String>,
    took: Duration,
) -> NotificationResult {
    let (id, count, attempt) = (delivery.id, delivery.alerts.len(), delivery.attempt);
    let carried = match delivery.kind {
        DeliveryKind::Health => format!("{} notices", delivery.notices.len()),
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
            format!("{count} alerts")
        }
    };
    let recipient = masked(delivery.channel, &delivery.recipient);
    let keys = source_keys(delivery);
    let elapsed_ms = saturating_millis(took);
    match (status, &error) {
        (NotificationStatus::Sent, _) => info!(
            event = "notification.sent", delivery.id = %id, alerts.count = count, source.key = keys, %recipient, attempt,
            elapsed_ms, "sent delivery {id} with {carried} to {recipient}"
        ),
        (NotificationStatus::Duplicate, _) => warn!(
            event = "notification.duplicate", delivery.id = %id, alerts.count = count, source.key = keys, %recipient,
            attempt, elapsed_ms,
            "delivery {id} to {recipient} was taken over by another process; it may arrive twice under one id"
        ),
        (NotificationStatus::Split, error) => {
            let error = error.as_deref().unwrap_or_default();
            warn!(
                event = "notification.failed", delivery.id = %id, alerts.count = count, source.key = keys, %recipient,
                attempt, elapsed_ms, error,
                "delivery {id} with {carried} to {recipient} is too large and becomes two: {error}"
            );
        }
        (NotificationStatus::Abandoned, error) => {
            let error = error.as_deref().unwrap_or_default();
            error!(
                event = "notification.failed", delivery.id = %id, alerts.count = count, source.key = keys, %recipient,
                attempt, elapsed_ms, error,
                "gave up delivery {id} with {carried} to {recipient}, it is not tried again: {error}"
            );
        }
        (
            NotificationStatus::Skipped
            | NotificationStatus::Failed
            | NotificationStatus::Uncertain,
            error,
        ) => {
            let error = error.as_deref().unwrap_or_default();
            let event = if status == NotificationStatus::Skipped {
                "notification.skipped"
            } else {
                "notification.failed"
            };
            warn!(
                event, delivery.id = %id, alerts.count = count, source.key = keys, %recipient, attempt, elapsed_ms,
                error, "{} delivery {id} with {carried} to {recipient}: {error}", status.as_str()
            );
        }
    }
    let alerts = delivery
        .alerts
        .iter()
        .map(|alert| (alert.id, alert.source().clone()))
        .collect();
    NotificationResult {
        delivery: id,
        status,
        alerts,
        error,
    }
}

/// Which sources the message is about, with a space between keys, which have none themselves; a
/// digest may be of hundreds.
fn source_keys(delivery: &ClaimedDelivery) -> String {
    let alerts = delivery.alerts.iter().map(PendingAlert::source);
    let keys: BTreeSet<&SourceKey> = alerts
        .chain(delivery.notices.iter().map(|notice| &notice.source))
        .collect();
    let mut named: Vec<String> = keys
        .iter()
        .take(MOST_NAMED)
        .map(ToString::to_string)
        .collect();
    if keys.len() > MOST_NAMED {
        named.push(format!("+{}", keys.len() - MOST_NAMED));
    }
    named.join(" ")
}
