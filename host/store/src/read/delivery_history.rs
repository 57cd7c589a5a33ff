//! One delivery with its attempts, its alerts and what a person did with it: `job-scanner
//! deliveries show`.

use jiff::Timestamp;
use job_scanner_core::key::{ExternalId, JobKey};
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::delivery::operator::operation;
use crate::delivery::operator::operation::PastOperation;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId};
use crate::read::history::{DeliverySummary, delivery_summary};

/// A delivery with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHistory {
    pub delivery: DeliverySummary,
    /// True if a process is sending it, or died while it was.
    pub is_leased: bool,
    /// Oldest first.
    pub attempts: Vec<PastAttempt>,
    /// In the order of the message.
    pub alerts: Vec<CarriedAlert>,
    /// Oldest first.
    pub operations: Vec<PastOperation>,
}

/// An attempt at a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAttempt {
    pub number: u32,
    pub began_at: Timestamp,
    /// `None` if its process has died, or is still sending.
    pub ended_at: Option<Timestamp>,
    /// The outcome as it is stored; `None` like `ended_at`.
    pub outcome: Option<String>,
    pub error: Option<String>,
}

/// An alert in a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedAlert {
    pub id: AlertId,
    pub job: JobKey,
    pub title: String,
    pub profile: String,
    /// The reason for which the alert was left out of the message; `None` if it was not.
    pub skipped: Option<String>,
}

#[derive(FromRow)]
struct AttemptRow {
    attempt: i64,
    attempted_at: String,
    finished_at: Option<String>,
    outcome: Option<String>,
    error: Option<String>,
}

#[derive(FromRow)]
struct CarriedAlertRow {
    alert_id: AlertId,
    adapter: String,
    identifier: String,
    external_id: String,
    title: String,
    profile: String,
    skipped: Option<String>,
}

impl Store {
    /// Returns a delivery with its history; `None` if no delivery has this id, or it was deleted
    /// since.
    ///
    /// # Errors
    ///
    /// Fails if the database fails or has a value that cannot be read.
    #[tracing::instrument(name = "store.delivery.history", skip_all, fields(delivery.id = %delivery))]
    pub async fn delivery_history(
        &self,
        delivery: DeliveryId,
    ) -> Result<Option<DeliveryHistory>, StoreError> {
        // One transaction, so that the parts belong to the same state.
        let mut tx = self.readers().begin_reading().await?;
        let Some(summary) = delivery_summary(&mut tx, delivery).await? else {
            return Ok(None);
        };

        Ok(Some(DeliveryHistory {
            delivery: summary,
            is_leased: is_leased(&mut tx, delivery).await?,
            attempts: attempts(&mut tx, delivery).await?,
            alerts: carried(&mut tx, delivery).await?,
            operations: operation::of_delivery(&mut tx, delivery).await?,
        }))
    }
}

async fn is_leased(conn: &mut Connection, delivery: DeliveryId) -> Result<bool, StoreError> {
    let found = Statement::new(
        "SELECT EXISTS (SELECT 1 FROM deliveries
                        WHERE delivery_id = $1 AND lease_token IS NOT NULL AND next_attempt_at IS NOT NULL)",
    );
    Ok(found.bind(delivery).fetch_value(conn).await?)
}

async fn attempts(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<Vec<PastAttempt>, StoreError> {
    let rows: Vec<AttemptRow> = Statement::new(
        "SELECT attempt, attempted_at, finished_at, outcome, error FROM attempts
         WHERE delivery_id = $1 ORDER BY attempt",
    )
    .bind(delivery)
    .fetch_all(conn)
    .await?;

    let place = Row::new("attempts", delivery);
    let lift = |row: AttemptRow| {
        Ok(PastAttempt {
            number: place.lift("attempt", u32::try_from(row.attempt))?,
            began_at: place.parse("attempted_at", &row.attempted_at)?,
            ended_at: place.optional("finished_at", row.finished_at.as_deref())?,
            outcome: row.outcome,
            error: row.error,
        })
    };
    rows.into_iter().map(lift).collect()
}

async fn carried(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<Vec<CarriedAlert>, StoreError> {
    let rows: Vec<CarriedAlertRow> = Statement::new(
        "SELECT a.alert_id, s.adapter, s.identifier, j.external_id, v.title, a.profile, c.skipped
         FROM delivery_alerts c
         JOIN alerts a ON a.alert_id = c.alert_id
         JOIN jobs j ON j.job_id = a.job_id
         JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
         JOIN sources s ON s.source_id = j.source_id
         WHERE c.delivery_id = $1 ORDER BY c.position, a.alert_id",
    )
    .bind(delivery)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CarriedAlert::try_from).collect()
}

impl TryFrom<CarriedAlertRow> for CarriedAlert {
    type Error = StoreError;

    fn try_from(row: CarriedAlertRow) -> Result<Self, StoreError> {
        let place = Row::new("alerts", row.alert_id);
        let source = lift_key(place, row.adapter, row.identifier)?;
        let external_id = place.lift("external_id", ExternalId::new(row.external_id))?;
        Ok(Self {
            id: row.alert_id,
            job: JobKey::new(source, external_id),
            title: row.title,
            profile: row.profile,
            skipped: row.skipped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AttemptOutcome;
    use crate::test_support::{at, author, claim, spoil, with_delivery};

    #[tokio::test]
    async fn a_delivery_has_its_attempts_alerts_and_operations() {
        let store = with_delivery().await;
        let id = store.recent_deliveries(1).await.unwrap()[0].id;
        let claimed = claim(&store, "08:30:00", "the process").await.unwrap();
        let leased = store.delivery_history(id).await.unwrap().unwrap();
        assert!(leased.is_leased);
        assert_eq!(leased.attempts[0].ended_at, None);

        let failed = AttemptOutcome::Abandon {
            at: at("08:30:01"),
            error: "550 no such user".to_owned(),
        };
        store.finish_attempt(&claimed, &failed).await.unwrap();
        store
            .retry_delivery(id, &author(), at("08:31:00"))
            .await
            .unwrap();
        spoil(&store, "UPDATE delivery_alerts SET skipped = 'hidden'").await;

        let history = store.delivery_history(id).await.unwrap().unwrap();
        assert_eq!((history.is_leased, history.delivery.id), (false, id));
        let attempt = PastAttempt {
            number: 1,
            began_at: at("08:30:00"),
            ended_at: Some(at("08:30:01")),
            outcome: Some("abandoned".to_owned()),
            error: Some("550 no such user".to_owned()),
        };
        assert_eq!(history.attempts, [attempt]);
        let alert = &history.alerts[0];
        assert_eq!(
            (
                alert.job.to_string(),
                alert.title.as_str(),
                alert.skipped.as_deref()
            ),
            ("greenhouse/acme/0".to_owned(), "Engineer 1", Some("hidden"))
        );
        assert_eq!(history.operations[0].author, author());
        assert_eq!(store.delivery_history(DeliveryId(99)).await.unwrap(), None);
    }
}
