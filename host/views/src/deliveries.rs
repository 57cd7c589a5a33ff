//! Deliveries: the latest ones, one with its history, and the results of operations on them:
//! `job-scanner deliveries`.

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_core::words::OnRecord;
use job_scanner_store::{
    CarriedAlert, DeliveryHistory, DeliveryId, DeliveryKind, DeliverySummary, Moved, Operation,
    OperationResult, PastAttempt, PastOperation,
};
use serde::Serialize;

use crate::cells::{short, time, utc_cell, whole};
use crate::column::Column;

pub use crate::format::delivery_lines::{history_lines, moved_line, operation_line};

/// The columns of the table.
pub const COLUMNS: [Column; 9] = [
    Column::word("delivery"),
    Column::word("created UTC").late(3),
    Column::text("recipient", 16),
    Column::word("kind").late(1),
    Column::word("state"),
    Column::word("sent UTC").late(4),
    Column::word("next attempt UTC").late(2),
    Column::number("attempts").late(5),
    Column::number("alerts"),
];

/// A delivery and its state.
#[derive(Debug, Serialize)]
pub struct DeliveryView<'a> {
    delivery_id: i64,
    created_at: String,
    channel: &'a OnRecord<ChannelKind>,
    recipient: &'a str,
    kind: &'a OnRecord<DeliveryKind>,
    state: &'a str,
    message_id: &'a str,
    attempts: u32,
    next_attempt_at: Option<String>,
    sent_at: Option<String>,
    last_error: Option<&'a str>,
    alerts: u64,
}

impl<'a> From<&'a DeliverySummary> for DeliveryView<'a> {
    fn from(delivery: &'a DeliverySummary) -> Self {
        Self {
            delivery_id: delivery.id.into(),
            created_at: time(delivery.created_at),
            channel: &delivery.channel,
            recipient: &delivery.recipient,
            kind: &delivery.kind,
            state: &delivery.state,
            message_id: &delivery.message_id,
            attempts: delivery.attempts,
            next_attempt_at: delivery.next_attempt_at.map(time),
            sent_at: delivery.sent_at.map(time),
            last_error: delivery.last_error.as_deref(),
            alerts: delivery.alerts,
        }
    }
}

/// A delivery with its history.
#[derive(Debug, Serialize)]
pub struct DeliveryHistoryView<'a> {
    delivery: DeliveryView<'a>,
    leased: bool,
    attempts: Vec<AttemptView<'a>>,
    alerts: Vec<CarriedAlertView<'a>>,
    operations: Vec<PastOperationView<'a>>,
}

#[derive(Debug, Serialize)]
struct AttemptView<'a> {
    attempt: u32,
    began_at: String,
    ended_at: Option<String>,
    outcome: Option<&'a str>,
    error: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct CarriedAlertView<'a> {
    alert_id: i64,
    job: String,
    title: &'a str,
    profile: &'a str,
    skipped: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct PastOperationView<'a> {
    done_at: String,
    operation: &'a OnRecord<Operation>,
    detail: Option<&'a str>,
    user: &'a str,
    host: &'a str,
}

/// The result of an operation on one delivery.
#[derive(Debug, Serialize)]
pub struct OperationView {
    delivery_id: i64,
    operation: Operation,
    result: OperationResult,
}

/// The result of a move.
#[derive(Debug, Serialize)]
pub struct MovedView {
    deliveries: u64,
    alerts: u64,
    leased: u64,
    uncertain: u64,
}

impl<'a> From<&'a DeliveryHistory> for DeliveryHistoryView<'a> {
    fn from(history: &'a DeliveryHistory) -> Self {
        Self {
            delivery: DeliveryView::from(&history.delivery),
            leased: history.is_leased,
            attempts: history.attempts.iter().map(AttemptView::from).collect(),
            alerts: history.alerts.iter().map(CarriedAlertView::from).collect(),
            operations: history
                .operations
                .iter()
                .map(PastOperationView::from)
                .collect(),
        }
    }
}

impl<'a> From<&'a PastAttempt> for AttemptView<'a> {
    fn from(attempt: &'a PastAttempt) -> Self {
        Self {
            attempt: attempt.number,
            began_at: time(attempt.began_at),
            ended_at: attempt.ended_at.map(time),
            outcome: attempt.outcome.as_deref(),
            error: attempt.error.as_deref(),
        }
    }
}

impl<'a> From<&'a CarriedAlert> for CarriedAlertView<'a> {
    fn from(alert: &'a CarriedAlert) -> Self {
        Self {
            alert_id: alert.id.into(),
            job: alert.job.to_string(),
            title: &alert.title,
            profile: &alert.profile,
            skipped: alert.skipped.as_deref(),
        }
    }
}

impl<'a> From<&'a PastOperation> for PastOperationView<'a> {
    fn from(past: &'a PastOperation) -> Self {
        Self {
            done_at: time(past.done_at),
            operation: &past.operation,
            detail: past.detail.as_deref(),
            user: &past.author.user,
            host: &past.author.host,
        }
    }
}

impl OperationView {
    /// Returns the view of an operation on a delivery.
    pub fn new(delivery: DeliveryId, operation: Operation, result: OperationResult) -> Self {
        Self {
            delivery_id: delivery.into(),
            operation,
            result,
        }
    }
}

impl From<&Moved> for MovedView {
    fn from(moved: &Moved) -> Self {
        let Moved {
            deliveries,
            alerts,
            leased,
            uncertain,
        } = *moved;
        Self {
            deliveries,
            alerts,
            leased,
            uncertain,
        }
    }
}

/// Returns the row of a delivery in the table.
pub fn row(delivery: &DeliverySummary) -> [String; 9] {
    let recipient = format!("{} {}", delivery.channel, delivery.recipient);
    [
        delivery.id.to_string(),
        utc_cell(Some(delivery.created_at)),
        whole(&recipient),
        short(&delivery.kind.to_string()),
        short(&delivery.state),
        utc_cell(delivery.sent_at),
        utc_cell(delivery.next_attempt_at),
        delivery.attempts.to_string(),
        delivery.alerts.to_string(),
    ]
}

/// Returns a line with the last error; `None` for a delivery that was sent or has no error.
pub fn problem(delivery: &DeliverySummary) -> Option<String> {
    if delivery.sent_at.is_some() {
        return None;
    }
    let error = delivery.last_error.as_ref()?;
    Some(format!("{}: {}", delivery.id, Printable(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[tokio::test]
    async fn a_delivery_has_the_documented_keys() {
        let delivery = samples::pending_delivery().await;
        insta::assert_snapshot!(
            "deliveries",
            json(&[DeliveryView::from(&delivery)]).unwrap()
        );
    }

    #[tokio::test]
    async fn a_delivery_with_a_history_has_the_documented_keys() {
        let history = samples::delivery_history().await;
        let view = DeliveryHistoryView::from(&history);
        insta::assert_snapshot!("deliveries_show", json(&view).unwrap());
    }

    #[test]
    fn the_results_of_operations_have_the_documented_keys() {
        let view = OperationView::new(5.into(), Operation::Dropped, OperationResult::Done);
        insta::assert_snapshot!("deliveries_drop", json(&[view]).unwrap());
        let view = OperationView::new(5.into(), Operation::Retried, OperationResult::Sent);
        insta::assert_snapshot!("deliveries_retry", json(&[view]).unwrap());

        let moved = Moved {
            deliveries: 3,
            alerts: 12,
            leased: 1,
            uncertain: 0,
        };
        insta::assert_snapshot!("deliveries_move", json(&MovedView::from(&moved)).unwrap());
    }

    #[tokio::test]
    async fn the_last_error_is_a_problem_until_the_delivery_is_sent() {
        let mut delivery = samples::pending_delivery().await;
        assert_eq!(problem(&delivery), None);

        delivery.last_error = Some("451 try\u{1b} later".to_owned());
        assert_eq!(problem(&delivery).unwrap(), "1: 451 try\\u{1b} later");

        delivery.sent_at = Some(delivery.created_at);
        assert_eq!(problem(&delivery), None);
    }
}
