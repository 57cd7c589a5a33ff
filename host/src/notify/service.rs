//! Delivering what is due: claim, send, mark, until nothing is left.
//!
//! Takes no list from the caller. What the last process left behind, what is due again and what was dispatched a moment
//! ago are all the same question to the store, so start-up, retry and timer are one path.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{info, warn};

use super::mail::{self, MailChannel, Masked};
use super::result::{NotificationResult, NotificationStatus, SendError};
use crate::causes::with_causes;
use crate::store::{AttemptOutcome, ClaimedDelivery, Store, StoreError};

/// One message takes milliseconds to write and seconds over a slow mail server; a minute is a hang.
const SEND_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a claimed delivery is ours. Twice the time that sending may take, so that we are done or dead when another
/// process takes it.
const LEASE: Duration = Duration::from_secs(2 * SEND_TIMEOUT.as_secs());

/// The wait after the first failed attempt; it doubles from there.
const FIRST_RETRY: Duration = Duration::from_mins(1);

/// The longest wait between two attempts.
const LONGEST_RETRY: Duration = Duration::from_hours(6);

/// The ways out of the house.
#[derive(Debug)]
pub struct Channels {
    /// Mail, to files or (later) to a server.
    pub mail: MailChannel,
}

/// Sends deliveries through the channels and records how that went.
#[derive(Debug, Clone)]
pub struct NotificationService {
    channels: Arc<Channels>,
}

impl NotificationService {
    /// Takes the channels as they are configured.
    pub fn new(channels: Channels) -> Self {
        Self { channels: Arc::new(channels) }
    }

    /// Attempts every delivery that is due, one after the other, oldest first; one result per attempt. Begins no attempt
    /// after `patience`: what is left stays due.
    ///
    /// A delivery that fails costs itself alone: it is recorded, waits [`retry_delay`] and the next one is tried. The
    /// same holds for a channel that panics. `now` is the time at the call; what passes during it is added.
    ///
    /// # Errors
    ///
    /// Only when the store fails. What was sent and could not be marked is sent again, under the same id.
    pub async fn deliver_due(
        &self,
        store: &Store,
        now: Timestamp,
        patience: Duration,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        let clock = RunningClock { start: now, since: Instant::now() };
        let mut results = Vec::new();
        while clock.since.elapsed() < patience
            && let Some(delivery) = store.claim_next_delivery(clock.now(), LEASE, &lease_token()).await?
        {
            results.push(self.attempt(store, delivery, &clock).await?);
        }
        Ok(results)
    }

    async fn attempt(
        &self,
        store: &Store,
        delivery: ClaimedDelivery,
        clock: &RunningClock,
    ) -> Result<NotificationResult, StoreError> {
        let delivery = Arc::new(delivery);
        if delivery.channel != mail::CHANNEL {
            let error = format!("there is no channel `{}` here", delivery.channel);
            let at = clock.now();
            let outcome = AttemptOutcome::Retry { at, next_attempt_at: at + LONGEST_RETRY, error: error.clone() };
            store.finish_attempt(&delivery, &outcome).await?;
            return Ok(report(&delivery, NotificationStatus::Skipped, Some(error)));
        }
        let channels = Arc::clone(&self.channels);
        let message = Arc::clone(&delivery);
        let sent = contained(async move { channels.mail.send(&message).await }).await;
        let (outcome, status, error) = judge(sent, delivery.attempt, clock.now());
        let still_ours = store.finish_attempt(&delivery, &outcome).await?;
        let status = if still_ours { status } else { NotificationStatus::Duplicate };
        Ok(report(&delivery, status, error))
    }
}

/// How long a delivery waits after its `attempt`-th failure (the first is 1): a minute, doubling, six hours at most.
pub fn retry_delay(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST_RETRY.saturating_mul(1 << doublings).min(LONGEST_RETRY)
}

/// Runs one channel in a task of its own, so that a panic or a hang in it ends there.
async fn contained<F>(sending: F) -> Result<(), SendError>
where
    F: Future<Output = Result<(), SendError>> + Send + 'static,
{
    match tokio::spawn(tokio::time::timeout(SEND_TIMEOUT, sending)).await {
        Ok(Ok(sent)) => sent,
        Ok(Err(_elapsed)) => Err(SendError::TimedOut(SEND_TIMEOUT)),
        Err(ended) => Err(SendError::Panicked(ended.to_string())),
    }
}

fn judge(
    sent: Result<(), SendError>,
    attempt: u32,
    at: Timestamp,
) -> (AttemptOutcome, NotificationStatus, Option<String>) {
    let Err(error) = sent else {
        return (AttemptOutcome::Sent { at }, NotificationStatus::Sent, None);
    };
    let text = with_causes(&error);
    let outcome = if error.is_transient() {
        AttemptOutcome::Retry { at, next_attempt_at: at + retry_delay(attempt), error: text.clone() }
    } else {
        AttemptOutcome::Abandon { at, error: text.clone() }
    };
    (outcome, NotificationStatus::Failed, Some(text))
}

/// Logs the end of one attempt, in the one place where it is handled, and makes it the caller's result.
fn report(delivery: &ClaimedDelivery, status: NotificationStatus, error: Option<String>) -> NotificationResult {
    let id = delivery.id;
    let count = delivery.alerts.len();
    let recipient = Masked(&delivery.recipient);
    let attempt = delivery.attempt;
    match (status, &error) {
        (NotificationStatus::Sent, _) => info!(
            event = "notification.sent", delivery.id = %id, alerts.count = count, %recipient, attempt,
            "sent delivery {id} with {count} alerts to {recipient}"
        ),
        (NotificationStatus::Duplicate, _) => warn!(
            event = "notification.duplicate", delivery.id = %id, alerts.count = count, %recipient, attempt,
            "delivery {id} to {recipient} was taken over by another process; it may arrive twice under one id"
        ),
        (NotificationStatus::Skipped | NotificationStatus::Failed, error) => {
            let error = error.as_deref().unwrap_or_default();
            let event =
                if status == NotificationStatus::Failed { "notification.failed" } else { "notification.skipped" };
            warn!(
                event, delivery.id = %id, alerts.count = count, %recipient, attempt, error,
                "{} delivery {id} with {count} alerts to {recipient}: {error}", status.as_str()
            );
        }
    }
    let alerts = delivery.alerts.iter().map(|alert| (alert.id, alert.source().clone())).collect();
    NotificationResult { delivery: id, status, alerts, error }
}

/// Tells this claim from every other, in this process, on this machine and on another that shares the database.
fn lease_token() -> String {
    format!("{}-{:016x}", process::id(), RandomState::new().hash_one(Instant::now()))
}

/// The time of the call plus what has passed since on a clock that nobody can set.
struct RunningClock {
    start: Timestamp,
    since: Instant,
}

impl RunningClock {
    fn now(&self) -> Timestamp {
        self.start.saturating_add(self.since.elapsed()).unwrap_or(self.start)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::notify::test_support::{alerted, bare_job, claim, delivery_of, full_job, run, settings};
    use crate::notify::{MailTransport, Outbox, default_sender, dispatch};
    use crate::store::test_support::{TestStore, at, count, store, text};
    use crate::store::{AlertKind, DeliveryKind, NewDelivery};

    fn service(outbox: &Path) -> NotificationService {
        let mail = MailChannel::new(default_sender(), MailTransport::Files(Outbox::new(outbox)));
        NotificationService::new(Channels { mail })
    }

    fn files(outbox: &Path) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(outbox).unwrap();
        entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
    }

    /// Two deliveries, due at 08:16.
    async fn two_deliveries() -> TestStore {
        let store = store().await;
        let run = run(&store).await;
        let jobs = [full_job("1"), bare_job("2", "Engineer")];
        alerted(&store, run, "acme", &jobs, AlertKind::New, &["default"]).await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        store
    }

    /// Makes a delivery of what is there by hand.
    async fn delivery(store: &Store, channel: &str, recipient: &str) {
        let run = run(store).await;
        alerted(store, run, "acme", &[full_job("0")], AlertKind::New, &["default"]).await;
        let alerts = store.alerts_without_delivery().await.unwrap().iter().map(|alert| alert.id).collect();
        let delivery = NewDelivery {
            channel: channel.to_owned(),
            recipient: recipient.to_owned(),
            kind: DeliveryKind::Each,
            message_id: format!("<{channel}{recipient}>"),
            skipped: false,
            alerts,
        };
        store.record_deliveries(&[delivery], at("08:15:30")).await.unwrap();
    }

    fn statuses(results: &[NotificationResult]) -> Vec<NotificationStatus> {
        results.iter().map(|result| result.status).collect()
    }

    #[tokio::test]
    async fn what_is_due_is_sent_once() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let results = service(home.path()).deliver_due(&store, at("08:16:00"), SEND_TIMEOUT).await.unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Sent; 2]);
        assert!(results.iter().all(|result| result.should_record_alert() && result.alerts.len() == 1));
        assert_eq!(results[0].alerts[0].1.to_string(), "greenhouse/acme");
        assert_eq!(files(home.path()).len(), 2);
        assert_eq!(service(home.path()).deliver_due(&store, at("09:00:00"), SEND_TIMEOUT).await.unwrap(), []);
    }

    #[tokio::test]
    async fn an_outbox_that_cannot_be_written_leaves_its_deliveries_pending() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let outbox = home.path().join("outbox");
        std::fs::write(&outbox, "in the way").unwrap();
        let service = service(&outbox);
        let results = service.deliver_due(&store, at("08:16:00"), SEND_TIMEOUT).await.unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Failed; 2]);
        let recorded = text(&store, "SELECT last_error FROM deliveries ORDER BY delivery_id").await;
        assert_eq!(recorded, results[0].error);
        assert!(recorded.unwrap().contains("could not write"));

        std::fs::remove_file(&outbox).unwrap();
        assert_eq!(service.deliver_due(&store, at("08:16:59"), SEND_TIMEOUT).await.unwrap(), []);
        let results = service.deliver_due(&store, at("08:17:30"), SEND_TIMEOUT).await.unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Sent; 2]);
        assert_eq!(count(&store, "attempts").await, 4);
    }

    #[tokio::test]
    async fn a_delivery_that_can_never_arrive_is_given_up_and_the_next_one_sent() {
        let (store, home) = (store().await, tempfile::tempdir().unwrap());
        delivery(&store, "mail", "nobody").await;
        let run = run(&store).await;
        alerted(&store, run, "other", &[full_job("1")], AlertKind::New, &["default"]).await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        let results = service(home.path()).deliver_due(&store, at("08:16:00"), SEND_TIMEOUT).await.unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Failed, NotificationStatus::Sent]);
        assert!(results[0].error.as_ref().unwrap().contains("ALERT_TO_EMAIL"));
        let state = text(&store, "SELECT state FROM deliveries ORDER BY delivery_id").await;
        assert_eq!(state.as_deref(), Some("abandoned"));
    }

    #[tokio::test]
    async fn a_delivery_for_a_channel_that_is_not_here_is_skipped_and_kept() {
        let (store, home) = (store().await, tempfile::tempdir().unwrap());
        delivery(&store, "pigeon", "jane").await;
        let results = service(home.path()).deliver_due(&store, at("08:16:00"), SEND_TIMEOUT).await.unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Skipped]);
        assert_eq!(text(&store, "SELECT state FROM deliveries").await.as_deref(), Some("pending"));
    }

    #[tokio::test]
    async fn a_second_attempt_writes_the_same_bytes_into_the_same_file() {
        let (store, home) = (store().await, tempfile::tempdir().unwrap());
        let delivery = delivery_of(&store, full_job("1"), AlertKind::New).await;
        let mail = &service(home.path()).channels.mail;
        mail.send(&delivery).await.unwrap();
        let first = files(home.path());
        mail.send(&delivery).await.unwrap();
        assert_eq!(files(home.path()), first);
        assert_eq!(first.len(), 1);
    }

    #[tokio::test]
    async fn a_delivery_that_another_process_took_over_is_not_counted_as_ours() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let ours = store.claim_next_delivery(at("08:16:00"), Duration::ZERO, "ours").await.unwrap().unwrap();
        let theirs = claim(&store).await.unwrap();
        assert_eq!(ours.id, theirs.id);
        let clock = RunningClock { start: at("08:16:00"), since: Instant::now() };
        let result = service(home.path()).attempt(&store, ours, &clock).await.unwrap();
        assert_eq!(result.status, NotificationStatus::Duplicate);
        assert!(!result.should_record_alert());
    }

    #[test]
    fn waits_double_from_a_minute_to_six_hours() {
        let minutes: Vec<u64> = (1..=11).map(|attempt| retry_delay(attempt).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        assert_eq!(retry_delay(0), FIRST_RETRY);
        assert_eq!(retry_delay(u32::MAX), LONGEST_RETRY);
    }

    #[test]
    fn no_two_claims_share_a_token() {
        assert_ne!(lease_token(), lease_token());
    }

    #[tokio::test]
    async fn a_channel_that_panics_is_a_failed_attempt() {
        let ended = contained(async { panic!("boom") }).await;
        assert!(matches!(&ended, Err(SendError::Panicked(said)) if said.contains("boom")), "{ended:?}");
        let (outcome, status, _) = judge(ended, 1, Timestamp::UNIX_EPOCH);
        assert_eq!(status, NotificationStatus::Failed);
        assert!(matches!(outcome, AttemptOutcome::Retry { .. }), "{outcome:?}");
    }
}
