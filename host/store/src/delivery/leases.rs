//! Leases of dead processes: they are taken back, so that no delivery waits until they expire.
//!
//! Not here: taking a lease ([`claims`](crate::delivery::claims)), and the decision which processes
//! are dead, which is the caller's.

use jiff::Timestamp;
use job_scanner_row_derive::FromRow;

use crate::columns::time;
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::DeliveryId;

#[derive(FromRow)]
struct LeaseRow {
    delivery_id: DeliveryId,
    lease_token: String,
    attempts: i64,
}

impl Store {
    /// Returns true if a delivery is leased, by a running or by a dead process.
    pub async fn has_leases(&self) -> Result<bool, StoreError> {
        let found = Statement::new(
            "SELECT EXISTS (SELECT 1 FROM deliveries WHERE lease_token IS NOT NULL AND next_attempt_at IS NOT NULL)",
        );
        Ok(found.fetch_value(self.readers()).await?)
    }

    /// Takes back the leases for which `again` returns a time, at which their deliveries are due.
    /// `again` gets the token of each lease and the number of attempts so far. Returns the number
    /// of leases taken back.
    #[tracing::instrument(name = "store.delivery.take_back", skip_all)]
    pub async fn take_back_leases(
        &self,
        again: impl Fn(&str, u32) -> Option<Timestamp> + Send,
    ) -> Result<usize, StoreError> {
        let mut tx = self.begin().await?;
        let leases: Vec<LeaseRow> = Statement::new(
            "SELECT delivery_id, lease_token, attempts FROM deliveries
             WHERE lease_token IS NOT NULL AND next_attempt_at IS NOT NULL",
        )
        .fetch_all(&mut *tx)
        .await?;

        let mut taken = 0;
        for lease in leases {
            // The next claim reports a corrupt number. It must not prevent taking back other
            // leases.
            let attempts = u32::try_from(lease.attempts).unwrap_or(u32::MAX);

            let Some(at) = again(&lease.lease_token, attempts) else {
                continue;
            };

            Statement::new(
                "UPDATE deliveries SET lease_token = NULL, lease_until = NULL, next_attempt_at = $1
                 WHERE delivery_id = $2",
            )
            .bind(time(at))
            .bind(lease.delivery_id)
            .execute(&mut *tx)
            .await?;
            taken += 1;
        }
        tx.commit().await?;

        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use crate::AttemptOutcome;
    use crate::test_support::{at, claim, with_two_deliveries};

    #[tokio::test]
    async fn only_leases_of_dead_processes_are_taken_back() {
        let store = with_two_deliveries().await;
        let dead = claim(&store, "08:30:00", "dead").await.unwrap();
        claim(&store, "08:30:00", "alive").await.unwrap();
        let again =
            |token: &str, attempts| (token == "dead" && attempts == 1).then(|| at("08:30:01"));
        assert_eq!(store.take_back_leases(again).await.unwrap(), 1);
        assert_eq!(claim(&store, "08:30:01", "b").await.unwrap().id, dead.id);
        assert!(claim(&store, "08:30:01", "c").await.is_none());
        assert!(
            !store
                .finish_attempt(&dead, &AttemptOutcome::Sent { at: at("08:30:02") })
                .await
                .unwrap()
        );
    }
}
