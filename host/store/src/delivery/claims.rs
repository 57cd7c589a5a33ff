//! Claims of deliveries: only one process at a time attempts a delivery.
//!
//! The process that attempts a delivery holds its lease. A process that dies leaves a lease, which
//! expires or is taken back ([`leases`](crate::delivery::leases)), and an unfinished attempt
//! ([`attempts`]).

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::decision::SkipReason;
use job_scanner_core::time::saturating_millis_signed;
use job_scanner_core::words::OnRecord;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::database::Store;
use crate::decision::handover;
use crate::delivery::alerts::PendingAlert;
use crate::delivery::baselines::BaselineCounts;
use crate::delivery::changes::AlertedChanges;
use crate::delivery::deliveries::DeliveryKind;
use crate::delivery::notices::HealthNotice;
use crate::delivery::{alerts, attempts, changes};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId};

/// The longest time for which an attempt is postponed or a lease lasts.
const LONGEST_WAIT: Duration = Duration::from_hours(12);

/// The most that a planned wait counts for. The planned wait of a delivery whose process died is
/// not known.
const LONGEST_PLANNED: Duration = Duration::from_hours(6);

/// The delay of an attempt up to which the whole wait counts as trying time.
const SLACK: Duration = Duration::from_mins(10);

/// A delivery that the caller has leased for one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedDelivery {
    pub id: DeliveryId,
    pub channel: OnRecord<ChannelKind>,
    pub recipient: String,
    pub kind: DeliveryKind,
    pub message_id: String,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The number of earlier attempts that were never finished: their process crashed or was
    /// killed.
    pub unfinished: u32,
    /// True if the message of an earlier attempt may have arrived.
    pub uncertain: bool,
    pub created_at: Timestamp,
    /// The time for which it has been tried: the waits between its attempts, without the time in
    /// which no process could make an attempt.
    pub tried_for: Duration,
    /// Its place among several messages; `None` if it is the only one.
    pub part: Option<ClaimedPart>,
    /// Its alerts, in the order of the message. Those of one job follow each other, oldest first.
    pub alerts: Vec<PendingAlert>,
    /// The changes of the jobs that had an earlier version, by alert.
    pub changes: HashMap<AlertId, AlertedChanges>,
    /// For [`DeliveryKind::Baseline`]: the scanned sources. Otherwise empty.
    pub baselines: Vec<BaselineCounts>,
    /// The number of further sources of a baseline that `baselines` omits.
    pub more_baselines: u64,
    /// For [`DeliveryKind::Health`]: its content instead of alerts. Otherwise empty.
    pub notices: Vec<HealthNotice>,
    pub(crate) lease_token: String,
}

/// The place of a delivery among the messages of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedPart {
    /// The number of the message, such as `3`, or `3a` for the first half of it.
    pub label: String,
    /// The original number of messages, before any was split.
    pub of: u32,
    /// The number of jobs or notices in all of the messages.
    pub in_all: u64,
}

/// The deliveries that are attempted one after the other, because they use the same service: all
/// mail, or all messages to one recipient of another channel.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeliveryLane {
    channel: String,
    /// `None` is every recipient.
    recipient: Option<String>,
    /// The recipients whose deliveries wait, as a list in JSON. `None` is none of them.
    #[row(skip)]
    held: Option<String>,
}

/// The waiting deliveries of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingDeliveries {
    /// The kind of the channel, which this version of the program may not know.
    pub channel: String,
    pub recipient: String,
    /// The next time at which one of them can be claimed.
    pub due: Timestamp,
}

impl DeliveryLane {
    /// Returns the lane without the deliveries to these recipients of its channel, which wait.
    #[must_use]
    pub fn without(self, recipients: &[(ChannelKind, &str)]) -> Self {
        let of_lane = recipients
            .iter()
            .filter(|(channel, _)| channel.as_str() == self.channel);
        let names: Vec<&str> = of_lane.map(|(_, recipient)| *recipient).collect();
        Self {
            held: (!names.is_empty()).then(|| serde_json::json!(names).to_string()),
            ..self
        }
    }
}

#[derive(FromRow)]
struct ClaimedRow {
    delivery_id: DeliveryId,
    channel: String,
    recipient: String,
    kind: String,
    message_id: String,
    state: String,
    attempts: i64,
    created_at: String,
    next_attempt_at: String,
    tried_for_ms: i64,
    part: Option<String>,
    parts: Option<i64>,
}

impl Store {
    /// Leases the delivery that has been due for the longest time; `None` if no delivery is due.
    /// `token` identifies the claim and must be new each time. The attempt is counted before it is
    /// made, so that a message that crashes the process is not tried forever.
    ///
    /// Alerts that a decision has silenced since are left out. A delivery with no other alert is
    /// recorded as skipped, and the next one is taken.
    ///
    /// A delivery that cannot be read is abandoned with the reason, so that it is reported once and
    /// the next call takes another one. After it was repaired, a retry sends it.
    pub async fn claim_next_delivery(
        &self,
        now: Timestamp,
        lease: Duration,
        token: &str,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        self.claim(None, now, lease, token).await
    }

    /// Leases a delivery as [`claim_next_delivery`](Self::claim_next_delivery) does, among those of
    /// a lane.
    ///
    /// # Errors
    ///
    /// As `claim_next_delivery`.
    pub async fn claim_next_in_lane(
        &self,
        lane: &DeliveryLane,
        now: Timestamp,
        lease: Duration,
        token: &str,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        self.claim(Some(lane), now, lease, token).await
    }

    /// Returns the lanes in which a delivery waits, due or not.
    #[tracing::instrument(name = "store.delivery.lanes", skip_all)]
    pub async fn delivery_lanes(&self) -> Result<Vec<DeliveryLane>, StoreError> {
        let lanes = Statement::new(
            "SELECT DISTINCT channel, CASE WHEN channel <> $1 THEN recipient END AS recipient FROM deliveries
             WHERE next_attempt_at IS NOT NULL ORDER BY channel, recipient",
        );
        let lanes = lanes.bind(ChannelKind::Mail.as_str());
        Ok(lanes.fetch_all(self.readers()).await?)
    }

    #[tracing::instrument(name = "store.delivery.claim", skip_all)]
    async fn claim(
        &self,
        lane: Option<&DeliveryLane>,
        now: Timestamp,
        lease: Duration,
        token: &str,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        let (mut tx, mut row) = loop {
            let mut tx = self.begin().await?;
            let Some(row) = claim(&mut tx, lane, now, lease, token).await? else {
                return Ok(None);
            };
            let silenced = handover::leave_out_silenced(&mut tx, row.delivery_id, now).await?;
            let Some(reason) = silenced else {
                break (tx, row);
            };
            handover::skip(&mut tx, row.delivery_id, reason).await?;
            tx.commit().await?;
            log_skipped(row.delivery_id, reason);
        };

        // Both read the earlier attempts, so they run before this attempt is inserted.
        row.tried_for_ms += count_wait(&mut tx, &row, now).await?;
        let unfinished = attempts::unfinished(&mut tx, row.delivery_id).await?;
        attempts::begin(&mut tx, row.delivery_id, row.attempts, now).await?;

        // The claim is committed before the delivery is read. If reading fails, the next call would
        // otherwise take the same delivery.
        tx.commit().await?;
        let (delivery, attempt) = (row.delivery_id, row.attempts);
        let loaded = self.load_claimed(row, unfinished, token).await;
        if let Err(unreadable @ StoreError::Corrupt { .. }) = &loaded {
            let reason = format!("cannot be read: {}", with_causes(unreadable));
            self.abandon_unreadable(delivery, attempt, &reason, now)
                .await?;
        }
        loaded.map(Some)
    }

    async fn abandon_unreadable(
        &self,
        delivery: DeliveryId,
        attempt: i64,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        Statement::new(
            "UPDATE attempts SET finished_at = $1, outcome = 'abandoned', error = $2
             WHERE delivery_id = $3 AND attempt = $4",
        )
        .bind(time(now))
        .bind(reason)
        .bind(delivery)
        .bind(attempt)
        .execute(&mut *tx)
        .await?;

        Statement::new(
            "UPDATE deliveries SET state = 'abandoned', next_attempt_at = NULL, lease_token = NULL, lease_until = NULL,
                 last_error = $1
             WHERE delivery_id = $2",
        )
        .bind(reason)
        .bind(delivery)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Returns the next time at which [`claim_next_delivery`](Self::claim_next_delivery) finds a
    /// delivery. It is in the past if a delivery is due now, and `None` if no delivery waits. A
    /// delivery that seems to wait for longer than the longest wait was planned by a wrong clock,
    /// so it is due now. So is one whose time cannot be parsed: its next attempt sets a new time.
    #[tracing::instrument(name = "store.delivery.next_due", skip_all)]
    pub async fn next_delivery_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        // A leased delivery can be claimed when the lease ends, which is after `next_attempt_at`.
        let due: Option<String> = Statement::new(
            "SELECT COALESCE(lease_until, next_attempt_at) AS due FROM deliveries
             WHERE next_attempt_at IS NOT NULL ORDER BY due LIMIT 1",
        )
        .fetch_optional_value(self.readers())
        .await?;

        Ok(due.map(|due| planned(&due, now)))
    }

    /// Returns the next time of each recipient for whom deliveries wait, as
    /// [`next_delivery_due`](Self::next_delivery_due) does for all of them.
    #[tracing::instrument(name = "store.delivery.waiting", skip_all)]
    pub async fn waiting_deliveries(
        &self,
        now: Timestamp,
    ) -> Result<Vec<WaitingDeliveries>, StoreError> {
        let waiting: Vec<(String, String, String)> = Statement::new(
            "SELECT channel, recipient, MIN(COALESCE(lease_until, next_attempt_at)) FROM deliveries
             WHERE next_attempt_at IS NOT NULL GROUP BY channel, recipient",
        )
        .fetch_all(self.readers())
        .await?;
        let waiting = waiting.into_iter();
        let of_recipient =
            |(channel, recipient, due): (String, String, String)| WaitingDeliveries {
                channel,
                recipient,
                due: planned(&due, now),
            };
        Ok(waiting.map(of_recipient).collect())
    }

    async fn load_claimed(
        &self,
        row: ClaimedRow,
        unfinished: u32,
        token: &str,
    ) -> Result<ClaimedDelivery, StoreError> {
        let place = Row::new("deliveries", row.delivery_id);
        let kind = place.parse("kind", &row.kind)?;

        let (baselines, more_baselines) = match kind {
            DeliveryKind::Baseline => self.baseline_counts(row.delivery_id).await?,
            DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Health => (Vec::new(), 0),
        };

        let notices = match kind {
            DeliveryKind::Health => self.notices_of(row.delivery_id).await?,
            DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => Vec::new(),
        };

        let part = match (row.part, row.parts) {
            (Some(label), Some(parts)) => Some(ClaimedPart {
                label,
                of: place.lift("parts", u32::try_from(parts))?,
                in_all: self.in_all(kind, row.delivery_id).await?,
            }),
            _ => None,
        };

        Ok(ClaimedDelivery {
            id: row.delivery_id,
            channel: OnRecord::read(&row.channel),
            recipient: row.recipient,
            kind,
            message_id: row.message_id,
            attempt: place.lift("attempts", u32::try_from(row.attempts))?,
            unfinished,
            uncertain: row.state == "uncertain",
            created_at: place.parse("created_at", &row.created_at)?,
            tried_for: Duration::from_millis(row.tried_for_ms.unsigned_abs()),
            part,
            alerts: alerts::of_delivery(self, row.delivery_id).await?,
            changes: changes::of_delivery(self, row.delivery_id).await?,
            baselines,
            more_baselines,
            notices,
            lease_token: token.to_owned(),
        })
    }

    /// Returns the number of jobs or notices in all messages of the same event.
    async fn in_all(&self, kind: DeliveryKind, delivery: DeliveryId) -> Result<u64, StoreError> {
        let count = match kind {
            DeliveryKind::Health => {
                "SELECT COUNT(*) FROM deliveries this
                 JOIN deliveries other ON other.event = this.event
                 JOIN delivery_notices c ON c.delivery_id = other.delivery_id
                 WHERE this.delivery_id = $1"
            }
            DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
                "SELECT COUNT(DISTINCT a.job_id) FROM deliveries this
                 JOIN deliveries other ON other.event = this.event
                 JOIN delivery_alerts c ON c.delivery_id = other.delivery_id
                 JOIN alerts a ON a.alert_id = c.alert_id
                 WHERE this.delivery_id = $1 AND c.skipped IS NULL"
            }
        };

        let counted: i64 = Statement::new(count)
            .bind(delivery)
            .fetch_value(self.readers())
            .await?;

        Ok(counted.unsigned_abs())
    }
}

fn log_skipped(delivery: DeliveryId, reason: SkipReason) {
    tracing::info!(
        event = "notification.skipped",
        delivery.id = %delivery,
        "delivery {delivery} is not sent: {}",
        reason.describe()
    );
}

/// Returns the planned time of an attempt; `now` if it cannot be parsed, or was planned by a wrong
/// clock.
fn planned(due: &str, now: Timestamp) -> Timestamp {
    let due = due.parse().unwrap_or(now);
    if due > now + LONGEST_WAIT { now } else { due }
}

/// Sets the lease and counts the attempt. In a database with several writers, the inner query would
/// have to lock its row.
async fn claim(
    conn: &mut Connection,
    lane: Option<&DeliveryLane>,
    now: Timestamp,
    lease: Duration,
    token: &str,
) -> Result<Option<ClaimedRow>, StoreError> {
    // A lease beyond the largest timestamp never ends.
    let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    let row = Statement::new(
        "UPDATE deliveries SET lease_token = $1, lease_until = $2, attempts = attempts + 1
         WHERE delivery_id = (
             SELECT delivery_id FROM deliveries
             WHERE (next_attempt_at <= $3 OR next_attempt_at > $4)
                 AND (lease_until IS NULL OR lease_until <= $3 OR lease_until > $4)
                 AND ($5 IS NULL OR channel = $5) AND ($6 IS NULL OR recipient = $6)
                 AND ($7 IS NULL OR recipient NOT IN (SELECT value FROM json_each($7)))
             ORDER BY next_attempt_at, delivery_id LIMIT 1)
         RETURNING delivery_id, channel, recipient, kind, message_id, state, attempts, created_at, next_attempt_at,
             tried_for_ms, part, parts",
    )
    .bind(token)
    .bind(time(until))
    .bind(time(now))
    .bind(time(now + LONGEST_WAIT))
    .bind(lane.map(|lane| &lane.channel))
    .bind(lane.and_then(|lane| lane.recipient.as_ref()))
    .bind(lane.and_then(|lane| lane.held.as_ref()))
    .fetch_optional(conn)
    .await?;

    Ok(row)
}

/// Adds the wait since the last attempt to the delivery's trying time, and returns it in
/// milliseconds. A wait that is longer than planned counts only as the planned wait plus [`SLACK`]:
/// the machine was off or asleep, or no process was running. A wait that cannot be parsed counts as
/// zero, because an error would undo the claim, and the next call would take the same delivery.
async fn count_wait(
    conn: &mut Connection,
    row: &ClaimedRow,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let last: Option<String> = Statement::new(
        "SELECT COALESCE(finished_at, attempted_at) FROM attempts WHERE delivery_id = $1
         ORDER BY attempt DESC LIMIT 1",
    )
    .bind(row.delivery_id)
    .fetch_optional_value(&mut *conn)
    .await?;

    let Some(last) = last else { return Ok(0) };

    let (Ok(last), Ok(due)) = (
        last.parse::<Timestamp>(),
        row.next_attempt_at.parse::<Timestamp>(),
    ) else {
        return Ok(0);
    };

    let since =
        |later: Timestamp| Duration::try_from(later.duration_since(last)).unwrap_or_default();
    let counted = since(now).min(since(due).min(LONGEST_PLANNED) + SLACK);
    let counted = saturating_millis_signed(counted);

    Statement::new("UPDATE deliveries SET tried_for_ms = tried_for_ms + $1 WHERE delivery_id = $2")
        .bind(counted)
        .bind(row.delivery_id)
        .execute(&mut *conn)
        .await?;

    Ok(counted)
}

#[cfg(test)]
mod tests {
    use sqlx::migrate::Migrator;

    use super::*;
    use crate::database::MIGRATIONS;
    use crate::test_support::{
        LEASE, TestStore, at, claim, delivery, number, retry, spoil, with_alerts, with_delivery,
        with_two_deliveries,
    };
    use crate::{AttemptOutcome, NewDelivery};

    /// A store with two deliveries whose attempts at 08:30 failed, and which are due at 08:31.
    async fn with_two_tried_once() -> TestStore {
        let store = with_two_deliveries().await;
        for token in ["first", "second"] {
            let claimed = claim(&store, "08:30:00", token).await.unwrap();
            store
                .finish_attempt(&claimed, &retry("08:30:00", "08:31:00"))
                .await
                .unwrap();
        }
        store
    }

    /// Makes failing attempts, each at the first time and postponed to the second. Returns the
    /// trying time of the last claim.
    async fn tried_at(store: &Store, attempts: &[(&str, &str)]) -> Duration {
        let mut tried_for = Duration::ZERO;
        for (n, (now, next)) in attempts.iter().enumerate() {
            let claimed = store
                .claim_next_delivery(at_day(now), LEASE, &n.to_string())
                .await
                .unwrap()
                .unwrap();
            tried_for = claimed.tried_for;
            let outcome = AttemptOutcome::Retry {
                at: at_day(now),
                next_attempt_at: at_day(next),
                error: String::new(),
            };
            assert!(store.finish_attempt(&claimed, &outcome).await.unwrap());
        }
        tried_for
    }

    /// Parses a day and time such as `24T08:30:00`, in the month of all tests.
    fn at_day(text: &str) -> Timestamp {
        format!("2026-11-{text}Z").parse().unwrap()
    }

    #[tokio::test]
    async fn a_claimed_delivery_has_everything_its_message_needs() {
        let store = with_delivery().await;
        let claimed = claim(&store, "08:30:00", "a").await.unwrap();
        assert_eq!(
            (claimed.channel.clone(), claimed.recipient.as_str()),
            (OnRecord::Known(ChannelKind::Mail), "me@example.org")
        );
        assert_eq!(
            (claimed.message_id.as_str(), claimed.kind),
            ("1@scanner", DeliveryKind::Each)
        );
        assert_eq!((claimed.attempt, claimed.created_at), (1, at("08:30:00")));
        assert_eq!(claimed.alerts.len(), 1);
        assert_eq!(claimed.alerts[0].job.title, "Engineer 1");
        assert!(claimed.baselines.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_claimed_before_it_is_due() {
        let store = with_delivery().await;
        assert!(claim(&store, "08:29:59", "a").await.is_none());
        assert!(claim(&store, "08:30:00", "a").await.is_some());
    }

    #[tokio::test]
    async fn the_next_due_time_is_when_a_delivery_can_be_claimed() {
        let store = with_delivery().await;
        assert_eq!(
            store.next_delivery_due(at("08:30:00")).await.unwrap(),
            Some(at("08:30:00"))
        );
        let first = claim(&store, "08:30:00", "a").await.unwrap();
        assert_eq!(
            store.next_delivery_due(at("08:30:00")).await.unwrap(),
            Some(at("08:32:00")),
            "the end of the lease"
        );
        store
            .finish_attempt(&first, &retry("08:30:01", "08:35:00"))
            .await
            .unwrap();
        assert_eq!(
            store.next_delivery_due(at("08:30:00")).await.unwrap(),
            Some(at("08:35:00"))
        );
        let second = claim(&store, "08:35:00", "b").await.unwrap();
        store
            .finish_attempt(&second, &AttemptOutcome::Sent { at: at("08:35:01") })
            .await
            .unwrap();
        assert_eq!(store.next_delivery_due(at("08:35:01")).await.unwrap(), None);
    }

    #[tokio::test]
    async fn attempts_planned_by_a_fast_clock_are_due_after_it_is_corrected() {
        let store = with_delivery().await;
        let ahead = "2027-11-23T08:30:00Z".parse().unwrap();
        let claimed = store
            .claim_next_delivery(ahead, LEASE, "a")
            .await
            .unwrap()
            .unwrap();
        assert!(
            claim(&store, "08:31:00", "b").await.is_some(),
            "its lease ends in a year"
        );
        let next_attempt_at = ahead + Duration::from_mins(1);
        let failed = AttemptOutcome::Retry {
            at: ahead,
            next_attempt_at,
            error: String::new(),
        };
        assert!(!store.finish_attempt(&claimed, &failed).await.unwrap());
        let claimed = store
            .claim_next_delivery(ahead, LEASE, "c")
            .await
            .unwrap()
            .unwrap();
        assert!(store.finish_attempt(&claimed, &failed).await.unwrap());
        assert_eq!(
            store.next_delivery_due(at("08:40:00")).await.unwrap(),
            Some(at("08:40:00"))
        );
        assert!(claim(&store, "08:40:00", "d").await.is_some());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_claimers_never_get_the_same_delivery() {
        let (store, alerts) = with_alerts(40).await;
        let deliveries: Vec<_> = alerts
            .iter()
            .map(|alert| delivery(&format!("{alert}@scanner"), &[*alert]))
            .collect();
        assert_eq!(
            store
                .record_deliveries(&deliveries, at("08:30:00"))
                .await
                .unwrap()
                .len(),
            40
        );
        let claim_all = |store: Store, name: &'static str| {
            tokio::spawn(async move {
                let mut claimed = Vec::new();
                // There are more claims than deliveries, so that a delivery claimed twice is
                // noticed.
                for n in 0..80 {
                    let delivery = claim(&store, "08:30:00", &format!("{name}{n}")).await;
                    claimed.extend(delivery.map(|delivery| delivery.id));
                }
                claimed
            })
        };
        let other = store.reopen().await.unwrap();
        let (one, two) = tokio::join!(claim_all(other, "one"), claim_all((*store).clone(), "two"));
        let mut claimed = [one.unwrap(), two.unwrap()].concat();
        claimed.sort_unstable();
        assert_eq!(claimed.len(), 40);
        claimed.dedup();
        assert_eq!(claimed.len(), 40);
        assert_eq!(
            number(&store, "SELECT MAX(attempts) FROM deliveries").await,
            1
        );
    }

    #[tokio::test]
    async fn time_in_which_no_process_could_try_does_not_count() {
        for (attempts, minutes) in [
            (&[("23T08:30:00", "23T08:31:00")][..], 0),
            (
                &[
                    ("23T08:30:00", "23T08:31:00"),
                    ("23T08:31:00", "23T08:33:00"),
                    ("23T08:33:00", "23T08:37:00"),
                ],
                3,
            ),
            // Late by ten minutes, as after a long run.
            (
                &[
                    ("23T08:30:00", "23T08:31:00"),
                    ("23T08:41:00", "23T08:43:00"),
                ],
                11,
            ),
            // Asleep for three days.
            (
                &[
                    ("23T08:30:00", "23T08:31:00"),
                    ("26T08:31:00", "26T08:33:00"),
                    ("26T08:33:00", "26T08:37:00"),
                ],
                13,
            ),
        ] {
            let store = with_delivery().await;
            let tried_for = tried_at(&store, attempts).await;
            assert_eq!(tried_for, Duration::from_mins(minutes), "{attempts:?}");
        }
    }

    #[tokio::test]
    async fn a_clock_change_counts_at_most_the_planned_wait() {
        let store = with_delivery().await;
        let ahead = [
            ("23T08:30:00", "23T08:31:00"),
            ("30T08:30:00", "30T08:32:00"),
        ];
        assert_eq!(tried_at(&store, &ahead).await, Duration::from_mins(11));
        // The clock is set back, so the planned time is far ahead and counts as due.
        let claimed = store
            .claim_next_delivery(at_day("23T08:40:00"), LEASE, "back")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(claimed.tried_for, Duration::from_mins(11));
    }

    #[tokio::test]
    async fn an_attempt_that_crashed_the_process_counts_as_tried() {
        let store = with_delivery().await;
        claim(&store, "08:30:00", "dead").await.unwrap();
        assert_eq!(
            claim(&store, "08:32:00", "b").await.unwrap().tried_for,
            Duration::from_mins(2)
        );
    }

    #[tokio::test]
    async fn a_migrated_pending_delivery_keeps_its_trying_time() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("jobs.db").display());
        let older = MIGRATIONS
            .iter()
            .filter(|migration| migration.version < 9)
            .cloned()
            .collect();
        let store = Store::open_with(&url, &Migrator::with_migrations(older))
            .await
            .unwrap();
        let mut tx = store.begin().await.unwrap();
        for statement in [
            "INSERT INTO deliveries (delivery_id, channel, recipient, kind, message_id, state, attempts, next_attempt_at,
                 sent_at, created_at)
             VALUES (1, 'mail', 'jo@example.org', 'each', '<1>', 'pending', 3, '2026-11-27T08:40:00.000Z', NULL,
                     '2026-11-23T08:30:00.000Z'),
                    (2, 'mail', 'jo@example.org', 'each', '<2>', 'sent', 2, NULL, '2026-11-23T08:31:00.000Z',
                     '2026-11-23T08:30:00.000Z'),
                    (3, 'mail', 'jo@example.org', 'each', '<3>', 'pending', 0, '2026-11-23T08:30:00.000Z', NULL,
                     '2026-11-23T08:30:00.000Z')",
            // The third attempt came after three days of sleep, and the process of the second died.
            "INSERT INTO attempts (delivery_id, attempt, attempted_at, finished_at)
             VALUES (1, 1, '2026-11-23T08:30:00.000Z', '2026-11-23T08:30:30.000Z'),
                    (1, 2, '2026-11-23T08:31:30.000Z', NULL),
                    (1, 3, '2026-11-26T08:31:30.000Z', '2026-11-26T08:31:31.000Z'),
                    (2, 1, '2026-11-23T08:30:00.000Z', '2026-11-23T08:30:30.000Z'),
                    (2, 2, '2026-11-23T08:31:00.000Z', '2026-11-23T08:31:00.000Z')",
        ] {
            Statement::new(statement).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        store.close().await;

        let store = Store::open(&url).await.unwrap();
        let tried = Statement::new("SELECT tried_for_ms FROM deliveries ORDER BY delivery_id");
        let tried = tried.fetch_values::<i64>(store.readers()).await.unwrap();
        assert_eq!(tried, [60_000 + (2 + 10) * 60_000, 0, 0]);
    }

    #[tokio::test]
    async fn a_dead_claimer_loses_its_lease_and_its_attempt_counts() {
        let store = with_delivery().await;
        let dead = claim(&store, "08:30:00", "dead").await.unwrap();
        assert!(claim(&store, "08:31:59", "b").await.is_none());
        let next = claim(&store, "08:32:00", "c").await.unwrap();
        assert_eq!((next.id, next.attempt, next.unfinished), (dead.id, 2, 1));
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(*) FROM attempts WHERE finished_at IS NULL"
            )
            .await,
            2
        );
    }

    #[tokio::test]
    async fn a_skipped_delivery_is_stored_and_never_sent() {
        let (store, alerts) = with_alerts(1).await;
        let skipped = NewDelivery {
            skipped: true,
            ..delivery("1@scanner", &alerts)
        };
        assert_eq!(
            store
                .record_deliveries(&[skipped], at("08:30:00"))
                .await
                .unwrap()
                .len(),
            1
        );
        assert!(claim(&store, "23:00:00", "a").await.is_none());
        assert!(store.alerts_without_delivery().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn one_unreadable_delivery_does_not_stop_the_others() {
        for broken in ["kind = 'odd'", "created_at = 'odd'"] {
            let store = with_two_tried_once().await;
            spoil(
                &store,
                &format!("UPDATE deliveries SET {broken} WHERE delivery_id = 1"),
            )
            .await;
            store
                .claim_next_delivery(at("08:31:00"), LEASE, "a")
                .await
                .unwrap_err();
            assert_eq!(
                claim(&store, "08:31:00", "b").await.unwrap().message_id,
                "2@scanner",
                "{broken}"
            );
        }
    }

    #[tokio::test]
    async fn a_delivery_whose_wait_is_unreadable_is_tried_and_does_not_stop_the_others() {
        for broken in [
            "UPDATE deliveries SET next_attempt_at = 'odd' WHERE delivery_id = 1",
            "UPDATE deliveries SET next_attempt_at = '' WHERE delivery_id = 1",
            "UPDATE attempts SET finished_at = 'odd' WHERE delivery_id = 1",
            "UPDATE attempts SET finished_at = NULL, attempted_at = 'odd' WHERE delivery_id = 1",
        ] {
            let store = with_two_tried_once().await;
            spoil(&store, broken).await;
            let due = store.next_delivery_due(at("08:31:00")).await.unwrap();
            assert!(due <= Some(at("08:31:00")), "{broken}: {due:?}");

            let claimed = [
                claim(&store, "08:31:00", "a").await.unwrap(),
                claim(&store, "08:31:00", "b").await.unwrap(),
            ];
            let tried_for = |id| {
                claimed
                    .iter()
                    .find(|it| it.message_id == id)
                    .map(|it| it.tried_for)
            };
            assert_eq!(tried_for("1@scanner"), Some(Duration::ZERO), "{broken}");
            assert_eq!(
                tried_for("2@scanner"),
                Some(Duration::from_mins(1)),
                "{broken}"
            );
            assert_eq!(
                store.next_delivery_due(at("08:31:00")).await.unwrap(),
                Some(at("08:33:00")),
                "{broken}"
            );
        }
    }
}
