//! The `decisions` table: the current decision about each vacancy.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::key::JobKey;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::database::Store;
use crate::decision::changes;
use crate::decision::changes::{Author, NewChange, Subject};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::ClusterId;

/// The decision about a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    pub decision: Decision,
    pub note: Option<String>,
    pub decided_at: Timestamp,
}

impl StoredDecision {
    /// Returns true if the other decision differs at most in its time.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.decision, &self.note) == (other.decision, &other.note)
    }
}

/// The result of a change of the decision about a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The decision before; `None` if nothing was decided.
    pub before: Option<StoredDecision>,
    /// The number of jobs for which the decision holds.
    pub jobs: u64,
}

#[derive(FromRow)]
struct DecisionRow {
    cluster_id: ClusterId,
    decision: String,
    note: Option<String>,
    decided_at: String,
}

impl Store {
    /// Stores the decision about a job's vacancy instead of the one before. The same decision with
    /// the same note again changes nothing. `None` if the job is not stored.
    #[tracing::instrument(name = "store.decision.mark", skip_all)]
    pub async fn mark_job(
        &self,
        key: &JobKey,
        decision: &StoredDecision,
        author: &Author,
    ) -> Result<Option<Marked>, StoreError> {
        // The transaction has the write lock, so of two processes each sees the other's decision.
        let mut tx = self.begin().await?;
        let Some((cluster, jobs)) = cluster_of(&mut tx, key).await? else {
            return Ok(None);
        };
        let before = of_cluster(&mut tx, cluster).await?;
        if before.as_ref().is_some_and(|it| it.is_same(decision)) {
            return Ok(Some(Marked { before, jobs }));
        }

        put(&mut tx, cluster, decision).await?;
        let change = NewChange {
            subject: Subject::Cluster {
                id: cluster,
                job: &key.to_string(),
            },
            decision: Some(decision.decision.as_str()),
            until: None,
            note: decision.note.as_deref(),
        };
        changes::record(&mut tx, change, author, decision.decided_at).await?;
        tx.commit().await?;
        Ok(Some(Marked { before, jobs }))
    }

    /// Takes back the decision about a job's vacancy. `None` if the job is not stored. Nothing is
    /// sent about alerts that the decision has kept back.
    #[tracing::instrument(name = "store.decision.unmark", skip_all)]
    pub async fn unmark_job(
        &self,
        key: &JobKey,
        author: &Author,
        now: Timestamp,
    ) -> Result<Option<Marked>, StoreError> {
        let mut tx = self.begin().await?;
        let Some((cluster, jobs)) = cluster_of(&mut tx, key).await? else {
            return Ok(None);
        };
        let before = of_cluster(&mut tx, cluster).await?;
        if before.is_none() {
            return Ok(Some(Marked { before, jobs }));
        }

        clear(&mut tx, cluster).await?;
        let change = NewChange {
            subject: Subject::Cluster {
                id: cluster,
                job: &key.to_string(),
            },
            decision: None,
            until: None,
            note: None,
        };
        changes::record(&mut tx, change, author, now).await?;
        tx.commit().await?;
        Ok(Some(Marked { before, jobs }))
    }
}

/// Returns the cluster of a job, and the number of its jobs.
pub(super) async fn cluster_of(
    conn: &mut Connection,
    key: &JobKey,
) -> Result<Option<(ClusterId, u64)>, StoreError> {
    let row: Option<(ClusterId, i64)> = Statement::new(
        "SELECT m.cluster_id, (SELECT COUNT(*) FROM cluster_jobs o WHERE o.cluster_id = m.cluster_id)
         FROM jobs j JOIN sources s ON s.source_id = j.source_id JOIN cluster_jobs m ON m.job_id = j.job_id
         WHERE s.adapter = $1 AND s.identifier = $2 AND j.external_id = $3",
    )
    .bind(key.source.adapter.as_str())
    .bind(key.source.identifier.as_str())
    .bind(key.external_id.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(cluster, jobs)| (cluster, jobs.unsigned_abs())))
}

pub(super) async fn of_cluster(
    conn: &mut Connection,
    cluster: ClusterId,
) -> Result<Option<StoredDecision>, StoreError> {
    let row = Statement::new(
        "SELECT cluster_id, decision, note, decided_at FROM decisions WHERE cluster_id = $1",
    );
    let Some(row) = row
        .bind(cluster)
        .fetch_optional::<DecisionRow>(conn)
        .await?
    else {
        return Ok(None);
    };
    let place = Row::new("decisions", row.cluster_id);
    lift(place, Some(row.decision), row.note, Some(row.decided_at))
}

pub(super) async fn put(
    conn: &mut Connection,
    cluster: ClusterId,
    decision: &StoredDecision,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO decisions (cluster_id, decision, note, decided_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (cluster_id) DO UPDATE SET decision = excluded.decision, note = excluded.note,
             decided_at = excluded.decided_at",
    )
    .bind(cluster)
    .bind(decision.decision.as_str())
    .bind(&decision.note)
    .bind(time(decision.decided_at))
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn clear(conn: &mut Connection, cluster: ClusterId) -> Result<(), StoreError> {
    Statement::new("DELETE FROM decisions WHERE cluster_id = $1")
        .bind(cluster)
        .execute(conn)
        .await?;
    Ok(())
}

/// Copies the decision about a cluster, and its history, to another one that a job moves to.
pub(crate) async fn copy(
    conn: &mut Connection,
    from: ClusterId,
    to: ClusterId,
) -> Result<(), StoreError> {
    for statement in [
        "INSERT INTO decisions (cluster_id, decision, note, decided_at)
         SELECT $2, decision, note, decided_at FROM decisions WHERE cluster_id = $1",
        "INSERT INTO decision_changes (cluster_id, subject, decision, until, note, changed_at, changed_by, host)
         SELECT $2, subject, decision, until, note, changed_at, changed_by, host FROM decision_changes
         WHERE cluster_id = $1 ORDER BY change_id",
    ] {
        Statement::new(statement)
            .bind(from)
            .bind(to)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Builds a decision from the columns of a join, which are NULL together. Errors name the row.
pub(crate) fn lift(
    place: Row,
    decision: Option<String>,
    note: Option<String>,
    decided_at: Option<String>,
) -> Result<Option<StoredDecision>, StoreError> {
    let (Some(decision), Some(decided_at)) = (decision, decided_at) else {
        return Ok(None);
    };
    Ok(Some(StoredDecision {
        decision: place.parse("decision", &decision)?,
        note,
        decided_at: place.parse("decided_at", &decided_at)?,
    }))
}
