//! Jobs that are listed under another external id than before: the addresses by which such a job is
//! recognized, and its new id.
//!
//! Not here: the rule that recognizes it (`pipeline`).

use job_scanner_core::key::ExternalId;
use job_scanner_row_derive::FromRow;

use crate::columns::Row;
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{JobId, SourceId};

/// The address and title of a stored job that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAddress {
    pub external_id: ExternalId,
    /// The URL of the job's page.
    pub url: String,
    /// The title of the current version.
    pub title: String,
}

/// A stored job and the external id under which it is listed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewId {
    pub stored: ExternalId,
    pub listed: ExternalId,
}

#[derive(FromRow)]
struct AddressRow {
    job_id: JobId,
    external_id: String,
    url: String,
    title: String,
}

impl AddressRow {
    fn lift(self) -> Result<OpenAddress, StoreError> {
        let row = Row::new("jobs", self.job_id);
        Ok(OpenAddress {
            external_id: row.lift("external_id", ExternalId::new(self.external_id))?,
            url: self.url,
            title: self.title,
        })
    }
}

impl Store {
    /// Returns the addresses of all jobs of a source that are not closed.
    #[tracing::instrument(name = "store.job.open_addresses", skip_all, fields(source.id = %source))]
    pub async fn open_addresses(&self, source: SourceId) -> Result<Vec<OpenAddress>, StoreError> {
        let rows = Statement::new(
            "SELECT j.job_id, j.external_id, j.url, v.title FROM jobs j
             JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
             WHERE j.source_id = $1 AND j.closed_at IS NULL",
        );

        rows.bind(source)
            .fetch_all::<AddressRow>(self.readers())
            .await?
            .into_iter()
            .map(AddressRow::lift)
            .collect()
    }
}

/// Gives stored jobs the ids under which they are listed now. No job may be stored under one of
/// these ids. The details of a job follow it (`ON UPDATE CASCADE`).
pub(crate) async fn record(
    conn: &mut Connection,
    source: SourceId,
    new_ids: &[NewId],
) -> Result<(), StoreError> {
    for NewId { stored, listed } in new_ids {
        Statement::new(
            "UPDATE jobs SET external_id = $1 WHERE source_id = $2 AND external_id = $3",
        )
        .bind(listed.as_str())
        .bind(source)
        .bind(stored.as_str())
        .execute(&mut *conn)
        .await?;
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{
        COMPLETE, at, begin_scan, job, scan, source_key, store, store_before, text,
    };
    use crate::{AlertKind, DetailsRecord, DetailsState};

    fn id(text: &str) -> ExternalId {
        ExternalId::new(text).unwrap()
    }

    async fn source(store: &Store) -> SourceId {
        let key = source_key("acme");
        let opened = store.open_source(&key, "Acme", at("09:00:00"));
        opened.await.unwrap().id
    }

    #[tokio::test]
    async fn a_job_keeps_its_row_its_alert_and_its_details_under_a_new_id() {
        let store = store().await;
        scan(&store, "acme", &[job("old", 1)], AlertKind::New).await;
        let mut tx = begin_scan(&store, "acme", "Acme", at("08:30:00")).await;
        let listing = job_scanner_core::raw::RawJob {
            external_id: "old".to_owned(),
            ..Default::default()
        };
        let details = DetailsRecord {
            external_id: id("old"),
            state: DetailsState::Awaited,
            matched: true,
            attempts: 0,
            due_at: at("08:00:00"),
            listing,
            details: None,
        };
        tx.record_details(&[details]).await.unwrap();
        let new_id = NewId {
            stored: id("old"),
            listed: id("new"),
        };
        tx.record_new_ids(&[new_id]).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();

        let source = source(&store).await;
        let known = store.known_jobs(source).await.unwrap();
        assert_eq!(known.into_keys().collect::<Vec<_>>(), [id("new")]);
        let alerted = "SELECT j.external_id FROM alerts a JOIN jobs j ON j.job_id = a.job_id";
        assert_eq!(text(&store, alerted).await.unwrap(), "new");
        let due = store.due_details(source, 9, at("09:00:00")).await.unwrap();
        assert_eq!(due[0].external_id, id("new"));
        assert_eq!(
            due[0].listing.external_id, "new",
            "the details that are fetched now are stored under the new id"
        );
    }

    #[tokio::test]
    async fn closed_jobs_have_no_address_to_be_recognized_by() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1), job("2", 2)], AlertKind::New).await;
        let mut tx = store.begin().await.unwrap();
        Statement::new(
            "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id = '2'",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();

        let open = job("1", 1).job;
        let expected = OpenAddress {
            external_id: open.external_id,
            url: open.url,
            title: open.title,
        };
        let source = source(&store).await;
        assert_eq!(store.open_addresses(source).await.unwrap(), [expected]);
    }

    #[tokio::test]
    async fn details_from_before_the_migration_are_kept_and_follow_their_job() {
        let before = store_before(13).await;
        let mut tx = before.begin().await.unwrap();
        let statements = [
            "INSERT INTO sources (source_id, adapter, identifier, name, first_seen_at) VALUES (1, 'a', 'b', 'B', '')",
            "INSERT INTO jobs (job_id, source_id, external_id, content_hash, url, extra, baseline, first_seen_at)
             VALUES (1, 1, 'old', x'00', '', '[]', 0, '')",
            "INSERT INTO job_versions (job_id, content_hash, title, locations, first_seen_at) VALUES (1, x'00', '', '[]', '')",
            "INSERT INTO job_details (source_id, external_id, state, matched, attempts, listing, fingerprint, whole_fingerprint)
             VALUES (1, 'old', 'there', 1, 3, '{}', x'01', x'02')",
        ];
        for statement in statements {
            Statement::new(statement).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();

        let store = before.migrated().await;
        let mut tx = store.begin().await.unwrap();
        let new_id = NewId {
            stored: id("old"),
            listed: id("new"),
        };
        record(&mut tx, SourceId(1), &[new_id]).await.unwrap();
        tx.commit().await.unwrap();
        let kept = "SELECT external_id || ' ' || state || ' ' || attempts FROM job_details";
        assert_eq!(text(&store, kept).await.unwrap(), "new there 3");
    }
}
