//! The writes of one scan: one short transaction, in which jobs, versions, matches, alerts, the
//! checkpoint and the source's health become visible together or not at all.
//!
//! The statements are in the files of their tables. A source's `generation` fences scans: it is
//! read before the fetch, and the scan is discarded if another process has committed a scan of the
//! same source since then.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::NormalizationResult;

use crate::database::Store;
use crate::delivery::alerts::{self, AlertCounts, NewAlert};
use crate::driver::Transaction;
use crate::error::StoreError;
use crate::ids::{JobId, RunId, SourceId};
use crate::lifecycle::profiles::{self, JobRange, ProfileRecord};
use crate::scan::checkpoint::{self, Checkpoint};
use crate::scan::details::{self, DetailsRecord};
use crate::scan::jobs;
use crate::scan::matches::{self, StoredMatch};
use crate::scan::new_ids::{self, NewId};
use crate::scan::presence::{self, ListingCoverage, PresenceChange};
use crate::scan::sources::{self, ScanOutcomeRecord};

/// The writes of one scan, not yet visible to other connections. It is rolled back when it is
/// dropped without [`commit`](Self::commit).
///
/// It holds the database's only write lock: fetch, normalize and match before beginning it.
#[derive(Debug)]
pub struct ScanTransaction {
    tx: Transaction,
    source: SourceId,
    generation: i64,
    run: RunId,
    now: Timestamp,
}

impl Store {
    /// Begins the transaction of a scan. `None` if another scan of this source was committed since
    /// the generation was read: the caller's data may be older than the stored rows.
    #[tracing::instrument(name = "store.scan.begin", skip_all, fields(source.id = %source))]
    pub async fn begin_scan(
        &self,
        source: SourceId,
        expected_generation: i64,
        run: RunId,
        now: Timestamp,
    ) -> Result<Option<ScanTransaction>, StoreError> {
        let mut tx = self.begin().await?;

        // The transaction has the write lock, so no other process can raise the generation from now
        // on. It is therefore raised at the end, in the statement that records the outcome.
        let current = sources::generation(&mut tx, source).await?;
        let scan = ScanTransaction {
            tx,
            source,
            generation: expected_generation,
            run,
            now,
        };

        Ok((current == Some(expected_generation)).then_some(scan))
    }

    /// Records the outcome of a scan that found nothing changed, in one statement, if nothing else
    /// has to be written. Returns false and writes nothing if jobs are missing or may have expired,
    /// if the source is in doubt, or if another scan was committed meanwhile. The caller then
    /// [begins](Self::begin_scan) a transaction.
    #[tracing::instrument(name = "store.scan.confirm", skip_all, fields(source.id = %source))]
    pub async fn confirm_scan(
        &self,
        source: SourceId,
        expected_generation: i64,
        record: &ScanOutcomeRecord<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        sources::confirm_outcome(self.writer(), source, expected_generation, record, now).await
    }
}

impl ScanTransaction {
    /// Gives stored jobs the ids under which they are listed now. Call it before the listed jobs are
    /// recorded.
    #[tracing::instrument(name = "store.scan.record_new_ids", skip_all, fields(source.id = %self.source))]
    pub async fn record_new_ids(&mut self, new_ids: &[NewId]) -> Result<(), StoreError> {
        new_ids::record(&mut self.tx, self.source, new_ids).await
    }

    /// Writes the new and changed jobs among `results` and returns their ids. `baseline` marks the
    /// new ones as part of the source's baseline.
    #[tracing::instrument(name = "store.scan.record_jobs", skip_all, fields(source.id = %self.source))]
    pub async fn record_jobs(
        &mut self,
        results: &[NormalizationResult],
        baseline: bool,
    ) -> Result<HashMap<ExternalId, JobId>, StoreError> {
        jobs::record(&mut self.tx, self.source, results, baseline, self.now).await
    }

    /// Reopens jobs that were missing or closed and are listed again.
    #[tracing::instrument(name = "store.scan.reopen", skip_all, fields(source.id = %self.source))]
    pub async fn reopen(&mut self, back: &[ExternalId]) -> Result<(), StoreError> {
        presence::reopen(&mut self.tx, self.source, back, self.now).await
    }

    /// Marks known jobs as seen or missing, and closes those that have expired or were missing long
    /// enough. Call it after the listed jobs are recorded. It writes nothing for an unchanged
    /// listing without missing or expired jobs. `judged_at` is the time that dates are compared
    /// with.
    #[tracing::instrument(name = "store.scan.update_presence", skip_all, fields(source.id = %self.source))]
    pub async fn update_presence(
        &mut self,
        coverage: ListingCoverage<'_>,
        judged_at: Timestamp,
    ) -> Result<PresenceChange, StoreError> {
        presence::update_presence(&mut self.tx, self.source, coverage, judged_at, self.now).await
    }

    /// Writes the state of the details of jobs that were recorded before.
    #[tracing::instrument(name = "store.scan.record_details", skip_all, fields(source.id = %self.source))]
    pub async fn record_details(&mut self, records: &[DetailsRecord]) -> Result<(), StoreError> {
        details::record(&mut self.tx, self.source, records).await
    }

    /// Deletes the details of jobs whose listing contains everything now.
    #[tracing::instrument(name = "store.scan.forget_details", skip_all, fields(source.id = %self.source))]
    pub async fn forget_details(&mut self, jobs: &[ExternalId]) -> Result<(), StoreError> {
        details::forget(&mut self.tx, self.source, jobs).await
    }

    /// Suspends the details of closed jobs: no scan requests them until the jobs are listed again.
    #[tracing::instrument(name = "store.scan.suspend_details", skip_all, fields(source.id = %self.source))]
    pub async fn suspend_details(&mut self) -> Result<(), StoreError> {
        details::suspend_closed(&mut self.tx, self.source).await
    }

    /// Returns the number of open jobs of the source whose details are awaited.
    #[tracing::instrument(name = "store.scan.awaited_details", skip_all, fields(source.id = %self.source))]
    pub async fn awaited_details(&mut self) -> Result<u64, StoreError> {
        details::count_awaited(&mut self.tx, self.source).await
    }

    /// Writes matches of jobs that were recorded before.
    #[tracing::instrument(name = "store.scan.record_matches", skip_all, fields(source.id = %self.source))]
    pub async fn record_matches(&mut self, matches: &[StoredMatch<'_>]) -> Result<(), StoreError> {
        matches::record(&mut self.tx, matches, self.now).await
    }

    /// Writes alerts for matches that were recorded before. An alert that already exists for the
    /// same job, version and profile is counted as a duplicate and stays as it is. One that exists
    /// for another job of the same cluster, in the same version, is recorded as grouped.
    #[tracing::instrument(name = "store.scan.record_alerts", skip_all, fields(source.id = %self.source))]
    pub async fn record_alerts(
        &mut self,
        alerts: &[NewAlert<'_>],
    ) -> Result<AlertCounts, StoreError> {
        alerts::record(&mut self.tx, self.run, alerts, self.now).await
    }

    /// Replaces the checkpoint of earlier scans. A complete scan saves the adapter's state, the
    /// validators and the read config; a window or truncated scan saves only the read config. A
    /// scan whose listing was not modified keeps the stored checkpoint and does not call this.
    #[tracing::instrument(name = "store.scan.save_checkpoint", skip_all, fields(source.id = %self.source))]
    pub async fn save_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        checkpoint::replace(&mut self.tx, self.source, checkpoint, self.now).await
    }

    /// Removes the matches of the open jobs in this range with a profile in their current version.
    /// Matches with an alert are kept and marked as outdated.
    #[tracing::instrument(name = "store.scan.forget_matches", skip_all, fields(source.id = %self.source))]
    pub async fn forget_matches(
        &mut self,
        jobs: &JobRange,
        profile: &str,
    ) -> Result<(), StoreError> {
        profiles::forget_matches(&mut self.tx, self.source, jobs, profile, self.now).await
    }

    /// Records the profiles of a source for which none are recorded. If there are some, the rematch
    /// replaces them: one that failed in the same run has not matched all jobs with these.
    pub async fn record_first_profiles(
        &mut self,
        profiles: &[ProfileRecord],
    ) -> Result<(), StoreError> {
        if profiles::are_recorded(&mut self.tx, self.source).await? {
            return Ok(());
        }
        self.record_profiles(profiles).await
    }

    /// Replaces the profiles that the source's jobs were last matched with.
    #[tracing::instrument(name = "store.scan.record_profiles", skip_all, fields(source.id = %self.source))]
    pub async fn record_profiles(&mut self, profiles: &[ProfileRecord]) -> Result<(), StoreError> {
        profiles::replace(&mut self.tx, self.source, profiles).await
    }

    /// Commits writes that are not part of a scan. The source's generation and health do not
    /// change.
    #[tracing::instrument(name = "store.scan.commit_without_outcome", skip_all, fields(source.id = %self.source))]
    pub async fn commit_without_outcome(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    /// Records the outcome of the scan, clears the source's errors, raises its generation, and
    /// commits.
    #[tracing::instrument(name = "store.scan.commit", skip_all, fields(source.id = %self.source))]
    pub async fn commit(mut self, record: &ScanOutcomeRecord<'_>) -> Result<(), StoreError> {
        let is_recorded =
            sources::record_outcome(&mut self.tx, self.source, self.generation, record, self.now);

        // Nothing of the scan may be committed without its outcome and the raised generation.
        if !is_recorded.await? {
            return Err(StoreError::RowMissing {
                table: "sources",
                id: self.source.into(),
            });
        }

        Ok(self.tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::{ScanOutcome, Trigger};
    use job_scanner_core::validator::{RequestKey, Validator};

    use super::*;
    use crate::driver::Statement;
    use crate::test_support::{
        COMPLETE, TestStore, at, count, job, number, record_all, source_key, store, text,
    };
    use crate::{AlertKind, ReadConfig, SourceRecord};

    async fn source(store: &Store) -> SourceRecord {
        store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap()
    }

    async fn begin(store: &Store, source: &SourceRecord) -> Option<ScanTransaction> {
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        store
            .begin_scan(source.id, source.generation, run, at("08:15:00"))
            .await
            .unwrap()
    }

    fn checkpoint() -> Checkpoint {
        let validator = Validator {
            request: RequestKey([1; 32]),
            etag: None,
            last_modified: None,
            body_hash: [2; 32],
        };
        let read_config = ReadConfig {
            adapter_digest: String::new(),
            options_hash: String::new(),
            max_jobs: None,
            normalization_version: 1,
        };
        Checkpoint {
            state: None,
            validators: vec![validator],
            read_config: Some(read_config),
        }
    }

    /// Records each insert, update and delete from now on, by table.
    async fn audit(store: &TestStore) {
        let mut tx = store.begin().await.unwrap();
        let tables: Vec<String> = Statement::new(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .fetch_values(&mut *tx)
        .await
        .unwrap();
        assert!(tables.len() >= 12, "{tables:?}");
        Statement::new("CREATE TABLE written (name TEXT, verb TEXT)")
            .execute(&mut *tx)
            .await
            .unwrap();
        for table in tables {
            for verb in ["INSERT", "UPDATE", "DELETE"] {
                let trigger = format!(
                    "CREATE TRIGGER {table}_{verb} AFTER {verb} ON {table}
                     BEGIN INSERT INTO written VALUES ('{table}', '{verb}'); END"
                );
                Statement::composed(trigger)
                    .execute(&mut *tx)
                    .await
                    .unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_scan_becomes_visible_completely_or_not_at_all() {
        let store = store().await;
        let source = source(&store).await;
        let mut tx = begin(&store, &source).await.unwrap();
        record_all(&mut tx, &[job("1", 1)], AlertKind::Baseline).await;
        tx.save_checkpoint(&checkpoint()).await.unwrap();
        let tables = ["jobs", "job_versions", "matches", "alerts", "http_cache"];
        for table in tables {
            assert_eq!(count(&store, table).await, 0, "{table} before the commit");
        }
        tx.commit(&COMPLETE).await.unwrap();
        for table in tables {
            assert_eq!(count(&store, table).await, 1, "{table} after the commit");
        }
    }

    #[tokio::test]
    async fn a_scan_that_is_not_committed_leaves_nothing() {
        let store = store().await;
        let source = source(&store).await;
        let mut tx = begin(&store, &source).await.unwrap();
        record_all(&mut tx, &[job("1", 1)], AlertKind::Baseline).await;
        tx.save_checkpoint(&checkpoint()).await.unwrap();
        drop(tx);
        for table in ["jobs", "job_versions", "matches", "alerts", "http_cache"] {
            assert_eq!(count(&store, table).await, 0, "{table}");
        }
        assert_eq!(self::source(&store).await, source);
        assert!(
            begin(&store, &source).await.is_some(),
            "the write lock is free again"
        );
    }

    #[tokio::test]
    async fn an_overtaken_scan_writes_nothing() {
        let store = store().await;
        let source = source(&store).await;
        begin(&store, &source)
            .await
            .unwrap()
            .commit(&COMPLETE)
            .await
            .unwrap();
        assert!(begin(&store, &source).await.is_none());
        let current = self::source(&store).await;
        assert_eq!(current.generation, source.generation + 1);
        assert!(begin(&store, &current).await.is_some());
    }

    #[tokio::test]
    async fn a_scan_waits_for_the_write_lock() {
        let store = store().await;
        let (source, other) = (source(&store).await, store.reopen().await.unwrap());
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let mut tx = begin(&store, &source).await.unwrap();
        let first = async {
            record_all(&mut tx, &[job("1", 1), job("2", 1)], AlertKind::New).await;
            tx.commit(&COMPLETE).await.unwrap();
        };
        let second = other.begin_scan(source.id, source.generation, run, at("08:15:00"));
        let (second, ()) = tokio::join!(second, first);
        assert!(
            second.unwrap().is_none(),
            "it read the generation only after the first commit"
        );
    }

    #[tokio::test]
    async fn one_of_two_concurrent_scans_is_superseded() {
        let store = store().await;
        let (source, other) = (source(&store).await, store.reopen().await.unwrap());
        let scan = async |store: &Store| match begin(store, &source).await {
            Some(mut tx) => {
                record_all(&mut tx, &[job("1", 1)], AlertKind::New).await;
                tx.commit(&COMPLETE).await.unwrap();
                true
            }
            None => false,
        };
        let (one, two) = tokio::join!(scan(&store), scan(&other));
        assert!(one != two, "one of them, not {one} and {two}");
        assert_eq!(count(&store, "alerts").await, 1);
    }

    #[tokio::test]
    async fn an_unchanged_source_is_confirmed_in_one_statement() {
        let store = store().await;
        let first = source(&store).await;
        let mut tx = begin(&store, &first).await.unwrap();
        let expiring = |id, expires_at: &str| {
            let mut job = job(id, 1);
            job.job.expires_at = Some(expires_at.parse().unwrap());
            job
        };
        record_all(
            &mut tx,
            &[job("1", 1), expiring("2", "2026-11-24")],
            AlertKind::Baseline,
        )
        .await;
        tx.commit(&COMPLETE).await.unwrap();

        let confirm = async |generation, now: &str| {
            let record = ScanOutcomeRecord {
                outcome: ScanOutcome::NotModified,
                ..COMPLETE
            };
            store
                .confirm_scan(first.id, generation, &record, now.parse().unwrap())
                .await
                .unwrap()
        };
        assert!(
            !confirm(0, "2026-11-23T09:00:00Z").await,
            "another scan was committed first"
        );
        assert!(confirm(1, "2026-11-23T09:00:00Z").await);
        assert_eq!(
            text(
                &store,
                "SELECT last_outcome || last_complete_at FROM sources"
            )
            .await
            .unwrap(),
            "not-modified2026-11-23T09:00:00.000Z"
        );
        assert!(
            !confirm(2, "2026-11-26T09:00:00Z").await,
            "a job may have expired"
        );
        assert_eq!(number(&store, "SELECT generation FROM sources").await, 2);
        assert!(confirm(2, "2026-11-23T10:00:00Z").await);

        let current = source(&store).await;
        let mut tx = begin(&store, &current).await.unwrap();
        tx.update_presence(
            ListingCoverage::Complete(&[ExternalId::new("1").unwrap()]),
            at("10:30:00"),
        )
        .await
        .unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert!(
            !confirm(4, "2026-11-23T11:00:00Z").await,
            "a job is missing"
        );
    }

    #[tokio::test]
    async fn a_scan_that_found_nothing_changed_writes_one_row() {
        let store = store().await;
        let first = source(&store).await;
        let mut tx = begin(&store, &first).await.unwrap();
        record_all(&mut tx, &[job("1", 1), job("2", 1)], AlertKind::Baseline).await;
        tx.save_checkpoint(&checkpoint()).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        let run = store
            .start_run(Trigger::Manual, at("08:30:00"))
            .await
            .unwrap();
        audit(&store).await;

        let second = source(&store).await;
        assert_eq!(store.known_jobs(second.id).await.unwrap().len(), 2);
        let mut tx = store
            .begin_scan(second.id, second.generation, run, at("08:30:00"))
            .await
            .unwrap()
            .unwrap();
        tx.update_presence(ListingCoverage::Unchanged, at("08:30:00"))
            .await
            .unwrap();
        tx.commit(&ScanOutcomeRecord {
            outcome: ScanOutcome::NotModified,
            ..COMPLETE
        })
        .await
        .unwrap();

        assert_eq!(
            text(
                &store,
                "SELECT group_concat(verb || ' ' || name) FROM written"
            )
            .await
            .unwrap(),
            "UPDATE sources"
        );
        assert_eq!(source(&store).await.checkpoint, checkpoint());
    }

    #[tokio::test]
    async fn a_completed_baseline_stays_completed() {
        let store = store().await;
        let partial = ScanOutcomeRecord {
            outcome: ScanOutcome::Partial,
            complete: false,
            baseline_done: false,
            ..COMPLETE
        };
        let mut done = Vec::new();
        for outcome in [partial, COMPLETE, partial] {
            let source = source(&store).await;
            begin(&store, &source)
                .await
                .unwrap()
                .commit(&outcome)
                .await
                .unwrap();
            done.push(self::source(&store).await.baseline_done);
        }
        assert_eq!(done, [false, true, true]);
        assert_eq!(number(&store, "SELECT generation FROM sources").await, 3);
        assert_eq!(
            text(&store, "SELECT last_complete_at FROM sources")
                .await
                .unwrap(),
            "2026-11-23T08:15:00.000Z"
        );
    }
}
