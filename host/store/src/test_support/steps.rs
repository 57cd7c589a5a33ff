//! Helpers for longer tests: stores of older versions, whole scans, and deliveries that are claimed
//! and fail.

use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::matching::MatchResult;
use job_scanner_core::normalize::NormalizationResult;
use job_scanner_core::run::Trigger;
use sqlx::migrate::Migrator;

use crate::database::MIGRATIONS;
use crate::driver::Statement;
use crate::test_support::shared::{COMPLETE, TestStore, at, job, source_key, store, url};
use crate::{
    AlertCounts, AlertId, AlertKind, AttemptOutcome, ClaimedDelivery, DeliveryKind, NewAlert,
    NewDelivery, ScanTransaction, Store, StoredMatch,
};

/// Returns a store with only the migrations before this one, to be filled by SQL for that schema.
pub async fn store_before(migration: i64) -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let older = MIGRATIONS
        .iter()
        .filter(|known| known.version < migration)
        .cloned()
        .collect();
    let store = Store::open_with(&url(&folder), &Migrator::with_migrations(older))
        .await
        .unwrap();
    TestStore { store, folder }
}

impl TestStore {
    /// Opens the same file with all migrations.
    pub async fn migrated(self) -> TestStore {
        self.store.close().await;
        let store = Store::open(&url(&self.folder)).await.unwrap();
        TestStore {
            store,
            folder: self.folder,
        }
    }
}

/// Returns a store with the job of [`job_key`]`("1")`.
pub async fn with_job() -> TestStore {
    let store = store().await;
    scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
    store
}

/// Returns a match of `profile` without reasons.
pub fn match_of(profile: &str) -> MatchResult {
    MatchResult {
        profile: profile.into(),
        reasons: Vec::new(),
    }
}

/// Begins the transaction of a source's scan, in a separate run.
pub async fn begin_scan(
    store: &Store,
    identifier: &str,
    name: &str,
    now: Timestamp,
) -> ScanTransaction {
    let run = store.start_run(Trigger::Manual, now).await.unwrap();
    let source = store
        .open_source(&source_key(identifier), name, now)
        .await
        .unwrap();

    let begun = store.begin_scan(source.id, source.generation, run, now);
    begun.await.unwrap().unwrap()
}

/// Runs a scan that listed `results`, each with a match of the profile `default` and an alert.
pub async fn scan(
    store: &Store,
    source: &str,
    results: &[NormalizationResult],
    kind: AlertKind,
) -> AlertCounts {
    let mut tx = begin_scan(store, source, source, at("08:15:00")).await;
    let counts = record_all(&mut tx, results, kind).await;
    tx.commit(&COMPLETE).await.unwrap();
    counts
}

/// Records jobs, and for each a match of the profile `default` and an alert.
pub async fn record_all(
    tx: &mut ScanTransaction,
    results: &[NormalizationResult],
    kind: AlertKind,
) -> AlertCounts {
    let ids = tx
        .record_jobs(results, kind == AlertKind::Baseline)
        .await
        .unwrap();
    let result = match_of("default");

    let matches: Vec<_> = results
        .iter()
        .map(|r| StoredMatch {
            job: ids[&r.job.external_id],
            content_hash: r.job.content_hash,
            result: &result,
        })
        .collect();
    let alerts: Vec<_> = matches
        .iter()
        .map(|found| NewAlert {
            job: found.job,
            content_hash: found.content_hash,
            profile: "default",
            kind,
        })
        .collect();

    // The foreign key rejects an alert without its match.
    tx.record_matches(&matches).await.unwrap();
    tx.record_alerts(&alerts).await.unwrap()
}

/// Returns a delivery of these alerts to `me@example.org`.
pub fn delivery(message_id: &str, alerts: &[AlertId]) -> NewDelivery {
    NewDelivery {
        channel: ChannelKind::Mail,
        recipient: "me@example.org".to_owned(),
        kind: DeliveryKind::Each,
        message_id: message_id.to_owned(),
        skipped: false,
        alerts: alerts.to_vec(),
        notices: Vec::new(),
        part: None,
    }
}

/// Returns a store with this many alerts that no delivery carries.
pub async fn with_alerts(number: usize) -> (TestStore, Vec<AlertId>) {
    let store = store().await;
    let jobs: Vec<_> = (0..number).map(|n| job(&n.to_string(), 1)).collect();
    scan(&store, "acme", &jobs, AlertKind::Baseline).await;

    let alerts = store
        .alerts_without_delivery()
        .await
        .unwrap()
        .iter()
        .map(|alert| alert.id)
        .collect();
    (store, alerts)
}

/// Returns the one number that `sql` selects.
pub async fn number(store: &Store, sql: &str) -> i64 {
    Statement::composed(sql.to_owned())
        .fetch_value(store.readers())
        .await
        .unwrap()
}

/// Fills a store of an older version with the source `greenhouse/acme` and this many jobs, numbered
/// from `1`.
pub async fn fill_older(store: &Store, jobs: u8) {
    let mut tx = store.begin().await.unwrap();
    let source =
        "INSERT INTO sources (source_id, adapter, identifier, name, first_seen_at, last_complete_at, adapter_state)
         VALUES (1, 'greenhouse', 'acme', 'Acme', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z', '{}')";
    Statement::new(source).execute(&mut *tx).await.unwrap();
    Statement::new("INSERT INTO http_cache (source_id, request_key, body_hash) VALUES (1, zeroblob(32), zeroblob(32))")
        .execute(&mut *tx)
        .await
        .unwrap();

    for number in 1..=jobs {
        for statement in [
            "INSERT INTO jobs (job_id, source_id, external_id, content_hash, url, extra, baseline, first_seen_at)
             VALUES ($1, 1, $1, x'01', 'https://acme.example/', '[]', 1, '2026-11-23T08:00:00.000Z')",
            "INSERT INTO job_versions (job_id, content_hash, title, locations, first_seen_at)
             VALUES ($1, x'01', 'Engineer', '[]', '2026-11-23T08:00:00.000Z')",
        ] {
            Statement::new(statement).bind(number).execute(&mut *tx).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// The lease of a [`claim`].
pub const LEASE: Duration = Duration::from_mins(2);

/// Returns a store with one pending delivery of one alert, due at 08:30.
pub async fn with_delivery() -> TestStore {
    let (store, alerts) = with_alerts(1).await;
    store
        .record_deliveries(&[delivery("1@scanner", &alerts)], at("08:30:00"))
        .await
        .unwrap();
    store
}

/// Returns a store with two pending deliveries of one alert each, due at 08:30.
pub async fn with_two_deliveries() -> TestStore {
    let (store, alerts) = with_alerts(2).await;
    let deliveries = [
        delivery("1@scanner", &alerts[..1]),
        delivery("2@scanner", &alerts[1..]),
    ];
    store
        .record_deliveries(&deliveries, at("08:30:00"))
        .await
        .unwrap();
    store
}

/// Claims a delivery that is due at a time on the day of all tests.
pub async fn claim(store: &Store, now: &str, token: &str) -> Option<ClaimedDelivery> {
    store
        .claim_next_delivery(at(now), LEASE, token)
        .await
        .unwrap()
}

/// Returns the outcome of a failed attempt that is retried at `next`.
pub fn retry(ended: &str, next: &str) -> AttemptOutcome {
    AttemptOutcome::Retry {
        at: at(ended),
        next_attempt_at: at(next),
        error: "451 try later".to_owned(),
    }
}
