//! What a source's last complete scan left for the next: the adapter's state, validators, and what
//! it ran under.
//!
//! Held in columns of `sources` and in `http_cache`. Whether it still applies is for the reader to
//! decide, by comparing [`ScannedUnder`] with what the next scan runs under.

use jiff::Timestamp;
use job_scanner_core::hash::HashEncoder;
use job_scanner_core::validator::{RequestKey, Validator};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

use crate::columns::{ROWS_PER_STATEMENT, Row, time};
use crate::error::StoreError;
use crate::ids::SourceId;

/// What a complete scan leaves for the next one of the same source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanMemory {
    /// What the adapter asked us to keep.
    pub state: Option<String>,
    /// One per request, in no particular order.
    pub validators: Vec<Validator>,
    /// `None` before the first scan that saw what the source lists: a complete, window or truncated
    /// one.
    pub scanned_under: Option<ScannedUnder>,
}

/// What decides how a board's answer is read. When any of it changed, what the last scan left does
/// not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedUnder {
    /// SHA-256 of the adapter.
    pub adapter_digest: String,
    /// The hash of the source's options.
    pub options_hash: String,
    /// Where the scan was told to stop; `None` is nowhere.
    pub max_jobs: Option<u32>,
    /// [`job_scanner_core::normalize::NORMALIZATION_VERSION`] of the time.
    pub normalization_version: u32,
}

impl ScannedUnder {
    /// Whether an unchanged board looks the same under both. Where a scan is told to stop does not
    /// change a job.
    pub fn reads_like(&self, other: &Self) -> bool {
        *self
            == Self {
                max_jobs: self.max_jobs,
                ..other.clone()
            }
    }

    /// Names the way of reading: the same for two that [read alike](Self::reads_like).
    pub fn reading(&self) -> [u8; 32] {
        let mut encoder = HashEncoder::new("job-scanner way of reading a source v1");
        encoder.text(&self.adapter_digest);
        encoder.text(&self.options_hash);
        encoder.version(self.normalization_version);
        encoder.finish()
    }
}

/// The columns of `sources` that are ours.
#[derive(Debug, FromRow)]
pub(crate) struct MemoryColumns {
    adapter_state: Option<String>,
    adapter_digest: Option<String>,
    options_hash: Option<String>,
    max_jobs: Option<i64>,
    normalization_version: Option<i64>,
}

#[derive(FromRow)]
struct ValidatorRow {
    request_key: Vec<u8>,
    etag: Option<String>,
    last_modified: Option<String>,
    body_hash: Vec<u8>,
}

impl MemoryColumns {
    /// Lifts the columns of one row of `sources` and adds the validators.
    pub(crate) fn lift(
        self,
        row: Row,
        validators: Vec<Validator>,
    ) -> Result<ScanMemory, StoreError> {
        let number = |column, value: i64| row.lift(column, u32::try_from(value));
        let scanned_under = match (
            self.adapter_digest,
            self.options_hash,
            self.normalization_version,
        ) {
            (Some(adapter_digest), Some(options_hash), Some(version)) => Some(ScannedUnder {
                adapter_digest,
                options_hash,
                max_jobs: self
                    .max_jobs
                    .map(|jobs| number("max_jobs", jobs))
                    .transpose()?,
                normalization_version: number("normalization_version", version)?,
            }),
            _ => None,
        };

        Ok(ScanMemory {
            state: self.adapter_state,
            validators,
            scanned_under,
        })
    }
}

/// The validators of one source.
pub(crate) async fn validators(
    conn: &mut SqliteConnection,
    source: SourceId,
) -> Result<Vec<Validator>, StoreError> {
    let rows = sqlx::query_as::<_, ValidatorRow>(
        "SELECT request_key, etag, last_modified, body_hash FROM http_cache WHERE source_id = $1",
    )
    .bind(source)
    .fetch_all(conn)
    .await?;

    let lift = |row: ValidatorRow| {
        let place = Row::new("http_cache", source);
        Ok(Validator {
            request: RequestKey(place.hash("request_key", &row.request_key)?),
            etag: row.etag,
            last_modified: row.last_modified,
            body_hash: place.hash("body_hash", &row.body_hash)?,
        })
    };

    rows.into_iter().map(lift).collect()
}

/// Replaces all that earlier scans of `source` left, and writes down when the way of reading it
/// changed.
pub(crate) async fn replace(
    conn: &mut SqliteConnection,
    source: SourceId,
    memory: &ScanMemory,
    now: Timestamp,
) -> Result<(), StoreError> {
    let under = memory.scanned_under.as_ref();

    // The columns on the right still have what the scan before left, so one statement both compares
    // and replaces. It compares what `ScannedUnder::reads_like` does.
    sqlx::query(
        "UPDATE sources SET adapter_state = $1, adapter_digest = $2, options_hash = $3, max_jobs = $4,
             normalization_version = $5,
             reading_since = CASE
                 WHEN adapter_digest IS NOT NULL
                     AND (adapter_digest, options_hash, normalization_version) IS NOT ($2, $3, $5) THEN $6
                 ELSE reading_since
             END
         WHERE source_id = $7",
    )
    .bind(&memory.state)
    .bind(under.map(|under| &under.adapter_digest))
    .bind(under.map(|under| &under.options_hash))
    .bind(under.and_then(|under| under.max_jobs))
    .bind(under.map(|under| under.normalization_version))
    .bind(time(now))
    .bind(source)
    .execute(&mut *conn)
    .await?;

    // Of a request that this scan did not make, no validator may stay.
    sqlx::query("DELETE FROM http_cache WHERE source_id = $1")
        .bind(source)
        .execute(&mut *conn)
        .await?;

    for batch in memory.validators.chunks(ROWS_PER_STATEMENT) {
        insert_validators(conn, source, batch).await?;
    }

    Ok(())
}

/// Of two validators for one request the later answer holds.
async fn insert_validators(
    conn: &mut SqliteConnection,
    source: SourceId,
    batch: &[Validator],
) -> Result<(), StoreError> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "INSERT INTO http_cache (source_id, request_key, etag, last_modified, body_hash) ",
    );
    statement.push_values(batch, |mut row, validator| {
        row.push_bind(source)
            .push_bind(validator.request.0.as_slice())
            .push_bind(&validator.etag)
            .push_bind(&validator.last_modified)
            .push_bind(validator.body_hash.as_slice());
    });

    statement.push(
        " ON CONFLICT (source_id, request_key) DO UPDATE SET etag = excluded.etag,
              last_modified = excluded.last_modified, body_hash = excluded.body_hash",
    );
    statement.build().execute(conn).await?;

    Ok(())
}

#[cfg(test)]
mod tests {
    use job_scanner_core::key::ExternalId;
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{COMPLETE, at, begin_scan, count, job, source_key, store};
    use crate::{Sighting, Store};

    fn validator(request: usize, etag: &str) -> Validator {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&request.to_be_bytes());
        Validator {
            request: RequestKey(key),
            etag: Some(etag.to_owned()),
            last_modified: Some("Mon, 23 Nov 2026 08:00:00 GMT".to_owned()),
            body_hash: [7; 32],
        }
    }

    fn memory(validators: Vec<Validator>) -> ScanMemory {
        let scanned_under = ScannedUnder {
            adapter_digest: "ab".repeat(32),
            options_hash: "cd".repeat(32),
            max_jobs: Some(u32::MAX),
            normalization_version: 1,
        };
        ScanMemory {
            state: Some("{\"since\":1}".to_owned()),
            validators,
            scanned_under: Some(scanned_under),
        }
    }

    async fn remember(store: &Store, memory: &ScanMemory) {
        let now = at("08:15:00");
        let mut tx = begin_scan(store, "acme", "Acme", now).await;
        tx.remember(memory).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
    }

    async fn remembered(store: &Store) -> ScanMemory {
        store
            .open_source(&source_key("acme"), "Acme", at("09:00:00"))
            .await
            .unwrap()
            .memory
    }

    #[tokio::test]
    async fn what_a_scan_remembers_the_next_one_finds() {
        let store = store().await;
        let memory = memory(vec![validator(1, "\"a\""), validator(2, "W/\"b\"")]);
        remember(&store, &memory).await;
        assert_eq!(remembered(&store).await, memory);
    }

    #[tokio::test]
    async fn a_later_scan_replaces_all_that_an_earlier_one_left() {
        let store = store().await;
        remember(
            &store,
            &memory(vec![validator(1, "\"a\""), validator(2, "\"b\"")]),
        )
        .await;
        let later = ScanMemory {
            state: None,
            ..memory(vec![validator(2, "\"c\"")])
        };
        remember(&store, &later).await;
        assert_eq!(remembered(&store).await, later);
        remember(&store, &ScanMemory::default()).await;
        assert_eq!(remembered(&store).await, ScanMemory::default());
    }

    #[tokio::test]
    async fn jobs_that_were_last_seen_before_the_way_of_reading_changed_are_known_as_such() {
        let store = store().await;
        let under = |digest: &str| {
            let memory = memory(Vec::new());
            let scanned_under = memory.scanned_under.map(|it| ScannedUnder {
                adapter_digest: digest.into(),
                ..it
            });
            ScanMemory {
                scanned_under,
                ..memory
            }
        };
        // Two jobs, of which the second is not in the later listings.
        for (now, digest, missing) in [
            ("08:15:00", "a", false),
            ("08:30:00", "a", true),
            ("08:45:00", "b", true),
        ] {
            let source = store
                .open_source(&source_key("acme"), "Acme", at(now))
                .await
                .unwrap();
            let run = store.start_run(Trigger::Manual, at(now)).await.unwrap();
            let mut tx = store
                .begin_scan(source.id, source.generation, run, at(now))
                .await
                .unwrap()
                .unwrap();
            if !missing {
                tx.record_jobs(&[job("1", 1), job("2", 1)], false)
                    .await
                    .unwrap();
            }
            let gone = [ExternalId::new("2").unwrap()];
            tx.settle(Sighting::Whole(if missing { &gone } else { &[] }), at(now))
                .await
                .unwrap();
            tx.remember(&under(digest)).await.unwrap();
            tx.commit(&COMPLETE).await.unwrap();
            let known = store.known_jobs(source.id).await.unwrap();
            let mut otherwise: Vec<_> = known
                .iter()
                .filter(|(_, job)| job.read_otherwise)
                .map(|(id, _)| id)
                .collect();
            otherwise.sort_unstable();
            assert_eq!(
                otherwise,
                if digest == "b" {
                    vec![&gone[0]]
                } else {
                    vec![]
                },
                "{now}"
            );
        }
    }

    #[tokio::test]
    async fn a_board_of_many_pages_has_many_validators() {
        let store = store().await;
        let many: Vec<_> = (0..3_000)
            .map(|request| validator(request, "\"a\""))
            .collect();
        remember(&store, &memory(many)).await;
        assert_eq!(count(&store, "http_cache").await, 3_000);
    }

    #[tokio::test]
    async fn of_two_answers_to_one_request_the_later_one_counts() {
        let store = store().await;
        remember(
            &store,
            &memory(vec![validator(1, "\"a\""), validator(1, "\"b\"")]),
        )
        .await;
        assert_eq!(remembered(&store).await.validators, [validator(1, "\"b\"")]);
    }
}
