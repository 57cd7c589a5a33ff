//! The changes that an alert about a changed job reports.
//!
//! They are not stored. They are computed from the versions whenever they are shown, so the
//! versions are read one pair at a time: the texts of a large digest may be larger than memory.
//!
//! Not here: the comparison ([`job_scanner_core::changes`]).

use std::collections::HashMap;

use job_scanner_core::changes::{FieldChange, Version, changes};
use job_scanner_core::job::{ContentHash, Location, Salary, Workplace};
use job_scanner_core::normalize::Content;
use job_scanner_row_derive::FromRow;

use crate::columns::Row;
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId, JobId};

/// The changes of a job since an earlier version.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertedChanges {
    /// The earlier version.
    pub since: ContentHash,
    /// The previous alert of the same profile about the job, which is about the earlier version.
    /// `None` if there is none: the earlier version is the last one that was stored before. It may
    /// have matched without an alert, as in a silent first scan.
    pub since_alert: Option<AlertId>,
    pub fields: Vec<FieldChange>,
}

/// An alert, and the two versions to compare.
#[derive(FromRow)]
struct PairRow {
    alert_id: AlertId,
    job_id: JobId,
    content_hash: Vec<u8>,
    since_alert: Option<AlertId>,
    since: Vec<u8>,
}

#[derive(FromRow)]
struct VersionRow {
    title: String,
    company: Option<String>,
    locations: String,
    workplace: Option<String>,
    employment_type: Option<String>,
    salary: Option<String>,
    description: Option<String>,
}

/// A version with the values of its columns parsed.
pub(crate) struct StoredVersion {
    pub(crate) content_hash: ContentHash,
    pub(crate) title: String,
    company: Option<String>,
    locations: Vec<Location>,
    workplace: Option<Workplace>,
    employment_type: Option<String>,
    salary: Option<Salary>,
    description: Option<String>,
}

/// Selects the pairs of versions of alerts about changed jobs. The argument is the rest of the
/// statement: joins and condition.
///
/// An alert is compared with the previous one of its profile about the job that was not skipped,
/// whatever was listed in between: that is the version of which the recipients were told. Without
/// one, it is compared with the version that was stored before, but only if its own version was new
/// then. The order in which a board returned to earlier versions is not stored.
macro_rules! select_pairs {
    ($which:literal) => {
        concat!(
            "SELECT * FROM (
                 SELECT a.alert_id, a.job_id, a.content_hash, e.alert_id AS since_alert,
                     COALESCE(e.content_hash, (
                         SELECT o.content_hash FROM job_versions o
                         JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
                         WHERE o.job_id = a.job_id AND v.first_seen_at = a.created_at AND o.first_seen_at < a.created_at
                         ORDER BY o.first_seen_at DESC, o.rowid DESC LIMIT 1)) AS since
                 FROM alerts a
                 LEFT JOIN alerts e ON e.alert_id = (
                     SELECT MAX(p.alert_id) FROM alerts p
                     WHERE p.job_id = a.job_id AND p.profile = a.profile AND p.alert_id < a.alert_id
                         AND p.skipped IS NULL) ",
            $which,
            " AND a.kind = 'updated')
             WHERE since IS NOT NULL"
        )
    };
}

/// Returns the changes of the alerts of a delivery that are about changed jobs. An alert is missing
/// if no earlier version is stored.
pub(crate) async fn of_delivery(
    store: &Store,
    delivery: DeliveryId,
) -> Result<HashMap<AlertId, AlertedChanges>, StoreError> {
    let rows = Statement::new(select_pairs!(
        "JOIN delivery_alerts d ON d.alert_id = a.alert_id WHERE d.delivery_id = $1"
    ));
    let pairs = rows
        .bind(delivery)
        .fetch_all::<PairRow>(store.readers())
        .await?;
    compare_all(store, pairs).await
}

/// Returns the same as [`of_delivery`], for the latest alerts before `before`.
pub(crate) async fn of_latest(
    store: &Store,
    before: Option<AlertId>,
    limit: u32,
) -> Result<HashMap<AlertId, AlertedChanges>, StoreError> {
    let rows = Statement::new(select_pairs!(
        "WHERE a.alert_id IN
             (SELECT l.alert_id FROM alerts l WHERE l.alert_id < $1 ORDER BY l.alert_id DESC LIMIT $2)"
    ));
    let rows = rows.bind(before.map_or(i64::MAX, i64::from)).bind(limit);
    let pairs = rows.fetch_all::<PairRow>(store.readers()).await?;
    compare_all(store, pairs).await
}

async fn compare_all(
    store: &Store,
    pairs: Vec<PairRow>,
) -> Result<HashMap<AlertId, AlertedChanges>, StoreError> {
    let mut all = HashMap::with_capacity(pairs.len());
    for pair in pairs {
        if let Some(changes) = compare(store, &pair).await? {
            all.insert(pair.alert_id, changes);
        }
    }
    Ok(all)
}

/// Compares the two versions; `None` if one was deleted a moment ago.
async fn compare(store: &Store, pair: &PairRow) -> Result<Option<AlertedChanges>, StoreError> {
    let old = version(store, pair.job_id, &pair.since).await?;
    let new = version(store, pair.job_id, &pair.content_hash).await?;
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(None);
    };

    Ok(Some(AlertedChanges {
        since: old.content_hash,
        since_alert: pair.since_alert,
        fields: changes(&old.borrow(), &new.borrow()),
    }))
}

/// Reads a version; `None` if it is not stored.
pub(crate) async fn version(
    store: &Store,
    job: JobId,
    content_hash: &[u8],
) -> Result<Option<StoredVersion>, StoreError> {
    let row = Statement::new(
        "SELECT title, company, locations, workplace, employment_type, salary, description
         FROM job_versions WHERE job_id = $1 AND content_hash = $2",
    );
    let row = row
        .bind(job)
        .bind(content_hash)
        .fetch_optional::<VersionRow>(store.readers())
        .await?;

    let place = Row::new("job_versions", job);
    let content_hash = ContentHash::from_bytes(place.hash("content_hash", content_hash)?);
    row.map(|row| row.lift(place, content_hash)).transpose()
}

impl VersionRow {
    fn lift(self, place: Row, content_hash: ContentHash) -> Result<StoredVersion, StoreError> {
        let salary = self.salary.as_deref();
        Ok(StoredVersion {
            content_hash,
            title: self.title,
            company: self.company,
            locations: place.json("locations", &self.locations)?,
            workplace: place.optional("workplace", self.workplace.as_deref())?,
            employment_type: self.employment_type,
            salary: salary.map(|json| place.json("salary", json)).transpose()?,
            description: self.description,
        })
    }
}

impl StoredVersion {
    pub(crate) fn borrow(&self) -> Version<'_> {
        Version {
            content_hash: self.content_hash,
            content: Content {
                title: &self.title,
                company: self.company.as_deref(),
                locations: &self.locations,
                workplace: self.workplace,
                employment_type: self.employment_type.as_deref(),
                salary: self.salary.as_ref(),
                description: self.description.as_deref(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::{Change, NormalizationResult};

    use super::*;
    use crate::test_support::{
        COMPLETE, TestStore, at, begin_scan, delivery, job, match_of, spoil, store,
    };
    use crate::{AlertKind, NewAlert, StoredMatch};

    /// Lists a version of one job at a minute past eight. It matches and alerts these profiles.
    async fn listed(store: &TestStore, minute: u8, version: u8, profiles: &[&str]) {
        let mut tx = begin_scan(store, "acme", "Acme", at(&format!("08:{minute:02}:00"))).await;
        let change = if minute == 0 {
            Change::New
        } else {
            Change::Updated
        };
        let result = NormalizationResult {
            change,
            ..job("1", version)
        };
        let ids = tx
            .record_jobs(std::slice::from_ref(&result), false)
            .await
            .unwrap();
        for profile in profiles {
            let found = match_of(profile);
            let (job, content_hash) = (ids[&result.job.external_id], result.job.content_hash);
            let matched = StoredMatch {
                job,
                content_hash,
                result: &found,
            };
            let kind = if change == Change::New {
                AlertKind::New
            } else {
                AlertKind::Updated
            };
            tx.record_matches(&[matched]).await.unwrap();
            let alert = NewAlert {
                job,
                content_hash,
                profile,
                kind,
            };
            tx.record_alerts(&[alert]).await.unwrap();
        }
        tx.commit(&COMPLETE).await.unwrap();
    }

    /// Returns each alert about a change as `earlier version, previous alert`.
    async fn compared(store: &TestStore) -> Vec<(i64, u8, Option<i64>)> {
        let latest = of_latest(store, None, 50).await.unwrap();
        let mut compared: Vec<_> = latest
            .into_iter()
            .map(|(alert, changes)| {
                let since = changes.since.as_bytes()[0];
                (alert.into(), since, changes.since_alert.map(Into::into))
            })
            .collect();
        compared.sort_unstable();
        compared
    }

    #[tokio::test]
    async fn an_alert_is_compared_with_the_last_alerted_version_of_its_profile() {
        let store = store().await;
        listed(&store, 0, 1, &["a", "b"]).await;
        listed(&store, 1, 2, &["a"]).await;
        listed(&store, 2, 3, &[]).await;
        listed(&store, 3, 4, &["a", "b"]).await;
        assert_eq!(
            compared(&store).await,
            [(3, 1, Some(1)), (4, 2, Some(3)), (5, 1, Some(2))]
        );
    }

    #[tokio::test]
    async fn a_return_to_an_alerted_version_does_not_change_the_comparison() {
        let store = store().await;
        listed(&store, 0, 1, &["a"]).await;
        listed(&store, 1, 2, &["a"]).await;
        listed(&store, 2, 1, &["a"]).await;
        listed(&store, 3, 3, &["a"]).await;
        assert_eq!(
            compared(&store).await,
            [(2, 1, Some(1)), (3, 2, Some(2))],
            "the recipients were told of version 2 last"
        );
    }

    #[tokio::test]
    async fn a_first_alert_is_compared_with_the_version_stored_before() {
        let store = store().await;
        listed(&store, 0, 1, &[]).await;
        listed(&store, 1, 2, &[]).await;
        listed(&store, 2, 3, &["a"]).await;
        assert_eq!(compared(&store).await, [(1, 2, None)]);
    }

    #[tokio::test]
    async fn a_first_alert_about_a_known_version_is_not_compared() {
        let store = store().await;
        listed(&store, 0, 1, &[]).await;
        listed(&store, 1, 2, &[]).await;
        listed(&store, 2, 1, &["a"]).await;
        assert_eq!(compared(&store).await, []);
    }

    #[tokio::test]
    async fn a_claimed_delivery_has_the_changes_of_its_alerts() {
        let store = store().await;
        listed(&store, 0, 1, &["a"]).await;
        listed(&store, 1, 2, &["a"]).await;
        let alerts = store.alerts_without_delivery().await.unwrap();
        let made = store
            .record_deliveries(&[delivery("1@scanner", &[alerts[1].id])], at("08:30:00"))
            .await
            .unwrap();
        let changes = of_delivery(&store, made[0]).await.unwrap();
        let fields = &changes[&alerts[1].id].fields;
        assert_eq!(changes.len(), 1);
        assert!(
            matches!(&fields[..], [FieldChange::Title(title)] if title.from == "Engineer 1"),
            "{fields:?}"
        );
    }

    #[tokio::test]
    async fn a_text_that_the_retention_removed_cannot_be_compared() {
        let store = store().await;
        listed(&store, 0, 1, &["a"]).await;
        listed(&store, 1, 2, &["a"]).await;
        spoil(
            &store,
            "UPDATE job_versions SET description = NULL WHERE title = 'Engineer 1'",
        )
        .await;
        let changes = of_latest(&store, None, 50).await.unwrap();
        let fields = &changes.values().next().unwrap().fields;
        assert!(
            fields.contains(&FieldChange::Description { difference: None }),
            "{fields:?}"
        );
    }
}
