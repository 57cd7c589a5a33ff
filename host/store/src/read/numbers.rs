//! The numbers that the metrics show: jobs, alerts and deliveries by their states.

use jiff::Timestamp;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::AlertId;

/// The numbers of stored things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNumbers {
    /// The jobs of watched sources that are open.
    pub open_jobs: u64,
    pub closed_jobs: u64,
    /// Open jobs of sources that the configuration no longer names.
    pub unwatched_jobs: u64,
    /// By channel and state, without those that do not occur.
    pub deliveries: Vec<DeliveryNumber>,
    /// The end of the last run that was recorded; `None` before the first one.
    pub last_run_at: Option<Timestamp>,
}

/// The number of deliveries of a channel in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryNumber {
    pub channel: String,
    pub state: String,
    pub number: u64,
    /// The time at which the oldest of them was created.
    pub oldest: Timestamp,
}

#[derive(FromRow)]
struct JobsRow {
    open: i64,
    closed: i64,
    unwatched: i64,
}

#[derive(FromRow)]
struct DeliveriesRow {
    channel: String,
    state: String,
    number: i64,
    oldest: String,
}

impl Store {
    /// Returns the numbers of jobs and deliveries.
    #[tracing::instrument(name = "store.numbers", skip_all)]
    pub async fn stored_numbers(&self) -> Result<StoredNumbers, StoreError> {
        let jobs = Statement::new(
            "SELECT COALESCE(SUM(j.closed_at IS NULL AND s.retired_at IS NULL), 0) AS open,
                 COALESCE(SUM(j.closed_at IS NOT NULL), 0) AS closed,
                 COALESCE(SUM(j.closed_at IS NULL AND s.retired_at IS NOT NULL), 0) AS unwatched
             FROM jobs j JOIN sources s ON s.source_id = j.source_id",
        );
        let jobs = jobs.fetch_one::<JobsRow>(self.readers()).await?;

        let deliveries = Statement::new(
            "SELECT channel, COALESCE(ended_as, state) AS state, COUNT(*) AS number, MIN(created_at) AS oldest
             FROM deliveries GROUP BY 1, 2 ORDER BY 1, 2",
        );
        let deliveries = deliveries
            .fetch_all::<DeliveriesRow>(self.readers())
            .await?;
        let deliveries = deliveries.into_iter().map(DeliveryNumber::try_from);

        let last_run: Option<String> = Statement::new("SELECT MAX(finished_at) FROM runs")
            .fetch_value(self.readers())
            .await?;
        Ok(StoredNumbers {
            open_jobs: jobs.open.unsigned_abs(),
            closed_jobs: jobs.closed.unsigned_abs(),
            unwatched_jobs: jobs.unwatched.unsigned_abs(),
            deliveries: deliveries.collect::<Result<_, _>>()?,
            last_run_at: Row::new("runs", 0).optional("finished_at", last_run.as_deref())?,
        })
    }

    /// Returns the id of the latest alert that was decided before a time; `None` if there is none.
    pub async fn latest_alert_before(
        &self,
        before: Timestamp,
    ) -> Result<Option<AlertId>, StoreError> {
        let latest = Statement::new("SELECT MAX(alert_id) FROM alerts WHERE created_at < $1");
        Ok(latest
            .bind(time(before))
            .fetch_value(self.readers())
            .await?)
    }

    /// Returns the number of alerts of each profile after an alert, with the id of the latest one.
    /// Grouped alerts, and those that a decision keeps from being sent, are left out.
    pub async fn alerts_after(
        &self,
        after: Option<AlertId>,
    ) -> Result<(Vec<(String, u64)>, Option<AlertId>), StoreError> {
        let rows: Vec<(String, i64, AlertId)> = Statement::new(
            "SELECT profile, SUM(grouped = 0 AND skipped IS NULL), MAX(alert_id) FROM alerts
             WHERE alert_id > $1 GROUP BY profile ORDER BY profile",
        )
        .bind(after.map_or(0, i64::from))
        .fetch_all(self.readers())
        .await?;

        let latest = rows.iter().map(|(_, _, latest)| *latest).max().or(after);
        let numbers = rows.into_iter();
        let numbers = numbers.map(|(profile, number, _)| (profile, number.unsigned_abs()));
        Ok((numbers.collect(), latest))
    }
}

impl TryFrom<DeliveriesRow> for DeliveryNumber {
    type Error = StoreError;

    fn try_from(row: DeliveriesRow) -> Result<Self, StoreError> {
        let place = Row::new("deliveries", 0);
        Ok(Self {
            channel: row.channel,
            state: row.state,
            number: row.number.unsigned_abs(),
            oldest: place.parse("created_at", &row.oldest)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AlertKind;
    use crate::test_support::{at, job, scan, spoil, store};

    #[tokio::test]
    async fn an_empty_database_has_zeros_and_no_run() {
        let store = store().await;
        let numbers = store.stored_numbers().await.unwrap();
        let none = StoredNumbers {
            open_jobs: 0,
            closed_jobs: 0,
            unwatched_jobs: 0,
            deliveries: Vec::new(),
            last_run_at: None,
        };
        assert_eq!(numbers, none);
        assert_eq!(
            store.latest_alert_before(at("08:00:00")).await.unwrap(),
            None
        );
        assert_eq!(store.alerts_after(None).await.unwrap(), (Vec::new(), None));
    }

    #[tokio::test]
    async fn jobs_are_counted_by_state_and_alerts_by_profile_since_the_last_look() {
        let store = store().await;
        let jobs = [job("1", 1), job("2", 2), job("3", 3)];
        scan(&store, "acme", &jobs, AlertKind::New).await;
        scan(&store, "old", &[job("4", 4)], AlertKind::New).await;
        spoil(
            &store,
            "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE job_id = 1",
        )
        .await;
        spoil(
            &store,
            "UPDATE sources SET retired_at = '2026-11-23T09:00:00.000Z' WHERE identifier = 'old'",
        )
        .await;
        let numbers = store.stored_numbers().await.unwrap();
        let counted = (
            numbers.open_jobs,
            numbers.closed_jobs,
            numbers.unwatched_jobs,
        );
        assert_eq!(counted, (2, 1, 1));

        spoil(&store, "UPDATE alerts SET grouped = 1 WHERE alert_id = 1").await;
        let (alerts, latest) = store.alerts_after(None).await.unwrap();
        assert_eq!(alerts, [("default".to_owned(), 3)]);
        let until = |time| store.latest_alert_before(at(time));
        assert_eq!(until("08:15:01").await.unwrap(), latest);
        assert_eq!(until("08:15:00").await.unwrap(), None);
        let (none, still) = store.alerts_after(latest).await.unwrap();
        assert_eq!((none, still), (Vec::new(), latest));
    }
}
