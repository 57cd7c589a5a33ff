//! The latest deliveries: `job-scanner deliveries`.

use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_core::words::OnRecord;
use job_scanner_store::DeliverySummary;
use serde::Serialize;

use crate::cells::{short, time, utc_cell, whole};
use crate::column::Column;

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
    kind: &'static str,
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
            kind: delivery.kind.as_str(),
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

/// Returns the row of a delivery in the table.
pub fn row(delivery: &DeliverySummary) -> [String; 9] {
    let recipient = format!("{} {}", delivery.channel, delivery.recipient);
    [
        delivery.id.to_string(),
        utc_cell(Some(delivery.created_at)),
        whole(&recipient),
        delivery.kind.as_str().to_owned(),
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
    async fn the_last_error_is_a_problem_until_the_delivery_is_sent() {
        let mut delivery = samples::pending_delivery().await;
        assert_eq!(problem(&delivery), None);

        delivery.last_error = Some("451 try\u{1b} later".to_owned());
        assert_eq!(problem(&delivery).unwrap(), "1: 451 try\\u{1b} later");

        delivery.sent_at = Some(delivery.created_at);
        assert_eq!(problem(&delivery), None);
    }
}
