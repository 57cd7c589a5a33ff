//! The `channel_failures` table: since when the messages to a recipient fail, and who heard of it.
//!
//! The row of a recipient begins with the first failed attempt and ends with a message that is
//! accepted, both in the transaction that records the attempt. Failures that were reported leave
//! their row until their end is reported too.

use jiff::Timestamp;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::words::OnRecord;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;

/// The failures of the messages to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelFailure {
    pub id: i64,
    pub channel: OnRecord<ChannelKind>,
    pub recipient: String,
    /// The time of the first failed attempt.
    pub failing_since: Timestamp,
    /// The error of the last attempt.
    pub error: String,
    /// True if the failures were logged, since they had lasted for long.
    pub is_logged: bool,
    /// True if a notice about them was sent.
    pub is_noticed: bool,
    /// The time at which a message was accepted again; `None` before.
    pub recovered_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct FailureRow {
    failure_id: i64,
    channel: String,
    recipient: String,
    failing_since: String,
    error: String,
    is_logged: bool,
    is_noticed: bool,
    recovered_at: Option<String>,
}

impl Store {
    /// Returns the failures that last, and those whose end is not reported yet, oldest first.
    ///
    /// # Errors
    ///
    /// Fails if the database fails or has a value that cannot be read.
    #[tracing::instrument(name = "store.channel_failure.list", skip_all)]
    pub async fn channel_failures(&self) -> Result<Vec<ChannelFailure>, StoreError> {
        let rows = Statement::new(
            "SELECT failure_id, channel, recipient, failing_since, error, logged_at IS NOT NULL AS is_logged,
                 noticed_at IS NOT NULL AS is_noticed, recovered_at
             FROM channel_failures ORDER BY failure_id",
        );
        let rows = rows.fetch_all::<FailureRow>(self.readers()).await?;
        rows.into_iter().map(ChannelFailure::try_from).collect()
    }

    /// Records that the failures are logged. Returns false if they were before.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn mark_failure_logged(&self, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let updated = Statement::new(
            "UPDATE channel_failures SET logged_at = $1 WHERE failure_id = $2 AND logged_at IS NULL",
        )
        .bind(time(now))
        .bind(id)
        .execute(self.writer())
        .await?;
        Ok(updated == 1)
    }

    /// Records that a notice about the failures was sent.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn mark_failure_noticed(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        Statement::new("UPDATE channel_failures SET noticed_at = $1 WHERE failure_id = $2")
            .bind(time(now))
            .bind(id)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Deletes failures whose end was reported. Returns false if another process did.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn forget_failure(&self, id: i64) -> Result<bool, StoreError> {
        let deleted = Statement::new(
            "DELETE FROM channel_failures WHERE failure_id = $1 AND recovered_at IS NOT NULL",
        )
        .bind(id)
        .execute(self.writer())
        .await?;
        Ok(deleted == 1)
    }
}

/// Begins the failures of a recipient, or notes the error of another failed attempt.
pub(super) async fn begin(
    conn: &mut Connection,
    channel: &OnRecord<ChannelKind>,
    recipient: &str,
    at: Timestamp,
    error: &str,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO channel_failures (channel, recipient, failing_since, error) VALUES ($1, $2, $3, $4)
         ON CONFLICT (channel, recipient) WHERE recovered_at IS NULL DO UPDATE SET error = excluded.error",
    )
    .bind(channel.to_string())
    .bind(recipient)
    .bind(time(at))
    .bind(error)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the failures. Those that were not reported leave no row.
pub(super) async fn end(
    conn: &mut Connection,
    channel: &OnRecord<ChannelKind>,
    recipient: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let channel = channel.to_string();
    Statement::new(
        "DELETE FROM channel_failures
         WHERE channel = $1 AND recipient = $2 AND recovered_at IS NULL AND logged_at IS NULL",
    )
    .bind(&channel)
    .bind(recipient)
    .execute(&mut *conn)
    .await?;

    Statement::new(
        "UPDATE channel_failures SET recovered_at = $1
         WHERE channel = $2 AND recipient = $3 AND recovered_at IS NULL",
    )
    .bind(time(at))
    .bind(&channel)
    .bind(recipient)
    .execute(conn)
    .await?;
    Ok(())
}

impl TryFrom<FailureRow> for ChannelFailure {
    type Error = StoreError;

    fn try_from(row: FailureRow) -> Result<Self, StoreError> {
        let place = Row::new("channel_failures", row.failure_id);
        Ok(Self {
            id: row.failure_id,
            channel: OnRecord::read(&row.channel),
            recipient: row.recipient,
            failing_since: place.parse("failing_since", &row.failing_since)?,
            error: row.error,
            is_logged: row.is_logged,
            is_noticed: row.is_noticed,
            recovered_at: place.optional("recovered_at", row.recovered_at.as_deref())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AttemptOutcome;
    use crate::test_support::{TestStore, at, claim, count, retry, with_delivery};

    async fn attempt(store: &Store, now: &str, outcome: AttemptOutcome) {
        let claimed = claim(store, now, now).await.unwrap();
        assert!(store.finish_attempt(&claimed, &outcome).await.unwrap());
    }

    /// Returns a store with a delivery that failed at 08:30 and at 08:40.
    async fn failing() -> TestStore {
        let store = with_delivery().await;
        attempt(&store, "08:30:00", retry("08:30:01", "08:40:00")).await;
        attempt(&store, "08:40:00", retry("08:40:01", "08:50:00")).await;
        store
    }

    #[tokio::test]
    async fn failures_begin_with_the_first_failed_attempt_and_end_with_a_sent_message() {
        let store = failing().await;
        let failures = store.channel_failures().await.unwrap();
        assert_eq!(failures.len(), 1);
        assert_eq!(
            (failures[0].failing_since, failures[0].error.as_str()),
            (at("08:30:01"), "451 try later")
        );
        let sent = AttemptOutcome::Sent { at: at("08:50:01") };
        attempt(&store, "08:50:00", sent).await;
        assert_eq!(count(&store, "channel_failures").await, 0);
    }

    #[tokio::test]
    async fn the_end_of_reported_failures_waits_for_its_report() {
        let store = failing().await;
        let id = store.channel_failures().await.unwrap()[0].id;
        assert!(!store.forget_failure(id).await.unwrap(), "they last");
        assert!(store.mark_failure_logged(id, at("08:45:00")).await.unwrap());
        assert!(!store.mark_failure_logged(id, at("08:46:00")).await.unwrap());
        store
            .mark_failure_noticed(id, at("08:45:00"))
            .await
            .unwrap();

        let sent = AttemptOutcome::Sent { at: at("08:50:01") };
        attempt(&store, "08:50:00", sent).await;
        let ended = store.channel_failures().await.unwrap().remove(0);
        assert_eq!(
            (ended.recovered_at, ended.is_logged, ended.is_noticed),
            (Some(at("08:50:01")), true, true)
        );
        assert!(store.forget_failure(id).await.unwrap());
        assert!(!store.forget_failure(id).await.unwrap());
    }

    #[tokio::test]
    async fn a_missing_channel_and_a_large_message_are_not_failures() {
        let store = with_delivery().await;
        let waits = AttemptOutcome::Wait {
            at: at("08:30:01"),
            next_attempt_at: at("08:40:00"),
            error: "not configured".to_owned(),
        };
        attempt(&store, "08:30:00", waits).await;
        assert_eq!(count(&store, "channel_failures").await, 0);
        assert!(claim(&store, "08:39:59", "early").await.is_none());
        assert!(claim(&store, "08:40:00", "due").await.is_some());
    }
}
