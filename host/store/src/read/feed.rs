//! The entries of a feed: the latest alerts of a profile, with the jobs as the alerts are about
//! them.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_row_derive::FromRow;

use crate::columns::Row;
use crate::database::Store;
use crate::delivery::alerts;
use crate::delivery::alerts::PendingAlert;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::AlertId;

/// An alert as a feed shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    pub alert: PendingAlert,
    pub created_at: Timestamp,
    /// The time at which the job was closed; `None` while it is open.
    pub closed_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct EntryRow {
    alert_id: AlertId,
    created_at: String,
    closed_at: Option<String>,
}

impl Store {
    /// Returns the latest alerts of a profile, at most `limit`, newest first. Grouped alerts, and
    /// those that a decision keeps from being sent, are left out.
    #[tracing::instrument(name = "store.alert.feed", skip_all)]
    pub async fn feed_entries(
        &self,
        profile: &str,
        limit: u32,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        let rows = Statement::new(
            "SELECT a.alert_id, a.created_at, j.closed_at FROM alerts a JOIN jobs j ON j.job_id = a.job_id
             WHERE a.profile = $1 AND a.grouped = 0 AND a.skipped IS NULL ORDER BY a.alert_id DESC LIMIT $2",
        );
        let rows = rows
            .bind(profile)
            .bind(limit)
            .fetch_all::<EntryRow>(self.readers())
            .await?;
        let ids: Vec<AlertId> = rows.iter().map(|row| row.alert_id).collect();
        let mut alerts: HashMap<AlertId, PendingAlert> = HashMap::new();
        for alert in alerts::with_ids(self, &ids).await? {
            alerts.insert(alert.id, alert);
        }

        // The retention may have deleted an alert between the two statements.
        let entries = rows.into_iter().filter_map(|row| {
            let alert = alerts.remove(&row.alert_id)?;
            Some(row.lift(alert))
        });
        entries.collect()
    }
}

impl EntryRow {
    fn lift(self, alert: PendingAlert) -> Result<FeedEntry, StoreError> {
        let place = Row::new("alerts", self.alert_id);
        Ok(FeedEntry {
            created_at: place.parse("created_at", &self.created_at)?,
            closed_at: place.optional("closed_at", self.closed_at.as_deref())?,
            alert,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::AlertKind;
    use crate::test_support::{at, job, scan, spoil, store};

    #[tokio::test]
    async fn a_feed_has_the_newest_alerts_of_its_profile_and_notes_closed_jobs() {
        let store = store().await;
        let jobs = [job("1", 1), job("2", 2), job("3", 3), job("4", 4)];
        scan(&store, "acme", &jobs, AlertKind::New).await;
        spoil(&store, "UPDATE alerts SET grouped = 1 WHERE alert_id = 2").await;
        spoil(
            &store,
            "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE job_id = 3",
        )
        .await;

        let entries = store.feed_entries("default", 2).await.unwrap();
        let shown: Vec<_> = entries
            .iter()
            .map(|entry| (entry.alert.job.title.as_str(), entry.closed_at))
            .collect();
        assert_eq!(
            shown,
            [("Engineer 4", None), ("Engineer 3", Some(at("09:00:00")))]
        );
        assert_eq!(entries[0].created_at, at("08:15:00"));

        let all = store.feed_entries("default", 100).await.unwrap();
        assert_eq!(all.len(), 3);
        spoil(
            &store,
            "UPDATE alerts SET skipped = 'hidden' WHERE alert_id = 4",
        )
        .await;
        assert_eq!(store.feed_entries("default", 100).await.unwrap().len(), 2);
        assert_eq!(store.feed_entries("other", 100).await.unwrap(), []);
    }
}
