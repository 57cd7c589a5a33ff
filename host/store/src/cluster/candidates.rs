//! The stored jobs that a job may join: those with the same text, and those of other sources at the
//! same address.
//!
//! Most new jobs have no such job, above all those of a first scan. So one cheap statement asks for
//! the companies, or for the addresses, that other jobs have; the rest follows only for these.

use std::collections::{HashMap, HashSet};

use job_scanner_core::job::Job;
use job_scanner_core::vacancy::{VacancyHash, title_key};
use job_scanner_row_derive::FromRow;

use crate::columns::{NAMES_PER_STATEMENT, Row, json};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId, SourceId};

/// The place of a job in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Membership {
    pub(super) cluster: ClusterId,
    /// The version of the cluster that the job stands for, as it is stored.
    pub(super) version: Vec<u8>,
}

/// The memberships of jobs by their texts and companies.
#[derive(Debug, Default)]
pub(super) struct ByText(HashMap<VacancyHash, Vec<(String, Membership)>>);

/// The memberships and titles of the jobs at the addresses of other jobs.
pub(super) type ByAddress = HashMap<JobId, Vec<(String, Membership)>>;

#[derive(FromRow)]
struct TextRow {
    job_id: JobId,
    hash: Vec<u8>,
    company: String,
    cluster_id: ClusterId,
    version: Vec<u8>,
}

#[derive(FromRow)]
struct SameAddressRow {
    job_id: JobId,
    cluster_id: ClusterId,
    version: Vec<u8>,
    title: String,
}

impl ByText {
    /// Reads the open jobs of all sources with one of these texts, which are of these companies.
    pub(super) async fn read(
        conn: &mut Connection,
        texts: &[(&str, VacancyHash)],
    ) -> Result<Self, StoreError> {
        let companies: HashSet<&str> = texts.iter().map(|(company, _)| *company).collect();
        let known = known_companies(conn, &companies).await?;
        let mut texts = texts.to_vec();
        texts.retain(|(company, _)| known.contains(*company));

        let mut found = Self::default();
        for batch in texts.chunks(NAMES_PER_STATEMENT) {
            for column in ["text_hash", "placeless_hash"] {
                for row in select_by_text(conn, column, batch).await? {
                    let hash = Row::new("cluster_jobs", row.job_id).hash("text_hash", &row.hash)?;
                    let membership = Membership {
                        cluster: row.cluster_id,
                        version: row.version,
                    };
                    found.add(VacancyHash::from_bytes(hash), row.company, membership);
                }
            }
        }
        Ok(found)
    }

    /// Adds a job with this text.
    pub(super) fn add(&mut self, hash: VacancyHash, company: String, membership: Membership) {
        let known = self.0.entry(hash).or_default();
        let entry = (company, membership);
        if !known.contains(&entry) {
            known.push(entry);
        }
    }

    /// Returns the memberships of the jobs of a company with one of these texts.
    pub(super) fn of<'a>(
        &'a self,
        hashes: impl Iterator<Item = VacancyHash> + 'a,
        company: &'a str,
    ) -> impl Iterator<Item = &'a Membership> {
        let found = hashes.filter_map(|hash| self.0.get(&hash)).flatten();
        found.filter_map(move |(of, membership)| (of == company).then_some(membership))
    }
}

/// Returns those among the companies that have a job with a whole text.
async fn known_companies(
    conn: &mut Connection,
    companies: &HashSet<&str>,
) -> Result<HashSet<String>, StoreError> {
    let known: Vec<String> = Statement::new(
        "SELECT c.value FROM json_each($1) c
         WHERE EXISTS (SELECT 1 FROM cluster_jobs m WHERE m.company = c.value AND m.text_hash IS NOT NULL)",
    )
    .bind(json("company", companies)?)
    .fetch_values(conn)
    .await?;
    Ok(known.into_iter().collect())
}

/// Thousands of jobs with one text are one row if they are in one cluster. `CROSS JOIN` keeps the
/// order of the loops: from the few texts to the jobs that have them. A job of a source that the
/// configuration no longer names may be closed without our knowledge.
async fn select_by_text(
    conn: &mut Connection,
    column: &'static str,
    texts: &[(&str, VacancyHash)],
) -> Result<Vec<TextRow>, StoreError> {
    let mut statement = Statement::new("WITH wanted (company, hash) AS (");
    statement.push_values(texts, |mut row, (company, hash)| {
        row.push_bind(*company)
            .push_bind(hash.as_bytes().as_slice());
    });
    statement.push(
        ") SELECT MIN(m.job_id) AS job_id, w.hash, w.company, m.cluster_id, m.version
         FROM (SELECT DISTINCT company, hash FROM wanted) w
         CROSS JOIN cluster_jobs m ON m.company = w.company AND m.",
    );
    statement.push(column).push(
        " = w.hash
         CROSS JOIN jobs j ON j.job_id = m.job_id
         JOIN sources s ON s.source_id = j.source_id
         WHERE m.split = 0 AND j.closed_at IS NULL AND s.retired_at IS NULL
         GROUP BY w.company, w.hash, m.cluster_id, m.version ORDER BY m.cluster_id, job_id",
    );
    Ok(statement.fetch_all(conn).await?)
}

/// Reads the jobs of other sources that have the page or the application page of one of these jobs.
/// An address counts only if each of the two sources has exactly one open job with it: a page that
/// several jobs share is that of the company. The jobs must be stored.
pub(super) async fn by_address(
    conn: &mut Connection,
    source: SourceId,
    jobs: &[(JobId, &Job)],
) -> Result<ByAddress, StoreError> {
    let mut found = ByAddress::new();
    let shared = addresses_of_others(conn, source, jobs).await?;
    let is_shared = |job: &Job| addresses(job).any(|address| shared.contains(address));
    let jobs: Vec<JobId> = jobs
        .iter()
        .filter_map(|(id, job)| is_shared(job).then_some(*id))
        .collect();

    for batch in jobs.chunks(NAMES_PER_STATEMENT) {
        for row in select_by_address(conn, source, batch).await? {
            let membership = Membership {
                cluster: row.cluster_id,
                version: row.version,
            };
            let others = found.entry(row.job_id).or_default();
            others.push((title_key(&row.title), membership));
        }
    }
    Ok(found)
}

/// Returns the addresses of these jobs that other sources have too.
async fn addresses_of_others(
    conn: &mut Connection,
    source: SourceId,
    jobs: &[(JobId, &Job)],
) -> Result<HashSet<String>, StoreError> {
    // A set, because thousands of jobs may have one application page, and each search for an
    // address visits all jobs with it.
    let all: HashSet<&str> = jobs.iter().flat_map(|(_, job)| addresses(job)).collect();
    let shared: Vec<String> = Statement::new(
        "SELECT a.value FROM json_each($1) a
         WHERE EXISTS (SELECT 1 FROM jobs j WHERE j.url = a.value AND j.source_id <> $2)
             OR EXISTS (SELECT 1 FROM jobs j WHERE j.apply_url = a.value AND j.source_id <> $2)",
    )
    .bind(json("url", &all)?)
    .bind(source)
    .fetch_values(conn)
    .await?;
    Ok(shared.into_iter().collect())
}

fn addresses(job: &Job) -> impl Iterator<Item = &str> {
    [Some(job.url.as_str()), job.apply_url.as_deref()]
        .into_iter()
        .flatten()
}

/// The loops go from the few addresses to the jobs that have them.
async fn select_by_address(
    conn: &mut Connection,
    source: SourceId,
    jobs: &[JobId],
) -> Result<Vec<SameAddressRow>, StoreError> {
    let mut statement =
        Statement::new("WITH mine AS (SELECT job_id, url, apply_url FROM jobs WHERE job_id IN (");
    statement.push_list(jobs.iter().copied());
    statement.push(
        "), addresses AS (
             SELECT url AS address FROM mine UNION SELECT apply_url FROM mine WHERE apply_url IS NOT NULL
         ), users AS (
             SELECT a.address, j.job_id, j.source_id FROM addresses a CROSS JOIN jobs j ON j.url = a.address
             WHERE j.closed_at IS NULL
             UNION
             SELECT a.address, j.job_id, j.source_id FROM addresses a CROSS JOIN jobs j ON j.apply_url = a.address
             WHERE j.closed_at IS NULL
         ), sole AS (
             SELECT address, source_id, MIN(job_id) AS job_id FROM users GROUP BY address, source_id
             HAVING COUNT(*) = 1
         )
         SELECT one.job_id, m.cluster_id, m.version, v.title
         FROM sole one
         CROSS JOIN sole other ON other.address = one.address AND other.source_id <> one.source_id
         JOIN cluster_jobs m ON m.job_id = other.job_id
         JOIN jobs j ON j.job_id = other.job_id
         JOIN sources s ON s.source_id = j.source_id
         JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
         WHERE one.source_id = ",
    );
    statement.push_bind(source).push(
        " AND m.split = 0 AND s.retired_at IS NULL
             AND NOT EXISTS (
                 SELECT 1 FROM job_details d
                 WHERE d.source_id = j.source_id AND d.external_id = j.external_id AND d.matched = 0)
         ORDER BY one.job_id, m.cluster_id, other.job_id",
    );
    Ok(statement.fetch_all(conn).await?)
}
