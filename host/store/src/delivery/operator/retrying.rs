//! Retry: a delivery that waits, was given up or may have arrived is due now.

use jiff::Timestamp;

use crate::columns::time;
use crate::database::Store;
use crate::decision::changes::Author;
use crate::delivery::operator::operation::{Operation, OperationResult, obstacle, record};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::DeliveryId;

impl Store {
    /// Makes a delivery due now, under the same message id. The time for which it has been tried
    /// begins again. A message that may have arrived keeps this mark.
    ///
    /// The caller first takes back the leases of dead processes: a leased delivery is not changed.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    #[tracing::instrument(name = "store.delivery.retry", skip_all, fields(delivery.id = %delivery))]
    pub async fn retry_delivery(
        &self,
        delivery: DeliveryId,
        author: &Author,
        now: Timestamp,
    ) -> Result<OperationResult, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(obstacle) = obstacle(&mut tx, delivery).await? {
            return Ok(obstacle);
        }
        if !has_content(&mut tx, delivery).await? {
            return Ok(OperationResult::Empty);
        }

        end_broken_attempts(&mut tx, delivery, now).await?;
        make_due(&mut tx, delivery, now).await?;
        record(&mut tx, delivery, Operation::Retried, None, author, now).await?;
        tx.commit().await?;

        Ok(OperationResult::Done)
    }
}

/// Returns true if there is something to send.
async fn has_content(conn: &mut Connection, delivery: DeliveryId) -> Result<bool, StoreError> {
    let found = Statement::new(
        "SELECT EXISTS (SELECT 1 FROM delivery_alerts WHERE delivery_id = $1 AND skipped IS NULL)
             OR EXISTS (SELECT 1 FROM delivery_notices WHERE delivery_id = $1)",
    );
    Ok(found.bind(delivery).fetch_value(conn).await?)
}

/// Ends the attempts whose process died. They may have sent the message. Counted as unfinished,
/// they would end a delivery that was given up because of them at once.
async fn end_broken_attempts(
    conn: &mut Connection,
    delivery: DeliveryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE attempts SET finished_at = $1, outcome = 'uncertain', error = 'the process ended during the attempt'
         WHERE delivery_id = $2 AND finished_at IS NULL",
    )
    .bind(time(now))
    .bind(delivery)
    .execute(conn)
    .await?;
    Ok(())
}

async fn make_due(
    conn: &mut Connection,
    delivery: DeliveryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE deliveries SET next_attempt_at = $1, tried_for_ms = 0,
             state = CASE WHEN EXISTS (SELECT 1 FROM attempts a
                                       WHERE a.delivery_id = deliveries.delivery_id AND a.outcome = 'uncertain')
                          THEN 'uncertain' ELSE 'pending' END
         WHERE delivery_id = $2",
    )
    .bind(time(now))
    .bind(delivery)
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::AttemptOutcome;
    use crate::test_support::{
        TestStore, at, author, claim, count, number, retry, spoil, text, with_delivery,
    };

    async fn retried(store: &Store, now: &str) -> OperationResult {
        let delivery = store.recent_deliveries(1).await.unwrap()[0].id;
        store
            .retry_delivery(delivery, &author(), at(now))
            .await
            .unwrap()
    }

    /// Makes an attempt at 08:30 that ends like this.
    async fn attempted(outcome: AttemptOutcome) -> TestStore {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        assert!(store.finish_attempt(&claimed, &outcome).await.unwrap());
        store
    }

    fn abandoned() -> AttemptOutcome {
        AttemptOutcome::Abandon {
            at: at("08:30:01"),
            error: "550 no such user".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_failed_or_abandoned_delivery_is_due_now_under_the_same_id() {
        for outcome in [retry("08:30:01", "14:00:00"), abandoned()] {
            let store = attempted(outcome).await;
            assert!(claim(&store, "09:00:00", "b").await.is_none());
            assert_eq!(retried(&store, "09:00:00").await, OperationResult::Done);
            let again = claim(&store, "09:00:00", "c").await.unwrap();
            assert_eq!(
                (again.message_id.as_str(), again.attempt, again.uncertain),
                ("1@scanner", 2, false)
            );
        }
    }

    #[tokio::test]
    async fn a_delivery_that_may_have_arrived_keeps_this_mark() {
        for next in [None, Some(at("08:40:00"))] {
            let store = attempted(AttemptOutcome::Uncertain {
                at: at("08:30:01"),
                next_attempt_at: next,
                error: "no response".to_owned(),
            })
            .await;
            if next.is_some() {
                let second = claim(&store, "08:40:00", "b").await.unwrap();
                store.finish_attempt(&second, &abandoned()).await.unwrap();
            }
            assert_eq!(retried(&store, "09:00:00").await, OperationResult::Done);
            assert!(claim(&store, "09:00:00", "c").await.unwrap().uncertain);
        }
    }

    #[tokio::test]
    async fn the_trying_time_begins_again_and_broken_attempts_do_not_end_it() {
        let store = with_delivery().await;
        claim(&store, "08:30:00", "dead").await.unwrap();
        spoil(
            &store,
            "UPDATE deliveries SET state = 'abandoned', next_attempt_at = NULL, lease_token = NULL, lease_until = NULL,
                 tried_for_ms = 999999999",
        )
        .await;
        assert_eq!(retried(&store, "09:00:00").await, OperationResult::Done);
        let again = claim(&store, "09:00:00", "b").await.unwrap();
        assert_eq!((again.unfinished, again.uncertain), (0, true));
        assert!(again.tried_for < Duration::from_hours(1));
    }

    #[tokio::test]
    async fn a_leased_a_sent_or_an_ended_delivery_is_not_changed() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        assert_eq!(retried(&store, "08:30:01").await, OperationResult::Leased);

        let sent = AttemptOutcome::Sent { at: at("08:30:02") };
        assert!(store.finish_attempt(&claimed, &sent).await.unwrap());
        assert_eq!(retried(&store, "08:30:03").await, OperationResult::Sent);

        spoil(
            &store,
            "UPDATE deliveries SET state = 'skipped', sent_at = NULL",
        )
        .await;
        assert_eq!(retried(&store, "08:30:04").await, OperationResult::Ended);

        let unknown = store
            .retry_delivery(DeliveryId(99), &author(), at("08:30:04"))
            .await;
        assert_eq!(unknown.unwrap(), OperationResult::Unknown);
        assert_eq!(count(&store, "delivery_operations").await, 0);
        assert!(claim(&store, "23:00:00", "b").await.is_none());
    }

    #[tokio::test]
    async fn a_delivery_whose_jobs_were_deleted_is_not_sent_empty() {
        let store = attempted(abandoned()).await;
        spoil(&store, "DELETE FROM jobs").await;
        assert_eq!(retried(&store, "09:00:00").await, OperationResult::Empty);
        assert!(claim(&store, "23:00:00", "b").await.is_none());
    }

    #[tokio::test]
    async fn a_claim_and_a_retry_at_once_make_one_attempt() {
        let store = with_delivery().await;
        let other = store.reopen().await.unwrap();
        let (claimed, _) =
            tokio::join!(claim(&store, "08:30:00", "a"), retried(&other, "08:30:00"));
        let more = claim(&store, "08:30:00", "b").await;
        assert!(claimed.is_some() && more.is_none());
        assert_eq!(count(&store, "attempts").await, 1);
    }

    #[tokio::test]
    async fn the_operation_is_recorded_with_its_author() {
        let store = attempted(abandoned()).await;
        retried(&store, "09:00:00").await;
        let who = "SELECT operation || ' by ' || done_by || '@' || host || ' at ' || done_at FROM delivery_operations";
        assert_eq!(
            text(&store, who).await.unwrap(),
            "retried by jo@desk at 2026-11-23T09:00:00.000Z"
        );
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(*) FROM delivery_operations WHERE detail IS NULL"
            )
            .await,
            1
        );
    }
}
