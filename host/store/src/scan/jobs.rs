//! The `jobs` and `job_versions` tables: every vacancy that a source has listed, and every version
//! of it.
//!
//! `jobs` holds the columns that can change without a new version; `job_versions` holds those that
//! the content hash covers. A version that returns (A, then B, then A again) reuses its row:
//! nothing is inserted for the second A.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::job::{ContentHash, Job, Workplace};
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{
    JobPresence, KnownJob, KnownJobs, ListingHash, NORMALIZATION_VERSION, NormalizationResult,
};
use job_scanner_row_derive::FromRow;

use crate::cluster::Postings;
use crate::columns::{ROWS_PER_STATEMENT, Row, json, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{JobId, SourceId};

impl Store {
    /// Returns every job of a source in its current version, for comparison with the jobs of a
    /// scan.
    #[tracing::instrument(name = "store.job.known", skip_all, fields(source.id = %source))]
    pub async fn known_jobs(&self, source: SourceId) -> Result<KnownJobs, StoreError> {
        let rows = Statement::new(
            "SELECT j.job_id, j.external_id, j.content_hash, j.listing_hash, j.missing_since IS NOT NULL AS missing,
                 j.closed_at IS NOT NULL AS closed, j.first_seen_at,
                 s.reading_since IS NOT NULL AND g.last_seen_at < s.reading_since AS reprocessed
             FROM jobs j JOIN sources s ON s.source_id = j.source_id JOIN job_sightings g ON g.job_id = j.job_id
             WHERE j.source_id = $1",
        );
        rows.bind(source)
            .fetch_all::<KnownRow>(self.readers())
            .await?
            .into_iter()
            .map(KnownRow::lift)
            .collect()
    }
}

#[derive(FromRow)]
struct KnownRow {
    job_id: JobId,
    external_id: String,
    content_hash: Vec<u8>,
    listing_hash: Option<Vec<u8>>,
    missing: bool,
    closed: bool,
    reprocessed: bool,
    first_seen_at: String,
}

impl KnownRow {
    fn lift(self) -> Result<(ExternalId, KnownJob), StoreError> {
        let row = Row::new("jobs", self.job_id);
        let listing_hash = self
            .listing_hash
            .map(|hash| row.hash("listing_hash", &hash))
            .transpose()?;

        let known = KnownJob {
            content_hash: ContentHash::from_bytes(row.hash("content_hash", &self.content_hash)?),
            listing_hash: listing_hash.map(ListingHash::from_bytes),
            presence: match (self.closed, self.missing) {
                (true, _) => JobPresence::Closed,
                (false, true) => JobPresence::Missing,
                (false, false) => JobPresence::Open,
            },
            reprocessed: self.reprocessed,
            first_seen_at: row.parse("first_seen_at", &self.first_seen_at)?,
        };

        let external_id = row.lift("external_id", ExternalId::new(self.external_id))?;
        Ok((external_id, known))
    }
}

/// Writes the new and changed jobs among `results` and returns their ids. An existing job keeps its
/// `baseline` and `first_seen_at`.
pub(crate) async fn record(
    conn: &mut Connection,
    source: SourceId,
    results: &[NormalizationResult],
    baseline: bool,
    now: Timestamp,
) -> Result<HashMap<ExternalId, JobId>, StoreError> {
    let changed: Vec<&Job> = results
        .iter()
        .filter(|result| result.should_upsert())
        .map(|result| &result.job)
        .collect();

    // The clusters of changed jobs depend on what these jobs were, so this is read first.
    let postings = Postings::read(conn, source, results).await?;

    let mut ids = HashMap::with_capacity(changed.len());
    for batch in changed.chunks(ROWS_PER_STATEMENT) {
        // Versions refer to their jobs, so the jobs are written first.
        upsert_jobs(conn, source, batch, baseline, now, &mut ids).await?;
        insert_versions(conn, batch, &ids, now).await?;
    }

    postings.record(conn, &ids, now).await?;
    Ok(ids)
}

async fn upsert_jobs(
    conn: &mut Connection,
    source: SourceId,
    batch: &[&Job],
    baseline: bool,
    now: Timestamp,
    ids: &mut HashMap<ExternalId, JobId>,
) -> Result<(), StoreError> {
    // The closure below cannot return an error, so fallible conversions come first.
    let extras = batch
        .iter()
        .map(|job| json("extra", &job.extra))
        .collect::<Result<Vec<_>, _>>()?;

    let mut statement = Statement::new(
        "INSERT INTO jobs (source_id, external_id, content_hash, listing_hash, url, apply_url, department, language,
             posted_at, updated_at, expires_at, extra, baseline, first_seen_at) ",
    );

    statement.push_values(batch.iter().zip(extras), |mut row, (job, extra)| {
        row.push_bind(source)
            .push_bind(job.external_id.as_str())
            .push_bind(job.content_hash.as_bytes().as_slice())
            .push_bind(job.listing_hash().as_bytes().to_vec())
            .push_bind(&job.url)
            .push_bind(&job.apply_url)
            .push_bind(&job.department)
            .push_bind(&job.language)
            .push_bind(job.posted_at.map(|at| at.to_string()))
            .push_bind(job.updated_at.map(|at| at.to_string()))
            .push_bind(job.expires_at.map(|at| at.to_string()))
            .push_bind(extra)
            .push_bind(baseline)
            .push_bind(time(now));
    });

    statement.push(
        " ON CONFLICT (source_id, external_id) DO UPDATE SET content_hash = excluded.content_hash,
              listing_hash = excluded.listing_hash, url = excluded.url, apply_url = excluded.apply_url,
              department = excluded.department, language = excluded.language, posted_at = excluded.posted_at,
              updated_at = excluded.updated_at, expires_at = excluded.expires_at, extra = excluded.extra
          RETURNING job_id, external_id",
    );
    let rows: Vec<(JobId, String)> = statement.fetch_all(conn).await?;
    for (id, external_id) in rows {
        let row = Row::new("jobs", id);
        let external_id = row.lift("external_id", ExternalId::new(external_id))?;
        ids.insert(external_id, id);
    }

    Ok(())
}

async fn insert_versions(
    conn: &mut Connection,
    batch: &[&Job],
    ids: &HashMap<ExternalId, JobId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let texts = batch
        .iter()
        .map(|job| {
            let locations = json("locations", &job.locations)?;
            Ok((locations, salary_json(job)?, json("facts", &job.facts)?))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;

    let mut statement = Statement::new(
        "INSERT INTO job_versions (job_id, content_hash, title, company, locations, workplace, employment_type, salary,
             description, first_seen_at, facts, facts_version) ",
    );

    // `ids` has every job of the batch: the upsert before has returned them all.
    statement.push_values(
        batch.iter().zip(texts),
        |mut row, (job, (locations, salary, facts))| {
            row.push_bind(ids[&job.external_id])
                .push_bind(job.content_hash.as_bytes().as_slice())
                .push_bind(&job.title)
                .push_bind(&job.company)
                .push_bind(locations)
                .push_bind(job.workplace.map(Workplace::as_str))
                .push_bind(&job.employment_type)
                .push_bind(salary)
                .push_bind(&job.description)
                .push_bind(time(now))
                .push_bind(facts)
                .push_bind(NORMALIZATION_VERSION);
        },
    );

    // A version that lost its description to the retention gets it back. Its facts may have changed
    // with the rules or the language.
    statement.push(
        " ON CONFLICT (job_id, content_hash) DO UPDATE SET
              description = COALESCE(job_versions.description, excluded.description), facts = excluded.facts,
              facts_version = excluded.facts_version
          WHERE (job_versions.description IS NULL AND excluded.description IS NOT NULL)
              OR (job_versions.facts, job_versions.facts_version) IS NOT (excluded.facts, excluded.facts_version)",
    );
    statement.execute(conn).await?;

    Ok(())
}

fn salary_json(job: &Job) -> Result<Option<String>, StoreError> {
    job.salary
        .as_ref()
        .map(|salary| json("salary", salary))
        .transpose()
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::{BoardTime, Salary};
    use job_scanner_core::normalize::Change;

    use super::*;
    use crate::test_support::{
        COMPLETE, at, begin_scan, count, job, number, source_key, store, text,
    };

    async fn record(
        store: &Store,
        results: &[NormalizationResult],
        baseline: bool,
    ) -> HashMap<ExternalId, JobId> {
        let now = at("08:15:00");
        let mut tx = begin_scan(store, "acme", "Acme", now).await;
        let ids = tx.record_jobs(results, baseline).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        ids
    }

    async fn known(store: &Store) -> KnownJobs {
        let source = store
            .open_source(&source_key("acme"), "Acme", at("09:00:00"))
            .await
            .unwrap();
        store.known_jobs(source.id).await.unwrap()
    }

    fn updated(result: NormalizationResult) -> NormalizationResult {
        NormalizationResult {
            change: Change::Updated,
            ..result
        }
    }

    #[tokio::test]
    async fn only_the_jobs_of_the_source_are_known() {
        let store = store().await;
        record(&store, &[job("1", 1), job("2", 2)], true).await;
        let other = store
            .open_source(&source_key("other"), "Other", at("09:00:00"))
            .await
            .unwrap();
        assert!(store.known_jobs(other.id).await.unwrap().is_empty());
        let known = known(&store).await;
        assert_eq!(known.len(), 2);
        let expected = KnownJob {
            content_hash: ContentHash::from_bytes([2; 32]),
            listing_hash: Some(job("2", 2).job.listing_hash()),
            presence: JobPresence::Open,
            reprocessed: false,
            first_seen_at: at("08:15:00"),
        };
        assert_eq!(known[&ExternalId::new("2").unwrap()], expected);
    }

    #[tokio::test]
    async fn more_jobs_than_fit_into_one_statement_are_all_written() {
        let store = store().await;
        let jobs: Vec<_> = (0..1_000).map(|n| job(&format!("id-{n}"), 1)).collect();
        let ids = record(&store, &jobs, true).await;
        assert_eq!(ids.len(), 1_000);
        assert_eq!(known(&store).await.len(), 1_000);
        assert_eq!(count(&store, "job_versions").await, 1_000);
    }

    #[tokio::test]
    async fn an_unchanged_job_is_not_written() {
        let store = store().await;
        let unchanged = NormalizationResult {
            change: Change::Unchanged,
            ..job("1", 1)
        };
        let ids = record(&store, &[unchanged, job("2", 1)], true).await;
        assert_eq!(ids.len(), 1);
        assert_eq!(known(&store).await.len(), 1);
    }

    #[tokio::test]
    async fn a_version_that_returns_is_not_inserted_again() {
        let store = store().await;
        let first = record(&store, &[job("1", 1)], true).await;
        record(&store, &[updated(job("1", 2))], false).await;
        let third = record(&store, &[updated(job("1", 1))], false).await;
        assert_eq!(third, first, "the job keeps its id");
        assert_eq!(count(&store, "job_versions").await, 2);
        let known = known(&store).await;
        assert_eq!(
            known[&ExternalId::new("1").unwrap()].content_hash,
            ContentHash::from_bytes([1; 32])
        );
    }

    #[tokio::test]
    async fn an_update_keeps_the_baseline_flag() {
        let store = store().await;
        record(&store, &[job("1", 1)], true).await;
        let mut moved = updated(job("1", 2));
        moved.job.url = "https://acme.example/elsewhere".to_owned();
        record(&store, &[moved], false).await;
        assert_eq!(number(&store, "SELECT baseline FROM jobs").await, 1);
        assert_eq!(
            text(&store, "SELECT url FROM jobs").await.unwrap(),
            "https://acme.example/elsewhere"
        );
    }

    #[tokio::test]
    async fn every_field_has_its_column() {
        let store = store().await;
        let mut full = job("1\u{0}\u{7f}é", 1);
        full.job.workplace = Some(Workplace::OnSite);
        full.job.employment_type = Some("Full-time".to_owned());
        full.job.salary = Some(Salary {
            min: Some(50_000.5),
            currency: Some("EUR".to_owned()),
            ..Salary::default()
        });
        full.job.department = Some("R&D".to_owned());
        full.job.language = Some("de".to_owned());
        full.job.apply_url = Some("https://acme.example/apply".to_owned());
        full.job.posted_at = Some("2026-11-01".parse().unwrap());
        full.job.updated_at = Some(BoardTime::Moment(at("07:00:00")));
        full.job.expires_at = Some("2027-01-01T00:00:00+01:00".parse().unwrap());
        full.job.extra = vec![("a".to_owned(), "b".to_owned())];
        record(&store, &[full.clone()], false).await;

        let expected = [
            ("jobs", "apply_url", "https://acme.example/apply"),
            ("jobs", "department", "R&D"),
            ("jobs", "language", "de"),
            ("jobs", "posted_at", "2026-11-01"),
            ("jobs", "updated_at", "2026-11-23T07:00:00.000Z"),
            ("jobs", "expires_at", "2026-12-31T23:00:00.000Z"),
            ("jobs", "extra", "[[\"a\",\"b\"]]"),
            ("jobs", "first_seen_at", "2026-11-23T08:15:00.000Z"),
            ("job_versions", "title", "Engineer 1"),
            ("job_versions", "company", "Acme"),
            ("job_versions", "locations", "[{\"name\":\"Berlin\"}]"),
            ("job_versions", "workplace", "on-site"),
            ("job_versions", "employment_type", "Full-time"),
            ("job_versions", "description", "Build things."),
            ("job_versions", "facts", "{}"),
        ];
        for (table, column, value) in expected {
            let stored = text(&store, &format!("SELECT {column} FROM {table}")).await;
            assert_eq!(stored.as_deref(), Some(value), "{table}.{column}");
        }
        assert_eq!(
            text(
                &store,
                "SELECT json_extract(salary, '$.currency') FROM job_versions"
            )
            .await
            .unwrap(),
            "EUR"
        );
        assert!(
            known(&store).await.contains_key(&full.job.external_id),
            "an id may hold any characters"
        );
    }
}
