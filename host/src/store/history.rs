//! What is on record of each source's scans, for the question when it is due.

use std::collections::HashMap;

use job_scanner_core::key::SourceKey;
use job_scanner_core::schedule::ScanHistory;
use sqlx::FromRow;

use super::columns::Row;
use super::database::Store;
use super::error::StoreError;
use super::ids::SourceId;
use super::sources::lift_key;

#[derive(FromRow)]
struct HistoryRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    last_scan_at: Option<String>,
    consecutive_failures: i64,
}

impl Store {
    /// The past of every source that was ever opened.
    #[tracing::instrument(name = "store.source.histories", skip_all)]
    pub async fn histories(&self) -> Result<HashMap<SourceKey, ScanHistory>, StoreError> {
        let rows = sqlx::query_as::<_, HistoryRow>(
            "SELECT source_id, adapter, identifier, last_scan_at, consecutive_failures FROM sources",
        );
        rows.fetch_all(self.readers()).await?.into_iter().map(HistoryRow::lift).collect()
    }
}

impl HistoryRow {
    fn lift(self) -> Result<(SourceKey, ScanHistory), StoreError> {
        let place = Row::new("sources", self.source_id);
        let history = ScanHistory {
            last_scan_at: self.last_scan_at.map(|at| place.parse("last_scan_at", &at)).transpose()?,
            consecutive_failures: place.lift("consecutive_failures", u32::try_from(self.consecutive_failures))?,
            ..ScanHistory::default()
        };
        Ok((lift_key(place, self.adapter, self.identifier)?, history))
    }
}

#[cfg(test)]
mod tests {
    use super::super::AlertKind;
    use super::super::ScanFailure;
    use super::super::test_support::{at, scan, source_key, store};
    use super::*;

    #[tokio::test]
    async fn what_happened_last_and_how_often_it_failed_since_is_on_record() {
        let store = store().await;
        assert!(store.histories().await.unwrap().is_empty());
        scan(&store, "acme", &[], AlertKind::New).await;
        let record = store.open_source(&source_key("acme"), "acme", at("08:20:00")).await.unwrap();
        let failure = ScanFailure { kind: "timeout", message: "too slow" };
        store.record_failure(record.id, record.generation, &failure, at("08:30:00")).await.unwrap();

        let history = store.histories().await.unwrap()[&source_key("acme")];
        assert_eq!((history.last_scan_at, history.consecutive_failures), (Some(at("08:30:00")), 1));
    }
}
