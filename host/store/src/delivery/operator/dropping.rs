//! Drop: a delivery is never sent, and says who decided it and why.

use jiff::Timestamp;

use crate::database::Store;
use crate::decision::changes::Author;
use crate::delivery::operator::operation::{Operation, OperationResult, obstacle, record};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::DeliveryId;

impl Store {
    /// Ends a delivery that was not sent. Its alerts are not sent to this recipient in another
    /// message. A message that may have arrived stays uncertain.
    ///
    /// The caller first takes back the leases of dead processes: a leased delivery is not changed.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    #[tracing::instrument(name = "store.delivery.drop", skip_all, fields(delivery.id = %delivery))]
    pub async fn drop_delivery(
        &self,
        delivery: DeliveryId,
        reason: &str,
        author: &Author,
        now: Timestamp,
    ) -> Result<OperationResult, StoreError> {
        let mut tx = self.begin().await?;
        if let Some(obstacle) = obstacle(&mut tx, delivery).await? {
            return Ok(obstacle);
        }

        let error = format!("dropped by {}@{}: {reason}", author.user, author.host);
        end(&mut tx, delivery, Operation::Dropped, &error).await?;
        let detail = Some(reason);
        record(&mut tx, delivery, Operation::Dropped, detail, author, now).await?;
        tx.commit().await?;

        Ok(OperationResult::Done)
    }
}

/// Ends a delivery. `error` says why it is not sent.
pub(super) async fn end(
    conn: &mut Connection,
    delivery: DeliveryId,
    operation: Operation,
    error: &str,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE deliveries SET ended_as = $1, last_error = $2, next_attempt_at = NULL,
             state = CASE WHEN state = 'uncertain' OR EXISTS (
                                  SELECT 1 FROM attempts a WHERE a.delivery_id = deliveries.delivery_id
                                      AND (a.finished_at IS NULL OR a.outcome = 'uncertain'))
                          THEN 'uncertain' ELSE 'skipped' END
         WHERE delivery_id = $3",
    )
    .bind(operation.as_str())
    .bind(error)
    .bind(delivery)
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use job_scanner_core::channel::ChannelKind;

    use super::*;
    use crate::test_support::{
        at, author, claim, count, delivery, retry, spoil, text, with_alerts, with_delivery,
    };
    use crate::{AttemptOutcome, NewDelivery};

    async fn dropped(store: &Store, now: &str) -> OperationResult {
        let deliveries = store.recent_deliveries(9).await.unwrap();
        let first = deliveries.last().unwrap().id;
        store
            .drop_delivery(first, "no longer needed", &author(), at(now))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_dropped_delivery_is_never_sent_and_says_who_and_why() {
        let store = with_delivery().await;
        assert_eq!(dropped(&store, "08:30:00").await, OperationResult::Done);
        assert!(claim(&store, "23:00:00", "a").await.is_none());

        let summary = store.recent_deliveries(1).await.unwrap().remove(0);
        assert_eq!(summary.state, "dropped");
        let error = "dropped by jo@desk: no longer needed";
        assert_eq!(summary.last_error.as_deref(), Some(error));
        assert_eq!(summary.next_attempt_at, None);
        assert_eq!(dropped(&store, "08:31:00").await, OperationResult::Ended);
        assert_eq!(count(&store, "delivery_operations").await, 1);
    }

    #[tokio::test]
    async fn a_delivery_that_was_given_up_can_be_dropped_and_a_leased_or_sent_one_cannot() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        assert_eq!(dropped(&store, "08:30:01").await, OperationResult::Leased);
        let sent = AttemptOutcome::Sent { at: at("08:30:02") };
        assert!(store.finish_attempt(&claimed, &sent).await.unwrap());
        assert_eq!(dropped(&store, "08:30:03").await, OperationResult::Sent);

        spoil(
            &store,
            "UPDATE deliveries SET state = 'abandoned', sent_at = NULL",
        )
        .await;
        assert_eq!(dropped(&store, "08:30:04").await, OperationResult::Done);
    }

    #[tokio::test]
    async fn of_a_claim_and_a_drop_at_once_exactly_one_succeeds() {
        for _ in 0..8 {
            let store = with_delivery().await;
            let other = store.reopen().await.unwrap();
            let (claimed, ended) =
                tokio::join!(claim(&store, "08:30:00", "a"), dropped(&other, "08:30:00"));
            let expected = match claimed {
                Some(_) => OperationResult::Leased,
                None => OperationResult::Done,
            };
            assert_eq!(ended, expected);
        }
    }

    #[tokio::test]
    async fn a_dropped_message_that_may_have_arrived_stays_uncertain() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        let uncertain = AttemptOutcome::Uncertain {
            at: at("08:30:01"),
            next_attempt_at: Some(at("08:40:00")),
            error: "no response".to_owned(),
        };
        store.finish_attempt(&claimed, &uncertain).await.unwrap();
        assert_eq!(dropped(&store, "08:35:00").await, OperationResult::Done);
        let state = text(&store, "SELECT state FROM deliveries").await;
        assert_eq!(state.as_deref(), Some("uncertain"));
        assert!(claim(&store, "23:00:00", "b").await.is_none());
    }

    #[tokio::test]
    async fn the_alerts_of_a_dropped_delivery_do_not_reach_its_recipient_in_another_message() {
        let (store, alerts) = with_alerts(1).await;
        let to = |recipient: &str, id: &str| NewDelivery {
            recipient: recipient.to_owned(),
            ..delivery(id, &alerts)
        };
        let both = [
            to("me@example.org", "1@scanner"),
            to("old@example.org", "2@scanner"),
        ];
        store
            .record_deliveries(&both, at("08:30:00"))
            .await
            .unwrap();
        dropped(&store, "08:30:00").await;

        // The other recipient is removed, so the alert is dispatched again.
        store
            .withdraw_deliveries(ChannelKind::Mail, "gone", |name| name != "old@example.org")
            .await
            .unwrap();
        assert_eq!(store.alerts_without_delivery().await.unwrap().len(), 1);
        let again = [
            to("me@example.org", "3@scanner"),
            to("new@example.org", "4@scanner"),
        ];
        store
            .record_deliveries(&again, at("08:40:00"))
            .await
            .unwrap();
        let sent = claim(&store, "08:40:00", "a").await.unwrap();
        assert_eq!(sent.recipient, "new@example.org");
        assert!(claim(&store, "08:40:00", "b").await.is_none());
    }

    #[tokio::test]
    async fn a_retry_that_failed_can_be_dropped_later() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        let failed = retry("08:30:01", "08:40:00");
        store.finish_attempt(&claimed, &failed).await.unwrap();
        assert_eq!(dropped(&store, "08:31:00").await, OperationResult::Done);
        assert!(claim(&store, "23:00:00", "b").await.is_none());
    }
}
