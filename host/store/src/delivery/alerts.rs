//! The `alerts` table: the decisions to notify the recipients about a version of a vacancy, once
//! per profile.
//!
//! An alert is about one job, and stands for all jobs of its cluster. Further jobs that match in
//! the same version of the cluster are recorded as *grouped*, and no message is sent about them.
//!
//! Alerts are written in a scan's transaction. Only the `dispatched` flag is written later.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::decision::SkipReason;
use job_scanner_core::job::{BoardTime, ContentHash, Facts, Location, Salary, Workplace};
use job_scanner_core::key::{ExternalId, JobKey, SourceKey};
use job_scanner_core::matching::MatchResult;
use job_scanner_core::normalize::Content;
use job_scanner_core::words;
use job_scanner_row_derive::FromRow;
use serde_json::Value;

use crate::cluster::also;
use crate::cluster::also::AlsoPosted;
use crate::columns::{ROWS_PER_STATEMENT, Row, lift_key, time};
use crate::database::Store;
use crate::decision::marks::StoredDecision;
use crate::decision::{marks, silence};
use crate::delivery::unreadable;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId, JobId, RunId};
use crate::scan::facts::FactsColumns;

words! {
    /// The reason why recipients are notified about a job.
    pub enum AlertKind: "a kind of alert" {
        /// The job was listed in the first scan of its source.
        Baseline = "baseline",
        /// The job is new.
        New = "new",
        /// The job was known, and its new version matches.
        Updated = "updated",
        /// The job was known, and it matches the criteria after they changed.
        Rematched = "rematched",
    }
}

/// An alert to be stored. Its match must be stored already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAlert<'a> {
    pub job: JobId,
    /// The version that the recipients are notified about.
    pub content_hash: ContentHash,
    pub profile: &'a str,
    pub kind: AlertKind,
}

/// The numbers of new, grouped and duplicate alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertCounts {
    pub created: usize,
    /// Alerts that another job of the same cluster has already had.
    pub grouped: usize,
    /// Alerts that are not sent because of a decision about the job or its company.
    pub skipped: usize,
    /// Alerts that this or an earlier scan has already recorded.
    pub duplicate: usize,
}

/// An alert that was not dispatched, with the columns that decide its message. A first run may
/// leave tens of thousands of them, so the content of a message is read only when it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentAlert {
    pub id: AlertId,
    pub kind: AlertKind,
    /// The run that decided it; `None` once that run is deleted.
    pub run: Option<RunId>,
    pub job: JobId,
    pub profile: String,
    /// True if a snooze kept it back, which has ended.
    pub resumed: bool,
}

/// An alert with all fields that a message shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingAlert {
    pub id: AlertId,
    pub kind: AlertKind,
    pub profile: String,
    /// The run that decided it; `None` once that run is deleted.
    pub run: Option<RunId>,
    /// The name that the source had in the configuration at its last scan.
    pub source_name: String,
    /// The job, in the version the alert is about.
    pub job: AlertedJob,
    /// The other jobs of the vacancy, as they are now. Empty except in a claimed delivery.
    pub also: AlsoPosted,
    pub reasons: MatchResult,
    /// The decision about the vacancy, as it is now. Never `hidden` in a claimed delivery.
    pub decision: Option<StoredDecision>,
    /// True if a snooze kept it back, which has ended.
    pub resumed: bool,
}

/// The fields of a job that a message shows: those of the alerted version, and its current URLs and
/// dates.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertedJob {
    pub key: JobKey,
    /// The time of the first scan that listed it.
    pub first_seen_at: Timestamp,
    /// One line, never empty.
    pub title: String,
    pub company: Option<String>,
    /// The locations in the board's order.
    pub locations: Vec<Location>,
    pub workplace: Option<Workplace>,
    /// In the board's words.
    pub employment_type: Option<String>,
    pub salary: Option<Salary>,
    /// The job's public page.
    pub url: String,
    /// The page for applications, if it is another one.
    pub apply_url: Option<String>,
    pub posted_at: Option<BoardTime>,
    pub expires_at: Option<BoardTime>,
    /// The first 600 characters of the text.
    pub excerpt: Option<String>,
    /// The facts of the version. Those of a version that was stored before there were facts leave
    /// out the text.
    pub facts: Facts,
}

#[derive(FromRow)]
struct AlertRow {
    alert_id: AlertId,
    kind: String,
    profile: String,
    run_id: Option<RunId>,
    first_seen_at: String,
    adapter: String,
    identifier: String,
    source_name: String,
    external_id: String,
    title: String,
    company: Option<String>,
    locations: String,
    workplace: Option<String>,
    employment_type: Option<String>,
    salary: Option<String>,
    url: String,
    apply_url: Option<String>,
    posted_at: Option<String>,
    expires_at: Option<String>,
    excerpt: Option<String>,
    #[row(flatten)]
    facts: FactsColumns,
    reasons: String,
    decision: Option<String>,
    decision_note: Option<String>,
    decided_at: Option<String>,
    resumed: bool,
}

#[derive(FromRow)]
struct UnsentRow {
    alert_id: AlertId,
    kind: String,
    run_id: Option<RunId>,
    job_id: JobId,
    profile: String,
    resumed: bool,
}

/// Selects alerts with all fields of a message. The argument is the rest of the statement: joins,
/// condition and order.
macro_rules! select_alerts {
    ($which:literal) => {
        concat!(
            "SELECT a.alert_id, a.kind, a.profile, a.run_id, j.first_seen_at, s.adapter, s.identifier, s.name AS source_name,
                 j.external_id, v.title, v.company, v.locations, v.workplace, v.employment_type, v.salary, j.url,
                 j.apply_url, j.posted_at, j.expires_at, substr(v.description, 1, 600) AS excerpt,
                 v.facts, v.facts_version, m.reasons, y.decision, y.note AS decision_note, y.decided_at,
                 a.resumed_at IS NOT NULL AS resumed
             FROM alerts a
             JOIN matches m ON m.job_id = a.job_id AND m.content_hash = a.content_hash AND m.profile = a.profile
             JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
             JOIN jobs j ON j.job_id = a.job_id
             JOIN sources s ON s.source_id = j.source_id
             LEFT JOIN decisions y ON y.cluster_id = a.cluster_id ",
            $which
        )
    };
}

impl Store {
    /// Returns the alerts that dispatch has not seen yet, oldest first. Those that it has seen may
    /// still wait for their recipients. Those that cannot be read are reported once and left out.
    #[tracing::instrument(name = "store.alert.without_delivery", skip_all)]
    pub async fn alerts_without_delivery(&self) -> Result<Vec<UnsentAlert>, StoreError> {
        let rows = Statement::new(
            "SELECT alert_id, kind, run_id, job_id, profile, resumed_at IS NOT NULL AS resumed FROM alerts
             WHERE dispatched = 0 ORDER BY alert_id",
        );
        let rows = rows
            .fetch_all::<UnsentRow>(self.readers())
            .await?
            .into_iter();
        let read = rows.map(|row| (row.alert_id.into(), UnsentAlert::try_from(row)));
        unreadable::readable(self, "alerts", read.collect()).await
    }

    /// Returns the alerts that a run decided, oldest first: the matches that it found and that were
    /// not alerted before. Grouped and skipped ones are left out.
    #[tracing::instrument(name = "store.alert.matched_in_run", skip_all, fields(run.id = %run))]
    pub async fn matched_in_run(&self, run: RunId) -> Result<Vec<PendingAlert>, StoreError> {
        let rows = Statement::new(select_alerts!(
            "WHERE a.run_id = $1 AND a.grouped = 0 AND a.skipped IS NULL ORDER BY a.alert_id"
        ))
        .bind(run);
        rows.fetch_all::<AlertRow>(self.readers())
            .await?
            .into_iter()
            .map(PendingAlert::try_from)
            .collect()
    }
}

/// Returns the alerts with these ids, newest first.
pub(crate) async fn with_ids(
    store: &Store,
    ids: &[AlertId],
) -> Result<Vec<PendingAlert>, StoreError> {
    let ids: Vec<i64> = ids.iter().copied().map(i64::from).collect();
    let rows = Statement::new(select_alerts!(
        "WHERE a.alert_id IN (SELECT value FROM json_each($1)) ORDER BY a.alert_id DESC"
    ))
    .bind(Value::from(ids).to_string());
    rows.fetch_all::<AlertRow>(store.readers())
        .await?
        .into_iter()
        .map(PendingAlert::try_from)
        .collect()
}

/// Returns the alerts of a delivery in the order of the message, without those that were left out
/// of it.
pub(crate) async fn of_delivery(
    store: &Store,
    delivery: DeliveryId,
) -> Result<Vec<PendingAlert>, StoreError> {
    let rows = Statement::new(select_alerts!(
        "JOIN delivery_alerts d ON d.alert_id = a.alert_id WHERE d.delivery_id = $1 AND d.skipped IS NULL
         ORDER BY d.position, a.alert_id"
    ));
    let rows = rows
        .bind(delivery)
        .fetch_all::<AlertRow>(store.readers())
        .await?;

    let mut others = also::of_delivery(store, delivery).await?;
    let mut alerts = Vec::with_capacity(rows.len());
    for row in rows {
        let mut alert = PendingAlert::try_from(row)?;
        let others = others.remove(&alert.id).unwrap_or_default();
        let place = Row::new("alerts", alert.id);
        alert.also = AlsoPosted::besides(alert.source(), &alert.job.locations, others, place)?;
        alerts.push(alert);
    }
    Ok(alerts)
}

/// Writes the alerts that do not exist yet. The first job of a cluster gets the alert, and the
/// others are recorded as grouped.
pub(crate) async fn record(
    conn: &mut Connection,
    run: RunId,
    alerts: &[NewAlert<'_>],
    now: Timestamp,
) -> Result<AlertCounts, StoreError> {
    let mut counts = AlertCounts::default();
    for batch in alerts.chunks(ROWS_PER_STATEMENT) {
        let jobs = batch.iter().map(|alert| alert.job);
        let silent = silence::of_jobs(conn, jobs, now).await?;
        let created = insert(conn, run, batch, &Sending::Sent(&silent), now).await?;
        let skipped = created
            .iter()
            .filter(|job| silent.contains_key(job))
            .count();
        counts.skipped += skipped;
        counts.created += created.len() - skipped;
        if created.len() < batch.len() {
            let grouped = insert(conn, run, batch, &Sending::Grouped, now).await?;
            counts.grouped += grouped.len();
        }
    }

    let recorded = counts.created + counts.skipped + counts.grouped;
    counts.duplicate = alerts.len() - recorded;
    Ok(counts)
}

/// The effect of an alert.
enum Sending<'a> {
    /// A message is sent about it, except about these jobs.
    Sent(&'a HashMap<JobId, SkipReason>),
    /// An earlier alert stands for it.
    Grouped,
}

impl Sending<'_> {
    /// Returns the reason for which no message is sent about a job, if that is a decision.
    fn skips(&self, job: JobId) -> Option<SkipReason> {
        match self {
            Self::Sent(silent) => silent.get(&job).copied(),
            Self::Grouped => None,
        }
    }
}

/// Inserts the alerts that conflict with no other, and returns their jobs. One that is sent
/// conflicts with the alert of the same profile about the same version of its cluster, and any
/// alert with that about the same version of its job.
async fn insert(
    conn: &mut Connection,
    run: RunId,
    alerts: &[NewAlert<'_>],
    sending: &Sending<'_>,
    now: Timestamp,
) -> Result<Vec<JobId>, StoreError> {
    let is_grouped = matches!(sending, Sending::Grouped);
    let now = time(now);
    let mut statement = Statement::new(
        "INSERT INTO alerts (job_id, content_hash, profile, kind, run_id, created_at, dispatched, grouped, skipped,
             cluster_id, version) ",
    );
    statement.push_values(alerts, |mut row, alert| {
        let skipped = sending.skips(alert.job);
        row.push_bind(alert.job)
            .push_bind(alert.content_hash.as_bytes().as_slice())
            .push_bind(alert.profile)
            .push_bind(alert.kind.as_str())
            .push_bind(run)
            .push_bind(now.as_str())
            .push_bind(is_grouped || skipped.is_some())
            .push_bind(is_grouped)
            .push_bind(skipped.map(SkipReason::as_str))
            .push("(SELECT cluster_id FROM cluster_jobs WHERE job_id = ")
            .push_bind_unseparated(alert.job)
            .push_unseparated(")")
            .push("(SELECT version FROM cluster_jobs WHERE job_id = ")
            .push_bind_unseparated(alert.job)
            .push_unseparated(")");
    });

    statement.push(" ON CONFLICT DO NOTHING RETURNING job_id");
    Ok(statement.fetch_values(conn).await?)
}

impl PendingAlert {
    /// Returns the source that lists the job.
    pub fn source(&self) -> &SourceKey {
        &self.job.key.source
    }
}

impl AlertedJob {
    /// Returns the fields of the version without its text.
    fn short_fields(&self) -> Content<'_> {
        Content {
            title: &self.title,
            company: self.company.as_deref(),
            locations: &self.locations,
            workplace: self.workplace,
            employment_type: self.employment_type.as_deref(),
            salary: self.salary.as_ref(),
            description: None,
        }
    }
}

impl TryFrom<UnsentRow> for UnsentAlert {
    type Error = StoreError;

    fn try_from(row: UnsentRow) -> Result<Self, StoreError> {
        let place = Row::new("alerts", row.alert_id);
        Ok(Self {
            id: row.alert_id,
            kind: place.parse("kind", &row.kind)?,
            run: row.run_id,
            job: row.job_id,
            profile: row.profile,
            resumed: row.resumed,
        })
    }
}

/// Builds the key of an alert's job. The row is a join, so errors name the alert.
fn job_key(
    alert: Row,
    adapter: String,
    identifier: String,
    external_id: String,
) -> Result<JobKey, StoreError> {
    let source = lift_key(alert, adapter, identifier)?;
    Ok(JobKey::new(
        source,
        alert.lift("external_id", ExternalId::new(external_id))?,
    ))
}

impl TryFrom<AlertRow> for PendingAlert {
    type Error = StoreError;

    fn try_from(row: AlertRow) -> Result<Self, StoreError> {
        let place = Row::new("alerts", row.alert_id);
        let key = job_key(place, row.adapter, row.identifier, row.external_id)?;
        let decision = marks::lift(place, row.decision, row.decision_note, row.decided_at)?;

        let mut alert = Self {
            id: row.alert_id,
            kind: place.parse("kind", &row.kind)?,
            profile: row.profile,
            run: row.run_id,
            source_name: row.source_name,
            job: AlertedJob {
                key,
                first_seen_at: place.parse("first_seen_at", &row.first_seen_at)?,
                title: row.title,
                company: row.company,
                locations: place.json("locations", &row.locations)?,
                workplace: place.optional("workplace", row.workplace.as_deref())?,
                employment_type: row.employment_type,
                salary: row
                    .salary
                    .map(|salary| place.json("salary", &salary))
                    .transpose()?,
                url: row.url,
                apply_url: row.apply_url,
                posted_at: place.optional("posted_at", row.posted_at.as_deref())?,
                expires_at: place.optional("expires_at", row.expires_at.as_deref())?,
                excerpt: row.excerpt,
                facts: Facts::UNKNOWN,
            },
            also: AlsoPosted::default(),
            reasons: place.json("reasons", &row.reasons)?,
            decision,
            resumed: row.resumed,
        };
        alert.job.facts = row.facts.lift(&alert.job.short_fields(), None);
        Ok(alert)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::StoredMatch;
    use crate::test_support::{
        COMPLETE, at, begin_scan, count, delivery, job, match_of, record_all, scan, source_key,
        store,
    };

    const ONE: AlertCounts = AlertCounts {
        created: 1,
        grouped: 0,
        skipped: 0,
        duplicate: 0,
    };
    const DUPLICATE: AlertCounts = AlertCounts {
        created: 0,
        grouped: 0,
        skipped: 0,
        duplicate: 1,
    };

    #[tokio::test]
    async fn a_version_alerts_once_even_when_it_comes_back() {
        let store = store().await;
        assert_eq!(
            scan(&store, "acme", &[job("1", 1)], AlertKind::New).await,
            ONE
        );
        assert_eq!(
            scan(&store, "acme", &[job("1", 2)], AlertKind::Updated).await,
            ONE
        );
        assert_eq!(
            scan(&store, "acme", &[job("1", 1)], AlertKind::Updated).await,
            DUPLICATE
        );
        assert_eq!(count(&store, "alerts").await, 2);
    }

    #[tokio::test]
    async fn a_thousand_alerts_are_counted_correctly() {
        let store = store().await;
        let jobs: Vec<_> = (0..1_000).map(|n| job(&n.to_string(), 1)).collect();
        let counts = scan(&store, "acme", &jobs, AlertKind::Baseline).await;
        assert_eq!(
            counts,
            AlertCounts {
                created: 1_000,
                grouped: 0,
                skipped: 0,
                duplicate: 0
            }
        );
        let counts = scan(&store, "acme", &jobs, AlertKind::New).await;
        assert_eq!(
            counts,
            AlertCounts {
                created: 0,
                grouped: 0,
                skipped: 0,
                duplicate: 1_000
            }
        );
        assert_eq!(store.alerts_without_delivery().await.unwrap().len(), 1_000);
    }

    #[tokio::test]
    async fn an_alert_without_a_match_is_refused() {
        let store = store().await;
        let mut tx = begin_scan(&store, "acme", "Acme", at("08:00:00")).await;
        let result = job("1", 1);
        let ids = tx
            .record_jobs(std::slice::from_ref(&result), true)
            .await
            .unwrap();
        let alert = NewAlert {
            job: ids[&result.job.external_id],
            content_hash: result.job.content_hash,
            profile: "default",
            kind: AlertKind::New,
        };
        assert!(matches!(
            tx.record_alerts(&[alert]).await.unwrap_err(),
            StoreError::Database(_)
        ));
    }

    #[tokio::test]
    async fn an_alert_carries_the_version_that_matched() {
        let store = store().await;
        let mut first = job("a/1", 1);
        first.job.title = "Rust engineer".to_owned();
        first.job.description = Some("é".repeat(1_000));
        first.job.workplace = Some(Workplace::Hybrid);
        first.job.salary = Some(Salary {
            max: Some(90_000.0),
            ..Salary::default()
        });
        first.job.posted_at = Some("2026-11-01".parse().unwrap());
        scan(&store, "acme", &[first.clone()], AlertKind::Baseline).await;
        scan(&store, "acme", &[job("a/1", 2)], AlertKind::Updated).await;

        let unsent: Vec<AlertId> = store
            .alerts_without_delivery()
            .await
            .unwrap()
            .iter()
            .map(|it| it.id)
            .collect();
        let made = store
            .record_deliveries(&[delivery("1@scanner", &unsent)], at("08:30:00"))
            .await
            .unwrap();
        let alerts = of_delivery(&store, made[0]).await.unwrap();
        let [alert, later] = &alerts[..] else {
            panic!("{alerts:?}")
        };
        assert_eq!(alert.job.key.to_string(), "greenhouse/acme/a%2F1");
        assert_eq!(
            (
                alert.kind,
                alert.profile.as_str(),
                alert.source_name.as_str()
            ),
            (AlertKind::Baseline, "default", "acme")
        );
        assert_eq!(alert.job.title, "Rust engineer");
        assert_eq!(alert.job.excerpt, Some("é".repeat(600)));
        assert_eq!(alert.job.locations, first.job.locations);
        assert_eq!(alert.job.salary, first.job.salary);
        assert_eq!(alert.job.workplace, Some(Workplace::Hybrid));
        assert_eq!(
            alert.job.posted_at, None,
            "the date is the current one, and the later version has none"
        );
        assert_eq!(alert.reasons, match_of("default"));
        assert_eq!(
            (later.kind, later.job.title.as_str()),
            (AlertKind::Updated, "Engineer 2")
        );
        assert_eq!(later.source(), &source_key("acme"));
    }

    #[tokio::test]
    async fn a_run_lists_only_its_own_alerts() {
        let store = store().await;
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let mut runs = Vec::new();
        for (generation, version) in [1, 2, 1].into_iter().enumerate() {
            let run = store
                .start_run(Trigger::Manual, at("08:00:00"))
                .await
                .unwrap();
            let generation = i64::try_from(generation).unwrap();
            let mut tx = store
                .begin_scan(source.id, generation, run, at("08:00:00"))
                .await
                .unwrap()
                .unwrap();
            record_all(&mut tx, &[job("1", version)], AlertKind::New).await;
            tx.commit(&COMPLETE).await.unwrap();
            runs.push(run);
        }
        for (run, titles) in runs
            .into_iter()
            .zip([&["Engineer 1"][..], &["Engineer 2"], &[]])
        {
            let found = store.matched_in_run(run).await.unwrap();
            assert_eq!(
                found
                    .iter()
                    .map(|alert| alert.job.title.as_str())
                    .collect::<Vec<_>>(),
                titles
            );
            assert!(found.iter().all(|alert| alert.run == Some(run)));
        }
    }

    #[tokio::test]
    async fn an_alert_with_a_delivery_is_not_dispatched_again() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1), job("2", 1)], AlertKind::New).await;
        let alerts = store.alerts_without_delivery().await.unwrap();
        store
            .record_deliveries(&[delivery("1@scanner", &[alerts[0].id])], at("08:30:00"))
            .await
            .unwrap();
        assert_eq!(store.alerts_without_delivery().await.unwrap(), alerts[1..]);
    }

    #[tokio::test]
    async fn a_match_with_an_alert_cannot_be_deleted() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let mut tx = store.begin().await.unwrap();
        assert!(
            Statement::new("DELETE FROM matches")
                .execute(&mut *tx)
                .await
                .is_err()
        );
        drop(tx);
        let mut tx = store.begin().await.unwrap();
        Statement::new("DELETE FROM jobs")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            count(&store, "alerts").await,
            0,
            "it is deleted with its job"
        );
    }

    #[tokio::test]
    async fn an_unknown_alert_kind_is_reported() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let mut tx = store.begin().await.unwrap();
        Statement::new("UPDATE alerts SET kind = 'odd'")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(store.alerts_without_delivery().await.unwrap().is_empty());
        let unreadable = store.unreadable_rows().await.unwrap();
        assert_eq!(
            unreadable[0].reason,
            "row 1 of table `alerts` is corrupt: column `kind`: `odd` is not a kind of alert"
        );
    }

    #[tokio::test]
    async fn match_reasons_are_read_back_unchanged() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(source.id, 0, run, at("08:00:00"))
            .await
            .unwrap()
            .unwrap();
        let result = job("1", 1);
        let ids = tx
            .record_jobs(std::slice::from_ref(&result), true)
            .await
            .unwrap();
        let (job, content_hash) = (ids[&result.job.external_id], result.job.content_hash);
        let matched = match_of("two");
        tx.record_matches(&[StoredMatch {
            job,
            content_hash,
            result: &matched,
        }])
        .await
        .unwrap();
        tx.record_alerts(&[NewAlert {
            job,
            content_hash,
            profile: "two",
            kind: AlertKind::New,
        }])
        .await
        .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(store.matched_in_run(run).await.unwrap()[0].reasons, matched);
    }
}
