//! Pauses: sources that a person has taken out of the schedule for a while.
//!
//! A pause changes nothing but the schedule. The jobs of the source stay as they are: only a scan
//! closes jobs, and a paused source has none. A pause is kept in the row of its source, so it
//! survives restarts and holds for every process that uses the database.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key, time};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::SourceId;

#[derive(FromRow)]
struct PausedRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    paused_at: String,
}

impl Store {
    /// Pauses a source. A source that was never scanned gets its row here, with `name` as its name.
    /// A source that is already paused keeps its earlier time.
    #[tracing::instrument(name = "store.source.pause", skip_all, fields(source.key = %key))]
    pub async fn pause_source(
        &self,
        key: &SourceKey,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        Statement::new(
            "INSERT INTO sources (adapter, identifier, name, first_seen_at, paused_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (adapter, identifier) DO UPDATE SET paused_at = COALESCE(paused_at, excluded.paused_at)",
        )
        .bind(key.adapter.as_str())
        .bind(key.identifier.as_str())
        .bind(name)
        .bind(time(now))
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Ends the pause of a source. Returns false if it was not paused.
    #[tracing::instrument(name = "store.source.resume", skip_all, fields(source.key = %key))]
    pub async fn resume_source(&self, key: &SourceKey) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let updated = Statement::new(
            "UPDATE sources SET paused_at = NULL
             WHERE adapter = $1 AND identifier = $2 AND paused_at IS NOT NULL",
        )
        .bind(key.adapter.as_str())
        .bind(key.identifier.as_str())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(updated == 1)
    }

    /// Returns the paused sources, each with the beginning of its pause.
    #[tracing::instrument(name = "store.source.paused", skip_all)]
    pub async fn paused_sources(&self) -> Result<HashMap<SourceKey, Timestamp>, StoreError> {
        let rows = Statement::new(
            "SELECT source_id, adapter, identifier, paused_at FROM sources WHERE paused_at IS NOT NULL",
        );
        rows.fetch_all::<PausedRow>(self.readers())
            .await?
            .into_iter()
            .map(PausedRow::lift)
            .collect()
    }
}

impl PausedRow {
    fn lift(self) -> Result<(SourceKey, Timestamp), StoreError> {
        let place = Row::new("sources", self.source_id);
        let since = place.parse("paused_at", &self.paused_at)?;
        Ok((lift_key(place, self.adapter, self.identifier)?, since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AlertKind;
    use crate::test_support::{at, job, number, scan, source_key, spoil, store, store_before};

    #[tokio::test]
    async fn a_pause_keeps_its_first_time_until_the_source_is_resumed() {
        let store = store().await;
        let key = source_key("acme");
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        for time in ["09:00:00", "10:00:00"] {
            store.pause_source(&key, "Acme", at(time)).await.unwrap();
        }
        let paused = store.paused_sources().await.unwrap();
        assert_eq!(paused, HashMap::from([(key.clone(), at("09:00:00"))]));
        let health = store.source_health().await.unwrap();
        assert_eq!(
            (health[0].paused_at, health[0].open_jobs),
            (Some(at("09:00:00")), 1),
            "the job stays open"
        );

        assert!(store.resume_source(&key).await.unwrap());
        assert!(!store.resume_source(&key).await.unwrap());
        assert!(store.paused_sources().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_source_that_was_never_scanned_can_be_paused() {
        let store = store().await;
        let key = source_key("new");
        store
            .pause_source(&key, "New", at("09:00:00"))
            .await
            .unwrap();
        let health = store.source_health().await.unwrap();
        assert_eq!(
            (health[0].name.as_str(), health[0].last_outcome),
            ("New", None)
        );
        let record = store.open_source(&key, "New", at("09:30:00")).await;
        assert!(!record.unwrap().baseline_done, "its first scan is a first");
    }

    #[tokio::test]
    async fn sources_of_an_older_version_are_not_paused() {
        let older = store_before(22).await;
        spoil(
            &older,
            "INSERT INTO sources (adapter, identifier, name, first_seen_at)
             VALUES ('lever', 'globex', 'Globex', '2026-11-23T08:00:00.000Z')",
        )
        .await;
        let store = older.migrated().await;
        assert!(store.paused_sources().await.unwrap().is_empty());
        assert_eq!(number(&store, "SELECT COUNT(*) FROM sources").await, 1);
    }
}
