//! Retention: the deletion of old runs, notices about sources, long closed jobs, and old versions
//! of jobs.
//!
//! Rows are deleted in small batches with a transaction each, so that no scan waits long for the
//! write lock. Rows that a message still needs are kept: a version with an alert loses only its
//! description, and a job with a pending delivery stays.

use std::time::Duration;

use jiff::Timestamp;

use crate::columns::time;
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;

/// The maximum number of rows that one transaction deletes. Deleting a job also deletes its
/// versions, of some kilobytes each.
const ROWS_PER_BATCH: u32 = 200;

/// The times for which rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// For runs, from their start; for notices, from the source's recovery.
    pub runs: Duration,
    /// From the time at which a job was closed.
    pub closed_jobs: Duration,
    /// The number of versions of a job to keep, including the current one.
    pub versions: u32,
}

/// The numbers of deleted rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub runs: u64,
    pub jobs: u64,
    /// Versions of jobs that are kept, including versions that lost only their description.
    pub versions: u64,
}

/// A notice of a failure stays until its recovery notice is old, and is deleted before that one.
/// Otherwise either notice would be decided again.
const OLD_FAILURE_NOTICES: &str = "DELETE FROM health_notices WHERE notice_id IN (
     SELECT n.notice_id FROM health_notices AS n
     JOIN health_notices AS back ON back.source_id = n.source_id AND back.failing_since = n.failing_since
     WHERE back.kind = 'recovered'
         AND (n.kind = 'failing' OR NOT EXISTS (
             SELECT 1 FROM health_notices AS told
             WHERE told.kind = 'failing' AND told.source_id = n.source_id AND told.failing_since = n.failing_since))
         AND back.decided_at < ";

/// A notice of a suspicious drop stays until the drop is resolved.
const OLD_SHRUNK_NOTICES: &str = "DELETE FROM health_notices WHERE notice_id IN (
     SELECT n.notice_id FROM health_notices AS n JOIN sources AS s ON s.source_id = n.source_id
     WHERE n.kind = 'shrunk' AND s.lost_since IS NOT n.failing_since AND n.decided_at < ";

const OLD_RUNS: &str =
    "DELETE FROM runs WHERE run_id IN (SELECT run_id FROM runs WHERE started_at < ";

/// A job stays while an alert or a delivery of it is waiting, because the message is rendered from the
/// job's rows, and while there is a decision about it, which would be lost with it.
const LONG_CLOSED_JOBS: &str = "DELETE FROM jobs WHERE job_id IN (
     SELECT j.job_id FROM jobs AS j
     WHERE NOT EXISTS (
             SELECT 1 FROM alerts AS a
             JOIN delivery_alerts AS da ON da.alert_id = a.alert_id
             JOIN deliveries AS d ON d.delivery_id = da.delivery_id
             WHERE a.job_id = j.job_id AND d.next_attempt_at IS NOT NULL)
         AND NOT EXISTS (
             SELECT 1 FROM cluster_jobs AS m JOIN decisions AS x ON x.cluster_id = m.cluster_id WHERE m.job_id = j.job_id)
         AND NOT EXISTS (
             SELECT 1 FROM alerts AS a JOIN waiting_alerts AS w ON w.alert_id = a.alert_id WHERE a.job_id = j.job_id)
         AND j.closed_at < ";

/// The last job of a cluster may have been deleted.
const EMPTY_CLUSTERS: &str = "DELETE FROM clusters WHERE cluster_id IN (
     SELECT c.cluster_id FROM clusters AS c
     WHERE NOT EXISTS (SELECT 1 FROM cluster_jobs AS m WHERE m.cluster_id = c.cluster_id)";

/// The versions of jobs that got another version since a given time, ranked from the newest. The
/// caller appends that time. Only these jobs can have more versions than allowed.
const RANKED_VERSIONS: &str = "(
     SELECT v.rowid AS version_id, v.job_id, v.content_hash, v.description,
         ROW_NUMBER() OVER (PARTITION BY v.job_id ORDER BY v.first_seen_at DESC, v.rowid DESC) AS rank
     FROM job_versions AS v
     WHERE v.job_id IN (
         SELECT newer.job_id FROM job_versions AS newer JOIN jobs AS j ON j.job_id = newer.job_id
         WHERE newer.first_seen_at > j.first_seen_at AND newer.first_seen_at >= ";

impl Store {
    /// Deletes the rows that are older than `retention` allows. Only jobs that got another version
    /// since `versions_since` are checked for old versions.
    #[tracing::instrument(name = "store.retention.forget", skip_all)]
    pub async fn forget(
        &self,
        retention: &Retention,
        versions_since: Timestamp,
        now: Timestamp,
    ) -> Result<Forgotten, StoreError> {
        let before = |age: Duration| time(now.checked_sub(age).unwrap_or(Timestamp::MIN));

        let old = before(retention.runs);
        let runs = self.in_batches_before(OLD_RUNS, &old).await?;
        self.in_batches_before(OLD_FAILURE_NOTICES, &old).await?;
        self.in_batches_before(OLD_SHRUNK_NOTICES, &old).await?;

        // Jobs are deleted before versions, so that the versions of deleted jobs are not ranked.
        let long_closed = before(retention.closed_jobs);
        let jobs = self
            .in_batches_before(LONG_CLOSED_JOBS, &long_closed)
            .await?;
        if jobs > 0 {
            let empty = |statement: &mut Statement<'_>| {
                statement.push(EMPTY_CLUSTERS);
            };
            self.in_batches(empty).await?;
        }
        let versions = self
            .forget_versions(retention.versions, versions_since)
            .await?;

        Ok(Forgotten {
            runs,
            jobs,
            versions,
        })
    }

    /// Deletes the versions beyond `keep` of each job. A version with an alert loses only its
    /// description.
    async fn forget_versions(&self, keep: u32, since: Timestamp) -> Result<u64, StoreError> {
        let removed = self.in_batches(|statement| {
            statement.push("DELETE FROM job_versions WHERE rowid IN (");
            push_old_versions(statement, keep, since, "NOT EXISTS");
        });
        let removed = removed.await?;

        let emptied = self.in_batches(|statement| {
            statement.push("UPDATE job_versions SET description = NULL WHERE rowid IN (");
            let has_alert = "v.description IS NOT NULL AND EXISTS";
            push_old_versions(statement, keep, since, has_alert);
        });
        Ok(removed + emptied.await?)
    }

    /// Runs a statement in batches. `before` is appended to its final comparison.
    async fn in_batches_before(
        &self,
        statement: &'static str,
        before: &str,
    ) -> Result<u64, StoreError> {
        let complete = |builder: &mut Statement<'_>| {
            builder.push(statement).push_bind(before.to_owned());
        };
        self.in_batches(complete).await
    }

    /// Runs a statement whose last bracket is open, with a limit, until it changes no more rows.
    async fn in_batches(&self, write: impl Fn(&mut Statement<'_>)) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut statement = Statement::new("");
            write(&mut statement);
            statement
                .push(" LIMIT ")
                .push_bind(ROWS_PER_BATCH)
                .push(")");

            let mut tx = self.begin().await?;
            let rows = statement.execute(&mut *tx).await?;
            tx.commit().await?;

            total += rows;
            if rows < u64::from(ROWS_PER_BATCH) {
                return Ok(total);
            }
        }
    }
}

/// Pushes the selection of the versions beyond `keep` of each job, without its current one.
/// `alert_test` begins the condition about their alerts.
fn push_old_versions(statement: &mut Statement<'_>, keep: u32, since: Timestamp, alert_test: &str) {
    statement
        .push("SELECT v.version_id FROM ")
        .push(RANKED_VERSIONS)
        .push_bind(time(since))
        .push(")) AS v");
    statement.push(" JOIN jobs AS j ON j.job_id = v.job_id AND j.content_hash <> v.content_hash WHERE v.rank > ");
    statement.push_bind(keep).push(" AND ").push(alert_test);
    statement.push(" (SELECT 1 FROM alerts AS a WHERE a.job_id = v.job_id AND a.content_hash = v.content_hash)");
}

#[cfg(test)]
mod tests {
    use job_scanner_core::failure::FailureKind;
    use job_scanner_core::normalize::{Change, NormalizationResult};
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{
        COMPLETE, TestStore, at, begin_scan, count, delivery, job, number, scan, source_key, store,
        text,
    };
    use crate::{AlertKind, ScanFailureRecord};

    const DAY: Duration = Duration::from_hours(24);
    const RETENTION: Retention = Retention {
        runs: DAY,
        closed_jobs: DAY,
        versions: 3,
    };

    async fn execute(store: &Store, sql: &'static str) {
        let mut tx = store.begin().await.unwrap();
        Statement::new(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Records a job with these versions, one a minute, without a match.
    async fn versions(store: &TestStore, versions: std::ops::RangeInclusive<u8>) {
        for version in versions {
            let now = at(&format!("08:{version:02}:00"));
            let mut tx = begin_scan(store, "acme", "Acme", now).await;
            let result = NormalizationResult {
                change: Change::Updated,
                ..job("1", version)
            };
            tx.record_jobs(&[result], false).await.unwrap();
            tx.commit(&COMPLETE).await.unwrap();
        }
    }

    #[tokio::test]
    async fn runs_expire_and_their_alerts_stay() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let last_moment = at("08:15:00") + DAY;
        let forgotten = store
            .forget(&RETENTION, at("08:00:00"), last_moment)
            .await
            .unwrap();
        assert_eq!(forgotten, Forgotten::default());
        let forgotten = store
            .forget(
                &RETENTION,
                at("08:00:00"),
                last_moment + Duration::from_millis(1),
            )
            .await
            .unwrap();
        assert_eq!((forgotten.runs, count(&store, "runs").await), (1, 0));
        assert_eq!(store.alerts_without_delivery().await.unwrap()[0].run, None);
    }

    #[tokio::test]
    async fn many_jobs_are_forgotten_in_batches() {
        let store = store().await;
        let jobs: Vec<_> = (0..450).map(|n| job(&n.to_string(), 1)).collect();
        scan(&store, "acme", &jobs, AlertKind::New).await;
        execute(
            &store,
            "UPDATE jobs SET closed_at = '2026-11-23T08:15:00.000Z' WHERE job_id > 1",
        )
        .await;
        let later = at("08:16:00") + DAY;
        assert_eq!(
            store
                .forget(&RETENTION, at("08:00:00"), later)
                .await
                .unwrap()
                .jobs,
            449
        );
        for table in ["jobs", "job_versions", "matches", "alerts"] {
            assert_eq!(count(&store, table).await, 1, "{table}: open jobs stay");
        }
    }

    #[tokio::test]
    async fn a_job_with_a_pending_delivery_is_kept() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let alert = store.alerts_without_delivery().await.unwrap()[0].id;
        store
            .record_deliveries(&[delivery("<1@scanner>", &[alert])], at("08:20:00"))
            .await
            .unwrap();
        execute(
            &store,
            "UPDATE jobs SET closed_at = '2026-11-23T08:15:00.000Z'",
        )
        .await;
        let forget = async || {
            store
                .forget(&RETENTION, at("08:00:00"), at("09:00:00") + DAY)
                .await
                .unwrap()
                .jobs
        };
        assert_eq!(forget().await, 0);
        execute(&store, "UPDATE deliveries SET state = 'uncertain'").await;
        assert_eq!(forget().await, 0, "one more attempt is planned");
        execute(&store, "UPDATE deliveries SET next_attempt_at = NULL").await;
        assert_eq!(forget().await, 1);
    }

    #[tokio::test]
    async fn only_the_newest_versions_are_kept() {
        let store = store().await;
        versions(&store, 1..=6).await;
        let forgotten = store
            .forget(&RETENTION, at("08:00:00"), at("09:00:00"))
            .await
            .unwrap();
        assert_eq!(forgotten.versions, 3);
        let kept =
            "SELECT group_concat(title, ', ') FROM (SELECT title FROM job_versions ORDER BY title)";
        assert_eq!(
            text(&store, kept).await.unwrap(),
            "Engineer 4, Engineer 5, Engineer 6"
        );
    }

    #[tokio::test]
    async fn the_current_version_is_kept_however_old_it_is() {
        let store = store().await;
        versions(&store, 1..=6).await;
        versions(&store, 1..=1).await;
        store
            .forget(&RETENTION, at("08:00:00"), at("09:00:00"))
            .await
            .unwrap();
        let kept =
            "SELECT group_concat(title, ', ') FROM (SELECT title FROM job_versions ORDER BY title)";
        assert_eq!(
            text(&store, kept).await.unwrap(),
            "Engineer 1, Engineer 4, Engineer 5, Engineer 6"
        );
    }

    #[tokio::test]
    async fn an_alerted_version_loses_only_its_description_until_it_returns() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        execute(
            &store,
            "UPDATE jobs SET first_seen_at = '2026-11-23T08:00:00.000Z'",
        )
        .await;
        execute(
            &store,
            "UPDATE job_versions SET first_seen_at = '2026-11-23T08:00:00.000Z'",
        )
        .await;
        versions(&store, 2..=4).await;
        assert_eq!(
            store
                .forget(&RETENTION, at("08:00:00"), at("09:00:00"))
                .await
                .unwrap()
                .versions,
            1
        );
        assert_eq!(
            store
                .forget(&RETENTION, at("08:00:00"), at("09:00:00"))
                .await
                .unwrap()
                .versions,
            0
        );
        let empty =
            "SELECT COUNT(*) FROM job_versions WHERE description IS NULL AND title = 'Engineer 1'";
        assert_eq!(number(&store, empty).await, 1);
        versions(&store, 1..=1).await;
        assert_eq!(number(&store, empty).await, 0);
    }

    #[tokio::test]
    async fn versions_of_unchanged_jobs_are_not_counted() {
        let store = store().await;
        versions(&store, 1..=6).await;
        let forgotten = store
            .forget(&RETENTION, at("08:07:00"), at("09:00:00"))
            .await
            .unwrap();
        assert_eq!(forgotten.versions, 0);
    }

    #[tokio::test]
    async fn a_failure_notice_is_kept_until_its_recovery_notice_expires() {
        let store = store().await;
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let failure = ScanFailureRecord {
            kind: FailureKind::Timeout,
            message: "no response",
            rest_until: None,
            gone: false,
            budget: None,
        };
        store
            .record_failure(source.id, source.generation, &failure, at("08:00:00"))
            .await
            .unwrap();
        let later = at("08:00:00") + 3 * DAY;
        assert_eq!(
            store
                .decide_notices(&[&source_key("acme")], at("09:00:00"), at("09:00:00"))
                .await
                .unwrap(),
            1
        );
        store.forget(&RETENTION, later, later).await.unwrap();
        assert_eq!(count(&store, "health_notices").await, 1, "it still fails");

        let run = store.start_run(Trigger::Manual, later).await.unwrap();
        let tx = store
            .begin_scan(source.id, source.generation, run, later)
            .await
            .unwrap()
            .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(store.decide_notices(&[], later, later).await.unwrap(), 1);
        for _ in 0..2 {
            store
                .forget(&RETENTION, later + 2 * DAY, later + 2 * DAY)
                .await
                .unwrap();
        }
        assert_eq!(count(&store, "health_notices").await, 0);
        assert_eq!(
            store
                .decide_notices(&[], later, later + 2 * DAY)
                .await
                .unwrap(),
            0
        );
    }
}
