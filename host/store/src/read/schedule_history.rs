//! The history of each source's scans, from which the schedule computes when it is due.

use std::collections::HashMap;

use job_scanner_core::key::SourceKey;
use job_scanner_core::schedule::ScanHistory;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::SourceId;

#[derive(FromRow)]
struct HistoryRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    last_scan_at: Option<String>,
    consecutive_failures: i64,
    rest_until: Option<String>,
    gone_days: i64,
    details_failures: i64,
}

impl Store {
    /// Returns the scan history of every source that was ever opened.
    #[tracing::instrument(name = "store.source.histories", skip_all)]
    pub async fn histories(&self) -> Result<HashMap<SourceKey, ScanHistory>, StoreError> {
        let rows = Statement::new(
            "SELECT s.source_id, s.adapter, s.identifier, s.last_scan_at, s.consecutive_failures, s.rest_until,
                 s.gone_days, COALESCE((
                     SELECT MIN(d.attempts) FROM job_details d
                     JOIN jobs j ON j.source_id = d.source_id AND j.external_id = d.external_id
                     WHERE d.source_id = s.source_id AND d.state = 'awaited' AND d.attempts > 0
                         AND j.closed_at IS NULL AND j.missing_since IS NULL), 0) AS details_failures
             FROM sources s",
        );
        rows.fetch_all::<HistoryRow>(self.readers())
            .await?
            .into_iter()
            .map(HistoryRow::lift)
            .collect()
    }
}

impl HistoryRow {
    fn lift(self) -> Result<(SourceKey, ScanHistory), StoreError> {
        let place = Row::new("sources", self.source_id);
        let history = ScanHistory {
            last_scan_at: self
                .last_scan_at
                .map(|at| place.parse("last_scan_at", &at))
                .transpose()?,
            consecutive_failures: place.lift(
                "consecutive_failures",
                u32::try_from(self.consecutive_failures),
            )?,
            rest_until: self
                .rest_until
                .map(|at| place.parse("rest_until", &at))
                .transpose()?,
            gone_days: place.lift("gone_days", u32::try_from(self.gone_days))?,
            details_failures: place
                .lift("details_failures", u32::try_from(self.details_failures))?,
        };

        Ok((lift_key(place, self.adapter, self.identifier)?, history))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::failure::FailureKind;
    use job_scanner_core::key::ExternalId;
    use job_scanner_core::raw::RawJob;
    use job_scanner_core::run::Trigger;

    use crate::test_support::{COMPLETE, at, job, scan, source_key, spoil, store};
    use crate::{AlertKind, DetailsRecord, DetailsState, ScanFailureRecord};

    #[tokio::test]
    async fn a_history_has_the_last_scan_and_the_failures_since() {
        let store = store().await;
        assert!(store.histories().await.unwrap().is_empty());
        scan(&store, "acme", &[], AlertKind::New).await;
        let record = store
            .open_source(&source_key("acme"), "acme", at("08:20:00"))
            .await
            .unwrap();
        let rest_until = Some(at("09:30:00"));
        let failure = ScanFailureRecord {
            kind: FailureKind::RateLimited,
            message: "slow down",
            rest_until,
            gone: false,
            budget: None,
        };
        store
            .record_failure(record.id, record.generation, &failure, at("08:30:00"))
            .await
            .unwrap();

        let history = store.histories().await.unwrap()[&source_key("acme")];
        assert_eq!(
            (history.last_scan_at, history.consecutive_failures),
            (Some(at("08:30:00")), 1)
        );
        assert_eq!((history.rest_until, history.gone_days), (rest_until, 0));
    }

    #[tokio::test]
    async fn each_day_without_the_board_counts_once_until_it_returns() {
        let store = store().await;
        let key = source_key("acme");
        let gone = ScanFailureRecord {
            kind: FailureKind::NotFound,
            message: "no such board",
            rest_until: None,
            gone: true,
            budget: None,
        };
        for time in [
            "2026-11-23T08:00:00Z",
            "2026-11-23T20:00:00Z",
            "2026-11-24T08:00:00Z",
        ] {
            let now = time.parse().unwrap();
            let record = store.open_source(&key, "acme", now).await.unwrap();
            store
                .record_failure(record.id, record.generation, &gone, now)
                .await
                .unwrap();
        }
        assert_eq!(store.histories().await.unwrap()[&key].gone_days, 2);
        scan(&store, "acme", &[], AlertKind::New).await;
        assert_eq!(store.histories().await.unwrap()[&key].gone_days, 0);
    }

    #[tokio::test]
    async fn the_fewest_details_failures_count_until_details_are_stored() {
        let store = store().await;
        let key = source_key("acme");
        scan(
            &store,
            "acme",
            &["1", "2", "3", "4"].map(|id| job(id, 1)),
            AlertKind::New,
        )
        .await;
        let record = store
            .open_source(&key, "acme", at("08:20:00"))
            .await
            .unwrap();
        let run = store
            .start_run(Trigger::Manual, at("08:20:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(record.id, record.generation, run, at("08:20:00"))
            .await
            .unwrap()
            .unwrap();
        let details = [
            ("1", DetailsState::Awaited, 3),
            ("2", DetailsState::Awaited, 2),
            ("3", DetailsState::There, 1),
        ]
        .map(|(id, state, attempts)| DetailsRecord {
            external_id: ExternalId::new(id).unwrap(),
            state,
            matched: false,
            attempts,
            due_at: at("08:20:00"),
            listing: RawJob {
                external_id: id.to_owned(),
                ..RawJob::default()
            },
            details: None,
        });
        tx.record_details(&details).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        let failures = async || store.histories().await.unwrap()[&key].details_failures;
        assert_eq!(failures().await, 2);
        spoil(
            &store,
            "UPDATE jobs SET missing_since = '2026-11-23T08:30:00.000Z' WHERE external_id = '2'",
        )
        .await;
        assert_eq!(
            failures().await,
            3,
            "details of a missing job are not awaited"
        );
        spoil(&store, "UPDATE job_details SET state = 'given-up'").await;
        assert_eq!(failures().await, 0);
    }
}
