//! The `sources` table: every source that was ever scanned, the result of its last scan, and the
//! generation that fences scans.

use jiff::Timestamp;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::run::ScanOutcome;
use job_scanner_row_derive::FromRow;

use crate::cluster::company;
use crate::columns::{Row, day, lift_key, time};
use crate::database::Store;
use crate::driver::{Connection, Pool, Statement, Target};
use crate::error::StoreError;
use crate::ids::SourceId;
use crate::scan::checkpoint::{Checkpoint, CheckpointColumns};
use crate::scan::{checkpoint, suspicious_drops};

/// A source as stored before a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    pub id: SourceId,
    pub key: SourceKey,
    /// Rises with every committed scan. [`Store::begin_scan`] compares it to detect a concurrent
    /// scan.
    pub generation: i64,
    /// True once its first complete, window or truncated scan was committed.
    pub baseline_done: bool,
    /// True during a suspicious drop, until enough complete listings agree.
    pub in_doubt: bool,
    /// True if its listing has to be requested without validators: the source is in doubt, or more
    /// jobs than usual are missing.
    pub read_whole: bool,
    pub checkpoint: Checkpoint,
}

/// The outcome of a scan that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanOutcomeRecord<'a> {
    pub outcome: ScanOutcome,
    /// True if the whole listing was read or confirmed to be unchanged.
    pub complete: bool,
    /// True if the source's baseline is complete now. Once complete, it stays complete.
    pub baseline_done: bool,
    /// The time before which the board asked for no further requests, although the scan succeeded.
    pub rest_until: Option<Timestamp>,
    /// The budgets and their use, as a JSON object.
    pub budget: Option<&'a str>,
}

/// The reason why a scan failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanFailureRecord<'a> {
    pub kind: FailureKind,
    /// Describes the failure for the operator.
    pub message: &'a str,
    /// The time before which the board asked for no further requests.
    pub rest_until: Option<Timestamp>,
    /// True if the board does not exist, or no longer does.
    pub gone: bool,
    /// The budgets and their use, as a JSON object; `None` if the adapter was not started.
    pub budget: Option<&'a str>,
}

#[derive(FromRow)]
struct SourceRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    name: String,
    generation: i64,
    baseline_done: bool,
    in_doubt: bool,
    #[row(flatten)]
    checkpoint: CheckpointColumns,
}

impl Store {
    /// Returns the record of a source, which is created if it does not exist. `name` is its current
    /// name in the configuration. Writes nothing for an existing source whose name did not change.
    #[tracing::instrument(name = "store.source.open", skip_all, fields(source.key = %key))]
    pub async fn open_source(
        &self,
        key: &SourceKey,
        name: &str,
        now: Timestamp,
    ) -> Result<SourceRecord, StoreError> {
        let mut reader = self.readers().acquire().await?;
        if let Some(row) = find(&mut reader, key).await?
            && row.name == name
        {
            return lift(&mut reader, row).await;
        }

        // There are few readers, and the scan that holds the write lock may be waiting for this
        // one.
        drop(reader);
        let mut tx = self.begin().await?;
        let row = upsert(&mut tx, key, name, now).await?;
        company::follow_name(&mut tx, row.source_id, name).await?;
        let record = lift(&mut tx, row).await?;
        tx.commit().await?;

        Ok(record)
    }

    /// Records that a scan failed. The checkpoint and the generation do not change: a failure must
    /// not make another process discard the listing it fetched. Returns false and writes nothing if
    /// another scan was committed meanwhile.
    #[tracing::instrument(name = "store.source.record_failure", skip_all, fields(source.id = %source))]
    pub async fn record_failure(
        &self,
        source: SourceId,
        expected_generation: i64,
        failure: &ScanFailureRecord<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let updated = Statement::new(
            "UPDATE sources SET last_scan_at = $1, last_outcome = 'failed', last_error_at = $1, error_kind = $2,
                 error_message = $3, consecutive_failures = consecutive_failures + 1,
                 failing_since = CASE WHEN failing_since <= $1 THEN failing_since ELSE $1 END, rest_until = $4,
                 gone_days = CASE WHEN $5 IS NULL OR gone_on = $5 THEN gone_days ELSE gone_days + 1 END,
                 gone_on = COALESCE($5, gone_on), last_budget = $6
             WHERE source_id = $7 AND generation = $8",
        )
        .bind(time(now))
        .bind(failure.kind.as_str())
        .bind(failure.message)
        .bind(failure.rest_until.map(time))
        .bind(failure.gone.then(|| day(now)))
        .bind(failure.budget)
        .bind(source)
        .bind(expected_generation)
        .execute(&mut *tx)
        .await?;

        tx.commit().await?;

        Ok(updated == 1)
    }
}

/// Returns the generation of `source`; `None` if the source does not exist.
pub(crate) async fn generation(
    conn: &mut Connection,
    source: SourceId,
) -> Result<Option<i64>, StoreError> {
    let generation =
        Statement::new("SELECT generation FROM sources WHERE source_id = $1").bind(source);
    Ok(generation.fetch_optional_value(conn).await?)
}

/// The statement that records the outcome of a scan if the generation is still the one that the
/// scan began with.
macro_rules! record_outcome {
    () => {
        "UPDATE sources SET generation = generation + 1, last_scan_at = $1, last_outcome = $2, last_success_at = $1,
             last_complete_at = CASE WHEN $3 THEN $1 ELSE last_complete_at END,
             baseline_done_at = CASE WHEN $4 THEN COALESCE(baseline_done_at, $1) ELSE baseline_done_at END,
             error_kind = NULL, error_message = NULL, consecutive_failures = 0, failing_since = NULL, rest_until = $5,
             gone_days = 0, last_budget = $6
         WHERE source_id = $7 AND generation = $8"
    };
}

/// Records the outcome of a scan and raises the generation. Returns false and writes nothing if the
/// generation is no longer `generation`.
pub(crate) async fn record_outcome(
    conn: &mut Connection,
    source: SourceId,
    generation: i64,
    record: &ScanOutcomeRecord<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    update_outcome(conn, record_outcome!(), source, generation, record, now).await
}

/// Records the outcome of a scan that found nothing changed, in one statement without a
/// transaction. Also returns false and writes nothing if more has to be written: jobs of the source
/// are missing or may have expired, or the source is in doubt.
pub(crate) async fn confirm_outcome(
    writer: &Pool,
    source: SourceId,
    generation: i64,
    record: &ScanOutcomeRecord<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // As text, a date is less than every timestamp on that day.
    let statement = concat!(
        record_outcome!(),
        " AND lost_since IS NULL
          AND NOT EXISTS (SELECT 1 FROM jobs j
              WHERE j.source_id = $7 AND j.missing_since IS NOT NULL AND j.closed_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM jobs j
              WHERE j.source_id = $7 AND j.expires_at IS NOT NULL AND j.closed_at IS NULL AND j.expires_at < $1)"
    );

    update_outcome(writer, statement, source, generation, record, now).await
}

async fn update_outcome(
    target: impl Into<Target<'_>>,
    statement: &'static str,
    source: SourceId,
    generation: i64,
    record: &ScanOutcomeRecord<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let updated = Statement::new(statement)
        .bind(time(now))
        .bind(record.outcome.as_str())
        .bind(record.complete)
        .bind(record.baseline_done)
        .bind(record.rest_until.map(time))
        .bind(record.budget)
        .bind(source)
        .bind(generation)
        .execute(target)
        .await?;

    Ok(updated == 1)
}

/// The columns of a [`SourceRow`].
macro_rules! columns {
    () => {
        "source_id, adapter, identifier, name, generation, baseline_done_at IS NOT NULL AS baseline_done, \
         lost_since IS NOT NULL AS in_doubt, adapter_state, adapter_digest, options_hash, max_jobs, normalization_version"
    };
}

async fn find(conn: &mut Connection, key: &SourceKey) -> Result<Option<SourceRow>, StoreError> {
    let row = Statement::new(concat!(
        "SELECT ",
        columns!(),
        " FROM sources WHERE adapter = $1 AND identifier = $2"
    ))
    .bind(key.adapter.as_str())
    .bind(key.identifier.as_str())
    .fetch_optional::<SourceRow>(conn)
    .await?;

    Ok(row)
}

async fn upsert(
    conn: &mut Connection,
    key: &SourceKey,
    name: &str,
    now: Timestamp,
) -> Result<SourceRow, StoreError> {
    let row = Statement::new(concat!(
        "INSERT INTO sources (adapter, identifier, name, first_seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (adapter, identifier) DO UPDATE SET name = excluded.name RETURNING ",
        columns!()
    ))
    .bind(key.adapter.as_str())
    .bind(key.identifier.as_str())
    .bind(name)
    .bind(time(now))
    .fetch_one::<SourceRow>(conn)
    .await?;

    Ok(row)
}

async fn lift(conn: &mut Connection, row: SourceRow) -> Result<SourceRecord, StoreError> {
    let place = Row::new("sources", row.source_id);
    let validators = checkpoint::validators(conn, row.source_id).await?;

    Ok(SourceRecord {
        id: row.source_id,
        key: lift_key(place, row.adapter, row.identifier)?,
        generation: row.generation,
        baseline_done: row.baseline_done,
        in_doubt: row.in_doubt,
        read_whole: row.in_doubt
            || suspicious_drops::misses_more_than_usual(conn, row.source_id).await?,
        checkpoint: row.checkpoint.lift(place, validators)?,
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{COMPLETE, at, number, source_key, store, text};

    const TIMEOUT: ScanFailureRecord<'static> = ScanFailureRecord {
        kind: FailureKind::Timeout,
        message: "no response within 60 s",
        rest_until: None,
        gone: false,
        budget: None,
    };

    #[tokio::test]
    async fn a_source_is_found_again_by_its_key() {
        let store = store().await;
        let first = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        assert_eq!((first.generation, first.baseline_done), (0, false));
        assert_eq!(first.checkpoint, Checkpoint::default());
        assert_eq!(
            store
                .open_source(&source_key("acme"), "Acme", at("09:00:00"))
                .await
                .unwrap(),
            first
        );
        let other = store
            .open_source(&source_key("Acme"), "Acme", at("09:00:00"))
            .await
            .unwrap();
        assert_ne!(other.id, first.id, "identifiers are case-sensitive");
    }

    #[tokio::test]
    async fn a_renamed_source_gets_its_new_name() {
        let store = store().await;
        let first = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let renamed = store
            .open_source(&source_key("acme"), "Acme Inc.", at("09:00:00"))
            .await
            .unwrap();
        assert_eq!(renamed.id, first.id);
        assert_eq!(
            text(&store, "SELECT name FROM sources").await.unwrap(),
            "Acme Inc."
        );
        assert_eq!(
            text(&store, "SELECT first_seen_at FROM sources")
                .await
                .unwrap(),
            "2026-11-23T08:00:00.000Z"
        );
    }

    #[tokio::test]
    async fn two_processes_opening_a_new_source_get_the_same_row() {
        let store = store().await;
        let (other, key) = (store.reopen().await.unwrap(), source_key("acme"));
        let (one, two) = tokio::join!(
            store.open_source(&key, "Acme", at("08:00:00")),
            other.open_source(&key, "Acme", at("08:00:00"))
        );
        assert_eq!(one.unwrap(), two.unwrap());
    }

    #[tokio::test]
    async fn failures_count_until_a_scan_succeeds() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        for _ in 0..2 {
            assert!(
                store
                    .record_failure(source.id, 0, &TIMEOUT, at("08:00:00"))
                    .await
                    .unwrap()
            );
        }
        assert_eq!(
            number(&store, "SELECT consecutive_failures FROM sources").await,
            2
        );
        assert_eq!(
            text(&store, "SELECT error_kind FROM sources")
                .await
                .unwrap(),
            "timeout"
        );
        assert_eq!(
            text(&store, "SELECT last_outcome FROM sources")
                .await
                .unwrap(),
            "failed"
        );

        let tx = store
            .begin_scan(source.id, 0, run, at("08:30:00"))
            .await
            .unwrap()
            .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(
            number(&store, "SELECT consecutive_failures FROM sources").await,
            0
        );
        assert_eq!(
            text(&store, "SELECT error_kind || error_message FROM sources").await,
            None
        );
        assert_eq!(
            text(&store, "SELECT last_error_at FROM sources")
                .await
                .unwrap(),
            "2026-11-23T08:00:00.000Z"
        );
        assert_eq!(
            text(&store, "SELECT last_success_at FROM sources")
                .await
                .unwrap(),
            "2026-11-23T08:30:00.000Z"
        );
    }

    #[tokio::test]
    async fn a_failure_does_not_overwrite_a_faster_scan() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let tx = store
            .begin_scan(source.id, source.generation, run, at("08:15:00"))
            .await
            .unwrap()
            .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert!(
            !store
                .record_failure(source.id, source.generation, &TIMEOUT, at("08:16:00"))
                .await
                .unwrap()
        );
        assert_eq!(
            text(&store, "SELECT last_outcome FROM sources")
                .await
                .unwrap(),
            "complete"
        );
    }

    #[tokio::test]
    async fn a_corrupt_source_row_is_reported() {
        let store = store().await;
        store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store.begin().await.unwrap();
        Statement::new(
            "UPDATE sources SET max_jobs = -1, adapter_digest = '', options_hash = '', normalization_version = 1",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let error = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("row 1 of table `sources` is corrupt: column `max_jobs`"),
            "{error}"
        );
    }
}
