//! The `job_details` table: the jobs whose details are fetched separately, and the state of those
//! details.
//!
//! A row belongs to a job whose listing defers its text. It stores the job as it was listed, so
//! that details fetched later, in a scan that finds the listing unchanged, can be merged with it.
//! It also stores the details without their text, which is in the job's version.

use std::collections::HashMap;

use futures::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use job_scanner_core::job::BoardTime;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::Fingerprint;
use job_scanner_core::raw::{Description, RawJob};
use job_scanner_core::words;
use job_scanner_row_derive::FromRow;

use crate::columns::{NAMES_PER_STATEMENT, ROWS_PER_STATEMENT, Row, json, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;

/// The maximum size of the listings that are read at once, in bytes. The rest waits for the next
/// scan.
const MAX_LISTINGS_BYTES: usize = 16 * 1024 * 1024;
/// The maximum size of the details and texts that are read at once, in bytes: those of about 5,000
/// jobs.
const MAX_STORED_BYTES: usize = 32 * 1024 * 1024;

/// The longest time before details are fetched again.
pub const LONGEST_TERM: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The stored state of all separately fetched details of a source, by external id.
pub type AllDetails = HashMap<ExternalId, KnownDetails>;

words! {
    /// The state of the details of a job.
    pub enum DetailsState: "a state of details" {
        /// The job is new or its listing changed, and its details were not fetched since.
        Awaited = "awaited",
        /// The details are stored in the job's version.
        There = "there",
        /// Too many attempts failed. The job is used without details.
        GivenUp = "given-up",
        /// The board lists the job but has no details of it, or no longer has them. The job is used
        /// without details.
        Gone = "gone",
    }
}

/// The stored state of the details of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDetails {
    pub state: DetailsState,
    /// True if the job was matched with the profiles. False while only its listing is known.
    pub matched: bool,
    /// Failures since the last success.
    pub attempts: u32,
    /// The time of the next request. `None` for a closed job, whose details are requested when it
    /// is listed again.
    pub due_at: Option<Timestamp>,
    /// A hash of the listed job that changes when its details may have changed.
    pub fingerprint: Fingerprint,
    /// A hash of the complete listed job.
    pub whole_fingerprint: Fingerprint,
    /// The fingerprint of the [`ReadConfig`](crate::ReadConfig) of the last details; `None` before
    /// the first details.
    pub read_config: Option<[u8; 32]>,
    /// True if the job belongs to its source's baseline.
    pub baseline: bool,
    /// The expiry date or time that the board gives.
    pub expires_at: Option<BoardTime>,
}

/// A job whose details are due, although its listing did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct DueDetails {
    pub external_id: ExternalId,
    /// The job as listed.
    pub listing: RawJob,
    pub known: KnownDetails,
}

/// The state of the details of one job that a scan stores.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailsRecord {
    pub external_id: ExternalId,
    pub state: DetailsState,
    /// True if the job was matched with the profiles.
    pub matched: bool,
    /// Failures since the last success.
    pub attempts: u32,
    /// The time of the next request.
    pub due_at: Timestamp,
    /// The job as listed.
    pub listing: RawJob,
    /// The details just fetched, and the fingerprint of their read config; `None` keeps the stored
    /// ones.
    pub details: Option<(RawJob, [u8; 32])>,
}

#[derive(FromRow)]
struct DetailsRow {
    external_id: String,
    state: String,
    matched: bool,
    attempts: i64,
    due_at: Option<String>,
    fingerprint: Vec<u8>,
    whole_fingerprint: Vec<u8>,
    read_under: Option<Vec<u8>>,
    baseline: bool,
    expires_at: Option<String>,
}

impl DetailsRow {
    fn lift(self, source: SourceId) -> Result<(ExternalId, KnownDetails), StoreError> {
        let row = Row::new("job_details", source);
        let known = KnownDetails {
            state: row.parse("state", &self.state)?,
            matched: self.matched,
            attempts: row.lift("attempts", u32::try_from(self.attempts))?,
            due_at: row.optional("due_at", self.due_at.as_deref())?,
            fingerprint: Fingerprint::from_bytes(row.hash("fingerprint", &self.fingerprint)?),
            whole_fingerprint: Fingerprint::from_bytes(
                row.hash("whole_fingerprint", &self.whole_fingerprint)?,
            ),
            read_config: self
                .read_under
                .map(|hash| row.hash("read_under", &hash))
                .transpose()?,
            baseline: self.baseline,
            expires_at: row.optional("expires_at", self.expires_at.as_deref())?,
        };

        let external_id = row.lift("external_id", ExternalId::new(self.external_id))?;
        Ok((external_id, known))
    }
}

#[derive(FromRow)]
struct DueRow {
    #[row(flatten)]
    known: DetailsRow,
    listing: String,
}

#[derive(FromRow)]
struct StoredRow {
    external_id: String,
    details: Option<String>,
    description: Option<String>,
}

impl StoredRow {
    /// Returns the size of the large columns in bytes.
    fn len(&self) -> usize {
        let texts = [self.details.as_deref(), self.description.as_deref()];
        texts.into_iter().flatten().map(str::len).sum()
    }

    fn lift(self, source: SourceId) -> Result<(ExternalId, RawJob), StoreError> {
        let row = Row::new("job_details", source);
        let external_id = row.lift("external_id", ExternalId::new(self.external_id))?;
        let details: Option<RawJob> = self
            .details
            .map(|json| row.json("details", &json))
            .transpose()?;

        let details = RawJob {
            description: self.description.map(Description::Text),
            ..details.unwrap_or_default()
        };
        Ok((external_id, details))
    }
}

/// The columns of a [`DetailsRow`].
macro_rules! columns {
    () => {
        "d.external_id, d.state, d.matched, d.attempts, d.due_at, d.fingerprint, d.whole_fingerprint, d.read_under, \
         j.baseline, j.expires_at"
    };
}

impl Store {
    /// Returns the stored state of all separately fetched details of a source.
    #[tracing::instrument(name = "store.details.known", skip_all, fields(source.id = %source))]
    pub async fn known_details(&self, source: SourceId) -> Result<AllDetails, StoreError> {
        let rows = Statement::new(concat!(
            "SELECT ",
            columns!(),
            " FROM job_details d JOIN jobs j ON j.source_id = d.source_id AND j.external_id = d.external_id
              WHERE d.source_id = $1"
        ));
        rows.bind(source)
            .fetch_all::<DetailsRow>(self.readers())
            .await?
            .into_iter()
            .map(|row| row.lift(source))
            .collect()
    }

    /// Returns the open jobs of a source whose details are due, at most `limit` and fewer if they
    /// are large. A job that is due later than [`LONGEST_TERM`] from now was planned while the
    /// clock was ahead, so it is due now. Jobs whose details are awaited come first, ordered by
    /// failed attempts, so that a failing job does not delay the others.
    #[tracing::instrument(name = "store.details.due", skip_all, fields(source.id = %source))]
    pub async fn due_details(
        &self,
        source: SourceId,
        limit: u64,
        now: Timestamp,
    ) -> Result<Vec<DueDetails>, StoreError> {
        let rows = Statement::new(concat!(
            "SELECT ",
            columns!(),
            ", d.listing FROM job_details d JOIN jobs j ON j.source_id = d.source_id AND j.external_id = d.external_id
              WHERE d.source_id = $1 AND (d.due_at <= $2 OR d.due_at > $3)
                  AND j.closed_at IS NULL AND j.missing_since IS NULL
              ORDER BY d.state <> 'awaited', d.attempts, d.due_at, j.job_id LIMIT $4"
        ))
        .bind(source)
        .bind(time(now))
        .bind(time(now.checked_add(LONGEST_TERM).unwrap_or(Timestamp::MAX)))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));

        let mut rows = rows.stream::<DueRow>(self.readers());
        let (mut due, mut bytes) = (Vec::new(), 0);
        while bytes < MAX_LISTINGS_BYTES
            && let Some(row) = rows.try_next().await?
        {
            bytes += row.listing.len();

            let stored: RawJob = Row::new("job_details", source).json("listing", &row.listing)?;
            let (external_id, known) = row.known.lift(source)?;

            // The job may have been listed under another id since its listing was stored.
            let listing = RawJob {
                external_id: external_id.as_str().to_owned(),
                ..stored
            };
            due.push(DueDetails {
                external_id,
                listing,
                known,
            });
        }

        Ok(due)
    }

    /// Returns the last details of these jobs, with the text of their current version. The last
    /// jobs are omitted if the total size exceeds the limit.
    #[tracing::instrument(name = "store.details.stored", skip_all, fields(source.id = %source))]
    pub async fn stored_details(
        &self,
        source: SourceId,
        jobs: &[ExternalId],
    ) -> Result<HashMap<ExternalId, RawJob>, StoreError> {
        let (mut stored, mut bytes) = (HashMap::new(), 0);
        for batch in jobs.chunks(NAMES_PER_STATEMENT) {
            let mut statement = Statement::new(
                "SELECT j.external_id, d.details, v.description FROM jobs j
                 JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
                 LEFT JOIN job_details d ON d.source_id = j.source_id AND d.external_id = j.external_id
                 WHERE j.source_id = ",
            );
            statement.push_bind(source).push(" AND j.external_id IN (");
            statement.push_list(batch.iter().map(ExternalId::as_str));

            let mut rows = statement.stream::<StoredRow>(self.readers());
            while let Some(row) = rows.try_next().await? {
                bytes += row.len();
                if bytes > MAX_STORED_BYTES {
                    return Ok(stored);
                }

                let (external_id, details) = row.lift(source)?;
                stored.insert(external_id, details);
            }
        }

        Ok(stored)
    }
}

/// Writes the state of the details of these jobs. The jobs themselves must be stored already.
pub(crate) async fn record(
    conn: &mut Connection,
    source: SourceId,
    records: &[DetailsRecord],
) -> Result<(), StoreError> {
    for batch in records.chunks(ROWS_PER_STATEMENT) {
        // The closure below cannot return an error, so fallible conversions come first.
        let texts = batch.iter().map(texts).collect::<Result<Vec<_>, _>>()?;

        let mut statement = Statement::new(
            "INSERT INTO job_details (source_id, external_id, state, matched, attempts, due_at, listing, fingerprint,
                 whole_fingerprint, details, read_under) ",
        );
        statement.push_values(
            batch.iter().zip(texts),
            |mut row, (record, (listing, details))| {
                row.push_bind(source)
                    .push_bind(record.external_id.as_str())
                    .push_bind(record.state.as_str())
                    .push_bind(record.matched)
                    .push_bind(record.attempts)
                    .push_bind(time(record.due_at))
                    .push_bind(listing)
                    .push_bind(record.listing.fingerprint().as_bytes().to_vec())
                    .push_bind(record.listing.whole_fingerprint().as_bytes().to_vec())
                    .push_bind(details)
                    .push_bind(
                        record
                            .details
                            .as_ref()
                            .map(|(_, read_config)| read_config.as_slice()),
                    );
            },
        );

        statement.push(
            " ON CONFLICT (source_id, external_id) DO UPDATE SET state = excluded.state, matched = excluded.matched,
                  attempts = excluded.attempts, due_at = excluded.due_at, listing = excluded.listing,
                  fingerprint = excluded.fingerprint, whole_fingerprint = excluded.whole_fingerprint,
                  details = COALESCE(excluded.details, job_details.details),
                  read_under = COALESCE(excluded.read_under, job_details.read_under)",
        );
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Returns the listing and the details as JSON. The text of the details is omitted, since it is
/// stored in the job's version.
fn texts(record: &DetailsRecord) -> Result<(String, Option<String>), StoreError> {
    let details = record.details.as_ref().map(|(details, _)| {
        let details = RawJob {
            description: None,
            ..details.clone()
        };
        raw_json("details", &details)
    });

    Ok((raw_json("listing", &record.listing)?, details.transpose()?))
}

/// Formats a raw job as JSON without its `null` keys, which are most of them.
fn raw_json(column: &'static str, job: &RawJob) -> Result<String, StoreError> {
    let mut value =
        serde_json::to_value(job).map_err(|cause| StoreError::Json { column, cause })?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }

    json(column, &value)
}

/// Deletes the details of jobs whose listing contains everything now.
pub(crate) async fn forget(
    conn: &mut Connection,
    source: SourceId,
    jobs: &[ExternalId],
) -> Result<(), StoreError> {
    for batch in jobs.chunks(NAMES_PER_STATEMENT) {
        let mut statement = Statement::new("DELETE FROM job_details WHERE source_id = ");
        statement.push_bind(source).push(" AND external_id IN (");
        statement.push_list(batch.iter().map(ExternalId::as_str));
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Suspends the details of closed jobs of a source until the jobs are listed again.
pub(crate) async fn suspend_closed(
    conn: &mut Connection,
    source: SourceId,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE job_details SET due_at = NULL
         WHERE source_id = $1 AND due_at IS NOT NULL
             AND EXISTS (
                 SELECT 1 FROM jobs AS j
                 WHERE j.source_id = job_details.source_id AND j.external_id = job_details.external_id
                     AND j.closed_at IS NOT NULL)",
    )
    .bind(source)
    .execute(conn)
    .await?;

    Ok(())
}

/// Returns the number of open jobs of a source whose details are awaited.
pub(crate) async fn count_awaited(
    conn: &mut Connection,
    source: SourceId,
) -> Result<u64, StoreError> {
    let count: i64 = Statement::new(
        "SELECT COUNT(*) FROM job_details d JOIN jobs j ON j.source_id = d.source_id AND j.external_id = d.external_id
         WHERE d.source_id = $1 AND d.state = 'awaited' AND j.closed_at IS NULL",
    )
    .bind(source)
    .fetch_value(conn)
    .await?;

    Ok(u64::try_from(count).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{
        COMPLETE, TestStore, at, count, fill_older, job, number, source_key, spoil, store,
        store_before, text,
    };
    use crate::{ListingCoverage, ScanTransaction, SourceRecord};

    async fn source(store: &Store) -> SourceRecord {
        store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap()
    }

    async fn begin(store: &Store, now: Timestamp) -> ScanTransaction {
        let source = source(store).await;
        let run = store.start_run(Trigger::Manual, now).await.unwrap();
        store
            .begin_scan(source.id, source.generation, run, now)
            .await
            .unwrap()
            .unwrap()
    }

    fn id(name: &str) -> ExternalId {
        ExternalId::new(name).unwrap()
    }

    fn listed(name: &str) -> RawJob {
        RawJob {
            external_id: name.to_owned(),
            title: "Engineer".to_owned(),
            description: Some(Description::Deferred(name.to_owned())),
            ..RawJob::default()
        }
    }

    fn awaited(name: &str) -> DetailsRecord {
        DetailsRecord {
            external_id: id(name),
            state: DetailsState::Awaited,
            matched: false,
            attempts: 0,
            due_at: at("08:00:00"),
            listing: listed(name),
            details: None,
        }
    }

    fn there(name: &str, due_at: Timestamp) -> DetailsRecord {
        let details = RawJob {
            department: Some("Tools".to_owned()),
            description: Some(Description::Html("<p>Build things.</p>".to_owned())),
            ..RawJob::default()
        };
        let (state, matched) = (DetailsState::There, true);
        DetailsRecord {
            state,
            matched,
            due_at,
            details: Some((details, [1; 32])),
            ..awaited(name)
        }
    }

    /// A store with a job for each of these records.
    async fn store_with(records: &[DetailsRecord]) -> TestStore {
        let store = store().await;
        let mut tx = begin(&store, at("08:00:00")).await;
        let jobs: Vec<NormalizationResult> = records
            .iter()
            .map(|it| job(it.external_id.as_str(), 1))
            .collect();
        tx.record_jobs(&jobs, true).await.unwrap();
        tx.record_details(records).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        store
    }

    async fn due(store: &Store, limit: u64, now: Timestamp) -> Vec<String> {
        let due = store
            .due_details(source(store).await.id, limit, now)
            .await
            .unwrap();
        due.into_iter()
            .map(|it| it.external_id.as_str().to_owned())
            .collect()
    }

    #[tokio::test]
    async fn due_listings_are_read_up_to_the_size_limit() {
        let title = "x".repeat(MAX_LISTINGS_BYTES / 4);
        let large = |name: &str| DetailsRecord {
            listing: RawJob {
                title: title.clone(),
                ..listed(name)
            },
            ..awaited(name)
        };
        let store = store_with(&["1", "2", "3", "4", "5", "6"].map(large)).await;
        assert_eq!(due(&store, 500, at("08:00:00")).await, ["1", "2", "3", "4"]);
    }

    #[tokio::test]
    async fn recorded_details_are_known() {
        let store = store_with(&[awaited("1"), there("2", at("09:00:00"))]).await;
        let known = store.known_details(source(&store).await.id).await.unwrap();
        assert_eq!(known.len(), 2);
        let first = KnownDetails {
            state: DetailsState::Awaited,
            matched: false,
            attempts: 0,
            due_at: Some(at("08:00:00")),
            fingerprint: listed("1").fingerprint(),
            whole_fingerprint: listed("1").whole_fingerprint(),
            read_config: None,
            baseline: true,
            expires_at: None,
        };
        assert_eq!(known[&id("1")], first);
        assert_eq!(
            (known[&id("2")].state, known[&id("2")].read_config),
            (DetailsState::There, Some([1; 32]))
        );
        let other = store
            .open_source(&source_key("other"), "Other", at("08:00:00"))
            .await
            .unwrap();
        assert!(store.known_details(other.id).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn awaited_details_with_the_fewest_failures_are_due_first() {
        let failed = DetailsRecord {
            attempts: 3,
            ..awaited("1")
        };
        let records = [
            failed,
            there("2", at("07:00:00")),
            awaited("3"),
            there("4", at("11:00:00")),
        ];
        let store = store_with(&records).await;
        assert_eq!(due(&store, 9, at("09:00:00")).await, ["3", "1", "2"]);
        assert_eq!(due(&store, 2, at("09:00:00")).await, ["3", "1"]);
        assert_eq!(due(&store, 9, at("12:00:00")).await.len(), 4);
        let all = store
            .due_details(source(&store).await.id, 1, at("09:00:00"))
            .await
            .unwrap();
        assert_eq!(all[0].listing, listed("3"));
    }

    #[tokio::test]
    async fn details_are_read_back_with_the_text_of_the_job() {
        let store = store_with(&[awaited("1"), there("2", at("09:00:00"))]).await;
        let stored = "SELECT details FROM job_details WHERE external_id = '2'";
        let details = text(&store, stored).await.unwrap();
        assert!(
            details.contains("Tools") && !details.contains("Build"),
            "{details}"
        );
        let stored = store
            .stored_details(source(&store).await.id, &[id("1"), id("2")])
            .await
            .unwrap();
        let text = Some(Description::Text("Build things.".to_owned()));
        assert_eq!(
            stored[&id("1")],
            RawJob {
                description: text.clone(),
                ..RawJob::default()
            }
        );
        assert_eq!(stored[&id("2")].description, text);
        assert_eq!(stored[&id("2")].department.as_deref(), Some("Tools"));
    }

    #[tokio::test]
    async fn stored_texts_are_read_up_to_the_size_limit() {
        let mut names: Vec<String> = (0..6).map(|n| n.to_string()).collect();
        let records: Vec<_> = names
            .iter()
            .map(|name| there(name, at("09:00:00")))
            .collect();
        let store = store_with(&records).await;
        let mut tx = store.begin().await.unwrap();
        let text = "x".repeat(MAX_STORED_BYTES / 5);
        Statement::new("UPDATE job_versions SET description = $1")
            .bind(text)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let ids: Vec<_> = names.iter().map(|name| id(name)).collect();
        let stored = store
            .stored_details(source(&store).await.id, &ids)
            .await
            .unwrap();
        assert_eq!(
            stored.len(),
            4,
            "each has some details in addition to its text"
        );
        names.retain(|name| stored.contains_key(&id(name)));
        assert_eq!(names, ["0", "1", "2", "3"]);
    }

    #[tokio::test]
    async fn a_later_failure_keeps_the_stored_details() {
        let store = store_with(&[there("1", at("09:00:00"))]).await;
        let mut tx = begin(&store, at("09:00:00")).await;
        let again = DetailsRecord {
            attempts: 1,
            matched: true,
            ..awaited("1")
        };
        tx.record_details(&[again]).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        let kept =
            "SELECT COUNT(*) FROM job_details WHERE details IS NOT NULL AND read_under IS NOT NULL";
        assert_eq!(
            (
                number(&store, kept).await,
                count(&store, "job_details").await
            ),
            (1, 1)
        );
    }

    #[tokio::test]
    async fn details_of_a_closed_job_are_not_due() {
        let not_found = DetailsRecord {
            state: DetailsState::Gone,
            ..awaited("2")
        };
        let store = store_with(&[awaited("1"), not_found, awaited("3")]).await;
        spoil(&store, "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id IN ('1', '2')").await;
        let mut tx = begin(&store, at("09:00:00")).await;
        tx.suspend_details().await.unwrap();
        assert_eq!(tx.awaited_details().await.unwrap(), 1);
        tx.commit(&COMPLETE).await.unwrap();
        let known = store.known_details(source(&store).await.id).await.unwrap();
        assert_eq!(
            (known[&id("1")].due_at, known[&id("2")].due_at),
            (None, None)
        );
        assert_eq!(due(&store, 9, at("12:00:00")).await, ["3"]);
    }

    #[tokio::test]
    async fn details_of_a_missing_job_are_not_due() {
        let store = store_with(&[awaited("1"), awaited("2")]).await;
        let mut tx = begin(&store, at("09:00:00")).await;
        tx.update_presence(ListingCoverage::Complete(&[id("1")]), at("09:00:00"))
            .await
            .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(due(&store, 9, at("12:00:00")).await, ["2"]);
    }

    #[tokio::test]
    async fn details_are_removed_alone_or_with_their_job() {
        let store = store_with(&[awaited("1"), awaited("2")]).await;
        let mut tx = begin(&store, at("09:00:00")).await;
        tx.forget_details(&[id("1")]).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(
            (
                count(&store, "job_details").await,
                count(&store, "jobs").await
            ),
            (1, 2)
        );
        let mut tx = store.begin().await.unwrap();
        Statement::new("DELETE FROM jobs")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&store, "job_details").await, 0);
    }

    #[tokio::test]
    async fn a_migrated_job_closed_for_missing_details_is_fetched_again() {
        for (state, expected, validators) in [
            ("gone", (DetailsState::Awaited, 0, None), 0),
            ("given-up", (DetailsState::GivenUp, 1, None), 1),
        ] {
            let older = store_before(11).await;
            fill_older(&older, 1).await;
            let details = format!(
                "INSERT INTO job_details
                     (source_id, external_id, state, matched, attempts, listing, fingerprint, whole_fingerprint)
                 VALUES (1, '1', '{state}', 1, 1, '{}', zeroblob(32), zeroblob(32))",
                json("listing", &awaited("1").listing).unwrap()
            );
            spoil(&older, &details).await;
            spoil(
                &older,
                "UPDATE jobs SET closed_at = '2026-11-23T08:00:00.000Z'",
            )
            .await;

            let store = older.migrated().await;
            let known = &store.known_details(source(&store).await.id).await.unwrap()[&id("1")];
            assert_eq!(
                (known.state, known.attempts, known.due_at),
                expected,
                "{state}"
            );
            // Without validators and state, the next scan reads the listing again and reopens the
            // job.
            assert_eq!(count(&store, "http_cache").await, validators, "{state}");
            let state_left = text(&store, "SELECT adapter_state FROM sources").await;
            assert_eq!(state_left.is_some(), validators > 0, "{state}");
        }
    }
}
