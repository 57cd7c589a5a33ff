//! The checkpoint that a source's last complete scan left for the next one: the adapter's state,
//! the validators and the read config.
//!
//! It is stored in columns of `sources` and in `http_cache`. The caller decides if it still
//! applies, by comparing its [`ReadConfig`] with the current one.

use jiff::Timestamp;
use job_scanner_core::hash::HashEncoder;
use job_scanner_core::validator::{RequestKey, Validator};
use job_scanner_row_derive::FromRow;

use crate::columns::{ROWS_PER_STATEMENT, Row, time};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;

/// The data that a complete scan leaves for the next scan of the same source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The state that the adapter asked the host to keep.
    pub state: Option<String>,
    /// One for each request, in no particular order.
    pub validators: Vec<Validator>,
    /// `None` before the first complete, window or truncated scan.
    pub read_config: Option<ReadConfig>,
}

/// The inputs that decide how a board's response is read. A checkpoint applies only while they are
/// the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadConfig {
    /// SHA-256 of the adapter.
    pub adapter_digest: String,
    /// The hash of the source's options.
    pub options_hash: String,
    /// The number of jobs at which the scan stops; `None` is no limit.
    pub max_jobs: Option<u32>,
    /// The [`job_scanner_core::normalize::NORMALIZATION_VERSION`] at that time.
    pub normalization_version: u32,
}

impl ReadConfig {
    /// Returns true if an unchanged board yields the same jobs under both. `max_jobs` is ignored,
    /// since it does not change a job.
    pub fn is_equivalent(&self, other: &Self) -> bool {
        *self
            == Self {
                max_jobs: self.max_jobs,
                ..other.clone()
            }
    }

    /// Returns a hash that is the same for all [equivalent](Self::is_equivalent) configurations.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut encoder = HashEncoder::new("job-scanner way of reading a source v1");
        encoder.text(&self.adapter_digest);
        encoder.text(&self.options_hash);
        encoder.version(self.normalization_version);
        encoder.finish()
    }
}

/// The columns of `sources` that belong to the checkpoint.
#[derive(Debug, FromRow)]
pub(crate) struct CheckpointColumns {
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

impl CheckpointColumns {
    /// Converts the columns of one row of `sources` and adds the validators.
    pub(crate) fn lift(
        self,
        row: Row,
        validators: Vec<Validator>,
    ) -> Result<Checkpoint, StoreError> {
        let number = |column, value: i64| row.lift(column, u32::try_from(value));
        let read_config = match (
            self.adapter_digest,
            self.options_hash,
            self.normalization_version,
        ) {
            (Some(adapter_digest), Some(options_hash), Some(version)) => Some(ReadConfig {
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

        Ok(Checkpoint {
            state: self.adapter_state,
            validators,
            read_config,
        })
    }
}

/// Returns the validators of one source.
pub(crate) async fn validators(
    conn: &mut Connection,
    source: SourceId,
) -> Result<Vec<Validator>, StoreError> {
    let rows = Statement::new(
        "SELECT request_key, etag, last_modified, body_hash FROM http_cache WHERE source_id = $1",
    )
    .bind(source)
    .fetch_all::<ValidatorRow>(conn)
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

/// Replaces the checkpoint of `source`, and records the time if the read config changed.
pub(crate) async fn replace(
    conn: &mut Connection,
    source: SourceId,
    checkpoint: &Checkpoint,
    now: Timestamp,
) -> Result<(), StoreError> {
    let under = checkpoint.read_config.as_ref();

    // In the `CASE`, the columns still have their old values, so one statement both compares and
    // replaces them. It compares the same columns as `ReadConfig::is_equivalent`.
    Statement::new(
        "UPDATE sources SET adapter_state = $1, adapter_digest = $2, options_hash = $3, max_jobs = $4,
             normalization_version = $5,
             reading_since = CASE
                 WHEN adapter_digest IS NOT NULL
                     AND (adapter_digest, options_hash, normalization_version) IS NOT ($2, $3, $5) THEN $6
                 ELSE reading_since
             END
         WHERE source_id = $7",
    )
    .bind(&checkpoint.state)
    .bind(under.map(|under| &under.adapter_digest))
    .bind(under.map(|under| &under.options_hash))
    .bind(under.and_then(|under| under.max_jobs))
    .bind(under.map(|under| under.normalization_version))
    .bind(time(now))
    .bind(source)
    .execute(&mut *conn)
    .await?;

    // Validators of requests that this scan did not make are removed as well.
    Statement::new("DELETE FROM http_cache WHERE source_id = $1")
        .bind(source)
        .execute(&mut *conn)
        .await?;

    for batch in checkpoint.validators.chunks(ROWS_PER_STATEMENT) {
        insert_validators(conn, source, batch).await?;
    }

    Ok(())
}

/// Inserts validators. The later of two validators for one request replaces the earlier one.
async fn insert_validators(
    conn: &mut Connection,
    source: SourceId,
    batch: &[Validator],
) -> Result<(), StoreError> {
    let mut statement = Statement::new(
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
    statement.execute(conn).await?;

    Ok(())
}

#[cfg(test)]
mod tests {
    use job_scanner_core::key::ExternalId;
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{COMPLETE, at, begin_scan, count, job, source_key, store};
    use crate::{ListingCoverage, Store};

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

    fn checkpoint(validators: Vec<Validator>) -> Checkpoint {
        let read_config = ReadConfig {
            adapter_digest: "ab".repeat(32),
            options_hash: "cd".repeat(32),
            max_jobs: Some(u32::MAX),
            normalization_version: 1,
        };
        Checkpoint {
            state: Some("{\"since\":1}".to_owned()),
            validators,
            read_config: Some(read_config),
        }
    }

    async fn save_checkpoint(store: &Store, checkpoint: &Checkpoint) {
        let now = at("08:15:00");
        let mut tx = begin_scan(store, "acme", "Acme", now).await;
        tx.save_checkpoint(checkpoint).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
    }

    async fn stored_checkpoint(store: &Store) -> Checkpoint {
        store
            .open_source(&source_key("acme"), "Acme", at("09:00:00"))
            .await
            .unwrap()
            .checkpoint
    }

    #[tokio::test]
    async fn a_saved_checkpoint_is_read_back() {
        let store = store().await;
        let checkpoint = checkpoint(vec![validator(1, "\"a\""), validator(2, "W/\"b\"")]);
        save_checkpoint(&store, &checkpoint).await;
        assert_eq!(stored_checkpoint(&store).await, checkpoint);
    }

    #[tokio::test]
    async fn a_later_checkpoint_replaces_the_earlier_one() {
        let store = store().await;
        save_checkpoint(
            &store,
            &checkpoint(vec![validator(1, "\"a\""), validator(2, "\"b\"")]),
        )
        .await;
        let later = Checkpoint {
            state: None,
            ..checkpoint(vec![validator(2, "\"c\"")])
        };
        save_checkpoint(&store, &later).await;
        assert_eq!(stored_checkpoint(&store).await, later);
        save_checkpoint(&store, &Checkpoint::default()).await;
        assert_eq!(stored_checkpoint(&store).await, Checkpoint::default());
    }

    #[tokio::test]
    async fn jobs_last_seen_under_another_read_config_are_reprocessed() {
        let store = store().await;
        let under = |digest: &str| {
            let checkpoint = checkpoint(Vec::new());
            let read_config = checkpoint.read_config.map(|it| ReadConfig {
                adapter_digest: digest.into(),
                ..it
            });
            Checkpoint {
                read_config,
                ..checkpoint
            }
        };
        // The second of the two jobs is missing from the later listings.
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
            let missing_job = [ExternalId::new("2").unwrap()];
            tx.update_presence(
                ListingCoverage::Complete(if missing { &missing_job } else { &[] }),
                at(now),
            )
            .await
            .unwrap();
            tx.save_checkpoint(&under(digest)).await.unwrap();
            tx.commit(&COMPLETE).await.unwrap();
            let known = store.known_jobs(source.id).await.unwrap();
            let mut reprocessed: Vec<_> = known
                .iter()
                .filter(|(_, job)| job.reprocessed)
                .map(|(id, _)| id)
                .collect();
            reprocessed.sort_unstable();
            assert_eq!(
                reprocessed,
                if digest == "b" {
                    vec![&missing_job[0]]
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
        save_checkpoint(&store, &checkpoint(many)).await;
        assert_eq!(count(&store, "http_cache").await, 3_000);
    }

    #[tokio::test]
    async fn the_later_of_two_validators_for_one_request_is_kept() {
        let store = store().await;
        save_checkpoint(
            &store,
            &checkpoint(vec![validator(1, "\"a\""), validator(1, "\"b\"")]),
        )
        .await;
        assert_eq!(
            stored_checkpoint(&store).await.validators,
            [validator(1, "\"b\"")]
        );
    }
}
