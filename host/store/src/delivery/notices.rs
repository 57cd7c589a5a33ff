//! The `health_notices` table: the decisions to notify the recipients that a source has failed for
//! a long time, that it has recovered, or that its listing had a suspicious drop.
//!
//! The table contains the earlier decisions, so that deciding again, after a crash or in another
//! process, adds no notice.

use std::collections::HashSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_core::words;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key, time};
use crate::database::Store;
use crate::delivery::unreadable;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{DeliveryId, NoticeId};
use crate::read::health::SourceError;

/// A notice about the health of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthNotice {
    pub id: NoticeId,
    pub kind: NoticeKind,
    pub source: SourceKey,
    /// The name that the source had in the configuration at its last scan.
    pub source_name: String,
    /// The time at which the failures began, or the drop was first seen.
    pub failing_since: Timestamp,
    /// The error at the time of the decision; `None` for a recovered source.
    pub error: Option<SourceError>,
    pub decided_at: Timestamp,
}

words! {
    /// The change of a source that the recipients are notified of.
    pub enum NoticeKind: "a kind of notice" {
        /// The source has failed for a long time.
        Failing = "failing",
        /// The source has recovered from failures that a notice reported.
        Recovered = "recovered",
        /// The listing had a suspicious drop, so the board itself may be broken.
        Shrunk = "shrunk",
    }
}

#[derive(FromRow)]
struct NoticeRow {
    notice_id: NoticeId,
    kind: String,
    adapter: String,
    identifier: String,
    name: String,
    failing_since: String,
    error_kind: Option<String>,
    error_message: Option<String>,
    decided_at: String,
}

#[derive(FromRow)]
struct FailingSource {
    source_id: i64,
    adapter: String,
    identifier: String,
}

#[derive(FromRow)]
struct SourceInDoubt {
    source_id: i64,
    adapter: String,
    identifier: String,
    lost_from: i64,
    open: i64,
    missing: i64,
}

/// The smallest number of earlier jobs for which a drop makes a notice. It is an everyday event
/// that a board loses its only job.
const MIN_JOBS_BEFORE_DROP: i64 = 2;

/// Selects notices with their sources.
const NOTICES: &str =
    "SELECT n.notice_id, n.kind, s.adapter, s.identifier, s.name, n.failing_since, n.error_kind,
     n.error_message, n.decided_at
 FROM health_notices n JOIN sources s ON s.source_id = n.source_id ";

/// A source has recovered when the failures of an earlier notice have ended, even if new failures
/// have begun since.
const DECIDE_RECOVERED: &str =
    "INSERT INTO health_notices (source_id, kind, failing_since, decided_at)
 SELECT n.source_id, 'recovered', n.failing_since, $1
 FROM health_notices n JOIN sources s ON s.source_id = n.source_id
 WHERE n.kind = 'failing' AND s.failing_since IS NOT n.failing_since
 ON CONFLICT DO NOTHING";

const DECIDE_FAILING: &str = "INSERT INTO health_notices
     (source_id, kind, failing_since, error_kind, error_message, decided_at)
 SELECT source_id, 'failing', failing_since, error_kind, error_message, $1 FROM sources WHERE source_id = $2
 ON CONFLICT DO NOTHING";

const DECIDE_SHRUNK: &str = "INSERT INTO health_notices
     (source_id, kind, failing_since, error_kind, error_message, decided_at)
 SELECT source_id, 'shrunk', lost_since, $1, $2, $3 FROM sources WHERE source_id = $4
     AND NOT EXISTS (SELECT 1 FROM health_notices n WHERE n.source_id = $4 AND n.kind = 'shrunk' AND n.decided_at > $5
                     AND n.decided_at <= $3)
 ON CONFLICT DO NOTHING";

/// The time after a notice of a drop in which the source makes no other: a listing that repeatedly
/// shrinks and recovers is one event.
const SHRUNK_NOTICE_INTERVAL: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Records new notices, each once: for the sources in `watched` that have failed since
    /// `failing_before` or longer or that are in doubt, and for all sources that have recovered
    /// from notified failures. Returns the number of new notices.
    #[tracing::instrument(name = "store.notice.decide", skip_all)]
    pub async fn decide_notices(
        &self,
        watched: &[&SourceKey],
        failing_before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        // Usually there is nothing to write. A reader can check that without the write lock.
        let undecided: i64 = Statement::new(
            "SELECT (SELECT COUNT(*) FROM sources WHERE failing_since <= $1)
                 + (SELECT COUNT(*) FROM sources WHERE lost_since IS NOT NULL)
                 + (SELECT COUNT(*) FROM health_notices WHERE kind = 'failing')",
        )
        .bind(time(failing_before))
        .fetch_value(self.readers())
        .await?;
        if undecided == 0 {
            return Ok(0);
        }

        // Recoveries come first, because notices are sent in the order of their decisions: the end
        // of a failure precedes the next failure of the same source.
        let mut tx = self.begin().await?;
        let recovered = Statement::new(DECIDE_RECOVERED)
            .bind(time(now))
            .execute(&mut *tx)
            .await?;
        let mut decided = recovered;

        let watched: HashSet<(&str, &str)> = watched
            .iter()
            .map(|key| (key.adapter.as_str(), key.identifier.as_str()))
            .collect();

        for failing in failing_sources(&mut tx, failing_before).await? {
            if watched.contains(&(failing.adapter.as_str(), failing.identifier.as_str())) {
                let inserted = Statement::new(DECIDE_FAILING)
                    .bind(time(now))
                    .bind(failing.source_id)
                    .execute(&mut *tx)
                    .await?;
                decided += inserted;
            }
        }

        for shrunk in sources_in_doubt(&mut tx).await? {
            if watched.contains(&(shrunk.adapter.as_str(), shrunk.identifier.as_str())) {
                let inserted = Statement::new(DECIDE_SHRUNK)
                    .bind(FailureKind::ListingShrank.as_str())
                    .bind(shrunk.to_string())
                    .bind(time(now))
                    .bind(shrunk.source_id)
                    .bind(time(
                        now.checked_sub(SHRUNK_NOTICE_INTERVAL)
                            .unwrap_or(Timestamp::MIN),
                    ))
                    .execute(&mut *tx)
                    .await?;
                decided += inserted;
            }
        }
        tx.commit().await?;

        Ok(decided)
    }

    /// Returns the notices that no delivery carries, oldest first. Those that cannot be read are
    /// reported once and left out.
    #[tracing::instrument(name = "store.notice.without_delivery", skip_all)]
    pub async fn notices_without_delivery(&self) -> Result<Vec<HealthNotice>, StoreError> {
        let statement = format!(
            "{NOTICES} WHERE NOT EXISTS (SELECT 1 FROM delivery_notices d WHERE d.notice_id = n.notice_id)
             ORDER BY n.notice_id"
        );
        let rows = Statement::composed(statement);
        let rows = rows
            .fetch_all::<NoticeRow>(self.readers())
            .await?
            .into_iter();
        let read = rows.map(|row| (row.notice_id.into(), HealthNotice::try_from(row)));
        unreadable::readable(self, "health_notices", read.collect()).await
    }

    /// Returns the notices of a delivery, oldest first.
    pub(crate) async fn notices_of(
        &self,
        delivery: DeliveryId,
    ) -> Result<Vec<HealthNotice>, StoreError> {
        let statement = format!(
            "{NOTICES} JOIN delivery_notices d ON d.notice_id = n.notice_id WHERE d.delivery_id = $1
             ORDER BY n.notice_id"
        );
        let rows = Statement::composed(statement).bind(delivery);
        rows.fetch_all::<NoticeRow>(self.readers())
            .await?
            .into_iter()
            .map(HealthNotice::try_from)
            .collect()
    }
}

async fn failing_sources(
    conn: &mut Connection,
    before: Timestamp,
) -> Result<Vec<FailingSource>, StoreError> {
    let rows = Statement::new(
        "SELECT source_id, adapter, identifier FROM sources WHERE failing_since <= $1",
    );
    Ok(rows.bind(time(before)).fetch_all(conn).await?)
}

async fn sources_in_doubt(conn: &mut Connection) -> Result<Vec<SourceInDoubt>, StoreError> {
    let rows = Statement::new(
        "SELECT s.source_id, s.adapter, s.identifier, s.lost_from, COUNT(j.job_id) AS open,
             COUNT(j.missing_since) AS missing
         FROM sources s LEFT JOIN jobs j ON j.source_id = s.source_id AND j.closed_at IS NULL
         WHERE s.lost_since IS NOT NULL AND s.lost_from >= $1 GROUP BY s.source_id",
    );
    Ok(rows.bind(MIN_JOBS_BEFORE_DROP).fetch_all(conn).await?)
}

impl fmt::Display for SourceInDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lost_from,
            open,
            missing,
            ..
        } = self;

        let listed = counted(u64::try_from(open - missing).unwrap_or(0), "job", "jobs");
        let verb = if *missing == 1 { "is" } else { "are" };
        write!(
            f,
            "it lists {listed} instead of {lost_from}; {missing} {verb} missing"
        )
    }
}

impl TryFrom<NoticeRow> for HealthNotice {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self, StoreError> {
        let place = Row::new("health_notices", row.notice_id);
        Ok(Self {
            id: row.notice_id,
            kind: place.parse("kind", &row.kind)?,
            source: lift_key(place, row.adapter, row.identifier)?,
            source_name: row.name,
            failing_since: place.parse("failing_since", &row.failing_since)?,
            error: SourceError::from_columns(row.error_kind.as_deref(), row.error_message),
            decided_at: place.parse("decided_at", &row.decided_at)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::ScanFailureRecord;
    use crate::test_support::{COMPLETE, TestStore, at, begin_scan, job, source_key, spoil, store};

    async fn fail(store: &Store, time: &str) {
        let source = store
            .open_source(&source_key("acme"), "Acme", at(time))
            .await
            .unwrap();
        let failure = ScanFailureRecord {
            kind: FailureKind::Timeout,
            message: "no response",
            rest_until: None,
            gone: false,
            budget: None,
        };
        assert!(
            store
                .record_failure(source.id, source.generation, &failure, at(time))
                .await
                .unwrap()
        );
    }

    async fn succeed(store: &Store, time: &str) {
        let tx = begin_scan(store, "acme", "Acme", at(time)).await;
        tx.commit(&COMPLETE).await.unwrap();
    }

    /// Decides notices at `now`, for failures of an hour or more.
    async fn decide(store: &Store, now: &str) -> u64 {
        let before = at(now) - std::time::Duration::from_hours(1);
        store
            .decide_notices(&[&source_key("acme")], before, at(now))
            .await
            .unwrap()
    }

    async fn kinds(store: &TestStore) -> Vec<NoticeKind> {
        store
            .notices_without_delivery()
            .await
            .unwrap()
            .iter()
            .map(|notice| notice.kind)
            .collect()
    }

    #[tokio::test]
    async fn a_long_failure_and_its_recovery_are_each_notified_once() {
        let store = store().await;
        fail(&store, "08:00:00").await;
        assert_eq!(decide(&store, "08:59:59").await, 0);
        fail(&store, "09:00:00").await;
        assert_eq!(
            (
                decide(&store, "09:00:00").await,
                decide(&store, "10:00:00").await
            ),
            (1, 0)
        );
        let [notice] = &store.notices_without_delivery().await.unwrap()[..] else {
            panic!("one notice")
        };
        assert_eq!(
            (&notice.source, notice.source_name.as_str()),
            (&source_key("acme"), "Acme")
        );
        assert_eq!(
            (notice.failing_since, notice.decided_at),
            (at("08:00:00"), at("09:00:00"))
        );
        assert_eq!(notice.error.as_ref().unwrap().message, "no response");

        succeed(&store, "11:00:00").await;
        assert_eq!(
            (
                decide(&store, "11:00:00").await,
                decide(&store, "11:30:00").await
            ),
            (1, 0)
        );
        assert_eq!(
            kinds(&store).await,
            [NoticeKind::Failing, NoticeKind::Recovered]
        );
    }

    #[tokio::test]
    async fn a_short_failure_makes_no_notice() {
        let store = store().await;
        fail(&store, "08:00:00").await;
        succeed(&store, "08:15:00").await;
        fail(&store, "08:30:00").await;
        assert_eq!(decide(&store, "09:15:00").await, 0);
    }

    #[tokio::test]
    async fn each_period_of_failure_makes_its_own_notices() {
        let store = store().await;
        fail(&store, "08:00:00").await;
        decide(&store, "09:00:00").await;
        succeed(&store, "09:30:00").await;
        fail(&store, "10:00:00").await;
        assert_eq!(
            decide(&store, "11:00:00").await,
            2,
            "recovered meanwhile, and failing again"
        );
        assert_eq!(
            kinds(&store).await,
            [
                NoticeKind::Failing,
                NoticeKind::Recovered,
                NoticeKind::Failing
            ]
        );
    }

    #[tokio::test]
    async fn an_unwatched_source_makes_no_notice() {
        let store = store().await;
        fail(&store, "08:00:00").await;
        assert_eq!(
            store
                .decide_notices(&[], at("09:00:00"), at("10:00:00"))
                .await
                .unwrap(),
            0
        );
    }

    #[tokio::test]
    async fn a_suspicious_drop_is_notified_once_until_resolved() {
        let store = store().await;
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(source.id, source.generation, run, at("08:00:00"))
            .await
            .unwrap()
            .unwrap();
        tx.record_jobs(&["1", "2", "3"].map(|id| job(id, 1)), true)
            .await
            .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        spoil(
            &store,
            "UPDATE jobs SET missing_since = '2026-11-23T09:00:00.000Z' WHERE external_id <> '1'",
        )
        .await;
        let doubt = "UPDATE sources SET lost_from = 3, lost_since = ";
        spoil(&store, &format!("{doubt}'2026-11-23T09:00:00.000Z'")).await;
        assert_eq!(
            (
                decide(&store, "09:00:00").await,
                decide(&store, "09:15:00").await
            ),
            (1, 0)
        );
        let [notice] = &store.notices_without_delivery().await.unwrap()[..] else {
            panic!("one notice")
        };
        assert_eq!(
            (notice.kind, notice.failing_since),
            (NoticeKind::Shrunk, at("09:00:00"))
        );
        let message = "it lists 1 job instead of 3; 2 are missing";
        assert_eq!(
            notice.error,
            Some(SourceError {
                kind: FailureKind::ListingShrank,
                message: message.to_owned()
            })
        );

        spoil(
            &store,
            "UPDATE sources SET lost_from = NULL, lost_since = NULL",
        )
        .await;
        assert_eq!(decide(&store, "10:00:00").await, 0);
        spoil(&store, &format!("{doubt}'2026-11-23T11:00:00.000Z'")).await;
        assert_eq!(
            decide(&store, "11:00:00").await,
            0,
            "repeated drops within a day are one event"
        );
        spoil(
            &store,
            "UPDATE health_notices SET decided_at = '2026-11-22T10:59:00.000Z'",
        )
        .await;
        assert_eq!(
            (
                decide(&store, "11:00:00").await,
                decide(&store, "11:15:00").await
            ),
            (1, 0)
        );

        spoil(
            &store,
            "UPDATE health_notices SET decided_at = '2026-11-22T10:59:00.000Z'",
        )
        .await;
        spoil(
            &store,
            "UPDATE sources SET lost_from = 1, lost_since = '2026-11-23T12:00:00.000Z'",
        )
        .await;
        assert_eq!(
            decide(&store, "12:00:00").await,
            0,
            "a board that had one job"
        );
    }
}
