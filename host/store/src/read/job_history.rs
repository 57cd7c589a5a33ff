//! The history of one job: `job-scanner jobs show`.

use jiff::Timestamp;
use job_scanner_core::changes::{FieldChange, changes};
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::{ExternalId, JobKey};
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::decision;
use crate::decision::changes::DecisionChange;
use crate::delivery::changes::{StoredVersion, version};
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId};
use crate::read::history::AlertSummary;
use crate::read::listing::ListedJob;

/// A job with everything that is stored about it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobHistory {
    pub job: ListedJob,
    /// The stored versions, oldest first. The retention removes old ones.
    pub versions: Vec<JobVersion>,
    /// The first of the scans in a row that missed it; `None` while it is listed.
    pub missing_since: Option<Timestamp>,
    /// The times at which it was closed and opened again, oldest first, without the current closure.
    pub closures: Vec<JobClosure>,
    /// The other jobs of its cluster, oldest first.
    pub postings: Vec<JobPosting>,
    /// The alerts about it, oldest first.
    pub alerts: Vec<AlertSummary>,
    /// The changes of the decision about its cluster, oldest first.
    pub decisions: Vec<DecisionChange>,
}

/// A stored version of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobVersion {
    pub content_hash: ContentHash,
    pub first_seen_at: Timestamp,
    pub title: String,
    /// The changes since the version before; empty of the oldest one.
    pub changes: Vec<FieldChange>,
}

/// A time in which a job was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobClosure {
    pub closed_at: Timestamp,
    pub reopened_at: Timestamp,
}

/// Another job of the same cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPosting {
    pub key: JobKey,
    pub closed_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct IdRow {
    job_id: JobId,
    missing_since: Option<String>,
}

#[derive(FromRow)]
struct PostingRow {
    job_id: JobId,
    adapter: String,
    identifier: String,
    external_id: String,
    closed_at: Option<String>,
}

impl Store {
    /// Returns a job with its history; `None` if it was never seen or has been deleted.
    #[tracing::instrument(name = "store.job.history", skip_all)]
    pub async fn job_history(
        &self,
        key: &JobKey,
        now: Timestamp,
    ) -> Result<Option<JobHistory>, StoreError> {
        let Some(job) = self.find_job(key, now).await? else {
            return Ok(None);
        };
        let Some(IdRow {
            job_id,
            missing_since,
        }) = self.job_id(key).await?
        else {
            return Ok(None);
        };

        let place = Row::new("jobs", job_id);
        let mut conn = self.readers().acquire().await?;
        let decisions = decision::changes::of_cluster(&mut conn, job.cluster).await?;
        drop(conn);
        Ok(Some(JobHistory {
            versions: self.versions_of(job_id).await?,
            missing_since: place.optional("missing_since", missing_since.as_deref())?,
            closures: self.closures_of(job_id).await?,
            postings: self.other_postings(job.cluster, job_id).await?,
            alerts: self.alerts_of_job(job_id).await?,
            decisions,
            job,
        }))
    }

    async fn job_id(&self, key: &JobKey) -> Result<Option<IdRow>, StoreError> {
        let row = Statement::new(
            "SELECT j.job_id, j.missing_since FROM jobs j JOIN sources s ON s.source_id = j.source_id
             WHERE s.adapter = $1 AND s.identifier = $2 AND j.external_id = $3",
        )
        .bind(key.source.adapter.as_str())
        .bind(key.source.identifier.as_str())
        .bind(key.external_id.as_str());
        Ok(row.fetch_optional(self.readers()).await?)
    }

    /// Reads the versions one after the other: their texts may be large.
    async fn versions_of(&self, job: JobId) -> Result<Vec<JobVersion>, StoreError> {
        let rows: Vec<(Vec<u8>, String)> = Statement::new(
            "SELECT content_hash, first_seen_at FROM job_versions WHERE job_id = $1 ORDER BY first_seen_at, rowid",
        )
        .bind(job)
        .fetch_all(self.readers())
        .await?;

        let place = Row::new("job_versions", job);
        let (mut versions, mut before) = (Vec::with_capacity(rows.len()), None::<StoredVersion>);
        for (hash, first_seen_at) in rows {
            let Some(stored) = version(self, job, &hash).await? else {
                continue;
            };
            let changes = before.map(|before| changes(&before.borrow(), &stored.borrow()));
            versions.push(JobVersion {
                content_hash: stored.content_hash,
                first_seen_at: place.parse("first_seen_at", &first_seen_at)?,
                title: stored.title.clone(),
                changes: changes.unwrap_or_default(),
            });
            before = Some(stored);
        }
        Ok(versions)
    }

    async fn closures_of(&self, job: JobId) -> Result<Vec<JobClosure>, StoreError> {
        let rows: Vec<(String, String)> = Statement::new(
            "SELECT closed_at, reopened_at FROM job_closures WHERE job_id = $1 ORDER BY rowid",
        )
        .bind(job)
        .fetch_all(self.readers())
        .await?;

        let place = Row::new("job_closures", job);
        let closures = rows.into_iter().map(|(closed_at, reopened_at)| {
            Ok(JobClosure {
                closed_at: place.parse("closed_at", &closed_at)?,
                reopened_at: place.parse("reopened_at", &reopened_at)?,
            })
        });
        closures.collect()
    }

    async fn other_postings(
        &self,
        cluster: ClusterId,
        job: JobId,
    ) -> Result<Vec<JobPosting>, StoreError> {
        let rows = Statement::new(
            "SELECT j.job_id, s.adapter, s.identifier, j.external_id, j.closed_at
             FROM cluster_jobs m JOIN jobs j ON j.job_id = m.job_id JOIN sources s ON s.source_id = j.source_id
             WHERE m.cluster_id = $1 AND m.job_id <> $2 ORDER BY j.job_id",
        );
        let rows = rows
            .bind(cluster)
            .bind(job)
            .fetch_all::<PostingRow>(self.readers())
            .await?;
        rows.into_iter().map(JobPosting::try_from).collect()
    }
}

impl TryFrom<PostingRow> for JobPosting {
    type Error = StoreError;

    fn try_from(row: PostingRow) -> Result<Self, StoreError> {
        let place = Row::new("jobs", row.job_id);
        let source = lift_key(place, row.adapter, row.identifier)?;
        let external_id = place.lift("external_id", ExternalId::new(row.external_id))?;
        Ok(Self {
            key: JobKey::new(source, external_id),
            closed_at: place.optional("closed_at", row.closed_at.as_deref())?,
        })
    }
}
