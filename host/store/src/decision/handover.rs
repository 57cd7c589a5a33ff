//! The check at the hand-over of a delivery: alerts that a decision has silenced since they were
//! decided are left out of the message, and recorded with the reason.

use jiff::Timestamp;
use job_scanner_core::decision::{Decision, SkipReason};
use job_scanner_row_derive::FromRow;

use crate::decision::silence::HiddenNames;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId};

#[derive(FromRow)]
struct CarriedRow {
    alert_id: AlertId,
    company: Option<String>,
    source_name: String,
    is_hidden: bool,
}

/// Leaves the silenced alerts out of a delivery. Returns a reason if no alert is left to send;
/// `None` if the message is to be sent.
pub(crate) async fn leave_out_silenced(
    conn: &mut Connection,
    delivery: DeliveryId,
    now: Timestamp,
) -> Result<Option<SkipReason>, StoreError> {
    let carried = Statement::new(
        "SELECT c.alert_id, v.company, s.name AS source_name, d.cluster_id IS NOT NULL AS is_hidden
         FROM delivery_alerts c
         JOIN alerts a ON a.alert_id = c.alert_id
         JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
         JOIN jobs j ON j.job_id = a.job_id
         JOIN sources s ON s.source_id = j.source_id
         LEFT JOIN decisions d ON d.cluster_id = a.cluster_id AND d.decision = 'hidden'
         WHERE c.delivery_id = $1 AND c.skipped IS NULL",
    );
    let carried = carried
        .bind(delivery)
        .fetch_all::<CarriedRow>(&mut *conn)
        .await?;

    let hidden = HiddenNames::read(conn, now).await?;
    let (mut left, mut last) = (carried.len(), None);
    for row in carried {
        let decision = row.is_hidden.then_some(Decision::Hidden);
        let reason = hidden.reason(decision, row.company.as_deref(), &row.source_name);
        if let Some(reason) = reason {
            leave_out(conn, delivery, row.alert_id, reason).await?;
            left -= 1;
            last = Some(reason);
        }
    }
    Ok(last.filter(|_| left == 0))
}

async fn leave_out(
    conn: &mut Connection,
    delivery: DeliveryId,
    alert: AlertId,
    reason: SkipReason,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE delivery_alerts SET skipped = $1 WHERE delivery_id = $2 AND alert_id = $3",
    )
    .bind(reason.as_str())
    .bind(delivery)
    .bind(alert)
    .execute(&mut *conn)
    .await?;
    Statement::new("UPDATE alerts SET skipped = $1 WHERE alert_id = $2")
        .bind(reason.as_str())
        .bind(alert)
        .execute(&mut *conn)
        .await?;
    Ok(())
}

/// Ends a delivery without an attempt. One that may have arrived stays uncertain.
pub(crate) async fn skip(
    conn: &mut Connection,
    delivery: DeliveryId,
    reason: SkipReason,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE deliveries SET state = CASE state WHEN 'pending' THEN 'skipped' ELSE state END,
             next_attempt_at = NULL, lease_token = NULL, lease_until = NULL, attempts = attempts - 1, last_error = $1
         WHERE delivery_id = $2",
    )
    .bind(format!("skipped: {}", reason.describe()))
    .bind(delivery)
    .execute(conn)
    .await?;
    Ok(())
}
