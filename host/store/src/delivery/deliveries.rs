//! The `deliveries` and `delivery_alerts` tables: the messages to a recipient, with their alerts.
//!
//! A delivery is recorded once, with a message id that all attempts share. The attempts are in the
//! `attempts` table.

use std::collections::HashSet;

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words;

use crate::columns::{ROWS_PER_STATEMENT, time};
use crate::database::Store;
use crate::delivery::waiting;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId, NoticeId};

words! {
    /// The kind of one message.
    pub enum DeliveryKind: "a kind of delivery" {
        /// One job.
        Each = "each",
        /// Several jobs of one run.
        Digest = "digest",
        /// The matches among the jobs of sources that were scanned for the first time.
        Baseline = "baseline",
        /// Notices about the health of sources.
        Health = "health",
    }
}

/// A delivery to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    pub channel: ChannelKind,
    /// The address of the recipient, in the channel's terms.
    pub recipient: String,
    pub kind: DeliveryKind,
    /// The id of its message, unique among all deliveries.
    pub message_id: String,
    /// True to store the delivery without ever sending it.
    pub skipped: bool,
    pub alerts: Vec<AlertId>,
    /// The content of a delivery about the health of sources, instead of alerts.
    pub notices: Vec<NoticeId>,
    /// Its place among several messages; `None` if it is the only one.
    pub part: Option<Part>,
}

/// The place of a delivery among the messages of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The id that all messages of the event share.
    pub event: String,
    /// The number from `1`. The halves of message 3 are `3a` and `3b`.
    pub label: String,
    /// The original number of messages, before any was split.
    pub of: u32,
}

impl Store {
    /// Stores deliveries, all or none, and returns the ids of those that were stored. Alerts and
    /// notices that another delivery already carries to the same recipient through the same channel
    /// are left out. A delivery with none left, or with an existing message id, is not stored.
    /// Withdrawn and moved deliveries do not count. The alerts no longer wait for the recipient.
    #[tracing::instrument(name = "store.delivery.record", skip_all)]
    pub async fn record_deliveries(
        &self,
        deliveries: &[NewDelivery],
        now: Timestamp,
    ) -> Result<Vec<DeliveryId>, StoreError> {
        let mut tx = self.begin().await?;
        let mut made = Vec::with_capacity(deliveries.len());

        // Each delivery excludes the alerts of those before it.
        for delivery in deliveries {
            let (kind, to) = (delivery.channel, delivery.recipient.as_str());
            let alerts = not_yet_carried(&mut tx, kind, to, ALERTS, &delivery.alerts).await?;
            let notices = not_yet_carried(&mut tx, kind, to, NOTICES, &delivery.notices).await?;

            if alerts.is_empty() && notices.is_empty() {
                mark_dispatched(&mut tx, &delivery.alerts).await?;
                end_wait(&mut tx, delivery).await?;
            } else if let Some(id) = insert(&mut tx, delivery, now).await? {
                insert_carried(&mut tx, id, ALERTS, &alerts).await?;
                mark_dispatched(&mut tx, &alerts).await?;
                end_wait(&mut tx, delivery).await?;
                insert_carried(&mut tx, id, NOTICES, &notices).await?;
                made.push(id);
            }
        }
        tx.commit().await?;

        Ok(made)
    }

    /// Withdraws the waiting deliveries of recipients for whom `is_wanted` returns false, so that
    /// they are never sent. Their alerts and notices are dispatched again unless another delivery
    /// has carried or will carry them to any recipient. Returns the number of withdrawn deliveries;
    /// `reason` is recorded as their error.
    ///
    /// A delivery that may have arrived stays uncertain, and its alerts are not sent again. Leased
    /// deliveries are not withdrawn. Alerts that wait for such a recipient are dispatched again
    /// under the same condition.
    #[tracing::instrument(name = "store.delivery.withdraw", skip_all)]
    pub async fn withdraw_deliveries(
        &self,
        channel: ChannelKind,
        reason: &str,
        is_wanted: impl Fn(&str) -> bool + Send,
    ) -> Result<usize, StoreError> {
        let waiting: Vec<(DeliveryId, String)> = Statement::new(
            "SELECT delivery_id, recipient FROM deliveries
             WHERE channel = $1 AND next_attempt_at IS NOT NULL AND lease_token IS NULL",
        )
        .bind(channel.as_str())
        .fetch_all(self.readers())
        .await?;

        let unwanted: Vec<DeliveryId> = waiting
            .into_iter()
            .filter(|(_, recipient)| !is_wanted(recipient))
            .map(|(id, _)| id)
            .collect();
        let mut unwanted_recipients = waiting::recipients(self, channel).await?;
        unwanted_recipients.retain(|recipient| !is_wanted(recipient));
        if unwanted.is_empty() && unwanted_recipients.is_empty() {
            return Ok(0);
        }

        let mut tx = self.begin().await?;
        for delivery in &unwanted {
            Statement::new(
                "UPDATE deliveries SET state = CASE state WHEN 'pending' THEN 'skipped' ELSE state END,
                     next_attempt_at = NULL, last_error = $1
                 WHERE delivery_id = $2 AND next_attempt_at IS NOT NULL AND lease_token IS NULL",
            )
            .bind(reason)
            .bind(*delivery)
            .execute(&mut *tx)
            .await?;
        }

        // This comes after all withdrawals, since it depends on the deliveries that remain.
        for delivery in &unwanted {
            return_to_dispatch(&mut tx, *delivery).await?;
        }
        for recipient in &unwanted_recipients {
            waiting::withdraw(&mut tx, channel, recipient).await?;
        }
        tx.commit().await?;

        Ok(unwanted.len())
    }
}

/// Marks the alerts and notices of a delivery for another dispatch, unless another delivery carries
/// them, or they wait for another recipient.
async fn return_to_dispatch(conn: &mut Connection, delivery: DeliveryId) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE alerts SET dispatched = 0
         WHERE skipped IS NULL
             AND alert_id IN (SELECT alert_id FROM delivery_alerts WHERE delivery_id = $1 AND skipped IS NULL)
             AND NOT EXISTS (SELECT 1 FROM waiting_alerts w WHERE w.alert_id = alerts.alert_id)
             AND NOT EXISTS (
                 SELECT 1 FROM delivery_alerts c JOIN deliveries d ON d.delivery_id = c.delivery_id
                 WHERE c.alert_id = alerts.alert_id AND c.skipped IS NULL AND d.state IN ('pending', 'sent', 'uncertain'))",
    )
    .bind(delivery)
    .execute(&mut *conn)
    .await?;

    // A notice is dispatched while no delivery carries it, so it is removed from all withdrawn
    // deliveries.
    Statement::new(
        "DELETE FROM delivery_notices
         WHERE notice_id IN (SELECT notice_id FROM delivery_notices WHERE delivery_id = $1)
             AND delivery_id IN (SELECT delivery_id FROM deliveries
                                 WHERE state = 'skipped' AND ended_as IS NOT 'dropped')
             AND NOT EXISTS (
                 SELECT 1 FROM delivery_notices c JOIN deliveries d ON d.delivery_id = c.delivery_id
                 WHERE c.notice_id = delivery_notices.notice_id AND d.state IN ('pending', 'sent', 'uncertain'))",
    )
    .bind(delivery)
    .execute(&mut *conn)
    .await?;

    Ok(())
}

/// A table of the contents of deliveries, and its column.
#[derive(Clone, Copy)]
pub(crate) struct CarriedTable {
    table: &'static str,
    column: &'static str,
    /// The condition on a row `c` of a delivery `d` that carries it or may have carried it.
    carries: &'static str,
    /// The column of the place in the message, and its separator; empty if the order is that of the
    /// ids.
    position: &'static str,
}

pub(crate) const ALERTS: CarriedTable = CarriedTable {
    table: "delivery_alerts",
    column: "alert_id",
    carries: "(c.skipped IS NULL OR d.state = 'uncertain')",
    position: ", position",
};
pub(crate) const NOTICES: CarriedTable = CarriedTable {
    table: "delivery_notices",
    column: "notice_id",
    carries: "TRUE",
    position: "",
};

/// Returns those of `ids` that no delivery to the same recipient through the same channel carries.
/// Withdrawn and moved deliveries do not count. They are `skipped` with an error, unlike those that
/// were skipped from the start. Dropped ones count: the recipient is not to get their content.
pub(crate) async fn not_yet_carried<Id>(
    conn: &mut Connection,
    channel: ChannelKind,
    recipient: &str,
    CarriedTable {
        table,
        column,
        carries,
        ..
    }: CarriedTable,
    ids: &[Id],
) -> Result<Vec<Id>, StoreError>
where
    Id: Copy + Into<i64>,
{
    let mut taken: HashSet<i64> = HashSet::new();
    for batch in ids.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::composed(format!(
            "SELECT c.{column} FROM {table} c JOIN deliveries d ON d.delivery_id = c.delivery_id WHERE d.channel = "
        ));
        statement
            .push_bind(channel.as_str())
            .push(" AND d.recipient = ")
            .push_bind(recipient);
        statement.push(
            " AND NOT (d.state = 'skipped' AND d.last_error IS NOT NULL AND d.ended_as IS NOT 'dropped')",
        );
        statement.push(format!(" AND {carries} AND c.{column} IN ("));
        statement.push_list(batch.iter().map(|id| (*id).into()));

        let found = statement;
        taken.extend(found.fetch_values::<i64>(&mut *conn).await?);
    }

    // `HashSet::insert` also removes duplicates within `ids`.
    Ok(ids
        .iter()
        .copied()
        .filter(|id| taken.insert((*id).into()))
        .collect())
}

/// Writes a delivery. Returns `None` if its message id exists already.
pub(crate) async fn insert(
    conn: &mut Connection,
    delivery: &NewDelivery,
    now: Timestamp,
) -> Result<Option<DeliveryId>, StoreError> {
    let (state, next_attempt_at) = if delivery.skipped {
        ("skipped", None)
    } else {
        ("pending", Some(time(now)))
    };

    let id = Statement::new(
        "INSERT INTO deliveries
             (channel, recipient, kind, message_id, state, next_attempt_at, created_at, event, part, parts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (message_id) DO NOTHING RETURNING delivery_id",
    )
    .bind(delivery.channel.as_str())
    .bind(&delivery.recipient)
    .bind(delivery.kind.as_str())
    .bind(&delivery.message_id)
    .bind(state)
    .bind(next_attempt_at)
    .bind(time(now))
    .bind(delivery.part.as_ref().map(|part| &part.event))
    .bind(delivery.part.as_ref().map(|part| &part.label))
    .bind(delivery.part.as_ref().map(|part| part.of))
    .fetch_optional_value(conn)
    .await?;

    Ok(id)
}

/// Moves alerts and notices from one delivery to another.
pub(crate) async fn move_carried(
    conn: &mut Connection,
    from: DeliveryId,
    to: DeliveryId,
    alerts: &[AlertId],
    notices: &[NoticeId],
) -> Result<(), StoreError> {
    remove_carried(conn, from, ALERTS, alerts).await?;
    insert_carried(conn, to, ALERTS, alerts).await?;
    remove_carried(conn, from, NOTICES, notices).await?;
    insert_carried(conn, to, NOTICES, notices).await
}

async fn remove_carried<Id>(
    conn: &mut Connection,
    delivery: DeliveryId,
    CarriedTable { table, column, .. }: CarriedTable,
    ids: &[Id],
) -> Result<(), StoreError>
where
    Id: Copy + Into<i64>,
{
    for batch in ids.chunks(ROWS_PER_STATEMENT) {
        let mut statement =
            Statement::composed(format!("DELETE FROM {table} WHERE delivery_id = "));
        statement
            .push_bind(delivery)
            .push(format!(" AND {column} IN ("));
        statement.push_list(batch.iter().map(|id| (*id).into()));
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Writes the contents of a delivery, in the order of the message.
pub(crate) async fn insert_carried<Id>(
    conn: &mut Connection,
    delivery: DeliveryId,
    CarriedTable {
        table,
        column,
        position,
        ..
    }: CarriedTable,
    ids: &[Id],
) -> Result<(), StoreError>
where
    Id: Copy + Into<i64>,
{
    let placed: Vec<(i64, Id)> = (0..).zip(ids.iter().copied()).collect();
    for batch in placed.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::composed(format!(
            "INSERT INTO {table} (delivery_id, {column}{position}) "
        ));
        statement.push_values(batch, |mut row, (place, id)| {
            row.push_bind(delivery).push_bind((*id).into());
            if !position.is_empty() {
                row.push_bind(*place);
            }
        });
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

async fn end_wait(conn: &mut Connection, delivery: &NewDelivery) -> Result<(), StoreError> {
    let (channel, recipient) = (delivery.channel, &delivery.recipient);
    waiting::end_wait(conn, channel, recipient, &delivery.alerts).await
}

pub(crate) async fn mark_dispatched(
    conn: &mut Connection,
    alerts: &[AlertId],
) -> Result<(), StoreError> {
    for batch in alerts.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::new("UPDATE alerts SET dispatched = 1 WHERE alert_id IN (");
        statement.push_list(batch.iter().copied());
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, count, delivery, number, spoil, store_before, with_alerts};

    #[tokio::test]
    async fn dispatching_the_same_alerts_again_creates_no_delivery() {
        let (store, alerts) = with_alerts(2).await;
        store
            .record_deliveries(&[delivery("1@scanner", &alerts[..1])], at("08:30:00"))
            .await
            .unwrap();
        assert!(
            store
                .record_deliveries(&[delivery("2@scanner", &alerts[..1])], at("08:30:00"))
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            store
                .record_deliveries(&[delivery("1@scanner", &alerts[1..])], at("08:30:00"))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(count(&store, "deliveries").await, 1);

        let twice = [alerts[0], alerts[1], alerts[1]];
        assert_eq!(
            store
                .record_deliveries(&[delivery("3@scanner", &twice)], at("08:30:00"))
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(DISTINCT alert_id) FROM delivery_alerts"
            )
            .await,
            2
        );
        assert_eq!(count(&store, "delivery_alerts").await, 2);
    }

    #[tokio::test]
    async fn each_recipient_gets_a_separate_delivery() {
        let (store, alerts) = with_alerts(1).await;
        let other = NewDelivery {
            recipient: "you@example.org".to_owned(),
            ..delivery("2@scanner", &alerts)
        };
        let made = store
            .record_deliveries(&[delivery("1@scanner", &alerts), other], at("08:30:00"))
            .await
            .unwrap();
        assert_eq!(made.len(), 2);
        assert_eq!(count(&store, "delivery_alerts").await, 2);
    }

    #[tokio::test]
    async fn deliveries_are_recorded_together_or_not_at_all() {
        let (store, alerts) = with_alerts(1).await;
        let broken = delivery("2@scanner", &[AlertId(99)]);
        let error = store
            .record_deliveries(&[delivery("1@scanner", &alerts), broken], at("08:30:00"))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Database(_)));
        assert_eq!(count(&store, "deliveries").await, 0);
    }

    #[tokio::test]
    async fn a_migrated_delivery_is_undivided_and_parts_are_constrained() {
        let older = store_before(10).await;
        spoil(
            &older,
            "INSERT INTO deliveries (delivery_id, channel, recipient, kind, message_id, state, next_attempt_at, created_at)
             VALUES (1, 'mail', 'me@example.org', 'each', '<1>', 'pending', '2026-11-23T08:30:00.000Z',
                     '2026-11-23T08:30:00.000Z')",
        )
        .await;

        let store = older.migrated().await;
        let whole = "SELECT COUNT(*) FROM deliveries WHERE event IS NULL AND part IS NULL AND parts IS NULL";
        assert_eq!(number(&store, whole).await, 1);
        for (columns, holds) in [
            ("event = 'a'", false),
            ("event = 'a', part = '1'", false),
            ("parts = 2", false),
            ("event = 'a', part = '1', parts = 2", true),
        ] {
            let statement = format!("UPDATE deliveries SET {columns}");
            assert_eq!(
                Statement::composed(statement)
                    .execute(store.writer())
                    .await
                    .is_ok(),
                holds,
                "{columns}"
            );
        }
    }
}
