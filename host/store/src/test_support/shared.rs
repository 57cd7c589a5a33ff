//! Helpers for any test of a store: a database in a temporary folder, a minimal job, and reads of
//! single values.

use std::ops::Deref;

use jiff::Timestamp;
use job_scanner_core::job::{ContentHash, Facts, Job, Location};
use job_scanner_core::key::{AdapterName, ExternalId, Identifier, JobKey, SourceKey};
use job_scanner_core::normalize::{Change, NormalizationResult};
use job_scanner_core::run::ScanOutcome;
use tempfile::TempDir;

use crate::driver::Statement;
use crate::{Author, ClusterId, ScanOutcomeRecord, Store, StoreError};

/// A store whose file is deleted when it is dropped.
pub struct TestStore {
    pub(super) store: Store,
    pub(super) folder: TempDir,
}

/// Returns an empty store.
pub async fn store() -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).await.unwrap();
    TestStore { store, folder }
}

impl TestStore {
    /// Opens the same file again, as another process would.
    pub async fn reopen(&self) -> Result<Store, StoreError> {
        Store::open(&url(&self.folder)).await
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

pub(super) fn url(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("jobs.db").display())
}

/// Returns a time on the day of all tests, 2026-11-23.
pub fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}Z").parse().unwrap()
}

/// Returns the key `greenhouse/IDENTIFIER`.
pub fn source_key(identifier: &str) -> SourceKey {
    SourceKey::new(
        AdapterName::new("greenhouse").unwrap(),
        Identifier::new(identifier).unwrap(),
    )
}

/// Returns the id of a cluster.
pub fn cluster_id(id: i64) -> ClusterId {
    ClusterId(id)
}

/// Returns a new job. `version` fills its content hash.
pub fn job(external_id: &str, version: u8) -> NormalizationResult {
    let job = Job {
        external_id: ExternalId::new(external_id).unwrap(),
        title: format!("Engineer {version}"),
        company: Some("Acme".to_owned()),
        department: None,
        locations: vec![Location {
            name: "Berlin".to_owned(),
            city: None,
            region: None,
            country: None,
        }],
        workplace: None,
        employment_type: None,
        salary: None,
        description: Some("Build things.".to_owned()),
        language: None,
        url: format!("https://acme.example/jobs/{external_id}"),
        apply_url: None,
        posted_at: None,
        updated_at: None,
        expires_at: None,
        extra: Vec::new(),
        facts: Facts::UNKNOWN,
        content_hash: ContentHash::from_bytes([version; 32]),
    };
    NormalizationResult {
        job,
        change: Change::New,
        deferred: None,
        reprocessed: false,
    }
}

/// Returns the key of a job of the source `greenhouse/acme`.
pub fn job_key(id: &str) -> JobKey {
    format!("greenhouse/acme/{id}").parse().unwrap()
}

/// Returns the person who decides in tests.
pub fn author() -> Author {
    Author {
        user: "jo".to_owned(),
        host: "desk".to_owned(),
    }
}

/// The outcome of a scan without errors.
pub const COMPLETE: ScanOutcomeRecord<'static> = ScanOutcomeRecord {
    outcome: ScanOutcome::Complete,
    complete: true,
    baseline_done: true,
    rest_until: None,
    budget: None,
};

/// Returns the number of rows of a table.
pub async fn count(store: &Store, table: &str) -> i64 {
    Statement::composed(format!("SELECT COUNT(*) FROM {table}"))
        .fetch_value(store.readers())
        .await
        .unwrap()
}

/// Returns the one text that `sql` selects; `None` is NULL.
pub async fn text(store: &Store, sql: &str) -> Option<String> {
    Statement::composed(sql.to_owned())
        .fetch_value(store.readers())
        .await
        .unwrap()
}

/// Changes stored rows, as another program would.
pub async fn spoil(store: &Store, sql: &str) {
    Statement::composed(sql.to_owned())
        .execute(store.writer())
        .await
        .unwrap();
}
