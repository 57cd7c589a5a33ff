//! The `waiting_alerts` table: the alerts that a recipient has not got yet, because the next
//! message to this recipient is not due.
//!
//! Dispatch assigns each new alert to its recipients once ([`Store::assign_alerts`]). The row of a
//! recipient is deleted in the transaction that stores the delivery with the alert.

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::key::SourceKey;
use job_scanner_row_derive::FromRow;
use serde_json::json;

use crate::columns::{ROWS_PER_STATEMENT, Row, lift_key, time};
use crate::database::Store;
use crate::delivery::alerts::UnsentAlert;
use crate::delivery::deliveries::mark_dispatched;
use crate::delivery::unreadable;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, JobId, RunId};

/// The alerts that one recipient is to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedAlerts {
    pub channel: ChannelKind,
    pub recipient: String,
    pub alerts: Vec<AlertId>,
}

/// The waiting alerts of one recipient and profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingGroup {
    /// The kind of the channel, which this version of the program may not know.
    pub channel: String,
    pub recipient: String,
    pub profile: String,
    /// The time of the oldest alert; the smallest timestamp if it cannot be read, so that the alert
    /// does not wait.
    pub since: Timestamp,
}

/// A waiting alert, with what decides its place in a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingAlert {
    pub alert: UnsentAlert,
    pub source: SourceKey,
    /// The name that the source had in the configuration at its last scan.
    pub source_name: String,
    /// True if a term of the profile hits the title.
    pub in_title: bool,
    /// The day on which the job was first seen, and the date of the board, if it has one. Newer
    /// jobs sort last.
    pub dated: String,
}

#[derive(FromRow)]
struct WaitingRow {
    alert_id: AlertId,
    kind: String,
    run_id: Option<RunId>,
    job_id: JobId,
    profile: String,
    resumed: bool,
    adapter: String,
    identifier: String,
    source_name: String,
    in_title: bool,
    dated: String,
}

/// Selects the groups. An alert that cannot be read would be due at once, forever.
const WAITING_GROUPS: &str = "SELECT channel, recipient, profile, MIN(since) FROM waiting_alerts
     WHERE alert_id NOT IN (SELECT row_id FROM unreadable_rows WHERE table_name = 'alerts')
     GROUP BY channel, recipient, profile";

impl Store {
    /// Records the recipients of alerts, all or none. The alerts then wait for each of them, and
    /// are not returned by [`alerts_without_delivery`](Self::alerts_without_delivery) again. An
    /// alert that already waits for a recipient is left out.
    #[tracing::instrument(name = "store.alert.assign", skip_all)]
    pub async fn assign_alerts(&self, assigned: &[AssignedAlerts]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for recipient in assigned {
            assign(&mut tx, recipient).await?;
        }
        for recipient in assigned {
            mark_dispatched(&mut tx, &recipient.alerts).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Returns the recipients and profiles for which alerts wait, each with the oldest alert.
    /// Alerts that cannot be read do not count.
    #[tracing::instrument(name = "store.alert.waiting_groups", skip_all)]
    pub async fn waiting_groups(&self) -> Result<Vec<WaitingGroup>, StoreError> {
        let groups: Vec<(String, String, String, String)> = Statement::new(WAITING_GROUPS)
            .fetch_all(self.readers())
            .await?;
        let group =
            |(channel, recipient, profile, since): (String, String, String, String)| WaitingGroup {
                channel,
                recipient,
                profile,
                since: since.parse().unwrap_or(Timestamp::MIN),
            };
        Ok(groups.into_iter().map(group).collect())
    }

    /// Returns the alerts that wait for a recipient, of these profiles, oldest first. Those that
    /// cannot be read are reported once and left out.
    #[tracing::instrument(name = "store.alert.waiting", skip_all)]
    pub async fn waiting_alerts(
        &self,
        channel: ChannelKind,
        recipient: &str,
        profiles: &[&str],
    ) -> Result<Vec<WaitingAlert>, StoreError> {
        // Reasons that are not JSON are reported when the message is rendered. Here they would keep
        // all other alerts from being sent.
        let rows = Statement::new(
            "SELECT a.alert_id, a.kind, a.run_id, a.job_id, a.profile, s.adapter, s.identifier, s.name AS source_name,
                 a.resumed_at IS NOT NULL AS resumed,
                 substr(j.first_seen_at, 1, 10) || ' ' || COALESCE(j.posted_at, '') AS dated,
                 CASE WHEN json_valid(m.reasons) THEN EXISTS (
                     SELECT 1 FROM json_each(m.reasons, '$.reasons') AS r WHERE r.value ->> '$.hit.field' = 'title')
                 ELSE 0 END AS in_title
             FROM waiting_alerts w
             JOIN alerts a ON a.alert_id = w.alert_id
             JOIN matches m ON m.job_id = a.job_id AND m.content_hash = a.content_hash AND m.profile = a.profile
             JOIN jobs j ON j.job_id = a.job_id
             JOIN sources s ON s.source_id = j.source_id
             WHERE w.channel = $1 AND w.recipient = $2 AND w.profile IN (SELECT value FROM json_each($3))
             ORDER BY w.alert_id",
        )
        .bind(channel.as_str())
        .bind(recipient)
        .bind(json!(profiles).to_string());
        let rows = rows
            .fetch_all::<WaitingRow>(self.readers())
            .await?
            .into_iter();
        let read = rows.map(|row| (row.alert_id.into(), WaitingAlert::try_from(row)));
        unreadable::readable(self, "alerts", read.collect()).await
    }

    /// Returns the times at which the last messages about matches to a recipient were created,
    /// after `since` and up to `until`, newest first, at most `count`.
    #[tracing::instrument(name = "store.delivery.last_created", skip_all)]
    pub async fn last_messages(
        &self,
        channel: ChannelKind,
        recipient: &str,
        since: Timestamp,
        until: Timestamp,
        count: u32,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let created: Vec<String> = Statement::new(
            "SELECT created_at FROM deliveries
             WHERE channel = $1 AND recipient = $2 AND created_at > $3 AND created_at <= $4
                 AND state <> 'skipped' AND kind <> 'health'
             ORDER BY created_at DESC LIMIT $5",
        )
        .bind(channel.as_str())
        .bind(recipient)
        .bind(time(since))
        .bind(time(until))
        .bind(count)
        .fetch_values(self.readers())
        .await?;
        let read = created.iter().filter_map(|created| created.parse().ok());
        Ok(read.collect())
    }
}

async fn assign(
    conn: &mut Connection,
    AssignedAlerts {
        channel,
        recipient,
        alerts,
    }: &AssignedAlerts,
) -> Result<(), StoreError> {
    for batch in alerts.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::new(
            "INSERT INTO waiting_alerts (alert_id, channel, recipient, profile, since) SELECT alert_id, ",
        );
        statement.push_bind(channel.as_str()).push(", ");
        statement.push_bind(recipient);
        statement.push(", profile, created_at FROM alerts WHERE dispatched = 0 AND alert_id IN (");
        statement.push_list(batch.iter().copied());
        statement.push(" ON CONFLICT DO NOTHING");
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Deletes the rows of alerts that a delivery to the recipient now carries.
pub(crate) async fn end_wait(
    conn: &mut Connection,
    channel: ChannelKind,
    recipient: &str,
    alerts: &[AlertId],
) -> Result<(), StoreError> {
    for batch in alerts.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::new("DELETE FROM waiting_alerts WHERE channel = ");
        statement.push_bind(channel.as_str());
        statement.push(" AND recipient = ").push_bind(recipient);
        statement.push(" AND alert_id IN (");
        statement.push_list(batch.iter().copied());
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Returns the recipients for whom alerts wait.
pub(crate) async fn recipients(
    store: &Store,
    channel: ChannelKind,
) -> Result<Vec<String>, StoreError> {
    let waiting =
        Statement::new("SELECT DISTINCT recipient FROM waiting_alerts WHERE channel = $1")
            .bind(channel.as_str());
    Ok(waiting.fetch_values(store.readers()).await?)
}

/// Ends the wait of all alerts for a recipient. Those that no other recipient got, or is to get,
/// are dispatched again.
pub(crate) async fn withdraw(
    conn: &mut Connection,
    channel: ChannelKind,
    recipient: &str,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE alerts SET dispatched = 0
         WHERE alert_id IN (SELECT alert_id FROM waiting_alerts WHERE channel = $1 AND recipient = $2)
             AND NOT EXISTS (
                 SELECT 1 FROM waiting_alerts w
                 WHERE w.alert_id = alerts.alert_id AND NOT (w.channel = $1 AND w.recipient = $2))
             AND NOT EXISTS (
                 SELECT 1 FROM delivery_alerts c JOIN deliveries d ON d.delivery_id = c.delivery_id
                 WHERE c.alert_id = alerts.alert_id AND d.state IN ('pending', 'sent', 'uncertain'))",
    )
    .bind(channel.as_str())
    .bind(recipient)
    .execute(&mut *conn)
    .await?;

    Statement::new("DELETE FROM waiting_alerts WHERE channel = $1 AND recipient = $2")
        .bind(channel.as_str())
        .bind(recipient)
        .execute(&mut *conn)
        .await?;
    Ok(())
}

impl TryFrom<WaitingRow> for WaitingAlert {
    type Error = StoreError;

    fn try_from(row: WaitingRow) -> Result<Self, StoreError> {
        let place = Row::new("alerts", row.alert_id);
        Ok(Self {
            alert: UnsentAlert {
                id: row.alert_id,
                kind: place.parse("kind", &row.kind)?,
                run: row.run_id,
                job: row.job_id,
                profile: row.profile,
                resumed: row.resumed,
            },
            source: lift_key(place, row.adapter, row.identifier)?,
            source_name: row.source_name,
            in_title: row.in_title,
            dated: row.dated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{
        at, count, delivery, fill_older, number, spoil, store_before, with_alerts,
    };

    fn to(recipient: &str, alerts: &[AlertId]) -> AssignedAlerts {
        AssignedAlerts {
            channel: ChannelKind::Mail,
            recipient: recipient.to_owned(),
            alerts: alerts.to_vec(),
        }
    }

    #[tokio::test]
    async fn an_alert_waits_once_per_recipient_until_a_delivery_carries_it() {
        let (store, alerts) = with_alerts(2).await;
        let both = [
            to("me@example.org", &alerts),
            to("you@example.org", &alerts),
        ];
        for _ in 0..2 {
            store.assign_alerts(&both).await.unwrap();
            assert_eq!(count(&store, "waiting_alerts").await, 4);
        }
        assert!(store.alerts_without_delivery().await.unwrap().is_empty());

        // The process died after the first delivery was stored: dispatch decides the same again.
        for id in ["1@scanner", "2@scanner"] {
            store
                .record_deliveries(&[delivery(id, &alerts)], at("08:30:00"))
                .await
                .unwrap();
            assert_eq!(count(&store, "deliveries").await, 1);
            let waiting = "SELECT COUNT(*) FROM waiting_alerts WHERE recipient = 'you@example.org'";
            assert_eq!(number(&store, waiting).await, 2);
            assert_eq!(count(&store, "waiting_alerts").await, 2);
        }
    }

    #[tokio::test]
    async fn an_alert_does_not_stop_waiting_if_its_delivery_is_not_stored() {
        let (store, alerts) = with_alerts(1).await;
        store
            .assign_alerts(&[to("me@example.org", &alerts)])
            .await
            .unwrap();
        let broken = delivery("2@scanner", &[AlertId(99)]);
        let stored = store
            .record_deliveries(&[delivery("1@scanner", &alerts), broken], at("08:30:00"))
            .await;
        assert!(stored.is_err());
        assert_eq!(count(&store, "waiting_alerts").await, 1);
    }

    #[tokio::test]
    async fn waiting_alerts_of_an_unwanted_recipient_are_dispatched_again_unless_another_has_them()
    {
        let (store, alerts) = with_alerts(2).await;
        let assigned = [
            to("me@example.org", &alerts),
            to("you@example.org", &alerts[1..]),
        ];
        store.assign_alerts(&assigned).await.unwrap();
        let wanted = |name: &str| name == "you@example.org";
        store
            .withdraw_deliveries(ChannelKind::Mail, "gone", wanted)
            .await
            .unwrap();
        let again = store.alerts_without_delivery().await.unwrap();
        assert_eq!(
            again.iter().map(|alert| alert.id).collect::<Vec<_>>(),
            alerts[..1]
        );
        assert_eq!(count(&store, "waiting_alerts").await, 1);
    }

    #[tokio::test]
    async fn an_alert_that_cannot_be_read_is_set_aside_until_it_is_repaired() {
        let (store, alerts) = with_alerts(2).await;
        store
            .assign_alerts(&[to("me@example.org", &alerts)])
            .await
            .unwrap();
        let read = async || {
            let mail = ChannelKind::Mail;
            let waiting = store.waiting_alerts(mail, "me@example.org", &["default"]);
            let read: Vec<_> = waiting.await.unwrap();
            read.iter().map(|it| it.alert.id).collect::<Vec<_>>()
        };
        spoil(
            &store,
            "UPDATE alerts SET kind = 'pigeon' WHERE alert_id = 1",
        )
        .await;
        for _ in 0..2 {
            assert_eq!(read().await, alerts[1..]);
            let unreadable = store.unreadable_rows().await.unwrap();
            assert_eq!(unreadable.len(), 1);
            let reason = &unreadable[0].reason;
            assert!(reason.contains("row 1 of table `alerts`"), "{reason}");
        }

        // It is not due any more, and a repaired row is part of the next message.
        spoil(&store, "DELETE FROM waiting_alerts WHERE alert_id = 2").await;
        assert!(store.waiting_groups().await.unwrap().is_empty());
        spoil(&store, "UPDATE alerts SET kind = 'new'").await;
        assert_eq!(read().await, alerts[..1]);
        assert_eq!(store.waiting_groups().await.unwrap().len(), 1);
        assert_eq!(count(&store, "unreadable_rows").await, 0);
    }

    #[tokio::test]
    async fn a_migrated_database_sends_nothing_again_and_keeps_what_was_not_dispatched() {
        let older = store_before(17).await;
        fill_older(&older, 2).await;
        for row in [
            "INSERT INTO clusters (cluster_id, created_at) SELECT job_id, first_seen_at FROM jobs",
            "INSERT INTO cluster_jobs (job_id, cluster_id, version) SELECT job_id, job_id, content_hash FROM jobs",
            "INSERT INTO matches (job_id, content_hash, profile, reasons, matched_at)
             SELECT job_id, content_hash, 'default', '[]', first_seen_at FROM jobs",
            "INSERT INTO alerts (job_id, content_hash, profile, kind, created_at, cluster_id, version, dispatched)
             SELECT job_id, content_hash, 'default', 'new', first_seen_at, job_id, content_hash, job_id = 1 FROM jobs
             ORDER BY job_id",
        ] {
            spoil(&older, row).await;
        }
        spoil(
            &older,
            "INSERT INTO deliveries (delivery_id, channel, recipient, kind, message_id, state, next_attempt_at, created_at)
             VALUES (1, 'mail', 'me@example.org', 'each', '<1>', 'pending', '2026-11-23T08:30:00.000Z',
                     '2026-11-23T08:30:00.000Z')",
        )
        .await;
        spoil(
            &older,
            "INSERT INTO delivery_alerts (delivery_id, alert_id) VALUES (1, 1)",
        )
        .await;

        let store = older.migrated().await;
        assert_eq!(count(&store, "waiting_alerts").await, 0);
        let unseen = store.alerts_without_delivery().await.unwrap();
        let ids: Vec<AlertId> = unseen.iter().map(|alert| alert.id).collect();
        assert_eq!(ids, [AlertId(2)]);
        store
            .assign_alerts(&[to("me@example.org", &[AlertId(1), AlertId(2)])])
            .await
            .unwrap();
        assert_eq!(
            count(&store, "waiting_alerts").await,
            1,
            "the first is not sent again"
        );
    }

    #[tokio::test]
    async fn looking_for_waiting_alerts_reads_only_an_index() {
        let (store, _) = with_alerts(1).await;
        let plan: Vec<(i64, i64, i64, String)> =
            Statement::composed(format!("EXPLAIN QUERY PLAN {WAITING_GROUPS}"))
                .fetch_all(store.readers())
                .await
                .unwrap();
        let steps: Vec<&str> = plan.iter().map(|step| step.3.as_str()).collect();
        assert!(
            steps
                .concat()
                .contains("COVERING INDEX waiting_alerts_by_recipient"),
            "{steps:?}"
        );
    }
}
