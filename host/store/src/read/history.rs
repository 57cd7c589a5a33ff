//! The history: the latest runs, alerts and deliveries, newest first.

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::decision::SkipReason;
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::{ExternalId, JobKey};
use job_scanner_core::run::Trigger;
use job_scanner_core::words::OnRecord;
use job_scanner_row_derive::FromRow;
use serde::Deserialize;
use serde_json::Value;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::delivery::alerts::AlertKind;
use crate::delivery::changes;
use crate::delivery::changes::AlertedChanges;
use crate::delivery::deliveries::DeliveryKind;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, ClusterId, DeliveryId, JobId, RunId};

/// A run in the history.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSummary {
    pub id: RunId,
    pub trigger: OnRecord<Trigger>,
    pub started_at: Timestamp,
    /// `None` while the run is in progress, and if it was killed.
    pub finished_at: Option<Timestamp>,
    pub duration_ms: Option<u64>,
    /// True if a scan or a delivery failed, or a scan was partial.
    pub had_errors: bool,
    /// True if it was stopped or killed.
    pub interrupted: bool,
    /// The total counts of all its scans; `None` before it has ended.
    pub totals: Option<Value>,
    /// The counts of its scans, without those that found nothing changed.
    pub sources: Vec<Value>,
}

/// An alert in the history.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertSummary {
    pub id: AlertId,
    pub created_at: Timestamp,
    pub kind: AlertKind,
    pub profile: String,
    /// The run that decided it; `None` once that run is deleted.
    pub run: Option<RunId>,
    pub job: JobKey,
    /// The version of the job.
    pub content_hash: ContentHash,
    /// The title of that version.
    pub title: String,
    /// The company of that version; `None` if the board does not name it.
    pub company: Option<String>,
    /// The name that the source had in the configuration at its last scan.
    pub source_name: String,
    /// The changes since an earlier version; `None` if the alert is not about a change, and if no
    /// earlier version is stored.
    pub changes: Option<AlertedChanges>,
    /// The vacancy that the alert is about.
    pub cluster: ClusterId,
    /// True if another alert stands for this one, so that no message is sent about it.
    pub grouped: bool,
    /// The reason for which no message was sent, or the message left it out; `None` of all others.
    pub skipped: Option<SkipReason>,
    /// Empty before it was dispatched, and of a grouped one.
    pub deliveries: Vec<AlertDelivery>,
}

/// A delivery of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertDelivery {
    pub id: i64,
    pub channel: OnRecord<ChannelKind>,
    pub recipient: String,
    pub state: String,
}

/// A delivery in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliverySummary {
    pub id: DeliveryId,
    pub created_at: Timestamp,
    pub channel: OnRecord<ChannelKind>,
    pub recipient: String,
    /// The kind, which a corrupt row may not have.
    pub kind: OnRecord<DeliveryKind>,
    pub message_id: String,
    pub state: String,
    pub attempts: u32,
    pub next_attempt_at: Option<Timestamp>,
    /// The time at which the channel accepted the message.
    pub sent_at: Option<Timestamp>,
    /// The error of the last attempt, or the reason of a withdrawal.
    pub last_error: Option<String>,
    /// The number of its alerts.
    pub alerts: u64,
}

#[derive(FromRow)]
struct RunSummaryRow {
    run_id: RunId,
    trigger: String,
    started_at: String,
    finished_at: Option<String>,
    duration_ms: Option<i64>,
    had_errors: bool,
    interrupted: bool,
    totals: Option<String>,
    sources: String,
}

#[derive(FromRow)]
struct AlertSummaryRow {
    alert_id: AlertId,
    created_at: String,
    kind: String,
    profile: String,
    run_id: Option<RunId>,
    adapter: String,
    identifier: String,
    external_id: String,
    content_hash: Vec<u8>,
    title: String,
    company: Option<String>,
    source_name: String,
    cluster_id: ClusterId,
    grouped: bool,
    skipped: Option<String>,
    deliveries: String,
}

/// An element of the JSON column `deliveries` of [`AlertSummaryRow`].
#[derive(Deserialize)]
struct AlertDeliveryRow {
    delivery_id: i64,
    channel: String,
    recipient: String,
    state: String,
}

#[derive(FromRow)]
struct DeliverySummaryRow {
    delivery_id: DeliveryId,
    created_at: String,
    channel: String,
    recipient: String,
    kind: String,
    message_id: String,
    state: String,
    attempts: i64,
    next_attempt_at: Option<String>,
    sent_at: Option<String>,
    last_error: Option<String>,
    alerts: i64,
}

/// Selects alerts with the deliveries that carry them. The argument is the rest of the statement:
/// condition, order and limit.
macro_rules! select_alerts {
    ($which:literal) => {
        concat!(
            "SELECT a.alert_id, a.created_at, a.kind, a.profile, a.run_id, s.adapter, s.identifier, j.external_id,
                 a.content_hash, v.title, v.company, s.name AS source_name, a.cluster_id, a.grouped, a.skipped,
                 (SELECT json_group_array(json_object('delivery_id', d.delivery_id, 'channel', d.channel,
                                                      'recipient', d.recipient,
                                                      'state', COALESCE(d.ended_as, d.state))
                                          ORDER BY d.delivery_id)
                  FROM delivery_alerts c JOIN deliveries d ON d.delivery_id = c.delivery_id
                  WHERE c.alert_id = a.alert_id) AS deliveries
             FROM alerts a
             JOIN jobs j ON j.job_id = a.job_id
             JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
             JOIN sources s ON s.source_id = j.source_id ",
            $which
        )
    };
}

/// Selects deliveries. The argument is the rest of the statement: condition, order and limit. A
/// delivery that a person ended has the word of this operation as its state.
macro_rules! select_deliveries {
    ($which:literal) => {
        concat!(
            "SELECT d.delivery_id, d.created_at, d.channel, d.recipient, d.kind, d.message_id,
                 COALESCE(d.ended_as, d.state) AS state, d.attempts, d.next_attempt_at, d.sent_at, d.last_error,
                 (SELECT COUNT(*) FROM delivery_alerts a WHERE a.delivery_id = d.delivery_id) AS alerts
             FROM deliveries d ",
            $which
        )
    };
}

impl Store {
    /// Returns the latest runs, at most `limit`, newest first.
    pub async fn recent_runs(&self, limit: u32) -> Result<Vec<RunSummary>, StoreError> {
        self.runs_before(None, limit).await
    }

    /// Returns the runs that began before a run, at most `limit`, newest first. `None` begins with
    /// the latest one.
    #[tracing::instrument(name = "store.run.past", skip_all)]
    pub async fn runs_before(
        &self,
        before: Option<RunId>,
        limit: u32,
    ) -> Result<Vec<RunSummary>, StoreError> {
        let rows = Statement::new(
            "SELECT r.run_id, r.trigger, r.started_at, r.finished_at, r.duration_ms, r.had_errors, r.interrupted,
                 r.totals, (SELECT json_group_array(json(s.stats) ORDER BY s.source_id) FROM run_sources s
                            WHERE s.run_id = r.run_id) AS sources
             FROM runs r WHERE r.run_id < $1 ORDER BY r.run_id DESC LIMIT $2",
        );
        rows.bind(before.map_or(i64::MAX, i64::from))
            .bind(limit)
            .fetch_all::<RunSummaryRow>(self.readers())
            .await?
            .into_iter()
            .map(RunSummary::try_from)
            .collect()
    }

    /// Returns the latest alerts, at most `limit`, newest first.
    pub async fn recent_alerts(&self, limit: u32) -> Result<Vec<AlertSummary>, StoreError> {
        self.alerts_before(None, limit).await
    }

    /// Returns the alerts that were decided before an alert, at most `limit`, newest first. `None`
    /// begins with the latest one.
    #[tracing::instrument(name = "store.alert.past", skip_all)]
    pub async fn alerts_before(
        &self,
        before: Option<AlertId>,
        limit: u32,
    ) -> Result<Vec<AlertSummary>, StoreError> {
        let rows = Statement::new(select_alerts!(
            "WHERE a.alert_id < $1 ORDER BY a.alert_id DESC LIMIT $2"
        ));
        let rows = rows
            .bind(before.map_or(i64::MAX, i64::from))
            .bind(limit)
            .fetch_all::<AlertSummaryRow>(self.readers())
            .await?;

        let mut changes = changes::of_latest(self, before, limit).await?;
        rows.into_iter()
            .map(|row| {
                let changes = changes.remove(&row.alert_id);
                row.lift(changes)
            })
            .collect()
    }

    /// Returns the alerts about a job, oldest first, without the changes that they are about.
    pub(crate) async fn alerts_of_job(&self, job: JobId) -> Result<Vec<AlertSummary>, StoreError> {
        let rows = Statement::new(select_alerts!("WHERE a.job_id = $1 ORDER BY a.alert_id"));
        let rows = rows
            .bind(job)
            .fetch_all::<AlertSummaryRow>(self.readers())
            .await?;
        rows.into_iter().map(|row| row.lift(None)).collect()
    }

    /// Returns the latest deliveries, at most `limit`, newest first.
    pub async fn recent_deliveries(&self, limit: u32) -> Result<Vec<DeliverySummary>, StoreError> {
        self.deliveries_before(None, limit).await
    }

    /// Returns the deliveries that were created before a delivery, at most `limit`, newest first.
    /// `None` begins with the latest one.
    #[tracing::instrument(name = "store.delivery.past", skip_all)]
    pub async fn deliveries_before(
        &self,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<DeliverySummary>, StoreError> {
        let rows = Statement::new(select_deliveries!(
            "WHERE d.delivery_id < $1 ORDER BY d.delivery_id DESC LIMIT $2"
        ));
        rows.bind(before.map_or(i64::MAX, i64::from))
            .bind(limit)
            .fetch_all::<DeliverySummaryRow>(self.readers())
            .await?
            .into_iter()
            .map(DeliverySummary::try_from)
            .collect()
    }
}

impl Store {
    /// Returns the deliveries that wait, were given up or may have arrived, at most `limit`, newest
    /// first. Those that a person has ended are not among them.
    #[tracing::instrument(name = "store.delivery.open", skip_all)]
    pub async fn open_deliveries(&self, limit: u32) -> Result<Vec<DeliverySummary>, StoreError> {
        let rows = Statement::new(select_deliveries!(
            "WHERE d.state IN ('pending', 'uncertain', 'abandoned') AND d.ended_as IS NULL
             ORDER BY d.delivery_id DESC LIMIT $1"
        ));
        rows.bind(limit)
            .fetch_all::<DeliverySummaryRow>(self.readers())
            .await?
            .into_iter()
            .map(DeliverySummary::try_from)
            .collect()
    }
}

/// Returns one delivery; `None` if no delivery has this id.
pub(super) async fn delivery_summary(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<Option<DeliverySummary>, StoreError> {
    let row = Statement::new(select_deliveries!("WHERE d.delivery_id = $1"));
    let row = row
        .bind(delivery)
        .fetch_optional::<DeliverySummaryRow>(conn)
        .await?;
    row.map(DeliverySummary::try_from).transpose()
}

impl TryFrom<RunSummaryRow> for RunSummary {
    type Error = StoreError;

    fn try_from(row: RunSummaryRow) -> Result<Self, StoreError> {
        let place = Row::new("runs", row.run_id);
        let duration_ms = row
            .duration_ms
            .map(|ms| place.lift("duration_ms", ms.try_into()))
            .transpose()?;

        Ok(Self {
            id: row.run_id,
            trigger: OnRecord::read(&row.trigger),
            started_at: place.parse("started_at", &row.started_at)?,
            finished_at: place.optional("finished_at", row.finished_at.as_deref())?,
            duration_ms,
            had_errors: row.had_errors,
            interrupted: row.interrupted,
            totals: row
                .totals
                .map(|totals| place.json("totals", &totals))
                .transpose()?,
            sources: place.json("stats", &row.sources)?,
        })
    }
}

impl AlertSummaryRow {
    fn lift(self, changes: Option<AlertedChanges>) -> Result<AlertSummary, StoreError> {
        let place = Row::new("alerts", self.alert_id);
        let source = lift_key(place, self.adapter, self.identifier)?;
        let deliveries: Vec<AlertDeliveryRow> = place.json("deliveries", &self.deliveries)?;

        Ok(AlertSummary {
            id: self.alert_id,
            created_at: place.parse("created_at", &self.created_at)?,
            kind: place.parse("kind", &self.kind)?,
            profile: self.profile,
            run: self.run_id,
            job: JobKey::new(
                source,
                place.lift("external_id", ExternalId::new(self.external_id))?,
            ),
            content_hash: ContentHash::from_bytes(place.hash("content_hash", &self.content_hash)?),
            title: self.title,
            company: self.company,
            source_name: self.source_name,
            changes,
            cluster: self.cluster_id,
            grouped: self.grouped,
            skipped: place.optional("skipped", self.skipped.as_deref())?,
            deliveries: deliveries.into_iter().map(AlertDelivery::from).collect(),
        })
    }
}

impl From<AlertDeliveryRow> for AlertDelivery {
    fn from(row: AlertDeliveryRow) -> Self {
        Self {
            id: row.delivery_id,
            channel: OnRecord::read(&row.channel),
            recipient: row.recipient,
            state: row.state,
        }
    }
}

impl TryFrom<DeliverySummaryRow> for DeliverySummary {
    type Error = StoreError;

    fn try_from(row: DeliverySummaryRow) -> Result<Self, StoreError> {
        let place = Row::new("deliveries", row.delivery_id);
        Ok(Self {
            id: row.delivery_id,
            created_at: place.parse("created_at", &row.created_at)?,
            channel: OnRecord::read(&row.channel),
            recipient: row.recipient,
            kind: OnRecord::read(&row.kind),
            message_id: row.message_id,
            state: row.state,
            attempts: place.lift("attempts", row.attempts.try_into())?,
            next_attempt_at: place.optional("next_attempt_at", row.next_attempt_at.as_deref())?,
            sent_at: place.optional("sent_at", row.sent_at.as_deref())?,
            last_error: row.last_error,
            alerts: place.lift("alerts", row.alerts.try_into())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use job_scanner_core::run::ScanOutcome;
    use serde_json::json;

    use super::*;
    use crate::test_support::{at, delivery, job, scan, source_key, spoil, store, with_alerts};
    use crate::{NewDelivery, RunRecord, RunSourceRecord};

    #[tokio::test]
    async fn runs_are_listed_newest_first_with_their_records() {
        let store = store().await;
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let first = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let stats = json!({"source": "greenhouse/acme", "outcome": "failed"});
        let summary = RunRecord {
            finished_at: at("08:00:02"),
            duration: Duration::from_secs(2),
            had_errors: true,
            interrupted: false,
            totals: json!({"fetched": 3}),
            sources: vec![RunSourceRecord {
                source: source.id,
                outcome: ScanOutcome::Failed,
                stats: stats.clone(),
            }],
        };
        store.finish_run(first, &summary).await.unwrap();
        let second = store
            .start_run(Trigger::Manual, at("09:00:00"))
            .await
            .unwrap();

        let under_way = RunSummary {
            id: second,
            trigger: OnRecord::Known(Trigger::Manual),
            started_at: at("09:00:00"),
            finished_at: None,
            duration_ms: None,
            had_errors: false,
            interrupted: false,
            totals: None,
            sources: Vec::new(),
        };
        let ended = RunSummary {
            id: first,
            started_at: at("08:00:00"),
            finished_at: Some(at("08:00:02")),
            duration_ms: Some(2_000),
            had_errors: true,
            totals: Some(json!({"fetched": 3})),
            sources: vec![stats],
            ..under_way.clone()
        };
        assert_eq!(
            store.recent_runs(1).await.unwrap(),
            std::slice::from_ref(&under_way)
        );
        assert_eq!(store.recent_runs(9).await.unwrap(), [under_way, ended]);
    }

    #[tokio::test]
    async fn an_alert_has_its_job_and_its_deliveries() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1), job("2", 7)], AlertKind::New).await;
        let pending = store.alerts_without_delivery().await.unwrap();
        store
            .record_deliveries(&[delivery("1@scanner", &[pending[0].id])], at("08:30:00"))
            .await
            .unwrap();

        let alerts = store.recent_alerts(9).await.unwrap();
        assert_eq!(
            alerts.iter().map(|alert| alert.id).collect::<Vec<_>>(),
            [pending[1].id, pending[0].id]
        );
        assert_eq!(
            (alerts[0].title.as_str(), alerts[0].kind),
            ("Engineer 7", AlertKind::New)
        );
        assert_eq!(alerts[0].content_hash, ContentHash::from_bytes([7; 32]));
        assert_eq!(
            (
                alerts[0].job.to_string().as_str(),
                alerts[0].deliveries.len()
            ),
            ("greenhouse/acme/2", 0)
        );
        let carried = AlertDelivery {
            id: 1,
            channel: OnRecord::Known(ChannelKind::Mail),
            recipient: "me@example.org".to_owned(),
            state: "pending".to_owned(),
        };
        assert_eq!(alerts[1].deliveries, [carried]);
        assert_eq!(store.recent_alerts(1).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_delivery_has_its_state() {
        let (store, alerts) = with_alerts(3).await;
        let both = [
            delivery("0@scanner", &alerts[..1]),
            delivery("1@scanner", &alerts[1..]),
        ];
        let made = store
            .record_deliveries(&both, at("08:30:00"))
            .await
            .unwrap();
        let expected = DeliverySummary {
            id: made[1],
            created_at: at("08:30:00"),
            channel: OnRecord::Known(ChannelKind::Mail),
            recipient: "me@example.org".to_owned(),
            kind: OnRecord::Known(DeliveryKind::Each),
            message_id: "1@scanner".to_owned(),
            state: "pending".to_owned(),
            attempts: 0,
            next_attempt_at: Some(at("08:30:00")),
            sent_at: None,
            last_error: None,
            alerts: 2,
        };
        assert_eq!(store.recent_deliveries(1).await.unwrap(), [expected]);
        assert_eq!(store.recent_deliveries(9).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_word_from_another_version_is_returned_unchanged() {
        let (store, alerts) = with_alerts(1).await;
        store
            .record_deliveries(&[delivery("1@scanner", &alerts)], at("08:30:00"))
            .await
            .unwrap();
        spoil(&store, "UPDATE deliveries SET channel = 'pigeon'").await;
        spoil(&store, "UPDATE runs SET trigger = 'whim'").await;

        let runs = store.recent_runs(9).await.unwrap();
        assert_eq!(runs[0].trigger, OnRecord::Unknown("whim".to_owned()));

        let pigeon = OnRecord::Unknown("pigeon".to_owned());
        let of_alerts = store.recent_alerts(9).await.unwrap();
        assert_eq!(of_alerts[0].deliveries[0].channel, pigeon);
        let deliveries = store.recent_deliveries(9).await.unwrap();
        assert_eq!(deliveries[0].channel, pigeon);

        let claim = store.claim_next_delivery(at("08:30:00"), Duration::from_mins(2), "a");
        assert_eq!(claim.await.unwrap().unwrap().channel, pigeon);
    }

    #[tokio::test]
    async fn open_deliveries_wait_or_failed_or_may_have_arrived() {
        let (store, alerts) = with_alerts(1).await;
        let states = [
            "pending",
            "sent",
            "uncertain",
            "abandoned",
            "skipped",
            "pending",
        ];
        for (number, state) in states.into_iter().enumerate() {
            let new = NewDelivery {
                recipient: format!("{number}@example.org"),
                ..delivery(&format!("{number}@scanner"), &alerts)
            };
            store
                .record_deliveries(&[new], at("08:30:00"))
                .await
                .unwrap();
            let change = format!(
                "UPDATE deliveries SET state = '{state}', sent_at = iif('{state}' = 'sent', created_at, NULL)
                 WHERE message_id = '{number}@scanner'"
            );
            spoil(&store, &change).await;
        }
        spoil(
            &store,
            "UPDATE deliveries SET ended_as = 'dropped' WHERE message_id = '5@scanner'",
        )
        .await;

        let open = store.open_deliveries(9).await.unwrap();
        let states: Vec<&str> = open.iter().map(|it| it.state.as_str()).collect();
        assert_eq!(states, ["abandoned", "uncertain", "pending"]);
        assert_eq!(store.open_deliveries(1).await.unwrap()[..], open[..1]);
    }
}
