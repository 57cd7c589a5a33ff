//! The `attempts` table: the outcome of each attempt at a delivery.
//!
//! An attempt begins with its claim ([`claims`](crate::delivery::claims)). A process that dies
//! leaves an unfinished attempt.

use jiff::Timestamp;

use crate::columns::time;
use crate::database::Store;
use crate::delivery::claims::ClaimedDelivery;
use crate::delivery::{deliveries, failures};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId, NoticeId};

/// The half of a message that is too large, which becomes a separate message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondHalf {
    pub message_id: String,
    pub alerts: Vec<AlertId>,
    /// The content of a delivery about the health of sources, instead of alerts.
    pub notices: Vec<NoticeId>,
}

/// The outcome of an attempt. `at` is the time at which it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The channel accepted the message.
    Sent { at: Timestamp },
    /// The attempt failed and is repeated.
    Retry {
        at: Timestamp,
        next_attempt_at: Timestamp,
        error: String,
    },
    /// The channel is not configured, so nothing was attempted. It is tried again.
    Wait {
        at: Timestamp,
        next_attempt_at: Timestamp,
        error: String,
    },
    /// The message was too large. It is split in two, and both halves are due at once.
    Split {
        at: Timestamp,
        error: String,
        second: SecondHalf,
    },
    /// The channel did not confirm the message, so it may or may not have arrived.
    Uncertain {
        at: Timestamp,
        /// The time of one more attempt under the same message id; `None` makes no more attempts.
        next_attempt_at: Option<Timestamp>,
        error: String,
    },
    /// The attempt failed and is not repeated.
    Abandon { at: Timestamp, error: String },
}

impl Store {
    /// Records the outcome of an attempt and updates the delivery. Returns false if the lease was
    /// lost: another process is attempting or has finished the delivery, which is then left
    /// unchanged. The outcome of the attempt is recorded in either case.
    #[tracing::instrument(name = "store.delivery.finish_attempt", skip_all, fields(delivery.id = %delivery.id))]
    pub async fn finish_attempt(
        &self,
        delivery: &ClaimedDelivery,
        outcome: &AttemptOutcome,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        end_attempt(&mut tx, delivery, outcome).await?;
        let marked = mark(&mut tx, delivery, outcome).await?;
        note_failure(&mut tx, delivery, outcome).await?;

        // Without the lease, another process may have sent the whole message meanwhile.
        if let (true, AttemptOutcome::Split { at, second, .. }) = (marked, outcome) {
            split(&mut tx, delivery.id, second, *at).await?;
        }
        tx.commit().await?;

        Ok(marked)
    }

    /// Returns true if an attempt that began between `since` and `now` is unfinished. If no process
    /// is sending at the moment, the process of that attempt has died during it. Attempts after
    /// `now` are ignored: they were begun under a wrong clock, so the real time is not known.
    pub async fn has_broken_attempts(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let found = Statement::new(
            "SELECT EXISTS (SELECT 1 FROM attempts WHERE finished_at IS NULL AND attempted_at BETWEEN $1 AND $2)",
        );
        Ok(found
            .bind(time(since))
            .bind(time(now))
            .fetch_value(self.readers())
            .await?)
    }
}

/// Notes what an attempt says about its channel. A message that is too large, and a channel that is
/// not configured, say nothing.
async fn note_failure(
    conn: &mut Connection,
    delivery: &ClaimedDelivery,
    outcome: &AttemptOutcome,
) -> Result<(), StoreError> {
    let (channel, recipient) = (&delivery.channel, &delivery.recipient);
    match outcome {
        AttemptOutcome::Sent { at } => failures::end(conn, channel, recipient, *at).await,
        AttemptOutcome::Retry { at, error, .. }
        | AttemptOutcome::Uncertain { at, error, .. }
        | AttemptOutcome::Abandon { at, error } => {
            failures::begin(conn, channel, recipient, *at, error).await
        }
        AttemptOutcome::Split { .. } | AttemptOutcome::Wait { .. } => Ok(()),
    }
}

/// Moves the second half of a delivery into a new one, and marks both as parts of one event.
async fn split(
    conn: &mut Connection,
    first: DeliveryId,
    second: &SecondHalf,
    now: Timestamp,
) -> Result<(), StoreError> {
    // The halves of a message that was the only one become 1 and 2 of 2.
    let second_id: DeliveryId = Statement::new(
        "INSERT INTO deliveries (channel, recipient, kind, message_id, state, next_attempt_at, created_at, last_error,
             tried_for_ms, event, part, parts)
         SELECT channel, recipient, kind, $1, 'pending', $2, created_at, last_error, tried_for_ms,
             COALESCE(event, message_id), CASE WHEN part IS NULL THEN '2' ELSE part || 'b' END, COALESCE(parts, 2)
         FROM deliveries WHERE delivery_id = $3 RETURNING delivery_id",
    )
    .bind(&second.message_id)
    .bind(time(now))
    .bind(first)
    .fetch_value(&mut *conn)
    .await?;

    // This follows the insert, which derives the second label from the unchanged first row.
    Statement::new(
        "UPDATE deliveries SET event = COALESCE(event, message_id),
             part = CASE WHEN part IS NULL THEN '1' ELSE part || 'a' END, parts = COALESCE(parts, 2)
         WHERE delivery_id = $1",
    )
    .bind(first)
    .execute(&mut *conn)
    .await?;

    deliveries::move_carried(conn, first, second_id, &second.alerts, &second.notices).await
}

/// Returns the number of unfinished attempts: those whose process died before it recorded an
/// outcome.
pub(crate) async fn unfinished(
    conn: &mut Connection,
    delivery: DeliveryId,
) -> Result<u32, StoreError> {
    let unfinished: i64 = Statement::new(
        "SELECT COUNT(*) FROM attempts WHERE delivery_id = $1 AND finished_at IS NULL",
    )
    .bind(delivery)
    .fetch_value(conn)
    .await?;

    Ok(u32::try_from(unfinished).unwrap_or(u32::MAX))
}

/// Records the beginning of an attempt; `attempt` is its number, from 1.
pub(crate) async fn begin(
    conn: &mut Connection,
    delivery: DeliveryId,
    attempt: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    Statement::new("INSERT INTO attempts (delivery_id, attempt, attempted_at) VALUES ($1, $2, $3)")
        .bind(delivery)
        .bind(attempt)
        .bind(time(now))
        .execute(conn)
        .await?;

    Ok(())
}

async fn end_attempt(
    conn: &mut Connection,
    delivery: &ClaimedDelivery,
    outcome: &AttemptOutcome,
) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE attempts SET finished_at = $1, outcome = $2, error = $3 WHERE delivery_id = $4 AND attempt = $5",
    )
    .bind(time(outcome.at()))
    .bind(outcome.as_str())
    .bind(outcome.error())
    .bind(delivery.id)
    .bind(delivery.attempt)
    .execute(conn)
    .await?;

    Ok(())
}

/// Releases the lease and sets the state of the delivery. Returns false if the lease belongs to
/// another process.
async fn mark(
    conn: &mut Connection,
    delivery: &ClaimedDelivery,
    outcome: &AttemptOutcome,
) -> Result<bool, StoreError> {
    let (state, sent_at, next_attempt_at) = match outcome {
        AttemptOutcome::Sent { at } => ("sent", Some(time(*at)), None),
        // An uncertain delivery stays uncertain: a later failure does not show that the earlier
        // message has not arrived.
        AttemptOutcome::Retry {
            next_attempt_at, ..
        }
        | AttemptOutcome::Wait {
            next_attempt_at, ..
        } => {
            let state = if delivery.uncertain {
                "uncertain"
            } else {
                "pending"
            };
            (state, None, Some(time(*next_attempt_at)))
        }
        AttemptOutcome::Split { at, .. } => ("pending", None, Some(time(*at))),
        AttemptOutcome::Uncertain {
            next_attempt_at, ..
        } => ("uncertain", None, next_attempt_at.map(time)),
        AttemptOutcome::Abandon { .. } => ("abandoned", None, None),
    };

    let updated = Statement::new(
        "UPDATE deliveries SET state = $1, sent_at = $2, next_attempt_at = $3, last_error = $4, lease_token = NULL,
             lease_until = NULL
         WHERE delivery_id = $5 AND lease_token = $6",
    )
    .bind(state)
    .bind(sent_at)
    .bind(next_attempt_at)
    .bind(outcome.error())
    .bind(delivery.id)
    .bind(&delivery.lease_token)
    .execute(conn)
    .await?;

    Ok(updated == 1)
}

impl AttemptOutcome {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Retry { .. } | Self::Wait { .. } | Self::Split { .. } => "retry",
            Self::Uncertain { .. } => "uncertain",
            Self::Abandon { .. } => "abandoned",
        }
    }

    fn at(&self) -> Timestamp {
        match self {
            Self::Sent { at }
            | Self::Retry { at, .. }
            | Self::Wait { at, .. }
            | Self::Split { at, .. }
            | Self::Uncertain { at, .. }
            | Self::Abandon { at, .. } => *at,
        }
    }

    /// Returns the error; `None` for [`Self::Sent`].
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Sent { .. } => None,
            Self::Retry { error, .. }
            | Self::Wait { error, .. }
            | Self::Split { error, .. }
            | Self::Uncertain { error, .. }
            | Self::Abandon { error, .. } => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{
        at, claim, delivery, number, retry, spoil, text, with_alerts, with_delivery,
    };
    use crate::{DeliveryKind, NewDelivery};

    #[tokio::test]
    async fn a_sent_delivery_is_done() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        assert!(
            store
                .finish_attempt(&claimed, &AttemptOutcome::Sent { at: at("08:30:01") })
                .await
                .unwrap()
        );
        assert!(claim(&store, "23:00:00", "b").await.is_none());
        assert_eq!(
            text(&store, "SELECT state FROM deliveries").await.unwrap(),
            "sent"
        );
        assert_eq!(
            text(&store, "SELECT sent_at FROM deliveries")
                .await
                .unwrap(),
            "2026-11-23T08:30:01.000Z"
        );
        assert_eq!(
            text(&store, "SELECT outcome FROM attempts").await.unwrap(),
            "sent"
        );
    }

    #[tokio::test]
    async fn a_failed_attempt_is_tried_again_when_it_is_due() {
        let store = with_delivery().await;
        let first = claim(&store, "08:30:00", "a").await.unwrap();
        assert!(
            store
                .finish_attempt(&first, &retry("08:30:01", "08:35:00"))
                .await
                .unwrap()
        );
        assert!(claim(&store, "08:34:59", "b").await.is_none());
        let second = claim(&store, "08:35:00", "c").await.unwrap();
        assert_eq!((second.id, second.attempt), (first.id, 2));
        assert_eq!(second.message_id, first.message_id);
        assert_eq!(
            text(&store, "SELECT error FROM attempts WHERE attempt = 1")
                .await
                .unwrap(),
            "451 try later"
        );
    }

    #[tokio::test]
    async fn an_abandoned_delivery_keeps_its_last_error() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        let outcome = AttemptOutcome::Abandon {
            at: at("08:30:01"),
            error: "550 no such user".to_owned(),
        };
        assert!(store.finish_attempt(&claimed, &outcome).await.unwrap());
        assert!(claim(&store, "23:00:00", "b").await.is_none());
        assert_eq!(
            text(&store, "SELECT state || ': ' || last_error FROM deliveries")
                .await
                .unwrap(),
            "abandoned: 550 no such user"
        );
    }

    #[tokio::test]
    async fn an_uncertain_delivery_is_tried_once_more_under_the_same_id() {
        let store = with_delivery().await;
        let uncertain = |at_, next: Option<&str>| AttemptOutcome::Uncertain {
            at: at(at_),
            next_attempt_at: next.map(at),
            error: "no response".to_owned(),
        };
        let first = claim(&store, "08:30:00", "a").await.unwrap();
        assert!(!first.uncertain);
        assert!(
            store
                .finish_attempt(&first, &uncertain("08:30:01", Some("08:40:00")))
                .await
                .unwrap()
        );
        assert_eq!(
            text(&store, "SELECT state FROM deliveries").await.unwrap(),
            "uncertain"
        );
        assert!(claim(&store, "08:39:59", "b").await.is_none());

        let second = claim(&store, "08:40:00", "c").await.unwrap();
        assert_eq!(
            (second.uncertain, &second.message_id),
            (true, &first.message_id)
        );
        assert!(
            store
                .finish_attempt(&second, &retry("08:40:01", "08:41:00"))
                .await
                .unwrap()
        );
        assert_eq!(
            text(&store, "SELECT state FROM deliveries").await.unwrap(),
            "uncertain"
        );

        let third = claim(&store, "08:41:00", "d").await.unwrap();
        assert!(
            store
                .finish_attempt(&third, &uncertain("08:41:01", None))
                .await
                .unwrap()
        );
        assert!(claim(&store, "23:00:00", "e").await.is_none());
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(*) FROM attempts WHERE outcome = 'uncertain'"
            )
            .await,
            2
        );
    }

    #[tokio::test]
    async fn a_claimer_without_the_lease_cannot_change_the_delivery() {
        let store = with_delivery().await;
        let slow = claim(&store, "08:30:00", "slow").await.unwrap();
        let fast = claim(&store, "08:32:00", "fast").await.unwrap();
        let sent = AttemptOutcome::Sent { at: at("08:32:01") };
        assert!(!store.finish_attempt(&slow, &sent).await.unwrap());
        assert_eq!(
            text(&store, "SELECT state FROM deliveries").await.unwrap(),
            "pending"
        );
        assert!(
            store
                .finish_attempt(&fast, &retry("08:32:02", "08:40:00"))
                .await
                .unwrap()
        );
        assert!(
            !store.finish_attempt(&slow, &sent).await.unwrap(),
            "not even when no process holds the lease"
        );
        assert_eq!(
            text(&store, "SELECT outcome FROM attempts WHERE attempt = 1")
                .await
                .unwrap(),
            "sent"
        );
    }

    #[tokio::test]
    async fn a_split_delivery_becomes_two_that_share_its_alerts() {
        let (store, alerts) = with_alerts(3).await;
        let digest = NewDelivery {
            kind: DeliveryKind::Digest,
            ..delivery("1@scanner", &alerts)
        };
        store
            .record_deliveries(&[digest], at("08:30:00"))
            .await
            .unwrap();
        let whole = claim(&store, "08:30:00", "a").await.unwrap();
        let second = SecondHalf {
            message_id: "2@scanner".to_owned(),
            alerts: alerts[2..].to_vec(),
            notices: Vec::new(),
        };
        let outcome = AttemptOutcome::Split {
            at: at("08:30:01"),
            error: "552 too large".to_owned(),
            second,
        };
        assert!(store.finish_attempt(&whole, &outcome).await.unwrap());
        assert!(
            !store.finish_attempt(&whole, &outcome).await.unwrap(),
            "a lost lease splits nothing"
        );

        let halves = [
            claim(&store, "08:30:01", "b").await.unwrap(),
            claim(&store, "08:30:01", "c").await.unwrap(),
        ];
        let carried = halves
            .each_ref()
            .map(|half| half.alerts.iter().map(|alert| alert.id).collect::<Vec<_>>());
        assert_eq!(carried.concat(), alerts);
        let parts = halves.each_ref().map(|half| half.part.clone().unwrap());
        assert_eq!(
            parts
                .each_ref()
                .map(|part| (part.label.as_str(), part.of, part.in_all)),
            [("1", 2, 3), ("2", 2, 3)]
        );
        assert_eq!(
            (halves[0].message_id.as_str(), halves[1].message_id.as_str()),
            ("1@scanner", "2@scanner")
        );
        assert_eq!((halves[0].attempt, halves[1].attempt), (2, 1));
        assert!(claim(&store, "08:30:01", "d").await.is_none());
    }

    #[tokio::test]
    async fn an_unfinished_attempt_counts_as_broken_within_the_given_period() {
        for (begun, broken) in [
            ("08:29:59", false),
            ("08:30:00", true),
            ("08:31:00", true),
            ("08:31:01", false),
        ] {
            let store = with_delivery().await;
            claim(&store, "08:30:00", "dead").await.unwrap();
            spoil(
                &store,
                &format!("UPDATE attempts SET attempted_at = '2026-11-23T{begun}.000Z'"),
            )
            .await;
            assert_eq!(
                store
                    .has_broken_attempts(at("08:30:00"), at("08:31:00"))
                    .await
                    .unwrap(),
                broken,
                "{begun}"
            );
        }
    }
}
