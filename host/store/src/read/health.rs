//! The health of every source: its row of `sources`, with the number of open jobs.

use jiff::Timestamp;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::run::ScanOutcome;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::SourceId;

/// The results of the last scans of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    pub key: SourceKey,
    /// The name that it had in the configuration at its last scan.
    pub name: String,
    /// `None` before the first scan has ended.
    pub last_outcome: Option<ScanOutcome>,
    /// The time of the last scan that did not fail.
    pub last_success_at: Option<Timestamp>,
    pub last_error_at: Option<Timestamp>,
    /// The last error; `None` once a scan has succeeded since.
    pub error: Option<SourceError>,
    /// The time of the first failure since the last success.
    pub failing_since: Option<Timestamp>,
    /// The number of failures since the last success.
    pub consecutive_failures: u32,
    /// The budgets of the last scan and their use, by name; `None` if there was no scan or its
    /// adapter was not started.
    pub budget: Option<serde_json::Value>,
    /// The number of jobs that are not closed, including missing ones.
    pub open_jobs: u64,
    /// Set while the source is in doubt.
    pub doubt: Option<Doubt>,
    /// The time since which the source is paused; `None` if it is not.
    pub paused_at: Option<Timestamp>,
}

/// A suspicious drop that is not resolved yet: the board itself may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The time at which a scan first saw the drop.
    pub since: Timestamp,
    /// The number of jobs that the source lists now.
    pub listed: u64,
    /// The number of jobs that it listed before.
    pub before: u64,
}

/// The reason why the last scan of a source failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// [`FailureKind::Other`] also stands for a kind that a newer version of the program has
    /// recorded.
    pub kind: FailureKind,
    /// Describes the failure for the operator.
    pub message: String,
}

#[derive(FromRow)]
struct HealthRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    name: String,
    last_outcome: Option<String>,
    last_success_at: Option<String>,
    last_error_at: Option<String>,
    error_kind: Option<String>,
    error_message: Option<String>,
    failing_since: Option<String>,
    consecutive_failures: i64,
    last_budget: Option<String>,
    open_jobs: i64,
    missing_jobs: i64,
    lost_since: Option<String>,
    lost_from: Option<i64>,
    paused_at: Option<String>,
}

impl Store {
    /// Returns every source that was ever scanned, ordered by key.
    #[tracing::instrument(name = "store.source.health", skip_all)]
    pub async fn source_health(&self) -> Result<Vec<SourceHealth>, StoreError> {
        let rows = Statement::new(
            "SELECT s.source_id, s.adapter, s.identifier, s.name, s.last_outcome, s.last_success_at, s.last_error_at,
                 s.error_kind, s.error_message, s.failing_since, s.consecutive_failures, s.last_budget,
                 (SELECT COUNT(*) FROM jobs j WHERE j.source_id = s.source_id AND j.closed_at IS NULL) AS open_jobs,
                 (SELECT COUNT(j.missing_since) FROM jobs j WHERE j.source_id = s.source_id AND j.closed_at IS NULL)
                     AS missing_jobs,
                 s.lost_since, s.lost_from, s.paused_at
             FROM sources s ORDER BY s.adapter, s.identifier",
        );
        rows.fetch_all::<HealthRow>(self.readers())
            .await?
            .into_iter()
            .map(SourceHealth::try_from)
            .collect()
    }
}

impl SourceError {
    /// Converts the columns `error_kind` and `error_message`. A kind that this version does not
    /// know was written by a newer one and becomes [`FailureKind::Other`], without specific advice.
    /// An error here would hide the health of all sources just when the operator needs it.
    pub(crate) fn from_columns(kind: Option<&str>, message: Option<String>) -> Option<Self> {
        let kind = kind?.parse().unwrap_or(FailureKind::Other);
        Some(Self {
            kind,
            message: message.unwrap_or_default(),
        })
    }
}

impl TryFrom<HealthRow> for SourceHealth {
    type Error = StoreError;

    fn try_from(row: HealthRow) -> Result<Self, StoreError> {
        let place = Row::new("sources", row.source_id);
        let doubt = match (
            place.optional("lost_since", row.lost_since.as_deref())?,
            row.lost_from,
        ) {
            (Some(since), Some(before)) => Some(Doubt {
                since,
                listed: place.lift("open_jobs", (row.open_jobs - row.missing_jobs).try_into())?,
                before: place.lift("lost_from", before.try_into())?,
            }),
            _ => None,
        };

        Ok(Self {
            key: lift_key(place, row.adapter, row.identifier)?,
            name: row.name,
            last_outcome: place.optional("last_outcome", row.last_outcome.as_deref())?,
            last_success_at: place.optional("last_success_at", row.last_success_at.as_deref())?,
            last_error_at: place.optional("last_error_at", row.last_error_at.as_deref())?,
            error: SourceError::from_columns(row.error_kind.as_deref(), row.error_message),
            failing_since: place.optional("failing_since", row.failing_since.as_deref())?,
            consecutive_failures: place
                .lift("consecutive_failures", row.consecutive_failures.try_into())?,
            budget: row
                .last_budget
                .map(|budget| place.lift("last_budget", serde_json::from_str(&budget)))
                .transpose()?,
            open_jobs: place.lift("open_jobs", row.open_jobs.try_into())?,
            doubt,
            paused_at: place.optional("paused_at", row.paused_at.as_deref())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, job, scan, source_key, spoil, store};
    use crate::{AlertKind, ScanFailureRecord};

    #[tokio::test]
    async fn a_failing_source_keeps_its_jobs_and_its_error() {
        let store = store().await;
        scan(
            &store,
            "acme",
            &[job("1", 1), job("2", 1)],
            AlertKind::Baseline,
        )
        .await;
        let source = store
            .open_source(&source_key("acme"), "acme", at("09:00:00"))
            .await
            .unwrap();
        let failure = ScanFailureRecord {
            kind: FailureKind::Timeout,
            message: "no response",
            rest_until: None,
            gone: false,
            budget: Some("{}"),
        };
        for time in ["09:00:00", "09:15:00"] {
            store
                .record_failure(source.id, source.generation, &failure, at(time))
                .await
                .unwrap();
        }

        let health = store.source_health().await.unwrap();
        assert_eq!(
            health,
            [SourceHealth {
                key: source_key("acme"),
                name: "acme".to_owned(),
                last_outcome: Some(ScanOutcome::Failed),
                last_success_at: Some(at("08:15:00")),
                last_error_at: Some(at("09:15:00")),
                error: Some(SourceError {
                    kind: FailureKind::Timeout,
                    message: "no response".to_owned()
                }),
                failing_since: Some(at("09:00:00")),
                consecutive_failures: 2,
                budget: Some(serde_json::json!({})),
                open_jobs: 2,
                doubt: None,
                paused_at: None,
            }]
        );
    }

    #[tokio::test]
    async fn a_source_in_doubt_has_its_start_and_sizes() {
        let store = store().await;
        scan(
            &store,
            "acme",
            &["1", "2", "3"].map(|id| job(id, 1)),
            AlertKind::Baseline,
        )
        .await;
        spoil(
            &store,
            "UPDATE jobs SET missing_since = '2026-11-23T09:00:00.000Z' WHERE external_id <> '1'",
        )
        .await;
        spoil(
            &store,
            "UPDATE sources SET lost_from = 3, lost_since = '2026-11-23T09:00:00.000Z'",
        )
        .await;
        let health = store.source_health().await.unwrap();
        assert_eq!(
            health[0].doubt,
            Some(Doubt {
                since: at("09:00:00"),
                listed: 1,
                before: 3
            })
        );
        assert_eq!(health[0].open_jobs, 3);
    }

    #[tokio::test]
    async fn sources_are_ordered_by_key_even_before_their_first_scan() {
        let store = store().await;
        for name in ["globex", "acme"] {
            store
                .open_source(&source_key(name), name, at("08:00:00"))
                .await
                .unwrap();
        }
        let health = store.source_health().await.unwrap();
        let keys: Vec<_> = health.iter().map(|source| source.key.to_string()).collect();
        assert_eq!(keys, ["greenhouse/acme", "greenhouse/globex"]);
        assert_eq!(
            (
                &health[0].last_outcome,
                health[0].last_success_at,
                health[0].open_jobs
            ),
            (&None, None, 0)
        );
    }

    #[tokio::test]
    async fn an_unknown_failure_kind_is_read_as_other() {
        let store = store().await;
        let failure = ScanFailureRecord {
            kind: FailureKind::Timeout,
            message: "no response",
            rest_until: None,
            gone: false,
            budget: None,
        };
        for name in ["acme", "globex"] {
            let source = store
                .open_source(&source_key(name), name, at("08:00:00"))
                .await
                .unwrap();
            store
                .record_failure(source.id, source.generation, &failure, at("08:00:00"))
                .await
                .unwrap();
        }
        spoil(
            &store,
            "UPDATE sources SET error_kind = 'solar-flare' WHERE identifier = 'acme'",
        )
        .await;

        let health = store.source_health().await.unwrap();
        let errors: Vec<_> = health
            .into_iter()
            .map(|source| source.error.unwrap())
            .map(|error| (error.kind, error.message))
            .collect();
        assert_eq!(
            errors,
            [
                (FailureKind::Other, "no response".to_owned()),
                (FailureKind::Timeout, "no response".to_owned()),
            ]
        );
    }
}
