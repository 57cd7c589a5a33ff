//! The delivery loop: claims a due delivery, sends it and records the result, until none is left.
//!
//! The loop takes no list from the caller. Deliveries that an earlier process left, that are due
//! for a retry, or that were dispatched a moment ago all come from the same query, so start-up,
//! retries and timers share one path.
//!
//! Not here: the single attempt ([`crate::attempt`]), what happens to a delivery that fails
//! ([`crate::retry`]), and how the result is stored ([`crate::record`]).

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_store::{AttemptOutcome, ClaimedDelivery, DeliveryLane, Store, StoreError};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::attempt::{SEND_TIMEOUT, send};
use crate::channel::{Channels, Recipient, masked};
use crate::lease;
use crate::message::Note;
use crate::record::AttemptRecord;
use crate::report::report;
use crate::result::{NotificationResult, NotificationStatus};
use crate::retry::RetryPolicy;

/// The time after the start of an attempt in which it may begin a quick retry. It leaves the last
/// quick retry enough time to finish within [`SEND_TIMEOUT`].
const QUICK_RETRIES: Duration = Duration::from_mins(1);

/// The time for which this process holds a claimed delivery. It is twice the time limit of an
/// attempt, so this process has finished or died before another one takes over.
const LEASE: Duration = Duration::from_secs(2 * SEND_TIMEOUT.as_secs());

/// The time that a process waits before its first message if another one crashed while sending.
/// Without it, processes that start and crash in a loop would each send a message twice.
const DELAY_AFTER_CRASH: Duration = Duration::from_secs(3);

/// The age up to which a crash causes that delay.
const RECENT_CRASH: Duration = Duration::from_mins(1);

/// Sends deliveries through the channels and records the results.
#[derive(Debug, Clone)]
pub struct NotificationService {
    channels: Arc<Channels>,
    retries: RetryPolicy,
    record: AttemptRecord,
    delay_after_crash: Duration,
}

impl NotificationService {
    /// Creates a service for the configured channels. A delivery that still fails after it has been
    /// tried for `give_up_after` is abandoned.
    pub fn new(channels: Channels, give_up_after: Duration) -> Self {
        Self {
            channels: Arc::new(channels),
            retries: RetryPolicy { give_up_after },
            record: AttemptRecord::default(),
            delay_after_crash: DELAY_AFTER_CRASH,
        }
    }

    /// Returns the configured channels.
    pub(crate) fn channels(&self) -> &Channels {
        &self.channels
    }

    /// Attempts every delivery that is due, oldest first, except those to recipients in their quiet
    /// hours. Those that use the same service are attempted one after the other, and the services
    /// side by side, so that a slow one delays no other. Returns one result per attempt. No attempt
    /// and no quick retry begins after `time_limit`, and no attempt begins once `stop` is
    /// cancelled. The remaining deliveries stay due.
    ///
    /// A failed delivery does not affect the others: it is recorded, waits for
    /// [`retry_delay`](crate::retry::retry_delay), and the next one is attempted. The same applies
    /// to a delivery that cannot be read and to a channel that panics. The caller holds the run
    /// lock, so deliveries claimed by earlier processes are due as well. `now` is the time of the
    /// call; the time that passes during the call is added to it.
    ///
    /// # Errors
    ///
    /// Fails only if the store fails or its decisions cannot be synced to disk. A message that was
    /// sent but could not be recorded is recorded by the next call. If this process ends before
    /// that, the message is sent again under the same id.
    pub async fn deliver_due(
        &self,
        store: &Store,
        now: Timestamp,
        time_limit: Duration,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        let clock = RunningClock::started_at(now);

        // A sent message that is not recorded yet would be claimed and sent again.
        self.record_pending(store).await?;
        lease::take_back(store, now).await?;
        if !is_due(store, now).await? {
            return Ok(Vec::new());
        }

        self.wait_after_crash(store, now, stop).await?;
        // After a power failure the message must still have the id with which it was sent.
        store.sync().await?;

        let recipients = self.channels.recipients();
        let held: Vec<_> = recipients
            .iter()
            .filter(|recipient| recipient.rhythm().times.quiet_until(now).is_some())
            .map(|recipient| (recipient.channel(), recipient.name()))
            .collect();
        let lanes = store.delivery_lanes().await?;
        let lanes: Vec<_> = lanes.into_iter().map(|lane| lane.without(&held)).collect();
        let delivered = lanes
            .iter()
            .map(|lane| self.deliver_lane(store, lane, &clock, time_limit, stop));
        // All lanes run to their end: one that was dropped could leave a sent message unrecorded.
        let mut results = Vec::new();
        for delivered in join_all(delivered).await {
            results.extend(delivered?);
        }
        Ok(results)
    }

    /// Attempts the due deliveries of a lane, one after the other.
    async fn deliver_lane(
        &self,
        store: &Store,
        lane: &DeliveryLane,
        clock: &RunningClock,
        time_limit: Duration,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        let mut results = Vec::new();
        while clock.elapsed() < time_limit && !stop.is_cancelled() {
            let claimed = store
                .claim_next_in_lane(lane, clock.now(), LEASE, &lease::token())
                .await;
            if let Err(unreadable @ StoreError::Corrupt { .. }) = &claimed {
                // It is abandoned, so the next claim takes another delivery.
                error!(
                    event = "notification.failed",
                    error = with_causes(unreadable),
                    "cannot read a delivery from the database"
                );
                continue;
            }
            let Some(delivery) = claimed? else { break };

            let until = (Instant::now() + QUICK_RETRIES).min(clock.since + time_limit);
            let ended = self.attempt(store, delivery, clock, until, stop).await?;
            let Some(result) = ended else { break };
            results.push(result);
        }
        Ok(results)
    }

    /// Returns the next time at which [`deliver_due`](Self::deliver_due) attempts a delivery. It is
    /// in the past if one is due now, and `None` if no delivery waits.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn next_due(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let recipients = self.channels.recipients();
        let has_quiet_hours = |it: &Recipient| it.rhythm().times.quiet_hours.is_some();
        if !recipients.iter().any(has_quiet_hours) {
            return store.next_delivery_due(now).await;
        }

        let waiting = store.waiting_deliveries(now).await?;
        let due = waiting.iter().map(|deliveries| {
            let is_theirs = |it: &&Recipient| {
                it.channel().as_str() == deliveries.channel && it.name() == deliveries.recipient
            };
            match recipients.iter().find(is_theirs) {
                Some(it) => it.rhythm().times.after_quiet_hours(deliveries.due, now),
                None => deliveries.due,
            }
        });
        Ok(due.min())
    }

    /// Notifies every recipient that runs cannot store their results. The message cannot be
    /// recorded either, so it is sent once, without a retry.
    pub async fn notify_not_recording(&self, recipients: &[Recipient], text: &str, now: Timestamp) {
        let note = Note {
            name: "alarm",
            subject: "job-scanner cannot store its results",
            text,
        };
        for recipient in recipients {
            let sent = match self.channels.get(recipient.channel(), recipient.name()) {
                Ok(channel) => channel.send_note(recipient, &note, now).await,
                Err(no_channel) => Err(no_channel),
            };
            if let Err(failed) = sent {
                warn!(
                    error = with_causes(&failed),
                    "cannot notify {} that results are not stored",
                    masked(recipient.channel(), recipient.name())
                );
            }
        }
    }

    /// Records the outcomes of earlier attempts that the database could not store at the time.
    ///
    /// # Errors
    ///
    /// Fails if the database fails again. The outcomes that it did not store are kept for the next
    /// call.
    pub async fn record_pending(&self, store: &Store) -> Result<(), StoreError> {
        self.record.record_pending(store).await
    }

    /// Makes one attempt and records it. Returns `None` if the process is stopping and the attempt
    /// did not finish within the grace period. The lease is then left to the next process.
    async fn attempt(
        &self,
        store: &Store,
        delivery: ClaimedDelivery,
        clock: &RunningClock,
        until: Instant,
        stop: &CancellationToken,
    ) -> Result<Option<NotificationResult>, StoreError> {
        let begun = Instant::now();
        let delivery = Arc::new(delivery);
        let Some(sent) = send(&self.channels, &delivery, clock.now(), until, stop).await else {
            return Ok(None);
        };

        let at = clock.now();
        let (sent, outcome, status) = match sent {
            Ok(message) => {
                let outcome = AttemptOutcome::Sent { at };
                (Some(message), outcome, NotificationStatus::Sent)
            }
            Err(failure) => {
                let (outcome, status) = self.retries.judge(&failure, &delivery, at);
                (None, outcome, status)
            }
        };
        let error = outcome.error().map(str::to_owned);

        // If the process dies between the server's reply and this record, the message is sent
        // again, so nothing may happen between the two.
        let is_ours = self.record.finish(store, &delivery, outcome).await?;
        let status = if is_ours {
            status
        } else {
            NotificationStatus::Duplicate
        };
        let result = report(&delivery, status, error, begun.elapsed());

        // Servers may limit the number of open connections, so this one is closed before the next
        // attempt connects.
        if let Some(message) = sent {
            message.close().await;
        }
        Ok(Some(result))
    }

    /// Waits briefly if a process crashed recently while it was sending a message.
    async fn wait_after_crash(
        &self,
        store: &Store,
        now: Timestamp,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let recently = now.checked_sub(RECENT_CRASH).unwrap_or(Timestamp::MIN);
        if store.has_broken_attempts(recently, now).await? {
            stop.run_until_cancelled(tokio::time::sleep(self.delay_after_crash))
                .await;
        }
        Ok(())
    }
}

async fn is_due(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let due = store.next_delivery_due(now).await?;
    Ok(due.is_some_and(|due| due <= now))
}

/// A clock that starts at the time of the call and advances by monotonic time.
struct RunningClock {
    start: Timestamp,
    since: Instant,
}

impl RunningClock {
    fn started_at(now: Timestamp) -> Self {
        Self {
            start: now,
            since: Instant::now(),
        }
    }

    fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    fn now(&self) -> Timestamp {
        self.start
            .saturating_add(self.elapsed())
            .unwrap_or(self.start)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use job_scanner_core::channel::ChannelKind;
    use job_scanner_store::test_support::{TestStore, at, count, spoil, store, text};
    use job_scanner_store::{AlertKind, DeliveryKind, NewDelivery};

    use super::*;
    use crate::attempt::MAX_UNFINISHED_ATTEMPTS;
    use crate::channel::Channel;
    use crate::test_support::{alerted, bare_job, claim, delivery_of, full_job, run, settings};
    use crate::{MailChannel, MailTransport, Outbox, default_sender, dispatch};

    const GIVE_UP_AFTER: Duration = Duration::from_hours(72);

    fn service(outbox: &Path) -> NotificationService {
        through(vec![mail_into(outbox)])
    }

    fn through(channels: Vec<Channel>) -> NotificationService {
        NotificationService {
            delay_after_crash: Duration::ZERO,
            ..NotificationService::new(Channels::new(channels), GIVE_UP_AFTER)
        }
    }

    fn mail_into(outbox: &Path) -> Channel {
        let transport = MailTransport::Files(Outbox::new(outbox));
        Channel::Mail(MailChannel::new(default_sender(), transport, Vec::new()))
    }

    fn never() -> CancellationToken {
        CancellationToken::new()
    }

    fn files(outbox: &Path) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(outbox).unwrap();
        entries
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect()
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

    #[tokio::test]
    async fn no_message_is_sent_before_its_delivery_is_synced_to_disk() {
        let (store, outbox) = (two_deliveries().await, tempfile::tempdir().unwrap());
        // The open connections can still read and write the journal, but it can no longer be
        // synced by its name.
        let look = || store.next_delivery_due(at("08:16:00"));
        let _all = tokio::join!(look(), look(), look(), look());
        let journal = std::path::PathBuf::from(format!("{}-wal", store.file().display()));
        std::fs::remove_file(&journal).unwrap();
        std::os::unix::fs::symlink(&journal, &journal).unwrap();
        let delivered = service(outbox.path())
            .deliver_due(&store, at("08:16:00"), Duration::MAX, &never())
            .await;
        assert!(
            matches!(delivered, Err(StoreError::File { .. })),
            "{delivered:?}"
        );
        assert!(files(outbox.path()).is_empty());
    }

    /// Records a delivery of all pending alerts without [`dispatch`].
    async fn delivery(store: &Store, recipient: &str) {
        let run = run(store).await;
        alerted(
            store,
            run,
            "acme",
            &[full_job("0")],
            AlertKind::New,
            &["default"],
        )
        .await;
        let alerts = store
            .alerts_without_delivery()
            .await
            .unwrap()
            .iter()
            .map(|alert| alert.id)
            .collect();
        let delivery = NewDelivery {
            channel: ChannelKind::Mail,
            recipient: recipient.to_owned(),
            kind: DeliveryKind::Each,
            message_id: format!("<{recipient}>"),
            skipped: false,
            alerts,
            notices: Vec::new(),
            part: None,
        };
        store
            .record_deliveries(&[delivery], at("08:15:30"))
            .await
            .unwrap();
    }

    fn statuses(results: &[NotificationResult]) -> Vec<NotificationStatus> {
        results.iter().map(|result| result.status).collect()
    }

    #[tokio::test]
    async fn due_deliveries_are_sent_once() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let results = service(home.path())
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Sent; 2]);
        assert!(
            results
                .iter()
                .all(|result| result.should_record_alert() && result.alerts.len() == 1)
        );
        assert_eq!(results[0].alerts[0].1.to_string(), "greenhouse/acme");
        assert_eq!(files(home.path()).len(), 2);
        assert_eq!(
            service(home.path())
                .deliver_due(&store, at("09:00:00"), SEND_TIMEOUT, &never())
                .await
                .unwrap(),
            []
        );
    }

    #[tokio::test]
    async fn an_outbox_that_cannot_be_written_leaves_its_deliveries_pending() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let outbox = home.path().join("outbox");
        std::fs::write(&outbox, "not a folder").unwrap();
        let service = service(&outbox);
        let results = service
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Failed; 2]);
        let recorded = text(
            &store,
            "SELECT last_error FROM deliveries ORDER BY delivery_id",
        )
        .await;
        assert_eq!(recorded, results[0].error);
        assert!(recorded.unwrap().contains("could not write"));

        std::fs::remove_file(&outbox).unwrap();
        assert_eq!(
            service
                .deliver_due(&store, at("08:16:59"), SEND_TIMEOUT, &never())
                .await
                .unwrap(),
            []
        );
        let results = service
            .deliver_due(&store, at("08:17:30"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Sent; 2]);
        assert_eq!(count(&store, "attempts").await, 4);
    }

    #[tokio::test]
    async fn an_undeliverable_message_is_abandoned_and_the_next_one_sent() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        spoil(
            &store,
            "UPDATE deliveries SET recipient = 'no address' WHERE delivery_id = 1",
        )
        .await;
        let results = service(home.path())
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(
            statuses(&results),
            [NotificationStatus::Abandoned, NotificationStatus::Sent]
        );
        assert!(
            results[0]
                .error
                .as_ref()
                .unwrap()
                .contains("ALERT_TO_EMAIL")
        );
        let state = text(&store, "SELECT state FROM deliveries ORDER BY delivery_id").await;
        assert_eq!(state.as_deref(), Some("abandoned"));
    }

    #[tokio::test]
    async fn a_delivery_for_an_unconfigured_channel_is_skipped_and_kept() {
        let store = store().await;
        delivery(&store, "jane@example.org").await;
        let results = through(Vec::new())
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Skipped]);
        let record = text(&store, "SELECT state || ': ' || last_error FROM deliveries").await;
        assert_eq!(
            record.as_deref(),
            Some("pending: channel `mail` is not configured")
        );
    }

    #[tokio::test]
    async fn a_second_attempt_writes_the_same_bytes_into_the_same_file() {
        let (store, home) = (store().await, tempfile::tempdir().unwrap());
        let delivery = delivery_of(&store, full_job("1"), AlertKind::New).await;
        let mail = mail_into(home.path());
        mail.send(&delivery, at("08:16:00"), Instant::now())
            .await
            .unwrap()
            .close()
            .await;
        let first = files(home.path());
        mail.send(&delivery, at("08:16:00"), Instant::now())
            .await
            .unwrap()
            .close()
            .await;
        assert_eq!(files(home.path()), first);
        assert_eq!(first.len(), 1);
    }

    #[tokio::test]
    async fn a_delivery_that_another_process_took_over_is_not_counted_as_ours() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let ours = store
            .claim_next_delivery(at("08:16:00"), Duration::ZERO, "ours")
            .await
            .unwrap()
            .unwrap();
        let theirs = claim(&store).await.unwrap();
        assert_eq!(ours.id, theirs.id);
        let clock = RunningClock::started_at(at("08:16:00"));
        let result = service(home.path())
            .attempt(&store, ours, &clock, Instant::now(), &never())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(result.status, NotificationStatus::Duplicate);
        assert!(!result.should_record_alert());
    }

    #[tokio::test]
    async fn a_message_that_crashes_the_process_is_abandoned() {
        let (store, home) = (store().await, tempfile::tempdir().unwrap());
        delivery(&store, "jane@example.org").await;
        for _ in 0..MAX_UNFINISHED_ATTEMPTS {
            store
                .claim_next_delivery(at("08:16:00"), Duration::ZERO, "dead")
                .await
                .unwrap()
                .unwrap();
        }
        let results = service(home.path())
            .deliver_due(&store, at("08:17:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Abandoned]);
        assert!(files(home.path()).is_empty());
    }

    #[tokio::test]
    async fn after_a_crash_during_sending_the_next_process_waits_first() {
        let delay_after_crash = Duration::from_millis(300);
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        store
            .claim_next_delivery(at("08:16:00"), Duration::ZERO, "dead")
            .await
            .unwrap()
            .unwrap();
        let service = NotificationService {
            delay_after_crash,
            ..service(home.path())
        };
        let begun = Instant::now();
        let results = service
            .deliver_due(&store, at("08:16:20"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert!(
            begun.elapsed() >= delay_after_crash,
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(results.len(), 2);
    }

    #[tokio::test]
    async fn an_old_or_future_crash_delays_no_delivery() {
        for died_at in ["08:16:00", "12:00:00"] {
            let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
            store
                .claim_next_delivery(at(died_at), Duration::ZERO, "dead")
                .await
                .unwrap()
                .unwrap();
            spoil(
                &store,
                "UPDATE deliveries SET lease_token = NULL, lease_until = NULL",
            )
            .await;
            let service = NotificationService {
                delay_after_crash: Duration::from_hours(1),
                ..service(home.path())
            };
            let stop = never();
            let delivering = service.deliver_due(&store, at("08:17:20"), SEND_TIMEOUT, &stop);
            let results = tokio::time::timeout(Duration::from_mins(1), delivering)
                .await
                .expect("no delay after a crash")
                .unwrap();
            assert_eq!(results.len(), 2, "{died_at}");
        }
    }

    #[tokio::test]
    async fn no_attempt_begins_after_a_stop_request() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        let stop = CancellationToken::new();
        stop.cancel();
        let results = service(home.path())
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &stop)
            .await
            .unwrap();
        assert_eq!(results, []);
        assert_eq!(count(&store, "attempts").await, 0);
    }

    #[tokio::test]
    async fn an_unreadable_delivery_does_not_block_the_others() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        spoil(
            &store,
            "UPDATE deliveries SET kind = 'odd' WHERE delivery_id = 1",
        )
        .await;
        let results = service(home.path())
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(statuses(&results), [NotificationStatus::Sent]);
    }

    #[tokio::test]
    async fn an_unrecorded_sent_message_is_recorded_by_the_next_call() {
        let (store, home) = (two_deliveries().await, tempfile::tempdir().unwrap());
        spoil(
            &store,
            "CREATE TRIGGER broken BEFORE UPDATE ON attempts BEGIN SELECT RAISE(FAIL, 'disk'); END",
        )
        .await;
        let service = service(home.path());
        service
            .deliver_due(&store, at("08:16:00"), SEND_TIMEOUT, &never())
            .await
            .unwrap_err();
        assert_eq!(files(home.path()).len(), 1);
        service
            .deliver_due(&store, at("08:16:10"), SEND_TIMEOUT, &never())
            .await
            .unwrap_err();
        assert_eq!(
            files(home.path()).len(),
            1,
            "no message is sent while results cannot be recorded"
        );

        spoil(&store, "DROP TRIGGER broken").await;
        let results = service
            .deliver_due(&store, at("08:16:20"), SEND_TIMEOUT, &never())
            .await
            .unwrap();
        assert_eq!(
            statuses(&results),
            [NotificationStatus::Sent],
            "the other delivery"
        );
        assert_eq!(count(&store, "attempts").await, 2);
        assert_eq!(
            text(&store, "SELECT group_concat(state) FROM deliveries")
                .await
                .as_deref(),
            Some("sent,sent")
        );
    }
}
