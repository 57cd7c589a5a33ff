//! Taking a job out of its cluster permanently.

use jiff::Timestamp;
use job_scanner_core::key::JobKey;
use job_scanner_row_derive::FromRow;

use crate::cluster::membership::{insert_clusters, next_cluster};
use crate::database::Store;
use crate::decision::marks;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId};

/// The result of taking a job out of its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// The job has a cluster of its own now. `left` jobs stay together.
    TakenOut { cluster: ClusterId, left: u64 },
    /// The job was alone, and no job joins it from now on.
    Alone { cluster: ClusterId },
    /// The job had been taken out before.
    WasApart { cluster: ClusterId },
}

#[derive(FromRow)]
struct MemberRow {
    job_id: JobId,
    cluster_id: ClusterId,
    split: bool,
    others: i64,
}

impl Store {
    /// Takes a job out of its cluster permanently: it joins no cluster again, and no job joins it.
    /// `None` if the job is not stored. Its alerts follow it, so nothing is sent about it until it
    /// changes. The decision about the vacancy holds for it too.
    #[tracing::instrument(name = "store.cluster.split", skip_all)]
    pub async fn split_job(
        &self,
        key: &JobKey,
        now: Timestamp,
    ) -> Result<Option<Split>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(member) = member(&mut tx, key).await? else {
            return Ok(None);
        };

        let split = member.take_out(&mut tx, now).await?;
        tx.commit().await?;
        Ok(Some(split))
    }
}

async fn member(conn: &mut Connection, key: &JobKey) -> Result<Option<MemberRow>, StoreError> {
    let row = Statement::new(
        "SELECT j.job_id, m.cluster_id, m.split,
             (SELECT COUNT(*) FROM cluster_jobs o WHERE o.cluster_id = m.cluster_id) - 1 AS others
         FROM jobs j JOIN sources s ON s.source_id = j.source_id JOIN cluster_jobs m ON m.job_id = j.job_id
         WHERE s.adapter = $1 AND s.identifier = $2 AND j.external_id = $3",
    )
    .bind(key.source.adapter.as_str())
    .bind(key.source.identifier.as_str())
    .bind(key.external_id.as_str());
    Ok(row.fetch_optional(conn).await?)
}

impl MemberRow {
    async fn take_out(self, conn: &mut Connection, now: Timestamp) -> Result<Split, StoreError> {
        let cluster = self.cluster_id;
        if self.split {
            return Ok(Split::WasApart { cluster });
        }
        if self.others == 0 {
            move_to(conn, self.job_id, cluster).await?;
            return Ok(Split::Alone { cluster });
        }

        let next = next_cluster(conn).await?;
        let cluster = ClusterId(next);
        insert_clusters(conn, next..next + 1, now).await?;
        move_to(conn, self.job_id, cluster).await?;
        marks::copy(conn, self.cluster_id, cluster).await?;
        let left = self.others.unsigned_abs();
        Ok(Split::TakenOut { cluster, left })
    }
}

/// Moves a job and its alerts to a cluster in which it stays alone.
async fn move_to(conn: &mut Connection, job: JobId, cluster: ClusterId) -> Result<(), StoreError> {
    for statement in [
        "UPDATE cluster_jobs SET cluster_id = $1, split = 1 WHERE job_id = $2",
        "UPDATE alerts SET cluster_id = $1 WHERE job_id = $2",
    ] {
        Statement::new(statement)
            .bind(cluster)
            .bind(job)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
