//! Retirement: sources that the configuration no longer names keep their jobs unchanged.
//!
//! Their jobs are neither closed nor matched. A source that returns soon continues where it
//! stopped. One that returns after a long time begins with a new baseline, so that all changes
//! since then are sent in one message.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::key::SourceKey;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;

/// The number of days within which a source can return and continue as before.
const RESUMABLE_DAYS: i64 = 30;

#[derive(FromRow)]
struct WatchedRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    retired_at: Option<String>,
}

impl Store {
    /// Retires the sources that are not among `configured`, and restores retired ones that are.
    /// Writes nothing if the configuration names the same sources as before.
    #[tracing::instrument(name = "store.source.watch", skip_all)]
    pub async fn watch_sources(
        &self,
        configured: &[&SourceKey],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let configured: HashSet<&SourceKey> = configured.iter().copied().collect();
        let (removed, restored) = self.removed_and_restored(&configured).await?;
        if removed.is_empty() && restored.is_empty() {
            return Ok(());
        }

        let mut tx = self.begin().await?;
        for source in removed {
            retire(&mut tx, source, now).await?;
        }
        for source in restored {
            restore(&mut tx, source, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Returns the watched sources that are not configured, and the retired sources that are.
    async fn removed_and_restored(
        &self,
        configured: &HashSet<&SourceKey>,
    ) -> Result<(Vec<SourceId>, Vec<SourceId>), StoreError> {
        let rows = Statement::new("SELECT source_id, adapter, identifier, retired_at FROM sources");

        let (mut removed, mut restored) = (Vec::new(), Vec::new());
        for row in rows.fetch_all::<WatchedRow>(self.readers()).await? {
            let place = Row::new("sources", row.source_id);
            let key = lift_key(place, row.adapter, row.identifier)?;
            match (configured.contains(&key), row.retired_at) {
                (false, None) => removed.push(row.source_id),
                (true, Some(_)) => restored.push(row.source_id),
                _ => {}
            }
        }
        Ok((removed, restored))
    }
}

async fn retire(conn: &mut Connection, source: SourceId, now: Timestamp) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE sources SET retired_at = $1 WHERE source_id = $2 AND retired_at IS NULL",
    )
    .bind(time(now))
    .bind(source)
    .execute(conn)
    .await?;

    Ok(())
}

async fn restore(
    conn: &mut Connection,
    source: SourceId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let cutoff = now
        .checked_sub(SignedDuration::from_hours(24 * RESUMABLE_DAYS))
        .unwrap_or(Timestamp::MIN);

    // This comes first, because it depends on `retired_at`, which is cleared below. Without its
    // read config, the checkpoint of an earlier scan does not apply.
    Statement::new(
        "UPDATE sources SET baseline_done_at = NULL, adapter_digest = NULL, options_hash = NULL,
             normalization_version = NULL
         WHERE source_id = $1 AND retired_at < $2",
    )
    .bind(source)
    .bind(time(cutoff))
    .execute(&mut *conn)
    .await?;

    Statement::new("UPDATE sources SET retired_at = NULL WHERE source_id = $1")
        .bind(source)
        .execute(conn)
        .await?;

    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, count, job, number, scan, source_key, store, text};
    use crate::{AlertKind, SourceRecord};

    async fn acme(store: &Store) -> SourceRecord {
        store
            .open_source(&source_key("acme"), "acme", at("08:00:00"))
            .await
            .unwrap()
    }

    fn days_later(days: i64) -> Timestamp {
        at("08:30:00") + SignedDuration::from_hours(24 * days)
    }

    #[tokio::test]
    async fn a_source_removed_from_the_configuration_is_retired() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::Baseline).await;
        scan(&store, "other", &[job("1", 1)], AlertKind::Baseline).await;
        store
            .watch_sources(&[&source_key("other")], at("08:30:00"))
            .await
            .unwrap();
        store
            .watch_sources(&[&source_key("other")], at("09:30:00"))
            .await
            .unwrap();
        let retired =
            "SELECT identifier || ' ' || retired_at FROM sources WHERE retired_at IS NOT NULL";
        assert_eq!(
            text(&store, retired).await.unwrap(),
            "acme 2026-11-23T08:30:00.000Z"
        );
        let states = "SELECT group_concat(state, ' ') FROM (SELECT state FROM job_sightings ORDER BY job_id)";
        assert_eq!(text(&store, states).await.unwrap(), "unwatched open");
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(*) FROM jobs WHERE closed_at IS NOT NULL"
            )
            .await,
            0
        );
        assert_eq!(count(&store, "jobs").await, 2);
    }

    #[tokio::test]
    async fn a_source_restored_early_continues_as_before() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::Baseline).await;
        store.watch_sources(&[], at("08:30:00")).await.unwrap();
        store
            .watch_sources(&[&source_key("acme")], days_later(30))
            .await
            .unwrap();
        assert!(acme(&store).await.baseline_done);
        assert_eq!(
            text(&store, "SELECT MAX(retired_at) FROM sources").await,
            None
        );
    }

    #[tokio::test]
    async fn a_source_restored_late_starts_with_a_new_baseline() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::Baseline).await;
        store.watch_sources(&[], at("08:30:00")).await.unwrap();
        store
            .watch_sources(&[&source_key("acme")], days_later(31))
            .await
            .unwrap();
        let source = acme(&store).await;
        assert!(!source.baseline_done);
        assert_eq!(source.checkpoint.read_config, None);
        assert_eq!(
            text(&store, "SELECT MAX(retired_at) FROM sources").await,
            None
        );
    }
}
