//! The `runs` and `run_sources` tables: every run, and its result for each source that had changes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_core::time::saturating_millis_signed;
use serde::Serialize;
use serde_json::Value;

use crate::columns::{ROWS_PER_STATEMENT, Row, json, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{RunId, SourceId};

/// The result of a run. `S` is the type of a source's counts, which are stored as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord<S> {
    pub finished_at: Timestamp,
    /// The duration by a monotonic clock.
    pub duration: Duration,
    /// True if a scan or a delivery failed, or a scan was partial.
    pub had_errors: bool,
    /// True if it was asked to stop before it was finished.
    pub interrupted: bool,
    /// The total counts of all its scans.
    pub totals: Value,
    /// Its scans, without those that found nothing changed.
    pub sources: Vec<RunSourceRecord<S>>,
}

/// The result of a run for one source.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSourceRecord<S> {
    pub source: SourceId,
    pub outcome: ScanOutcome,
    pub stats: S,
}

/// The longest plausible gap between two runs. A clock that is further ahead of all earlier runs is
/// not trusted.
const MAX_GAP_BETWEEN_RUNS: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The time for which runs have to continue under a clock that leapt ahead before it is trusted.
const TRUST_LEAP_AFTER: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Returns the time for computing ages and comparing dates: `now`, unless the clock has leapt
    /// ahead. Trusting a clock that is years ahead would close all jobs and delete all old rows.
    /// After a leap this returns the end of the last run before it, until runs have continued for a
    /// day. Rows are still stamped with the clock's time.
    #[tracing::instrument(name = "store.run.trusted_time", skip_all)]
    pub async fn trusted_time(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        let before = now.checked_sub(TRUST_LEAP_AFTER).unwrap_or(Timestamp::MIN);
        let last: Option<String> =
            Statement::new("SELECT MAX(finished_at) FROM runs WHERE finished_at <= $1")
                .bind(time(before))
                .fetch_value(self.readers())
                .await?;
        let last = Row::new("runs", 0).optional("finished_at", last.as_deref())?;

        Ok(last
            .filter(|last| now.duration_since(*last) > MAX_GAP_BETWEEN_RUNS)
            .unwrap_or(now))
    }

    /// Begins a run and marks unfinished earlier runs as interrupted. The caller must hold the run
    /// lock, so those runs were killed.
    #[tracing::instrument(name = "store.run.start", skip_all, fields(run.trigger = trigger.as_str()))]
    pub async fn start_run(&self, trigger: Trigger, now: Timestamp) -> Result<RunId, StoreError> {
        let mut tx = self.begin().await?;

        // This comes before the insert, because the new run is unfinished as well.
        Statement::new(
            "UPDATE runs SET interrupted = 1 WHERE finished_at IS NULL AND interrupted = 0",
        )
        .execute(&mut *tx)
        .await?;

        let id = Statement::new(
            "INSERT INTO runs (trigger, started_at) VALUES ($1, $2) RETURNING run_id",
        )
        .bind(trigger.as_str())
        .bind(time(now))
        .fetch_value(&mut *tx)
        .await?;
        tx.commit().await?;

        Ok(id)
    }

    /// Records the result of a run.
    #[tracing::instrument(name = "store.run.finish", skip_all, fields(run.id = %run))]
    pub async fn finish_run<S: Serialize>(
        &self,
        run: RunId,
        summary: &RunRecord<S>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let updated = Statement::new(
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
        if updated == 0 {
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
    conn: &mut Connection,
    run: RunId,
    batch: &[RunSourceRecord<S>],
) -> Result<(), StoreError> {
    let stats = batch
        .iter()
        .map(|record| json("stats", &record.stats))
        .collect::<Result<Vec<_>, _>>()?;

    let mut statement =
        Statement::new("INSERT INTO run_sources (run_id, source_id, outcome, stats) ");
    statement.push_values(batch.iter().zip(stats), |mut row, (record, stats)| {
        row.push_bind(run)
            .push_bind(record.source)
            .push_bind(record.outcome.as_str())
            .push_bind(stats);
    });
    statement.execute(conn).await?;

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
        assert_eq!(
            ran(day(60)).await,
            day(60),
            "a machine may be off for a long time"
        );

        let ahead = day(4_000);
        assert_eq!(
            (
                ran(ahead).await,
                ran(ahead + SignedDuration::from_hours(23)).await
            ),
            (day(60), day(60))
        );
        assert_eq!(ran(day(61)).await, day(61), "the clock was corrected");
        assert_eq!(
            ran(ahead + SignedDuration::from_hours(47)).await,
            ahead + SignedDuration::from_hours(47)
        );
        assert_eq!(
            ran(day(-4_000)).await,
            day(-4_000),
            "under a clock that is behind, nothing is old"
        );
    }
}
