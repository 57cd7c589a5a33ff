//! A job as it was before a scan: its membership, and the hashes of the text that it had.

use std::collections::HashMap;

use job_scanner_core::job::{ContentHash, Job};
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::Content;
use job_scanner_core::vacancy::VacancyHashes;
use job_scanner_row_derive::FromRow;

use crate::columns::{ROWS_PER_STATEMENT, Row};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId, SourceId};

/// The stored jobs among those that a scan writes, before it writes them.
pub(super) type PriorJobs = HashMap<ExternalId, PriorJob>;

/// A job before a scan.
#[derive(Debug, Clone)]
pub(super) struct PriorJob {
    pub(super) content_hash: ContentHash,
    pub(super) cluster: ClusterId,
    /// The version of the cluster that the job stood for, as it is stored.
    pub(super) version: Vec<u8>,
    pub(super) hashes: VacancyHashes,
    /// The company that the board named.
    pub(super) company: Option<String>,
    /// True if the job could not be joined by its text, and is free to leave its cluster: no other
    /// job is in it, no recipient was alerted about it, and nothing was decided about it.
    pub(super) may_join: bool,
}

#[derive(FromRow)]
struct PriorRow {
    job_id: JobId,
    external_id: String,
    content_hash: Vec<u8>,
    cluster_id: ClusterId,
    version: Vec<u8>,
    may_join: bool,
    title: String,
    company: Option<String>,
    locations: String,
    workplace: Option<String>,
    employment_type: Option<String>,
    salary: Option<String>,
    description: Option<String>,
}

/// Reads those among the jobs that are stored. Call it before they are written.
pub(super) async fn read(
    conn: &mut Connection,
    source: SourceId,
    jobs: &[&Job],
) -> Result<PriorJobs, StoreError> {
    let by_id: HashMap<&str, &Job> = jobs
        .iter()
        .map(|job| (job.external_id.as_str(), *job))
        .collect();

    let mut prior = PriorJobs::new();
    for batch in jobs.chunks(ROWS_PER_STATEMENT) {
        for row in select(conn, source, batch).await? {
            if let Some(job) = by_id.get(row.external_id.as_str()) {
                prior.insert(job.external_id.clone(), row.lift(job)?);
            }
        }
    }
    Ok(prior)
}

async fn select(
    conn: &mut Connection,
    source: SourceId,
    batch: &[&Job],
) -> Result<Vec<PriorRow>, StoreError> {
    let mut statement = Statement::new(
        "SELECT j.job_id, j.external_id, j.content_hash, m.cluster_id, m.version,
             m.text_hash IS NULL AND m.split = 0
                 AND (SELECT COUNT(*) FROM cluster_jobs o WHERE o.cluster_id = m.cluster_id) = 1
                 AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.job_id = j.job_id)
                 AND NOT EXISTS (SELECT 1 FROM decision_changes c WHERE c.cluster_id = m.cluster_id) AS may_join,
             v.title, v.company, v.locations, v.workplace, v.employment_type, v.salary, v.description
         FROM jobs j
         JOIN cluster_jobs m ON m.job_id = j.job_id
         JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
         WHERE j.source_id = ",
    );
    statement.push_bind(source).push(" AND j.external_id IN (");
    statement.push_list(batch.iter().map(|job| job.external_id.as_str()));
    Ok(statement.fetch_all(conn).await?)
}

impl PriorRow {
    /// `job` is the job as it is listed now: its numbers are not part of a version.
    fn lift(self, job: &Job) -> Result<PriorJob, StoreError> {
        let place = Row::new("jobs", self.job_id);
        let locations: Vec<_> = place.json("locations", &self.locations)?;
        let salary = self.salary.as_deref();
        let salary = salary.map(|json| place.json("salary", json)).transpose()?;

        let content = Content {
            title: &self.title,
            company: self.company.as_deref(),
            locations: &locations,
            workplace: place.optional("workplace", self.workplace.as_deref())?,
            employment_type: self.employment_type.as_deref(),
            salary: salary.as_ref(),
            description: self.description.as_deref(),
        };
        Ok(PriorJob {
            content_hash: ContentHash::from_bytes(place.hash("content_hash", &self.content_hash)?),
            cluster: self.cluster_id,
            version: self.version,
            hashes: VacancyHashes::of(&content, job),
            company: self.company,
            may_join: self.may_join,
        })
    }
}
