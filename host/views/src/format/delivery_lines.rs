//! The lines of `job-scanner deliveries show`, and of the results of operations. Texts of boards
//! and servers are escaped.

use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_store::{
    CarriedAlert, DeliveryHistory, DeliveryId, Moved, Operation, OperationResult, PastAttempt,
    PastOperation,
};

use crate::format::cells::{minute, short, whole};
use crate::format::history_lines::section;

/// Returns the lines: the delivery, and a section for each part of its history that is not empty.
pub fn history_lines(history: &DeliveryHistory) -> Vec<String> {
    let mut lines = delivery(history);
    let attempts = history.attempts.iter().map(attempt).collect();
    section(&mut lines, "Attempts", attempts);
    let alerts = history.alerts.iter().map(alert).collect();
    section(&mut lines, "Alerts", alerts);
    let operations = history.operations.iter().map(operation).collect();
    section(&mut lines, "Operations", operations);
    lines
}

fn delivery(history: &DeliveryHistory) -> Vec<String> {
    let summary = &history.delivery;
    let lease = if history.is_leased {
        "; a process is sending it"
    } else {
        ""
    };
    let error = summary.last_error.as_ref();
    let facts = [
        ("recipient", whole(&summary.recipient)),
        ("kind", short(&summary.kind.to_string())),
        ("state", format!("{}{lease}", short(&summary.state))),
        ("created", minute(summary.created_at)),
        ("sent", summary.sent_at.map(minute).unwrap_or_default()),
        (
            "next attempt",
            summary.next_attempt_at.map(minute).unwrap_or_default(),
        ),
        (
            "last error",
            error.map_or_else(String::new, |error| Printable(error).to_string()),
        ),
        ("message id", whole(&summary.message_id)),
    ];

    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let mut lines = vec![format!("Delivery {} by {}", summary.id, summary.channel)];
    lines.extend(known.map(|(name, value)| format!("  {name}: {value}")));
    lines
}

fn attempt(attempt: &PastAttempt) -> String {
    let outcome = match &attempt.outcome {
        Some(outcome) => short(outcome),
        None => "without an end".to_owned(),
    };
    let error = attempt.error.as_ref();
    let error = error.map_or_else(String::new, |error| format!(": {}", Printable(error)));
    format!(
        "{} {}: {outcome}{error}",
        attempt.number,
        minute(attempt.began_at)
    )
}

fn alert(alert: &CarriedAlert) -> String {
    let left_out = alert.skipped.as_ref();
    let left_out = left_out.map_or_else(String::new, |why| format!(", left out: {}", short(why)));
    format!(
        "{} {} for {}{left_out}",
        whole(&alert.job.to_string()),
        whole(&alert.title),
        short(&alert.profile)
    )
}

fn operation(past: &PastOperation) -> String {
    let detail = past.detail.as_ref();
    let detail = detail.map_or_else(String::new, |detail| format!(": {}", Printable(detail)));
    let author = format!("{}@{}", past.author.user, past.author.host);
    let operation = &past.operation;
    format!(
        "{} {operation} by {}{detail}",
        minute(past.done_at),
        short(&author)
    )
}

/// Returns the line about an operation on a delivery.
pub fn operation_line(
    delivery: DeliveryId,
    operation: Operation,
    result: OperationResult,
) -> String {
    let said = match result {
        OperationResult::Done if operation == Operation::Retried => {
            "is due now, under the same message id; the daemon or `job-scanner scan` sends it"
        }
        OperationResult::Done => "is not sent",
        OperationResult::Unknown => "does not exist; `job-scanner deliveries` lists the latest",
        OperationResult::Leased => {
            "was not changed: a process is sending it; try again when it has ended"
        }
        OperationResult::Sent => "was not changed: it was sent",
        OperationResult::Ended => {
            "was not changed: it was ended before; `job-scanner deliveries show` says why"
        }
        OperationResult::Empty => "was not changed: its jobs were deleted since",
    };
    format!("delivery {delivery} {said}")
}

/// Returns the line about a move.
pub fn moved_line(moved: &Moved, to: &str) -> String {
    let deliveries = counted(moved.deliveries, "delivery", "deliveries");
    let alerts = counted(moved.alerts, "waiting alert", "waiting alerts");
    let mut parts = vec![format!(
        "moved {deliveries} and {alerts} to `{}`",
        Printable(to)
    )];
    if moved.leased > 0 {
        let left = counted(moved.leased, "delivery", "deliveries");
        parts.push(format!("left {left} that a process is sending"));
    }
    if moved.uncertain > 0 {
        let left = counted(moved.uncertain, "delivery", "deliveries");
        parts.push(format!(
            "left {left} that may have arrived: retry or drop them"
        ));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[tokio::test]
    async fn a_delivery_is_printed_in_sections() {
        let text = history_lines(&samples::delivery_history().await).join("\n");
        insta::assert_snapshot!(text, @r"
        Delivery 1 by mail
          recipient: me@example.org
          kind: each
          state: dropped
          created: 2026-11-23 08:30 UTC
          last error: dropped by jo@desk: an old address
          message id: 1@scanner

        Attempts:
          1 2026-11-23 08:30 UTC: abandoned: 550 no\u{1b} such user

        Alerts:
          greenhouse/acme/0 Engineer 1 for default

        Operations:
          2026-11-23 08:31 UTC retried by jo@desk
          2026-11-23 08:32 UTC dropped by jo@desk: an old address
        ");
    }

    #[test]
    fn a_move_says_what_it_left() {
        let mut moved = Moved {
            deliveries: 1,
            alerts: 2,
            ..Moved::default()
        };
        assert_eq!(
            moved_line(&moved, "phone"),
            "moved 1 delivery and 2 waiting alerts to `phone`"
        );
        (moved.leased, moved.uncertain) = (1, 2);
        assert_eq!(
            moved_line(&moved, "phone"),
            "moved 1 delivery and 2 waiting alerts to `phone`; left 1 delivery that a process is sending; \
             left 2 deliveries that may have arrived: retry or drop them"
        );
    }
}
