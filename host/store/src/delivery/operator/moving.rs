//! Move: what waits for one channel goes through another.
//!
//! The alerts of the moved deliveries wait for the new recipients, like new ones, so the next
//! dispatch groups them as their channel wants. Notices become deliveries at once. What a new
//! recipient has, or is to get, is left out.

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_row_derive::FromRow;

use crate::columns::ROWS_PER_STATEMENT;
use crate::database::Store;
use crate::decision::changes::Author;
use crate::delivery::deliveries::{
    ALERTS, DeliveryKind, NOTICES, NewDelivery, insert, insert_carried, not_yet_carried,
};
use crate::delivery::operator::dropping::end;
use crate::delivery::operator::operation::{Operation, record};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId, NoticeId};

/// A recipient for whom something waits, and how much.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecipientInWait {
    /// The kind of the channel, which this version of the program may not know.
    pub channel: String,
    pub recipient: String,
    /// The deliveries that are not sent yet.
    pub deliveries: i64,
    /// The alerts that are not part of a delivery yet.
    pub alerts: i64,
}

/// The channels of a move.
#[derive(Debug, Clone)]
pub struct Move<'a> {
    pub from: &'a [RecipientInWait],
    /// The kind of the new channel, and its recipients.
    pub kind: ChannelKind,
    pub to: &'a [String],
    /// The name of the new channel, which is recorded.
    pub to_name: &'a str,
}

/// The result of a move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// The deliveries that were ended, since their content goes through the new channel.
    pub deliveries: u64,
    /// The alerts that waited for a delivery, and now wait for the new recipients.
    pub alerts: u64,
    /// The deliveries that were left, since a process is sending them.
    pub leased: u64,
    /// The deliveries that were left, since they may have arrived.
    pub uncertain: u64,
}

/// A delivery that waits for a recipient of the old channel.
#[derive(FromRow)]
struct PendingRow {
    delivery_id: DeliveryId,
    is_leased: bool,
    is_uncertain: bool,
}

impl Store {
    /// Returns the recipients for whom deliveries or alerts wait.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    #[tracing::instrument(name = "store.delivery.recipients_in_wait", skip_all)]
    pub async fn recipients_in_wait(&self) -> Result<Vec<RecipientInWait>, StoreError> {
        let waiting = Statement::new(
            "SELECT channel, recipient, SUM(deliveries) AS deliveries, SUM(alerts) AS alerts FROM (
                 SELECT channel, recipient, COUNT(*) AS deliveries, 0 AS alerts FROM deliveries
                 WHERE next_attempt_at IS NOT NULL GROUP BY channel, recipient
                 UNION ALL
                 SELECT channel, recipient, 0, COUNT(*) FROM waiting_alerts GROUP BY channel, recipient)
             GROUP BY channel, recipient ORDER BY channel, recipient",
        );
        Ok(waiting.fetch_all(self.readers()).await?)
    }

    /// Moves what waits for some recipients to those of another channel. `message_id` returns the
    /// id of a message about notices to a recipient.
    ///
    /// The caller holds the run lock: a dispatch in progress has read the alerts that wait, and
    /// would send them to the old recipients too. It has taken back the leases of dead processes.
    ///
    /// # Errors
    ///
    /// Fails if the database fails. Then nothing was moved.
    #[tracing::instrument(name = "store.delivery.move", skip_all)]
    pub async fn move_deliveries(
        &self,
        order: &Move<'_>,
        author: &Author,
        now: Timestamp,
        message_id: impl Fn(&str, &[NoticeId]) -> String + Send,
    ) -> Result<Moved, StoreError> {
        let mut tx = self.begin().await?;
        let mut moved = Moved::default();

        for from in order.from {
            moved.alerts += move_waiting(&mut tx, from, order).await?;
            for row in waiting_rows(&mut tx, from).await? {
                if row.is_leased {
                    moved.leased += 1;
                } else if row.is_uncertain {
                    moved.uncertain += 1;
                } else {
                    let delivery = row.delivery_id;
                    hand_over(&mut tx, delivery, order, now, &message_id).await?;

                    let error = format!("moved to `{}`", order.to_name);
                    end(&mut tx, delivery, Operation::Moved, &error).await?;
                    let detail = Some(order.to_name);
                    record(&mut tx, delivery, Operation::Moved, detail, author, now).await?;
                    moved.deliveries += 1;
                }
            }
        }
        tx.commit().await?;

        Ok(moved)
    }
}

/// Moves the alerts that wait for a recipient and are in no delivery. Returns their number.
async fn move_waiting(
    conn: &mut Connection,
    from: &RecipientInWait,
    order: &Move<'_>,
) -> Result<u64, StoreError> {
    let alerts: Vec<AlertId> = Statement::new(
        "DELETE FROM waiting_alerts WHERE channel = $1 AND recipient = $2 RETURNING alert_id",
    )
    .bind(&from.channel)
    .bind(&from.recipient)
    .fetch_values(&mut *conn)
    .await?;

    for recipient in order.to {
        wait_for(conn, order.kind, recipient, &alerts).await?;
    }
    Ok(alerts.len() as u64)
}

async fn waiting_rows(
    conn: &mut Connection,
    from: &RecipientInWait,
) -> Result<Vec<PendingRow>, StoreError> {
    let rows = Statement::new(
        "SELECT delivery_id, lease_token IS NOT NULL AS is_leased,
             state <> 'pending' OR EXISTS (
                 SELECT 1 FROM attempts a WHERE a.delivery_id = deliveries.delivery_id
                     AND (a.finished_at IS NULL OR a.outcome = 'uncertain')) AS is_uncertain
         FROM deliveries WHERE channel = $1 AND recipient = $2 AND next_attempt_at IS NOT NULL
         ORDER BY delivery_id",
    )
    .bind(&from.channel)
    .bind(&from.recipient);
    Ok(rows.fetch_all(conn).await?)
}

/// Hands the content of a delivery to the new recipients.
async fn hand_over(
    conn: &mut Connection,
    delivery: DeliveryId,
    order: &Move<'_>,
    now: Timestamp,
    message_id: &(impl Fn(&str, &[NoticeId]) -> String + Send),
) -> Result<(), StoreError> {
    let alerts: Vec<AlertId> = Statement::new(
        "SELECT alert_id FROM delivery_alerts WHERE delivery_id = $1 AND skipped IS NULL",
    )
    .bind(delivery)
    .fetch_values(&mut *conn)
    .await?;
    let notices: Vec<NoticeId> =
        Statement::new("SELECT notice_id FROM delivery_notices WHERE delivery_id = $1")
            .bind(delivery)
            .fetch_values(&mut *conn)
            .await?;

    for recipient in order.to {
        wait_for(conn, order.kind, recipient, &alerts).await?;

        let notices = not_yet_carried(conn, order.kind, recipient, NOTICES, &notices).await?;
        if !notices.is_empty() {
            let about = NewDelivery {
                channel: order.kind,
                recipient: recipient.clone(),
                kind: DeliveryKind::Health,
                message_id: message_id(recipient, &notices),
                skipped: false,
                alerts: Vec::new(),
                notices: Vec::new(),
                part: None,
            };
            if let Some(id) = insert(conn, &about, now).await? {
                insert_carried(conn, id, NOTICES, &notices).await?;
            }
        }
    }
    Ok(())
}

/// Makes alerts wait for a recipient, except those that a delivery to this recipient carries.
async fn wait_for(
    conn: &mut Connection,
    kind: ChannelKind,
    recipient: &str,
    alerts: &[AlertId],
) -> Result<(), StoreError> {
    let missing = not_yet_carried(conn, kind, recipient, ALERTS, alerts).await?;
    for batch in missing.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::new(
            "INSERT INTO waiting_alerts (alert_id, channel, recipient, profile, since) SELECT alert_id, ",
        );
        statement.push_bind(kind.as_str()).push(", ");
        statement.push_bind(recipient);
        statement.push(", profile, created_at FROM alerts WHERE alert_id IN (");
        statement.push_list(batch.iter().copied());
        statement.push(" ON CONFLICT DO NOTHING");
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{
        TestStore, at, author, claim, count, delivery, number, retry, spoil, with_alerts,
        with_two_deliveries,
    };
    use crate::{AssignedAlerts, AttemptOutcome};

    fn target() -> [String; 1] {
        ["phone".to_owned()]
    }

    async fn moved(store: &Store) -> Result<Moved, StoreError> {
        let from = store.recipients_in_wait().await?;
        let from: Vec<_> = from.into_iter().filter(|it| it.channel == "mail").collect();
        let order = Move {
            from: &from,
            kind: ChannelKind::Ntfy,
            to: &target(),
            to_name: "phone",
        };
        store
            .move_deliveries(&order, &author(), at("08:31:00"), |recipient, notices| {
                format!("{recipient} {notices:?}")
            })
            .await
    }

    /// Returns the alerts that wait for the new recipient.
    async fn waiting(store: &TestStore) -> Vec<AlertId> {
        let waiting = store.waiting_alerts(ChannelKind::Ntfy, "phone", &["default"]);
        waiting
            .await
            .unwrap()
            .iter()
            .map(|it| it.alert.id)
            .collect()
    }

    fn to_phone(id: &str, alerts: &[AlertId]) -> NewDelivery {
        NewDelivery {
            channel: ChannelKind::Ntfy,
            recipient: "phone".to_owned(),
            ..delivery(id, alerts)
        }
    }

    #[tokio::test]
    async fn pending_deliveries_and_waiting_alerts_go_to_the_new_recipient() {
        let (store, alerts) = with_alerts(3).await;
        store
            .record_deliveries(&[delivery("1@scanner", &alerts[..2])], at("08:30:00"))
            .await
            .unwrap();
        let rest = AssignedAlerts {
            channel: ChannelKind::Mail,
            recipient: "me@example.org".to_owned(),
            alerts: alerts[2..].to_vec(),
        };
        store.assign_alerts(&[rest]).await.unwrap();

        let result = moved(&store).await.unwrap();
        let expected = Moved {
            deliveries: 1,
            alerts: 1,
            ..Moved::default()
        };
        assert_eq!(result, expected);
        assert_eq!(waiting(&store).await, alerts);
        assert!(claim(&store, "23:00:00", "a").await.is_none());
        let old = store.recent_deliveries(1).await.unwrap().remove(0);
        assert_eq!(
            (old.state.as_str(), old.last_error.as_deref()),
            ("moved", Some("moved to `phone`"))
        );
        assert_eq!(moved(&store).await.unwrap(), Moved::default());
    }

    #[tokio::test]
    async fn an_alert_that_the_new_recipient_has_or_is_to_get_is_not_doubled() {
        let (store, alerts) = with_alerts(3).await;
        let deliveries = [
            delivery("1@scanner", &alerts),
            to_phone("2@scanner", &alerts[..1]),
        ];
        store
            .record_deliveries(&deliveries, at("08:30:00"))
            .await
            .unwrap();
        spoil(
            &store,
            "INSERT INTO waiting_alerts VALUES (2, 'ntfy', 'phone', 'default', '2026-11-23T08:15:00.000Z')",
        )
        .await;
        moved(&store).await.unwrap();
        assert_eq!(waiting(&store).await, alerts[1..]);
        assert_eq!(count(&store, "waiting_alerts").await, 2);
    }

    #[tokio::test]
    async fn a_leased_message_and_one_that_may_have_arrived_stay() {
        let store = with_two_deliveries().await;
        let first = claim(&store, "08:30:00", "a").await.unwrap();
        let uncertain = AttemptOutcome::Uncertain {
            at: at("08:30:01"),
            next_attempt_at: Some(at("08:40:00")),
            error: "no response".to_owned(),
        };
        store.finish_attempt(&first, &uncertain).await.unwrap();
        claim(&store, "08:30:02", "b").await.unwrap();

        let expected = Moved {
            leased: 1,
            uncertain: 1,
            ..Moved::default()
        };
        assert_eq!(moved(&store).await.unwrap(), expected);
        assert_eq!(count(&store, "waiting_alerts").await, 0);

        // The process of the second one died: it may have handed the message over.
        store
            .take_back_leases(|_, _| Some(at("08:31:00")))
            .await
            .unwrap();
        let left = moved(&store).await.unwrap();
        assert_eq!((left.deliveries, left.uncertain), (0, 2));
    }

    #[tokio::test]
    async fn a_failed_delivery_is_moved_and_an_alert_left_out_of_it_is_not() {
        let (store, alerts) = with_alerts(2).await;
        store
            .record_deliveries(&[delivery("1@scanner", &alerts)], at("08:30:00"))
            .await
            .unwrap();
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        let failed = retry("08:30:01", "08:40:00");
        store.finish_attempt(&claimed, &failed).await.unwrap();
        spoil(
            &store,
            "UPDATE delivery_alerts SET skipped = 'hidden' WHERE alert_id = 1",
        )
        .await;
        assert_eq!(moved(&store).await.unwrap().deliveries, 1);
        assert_eq!(waiting(&store).await, alerts[1..]);
    }

    #[tokio::test]
    async fn notices_become_a_delivery_to_the_new_recipient_once() {
        let (store, _) = with_alerts(1).await;
        for row in [
            "INSERT INTO health_notices (notice_id, source_id, kind, failing_since, decided_at)
             SELECT 7, source_id, 'failing', first_seen_at, first_seen_at FROM sources",
            "INSERT INTO deliveries (delivery_id, channel, recipient, kind, message_id, state, next_attempt_at, created_at)
             VALUES (1, 'mail', 'me@example.org', 'health', '<1>', 'pending', '2026-11-23T08:30:00.000Z',
                     '2026-11-23T08:30:00.000Z'),
                    (2, 'mail', 'you@example.org', 'health', '<2>', 'pending', '2026-11-23T08:30:00.000Z',
                     '2026-11-23T08:30:00.000Z')",
            "INSERT INTO delivery_notices (delivery_id, notice_id) VALUES (1, 7), (2, 7)",
        ] {
            spoil(&store, row).await;
        }
        assert_eq!(moved(&store).await.unwrap().deliveries, 2);
        let to_phone = claim(&store, "08:31:00", "a").await.unwrap();
        assert_eq!(
            (to_phone.recipient.as_str(), to_phone.notices.len()),
            ("phone", 1)
        );
        assert!(claim(&store, "08:31:00", "b").await.is_none());
    }

    #[tokio::test]
    async fn two_moves_at_once_move_each_delivery_once() {
        let store = with_two_deliveries().await;
        let other = store.reopen().await.unwrap();
        let (one, two) = tokio::join!(moved(&store), moved(&other));
        assert_eq!(one.unwrap().deliveries + two.unwrap().deliveries, 2);
        assert_eq!(count(&store, "waiting_alerts").await, 2);
        assert_eq!(count(&store, "delivery_operations").await, 2);
    }

    #[tokio::test]
    async fn a_move_that_fails_in_the_middle_moves_nothing() {
        let store = with_two_deliveries().await;
        spoil(
            &store,
            "CREATE TRIGGER broken BEFORE INSERT ON delivery_operations WHEN NEW.delivery_id = 2
             BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END",
        )
        .await;
        moved(&store).await.unwrap_err();
        let pending = "SELECT COUNT(*) FROM deliveries WHERE state = 'pending'";
        assert_eq!(number(&store, pending).await, 2);
        assert_eq!(count(&store, "waiting_alerts").await, 0);
    }
}
