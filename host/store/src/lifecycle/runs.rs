//! The `runs` and `run_sources` tables: every wake-up, and what it did at each source that had
//! news.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_core::time::saturating_millis_signed;
use serde::Serialize;
use serde_json::Value;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::columns::{ROWS_PER_STATEMENT, Row, json, time};
use crate::database::Store;
use crate::error::StoreError;
use crate::ids::{RunId, SourceId};

/// How a run ended. `S` is how the counts of a source are written down, as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord<S> {
    /// When.
    pub finished_at: Timestamp,
    /// How long it took, by a clock that is never set.
    pub duration: Duration,
    /// Whether a scan or a delivery failed, or a scan was partial.
    pub had_errors: bool,
    /// Whether it was asked to stop before it was done.
    pub interrupted: bool,
    /// The counts of all its scans together.
    pub totals: Value,
    /// Its scans, but for those that found nothing changed.
    pub sources: Vec<RunSourceRecord<S>>,
}

/// What a run did at one source.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSourceRecord<S> {
    /// The source.
    pub source: SourceId,
    /// The way in which its scan ended.
    pub outcome: ScanOutcome,
    /// Its counts.
    pub stats: S,
}

/// A clock that is so far ahead of all earlier runs is not trusted: no machine rests for longer.
const MAX_GAP_BETWEEN_RUNS: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The time for which runs have to go on under such a clock before it is trusted after all.
const TRUST_LEAP_AFTER: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// The time by which ages and dates are judged: `now`, unless the clock has leapt. A program
    /// that takes a clock which is years ahead at its word forgets and closes everything. So time
    /// stands still then at the end of the last run before the leap, until runs have gone on for a
    /// day. Rows are stamped with the clock's time all the same.
    #[tracing::instrument(name = "store.run.trusted_time", skip_all)]
    pub async fn trusted_time(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        let before = now.checked_sub(TRUST_LEAP_AFTER).unwrap_or(Timestamp::MIN);
        let last: Option<String> =
            sqlx::query_scalar("SELECT MAX(finished_at) FROM runs WHERE finished_at <= $1")
                .bind(time(before))
                .fetch_one(self.readers())
                .await?;
        let last = Row::new("runs", 0).optional("finished_at", last.as_deref())?;

        Ok(last
            .filter(|last| now.duration_since(*last) > MAX_GAP_BETWEEN_RUNS)
            .unwrap_or(now))
    }

    /// Begins a run. Call it with the run lock held: an earlier run without an end was killed, and
    /// is marked so.
    #[tracing::instrument(name = "store.run.start", skip_all, fields(run.trigger = trigger.as_str()))]
    pub async fn start_run(&self, trigger: Trigger, now: Timestamp) -> Result<RunId, StoreError> {
        let mut tx = self.begin().await?;

        // Before the new run is on record, which has no end either.
        sqlx::query(
            "UPDATE runs SET interrupted = 1 WHERE finished_at IS NULL AND interrupted = 0",
        )
        .execute(&mut *tx)
        .await?;

        let id = sqlx::query_scalar(
            "INSERT INTO runs (trigger, started_at) VALUES ($1, $2) RETURNING run_id",
        )
        .bind(trigger.as_str())
        .bind(time(now))
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;

        Ok(id)
    }

    /// Ends a run.
    #[tracing::instrument(name = "store.run.finish", skip_all, fields(run.id = %run))]
    pub async fn finish_run<S: Serialize>(
        &self,
        run: RunId,
        summary: &RunRecord<S>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let updated = sqlx::query(
            "UPDATE runs SET finished_at = $1, duration_ms = $2, had_errors = $3, interrupted = $4, totals = $5
             WHERE run_id = $6",
        )
        .bind(time(summary.finished_at))
        .bind(saturating_millis_signed(summary.duration))
        .bind(summary.had_errors)
        .bind(summary.interrupted)
        .bind(json("totals", &summary.totals)?)
        .bind(run)
        .execute(&mut *tx)
        .await?;
        if updated.rows_affected() == 0 {
            return Err(StoreError::RowMissing {
                table: "runs",
                id: run.into(),
            });
        }

        for batch in summary.sources.chunks(ROWS_PER_STATEMENT) {
            insert_sources(&mut tx, run, batch).await?;
        }

        Ok(tx.commit().await?)
    }
}

async fn insert_sources<S: Serialize>(
    conn: &mut SqliteConnection,
    run: RunId,
    batch: &[RunSourceRecord<S>],
) -> Result<(), StoreError> {
    let stats = batch
        .iter()
        .map(|record| json("stats", &record.stats))
        .collect::<Result<Vec<_>, _>>()?;

    let mut statement =
        QueryBuilder::<Sqlite>::new("INSERT INTO run_sources (run_id, source_id, outcome, stats) ");
    statement.push_values(batch.iter().zip(stats), |mut row, (record, stats)| {
        row.push_bind(run)
            .push_bind(record.source)
            .push_bind(record.outcome.as_str())
            .push_bind(stats);
    });
    statement.build().execute(conn).await?;

    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::{at, count, number, source_key, store, text};

    fn summary(sources: Vec<RunSourceRecord<Value>>) -> RunRecord<Value> {
        RunRecord {
            finished_at: at("08:01:00"),
            duration: Duration::from_millis(59_999),
            had_errors: true,
            interrupted: false,
            totals: json!({"fetched": 3}),
            sources,
        }
    }

    #[tokio::test]
    async fn a_finished_run_is_stored_with_its_sources() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let mut sources = Vec::new();
        for n in 0..100 {
            let key = source_key(&format!("board-{n}"));
            let source = store
                .open_source(&key, "Board", at("08:00:00"))
                .await
                .unwrap()
                .id;
            sources.push(RunSourceRecord {
                source,
                outcome: ScanOutcome::Complete,
                stats: json!({"new": n}),
            });
        }
        store.finish_run(run, &summary(sources)).await.unwrap();
        assert_eq!(
            text(&store, "SELECT trigger FROM runs").await.unwrap(),
            "manual"
        );
        assert_eq!(
            text(&store, "SELECT finished_at FROM runs").await.unwrap(),
            "2026-11-23T08:01:00.000Z"
        );
        assert_eq!(
            text(&store, "SELECT totals FROM runs").await.unwrap(),
            "{\"fetched\":3}"
        );
        assert_eq!(number(&store, "SELECT duration_ms FROM runs").await, 59_999);
        assert_eq!(number(&store, "SELECT had_errors FROM runs").await, 1);
        assert_eq!(
            number(
                &store,
                "SELECT SUM(json_extract(stats, '$.new')) FROM run_sources"
            )
            .await,
            4_950
        );
    }

    #[tokio::test]
    async fn a_run_that_was_killed_is_marked_by_the_next_one() {
        let store = store().await;
        let finished = store
            .start_run(Trigger::Manual, at("07:00:00"))
            .await
            .unwrap();
        store
            .finish_run(finished, &summary(Vec::new()))
            .await
            .unwrap();
        let killed = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let running = store
            .start_run(Trigger::Manual, at("09:00:00"))
            .await
            .unwrap();
        for (run, expected) in [(finished, 0), (killed, 1), (running, 0)] {
            let sql = format!("SELECT interrupted FROM runs WHERE run_id = {run}");
            assert_eq!(number(&store, &sql).await, expected, "run {run}");
        }
    }

    #[tokio::test]
    async fn a_run_record_is_stored_completely_or_not_at_all() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let unknown = RunSourceRecord {
            source: SourceId(99),
            outcome: ScanOutcome::Complete,
            stats: json!({}),
        };
        let error = store
            .finish_run(run, &summary(vec![unknown]))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Database(_)));
        assert_eq!(text(&store, "SELECT finished_at FROM runs").await, None);
        assert_eq!(count(&store, "run_sources").await, 0);
    }

    #[tokio::test]
    async fn a_missing_run_is_reported() {
        let store = store().await;
        let error = store
            .finish_run(RunId(4), &summary(Vec::new()))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "row 4 of table `runs` is missing: another program has changed the database"
        );
    }

    #[tokio::test]
    async fn a_clock_leap_is_trusted_after_a_day_of_runs() {
        let store = store().await;
        let day = |days: i64| at("08:00:00") + SignedDuration::from_hours(24 * days);
        let ran = async |at| {
            let run = store.start_run(Trigger::Schedule, at).await.unwrap();
            let trusted = store.trusted_time(at).await.unwrap();
            store
                .finish_run(
                    run,
                    &RunRecord {
                        finished_at: at,
                        ..summary(Vec::new())
                    },
                )
                .await
                .unwrap();
            trusted
        };
        assert_eq!(
            ran(day(0)).await,
            day(0),
            "there is nothing to compare it with"
        );
        assert_eq!(ran(day(60)).await, day(60), "a machine may rest for long");

        let ahead = day(4_000);
        assert_eq!(
            (
                ran(ahead).await,
                ran(ahead + SignedDuration::from_hours(23)).await
            ),
            (day(60), day(60))
        );
        assert_eq!(ran(day(61)).await, day(61), "it was set right");
        assert_eq!(
            ran(ahead + SignedDuration::from_hours(47)).await,
            ahead + SignedDuration::from_hours(47)
        );
        assert_eq!(
            ran(day(-4_000)).await,
            day(-4_000),
            "far behind, nothing is old"
        );
    }
}
