//! The decision which cluster a new or changed job belongs to.
//!
//! A new job joins the cluster of an open job
//! - of the same company with an equal title and an equal, whole text, or
//! - of another source with an equal title at the same address, if each of the two sources has only
//!   one job with that address.
//!
//! Otherwise it gets a cluster of its own. A job whose text arrives later may join then, if no
//! recipient was alerted about it. A job that waits for its text joins nothing, and neither does a
//! job that the operator took out of its cluster.
//!
//! A job stays in its cluster when its text changes. The first member with a new text begins a new
//! version of the cluster, and the members that follow with the same text get the same version. A
//! change of places or requisition numbers is not a new version, and neither is one that the
//! program's own rules caused.

use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use job_scanner_core::job::Job;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::NormalizationResult;
use job_scanner_core::vacancy::{
    VacancyHash, VacancyHashes, company_key, has_whole_text, title_key,
};
use job_scanner_row_derive::FromRow;

use crate::cluster::candidates::{ByAddress, ByText, Membership, by_address};
use crate::cluster::prior;
use crate::cluster::prior::{PriorJob, PriorJobs};
use crate::columns::{NAMES_PER_STATEMENT, ROWS_PER_STATEMENT, time};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId, SourceId};

/// The new and changed jobs of a scan, as they are before the scan writes them.
pub(crate) struct Postings<'a> {
    source: SourceId,
    jobs: Vec<Posting<'a>>,
    by_text: ByText,
}

/// A new or changed job.
struct Posting<'a> {
    result: &'a NormalizationResult,
    /// `None` if the job is new.
    prior: Option<PriorJob>,
    hashes: VacancyHashes,
    /// The name under which companies are compared.
    company: String,
}

/// The memberships of a scan, decided one job after the other.
struct Decisions {
    by_text: ByText,
    by_address: ByAddress,
    /// The ids of the new clusters.
    created: Range<i64>,
    /// The clusters whose only job has joined another one.
    abandoned: Vec<ClusterId>,
}

/// A row to write.
struct Decided<'p> {
    job: JobId,
    membership: Membership,
    /// `None` if no job may join this one by its text.
    text: Option<WholeText<'p>>,
}

/// The columns by which a job is found by its text.
struct WholeText<'p> {
    company: &'p str,
    hashes: &'p VacancyHashes,
}

/// The stored columns of a source that matter here.
#[derive(FromRow)]
struct StoredSource {
    name: String,
    /// False before the first scan that finds a job.
    has_jobs: bool,
}

impl<'a> Postings<'a> {
    /// Reads what the new and changed jobs among `results` were, and the stored jobs that have
    /// their texts. Call it before the jobs are written.
    pub(crate) async fn read(
        conn: &mut Connection,
        source: SourceId,
        results: &'a [NormalizationResult],
    ) -> Result<Self, StoreError> {
        let changed: Vec<&NormalizationResult> = results
            .iter()
            .filter(|result| result.should_re_match())
            .collect();
        let jobs: Vec<&Job> = changed.iter().map(|result| &result.job).collect();
        let stored = stored_source(conn, source).await?;
        // A first scan of hundreds of jobs has none to read.
        let mut prior = if stored.has_jobs {
            prior::read(conn, source, &jobs).await?
        } else {
            PriorJobs::new()
        };

        let postings = changed.into_iter().map(|result| Posting {
            result,
            prior: prior.remove(&result.job.external_id),
            hashes: VacancyHashes::of_job(&result.job),
            company: company_key(result.job.company.as_deref().unwrap_or(&stored.name)),
        });
        let postings: Vec<Posting<'_>> = postings.filter(Posting::is_changed).collect();

        let whole = postings.iter().filter(|posting| posting.is_whole());
        let texts: Vec<_> = whole.flat_map(Posting::texts).collect();
        let by_text = ByText::read(conn, &texts).await?;
        Ok(Self {
            source,
            by_text,
            jobs: postings,
        })
    }

    /// Decides the clusters and writes them. The jobs are stored with these ids.
    pub(crate) async fn record(
        self,
        conn: &mut Connection,
        ids: &HashMap<ExternalId, JobId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let may_join = self.jobs.iter().filter(|posting| posting.may_join());
        let may_join: Vec<(JobId, &Job)> = may_join
            .filter_map(|posting| Some((posting.id(ids)?, &posting.result.job)))
            .collect();
        let by_address = by_address(conn, self.source, &may_join).await?;
        let first = next_cluster(conn).await?;
        let mut decisions = Decisions {
            by_text: self.by_text,
            by_address,
            created: first..first,
            abandoned: Vec::new(),
        };

        let mut decided = Vec::with_capacity(self.jobs.len());
        for posting in &self.jobs {
            if let Some(job) = posting.id(ids) {
                decided.push(decisions.decide(posting, job));
            }
        }

        insert_clusters(conn, decisions.created, now).await?;
        upsert_memberships(conn, &decided).await?;
        delete_clusters(conn, &decisions.abandoned).await
    }
}

impl Posting<'_> {
    /// Returns false if the job is stored in this version.
    fn is_changed(&self) -> bool {
        let before = self.prior.as_ref().map(|prior| prior.content_hash);
        before != Some(self.result.job.content_hash)
    }

    /// Returns true if the job may be joined by its text.
    fn is_whole(&self) -> bool {
        has_whole_text(self.result.job.description.as_deref())
    }

    /// Returns the texts by which stored jobs are searched, with the company.
    fn texts(&self) -> impl Iterator<Item = (&str, VacancyHash)> {
        let company = self.company.as_str();
        self.hashes.each().map(move |hash| (company, hash))
    }

    /// Returns true if the job may join a cluster: it is new, or it had no text until now.
    fn may_join(&self) -> bool {
        let is_free = self.prior.as_ref().is_none_or(|prior| prior.may_join);
        is_free && self.result.deferred.is_none()
    }

    fn id(&self, ids: &HashMap<ExternalId, JobId>) -> Option<JobId> {
        ids.get(&self.result.job.external_id).copied()
    }

    /// Returns the version that the job's text begins.
    fn own_version(&self) -> Vec<u8> {
        let version = self.hashes.version(self.result.job.company.as_deref());
        version.as_bytes().to_vec()
    }
}

impl Decisions {
    fn decide<'p>(&mut self, posting: &'p Posting<'_>, job: JobId) -> Decided<'p> {
        let joined = self.join(posting, job);
        let membership = match (joined, &posting.prior) {
            (Some(joined), prior) => {
                self.abandoned
                    .extend(prior.as_ref().map(|prior| prior.cluster));
                joined
            }
            (None, Some(prior)) => Membership {
                cluster: prior.cluster,
                version: self.next_version(posting, prior),
            },
            (None, None) => Membership {
                cluster: self.create(),
                version: posting.own_version(),
            },
        };

        // The jobs that are decided later may join this one.
        let is_whole = posting.is_whole();
        if is_whole {
            for hash in posting.hashes.each() {
                self.by_text
                    .add(hash, posting.company.clone(), membership.clone());
            }
        }
        Decided {
            job,
            membership,
            text: is_whole.then_some(WholeText {
                company: &posting.company,
                hashes: &posting.hashes,
            }),
        }
    }

    /// Returns the membership of the job that this one joins.
    fn join(&self, posting: &Posting<'_>, job: JobId) -> Option<Membership> {
        if !posting.may_join() {
            return None;
        }
        let same_text = || self.same_text(posting).next().cloned();
        let same_address = || {
            let title = title_key(&posting.result.job.title);
            let others = self.by_address.get(&job)?;
            let other = others.iter().find(|(other, _)| *other == title);
            other.map(|(_, membership)| membership.clone())
        };
        same_text().or_else(same_address)
    }

    /// Returns the memberships of the jobs with the same whole text.
    fn same_text<'a>(&'a self, posting: &'a Posting<'_>) -> impl Iterator<Item = &'a Membership> {
        let whole = posting.is_whole().then(|| posting.hashes.each());
        self.by_text
            .of(whole.into_iter().flatten(), &posting.company)
    }

    /// Returns the version of the cluster that a changed job stands for now.
    fn next_version(&self, posting: &Posting<'_>, prior: &PriorJob) -> Vec<u8> {
        let is_same = posting.hashes.are_of_one_text(&prior.hashes)
            && posting.result.job.company == prior.company;
        if is_same || posting.result.reprocessed {
            return prior.version.clone();
        }
        let mut others = self.same_text(posting);
        let followed = others.find(|other| other.cluster == prior.cluster);
        followed.map_or_else(|| posting.own_version(), |other| other.version.clone())
    }

    fn create(&mut self) -> ClusterId {
        let id = self.created.end;
        self.created.end += 1;
        ClusterId(id)
    }
}

async fn stored_source(
    conn: &mut Connection,
    source: SourceId,
) -> Result<StoredSource, StoreError> {
    let row = Statement::new(
        "SELECT s.name, EXISTS (SELECT 1 FROM jobs j WHERE j.source_id = s.source_id) AS has_jobs
         FROM sources s WHERE s.source_id = $1",
    );
    Ok(row.bind(source).fetch_one(conn).await?)
}

/// Returns the id that SQLite would give to the next cluster. The transaction has the write lock,
/// so no other process takes it.
pub(super) async fn next_cluster(conn: &mut Connection) -> Result<i64, StoreError> {
    let last: Option<i64> =
        Statement::new("SELECT seq FROM sqlite_sequence WHERE name = 'clusters'")
            .fetch_optional_value(conn)
            .await?;
    Ok(last.unwrap_or(0) + 1)
}

/// Inserts clusters with these ids.
pub(super) async fn insert_clusters(
    conn: &mut Connection,
    ids: Range<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }

    Statement::new(
        "WITH RECURSIVE ids (id) AS (SELECT $1 UNION ALL SELECT id + 1 FROM ids WHERE id + 1 < $2)
         INSERT INTO clusters (cluster_id, created_at) SELECT id, $3 FROM ids",
    )
    .bind(ids.start)
    .bind(ids.end)
    .bind(time(now))
    .execute(conn)
    .await?;
    Ok(())
}

async fn upsert_memberships(
    conn: &mut Connection,
    decided: &[Decided<'_>],
) -> Result<(), StoreError> {
    for batch in decided.chunks(ROWS_PER_STATEMENT) {
        let mut statement = Statement::new(
            "INSERT INTO cluster_jobs (job_id, cluster_id, version, company, text_hash, placeless_hash) ",
        );
        statement.push_values(batch, |mut row, decided| {
            let text = decided.text.as_ref();
            let placeless = text.and_then(|text| text.hashes.placeless.as_ref());
            row.push_bind(decided.job)
                .push_bind(decided.membership.cluster)
                .push_bind(decided.membership.version.as_slice())
                .push_bind(text.map(|text| text.company))
                .push_bind(text.map(|text| text.hashes.text.as_bytes().as_slice()))
                .push_bind(placeless.map(|hash| hash.as_bytes().as_slice()));
        });
        statement.push(
            " ON CONFLICT (job_id) DO UPDATE SET cluster_id = excluded.cluster_id, version = excluded.version,
                  company = excluded.company, text_hash = excluded.text_hash, placeless_hash = excluded.placeless_hash",
        );
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}

async fn delete_clusters(conn: &mut Connection, clusters: &[ClusterId]) -> Result<(), StoreError> {
    for batch in clusters.chunks(NAMES_PER_STATEMENT) {
        let mut statement = Statement::new("DELETE FROM clusters WHERE cluster_id IN (");
        statement.push_list(batch.iter().copied());
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}
