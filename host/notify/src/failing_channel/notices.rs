//! Notices about channels that have failed for a day, and about their recovery.
//!
//! A notice goes through one other channel. It is a note rather than a delivery, and the row of the
//! failures says who heard of it: so each episode makes one notice at its beginning and one at its
//! end, in whichever process. A process that dies between a notice and its record sends it again.
//!
//! Not here: when failures begin and end, which the attempts decide in the store.

use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::PrintableStart;
use job_scanner_core::words::OnRecord;
use job_scanner_store::{ChannelFailure, Store, StoreError};
use tracing::{info, warn};

use crate::attempt::SEND_TIMEOUT;
use crate::channel::{Recipient, masked_on_record};
use crate::deliver::NotificationService;
use crate::message::Note;

/// The time after which a failing channel is reported.
const LASTING: Duration = Duration::from_hours(24);

/// The number of characters of the sentence about a failing channel, with its error, in a notice.
const SHOWN_SENTENCE_CHARS: usize = 400;

/// Returns the failures that have lasted for a day, oldest first.
///
/// # Errors
///
/// Fails if the database fails or has a value that cannot be read.
pub async fn lasting_failures(
    store: &Store,
    now: Timestamp,
) -> Result<Vec<ChannelFailure>, StoreError> {
    let mut failures = store.channel_failures().await?;
    failures.retain(|failure| failure.recovered_at.is_none() && has_lasted(failure, now));
    Ok(failures)
}

/// Returns a sentence about a failing channel, with its last error.
pub fn describe_failing(failure: &ChannelFailure) -> String {
    format!(
        "messages to {} have failed since {:.0}: {}",
        shown(failure),
        failure.failing_since,
        failure.error
    )
}

impl NotificationService {
    /// Reports channels that have failed for a day, and those that have recovered from it: once to
    /// the log, and once through another channel, at first through one of `notices_to`. A channel
    /// in its quiet hours is not used. If no channel can carry the notice, the next call tries
    /// again.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn report_channels(
        &self,
        store: &Store,
        notices_to: Option<&[String]>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failures = store.channel_failures().await?;
        for failure in &failures {
            // The messages of a channel that is not configured wait for the operator.
            if !self.is_configured(failure) {
                continue;
            }
            let others = self.others(failure, &failures, notices_to, now);
            match failure.recovered_at {
                None if has_lasted(failure, now) => {
                    self.report_failing(store, failure, &others, now).await?;
                }
                None => {}
                Some(at) => {
                    self.report_recovered(store, failure, &others, at, now)
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn report_failing(
        &self,
        store: &Store,
        failure: &ChannelFailure,
        others: &[Recipient],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // The error may quote a server.
        let sentence = PrintableStart {
            text: &describe_failing(failure),
            limit: SHOWN_SENTENCE_CHARS,
        };
        if !failure.is_logged && store.mark_failure_logged(failure.id, now).await? {
            warn!(
                event = "channel.failing",
                recipient = shown(failure),
                since = %failure.failing_since,
                error = failure.error,
                "{sentence}"
            );
        }
        if failure.is_noticed {
            return Ok(());
        }

        let text = format!(
            "{sentence}. `job-scanner deliveries` lists the messages that wait, `deliveries move` sends them through \
             another channel, and `notify test` tries the channel."
        );
        let subject = "A channel of job-scanner has failed for a day";
        if self.notice(others, subject, &text, now).await {
            store.mark_failure_noticed(failure.id, now).await?;
        }
        Ok(())
    }

    async fn report_recovered(
        &self,
        store: &Store,
        failure: &ChannelFailure,
        others: &[Recipient],
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let text = format!(
            "messages to {} arrive again since {at:.0}; they had failed since {:.0}",
            shown(failure),
            failure.failing_since
        );
        let subject = "A channel of job-scanner has recovered";
        // A recipient who did not hear of the failures need not hear of their end.
        let is_done = !failure.is_noticed || self.notice(others, subject, &text, now).await;
        if is_done && store.forget_failure(failure.id).await? {
            info!(
                event = "channel.recovered",
                recipient = shown(failure),
                since = %failure.failing_since,
                "{text}"
            );
        }
        Ok(())
    }

    /// Sends a notice to the first of the recipients whose channel accepts it.
    async fn notice(
        &self,
        recipients: &[Recipient],
        subject: &'static str,
        text: &str,
        now: Timestamp,
    ) -> bool {
        let note = Note {
            name: "channel",
            subject,
            text,
        };
        for recipient in recipients {
            match self.send_note(recipient, &note, now).await {
                Ok(()) => return true,
                Err(error) => warn!(
                    "cannot send a notice about another channel to {}: {error}",
                    recipient.masked()
                ),
            }
        }
        false
    }

    async fn send_note(
        &self,
        recipient: &Recipient,
        note: &Note<'_>,
        now: Timestamp,
    ) -> Result<(), String> {
        let channel = self.channels().get(recipient.channel(), recipient.name());
        let channel = channel.map_err(|error| with_causes(&error))?;
        let sent = tokio::time::timeout(SEND_TIMEOUT, channel.send_note(recipient, note, now));
        match sent.await {
            Ok(sent) => sent.map_err(|error| with_causes(&error)),
            Err(_elapsed) => Err(format!("no response within {SEND_TIMEOUT:?}")),
        }
    }

    fn is_configured(&self, failure: &ChannelFailure) -> bool {
        let recipients = self.channels().recipients();
        recipients.iter().any(|it| is_about(failure, it))
    }

    /// Returns the recipients that may carry a notice about a failure: those that do not fail
    /// themselves. Those in `notices_to` come first, and those of the same kind of channel last,
    /// since the same server may be the reason.
    fn others(
        &self,
        failure: &ChannelFailure,
        failures: &[ChannelFailure],
        notices_to: Option<&[String]>,
        now: Timestamp,
    ) -> Vec<Recipient> {
        let mut others = self.channels().recipients();
        others.retain(|it| {
            let fails = failures
                .iter()
                .any(|known| known.recovered_at.is_none() && is_about(known, it));
            let is_quiet = it.rhythm().times.quiet_until(now).is_some();
            !fails && !is_quiet && !is_about(failure, it)
        });
        others.sort_by_key(|it| {
            let is_same_kind = failure.channel == OnRecord::Known(it.channel());
            let gets_notices = notices_to.is_some_and(|names| it.is_of(names));
            (is_same_kind, !gets_notices)
        });
        others
    }
}

fn has_lasted(failure: &ChannelFailure, now: Timestamp) -> bool {
    let lasted = now.duration_since(failure.failing_since);
    Duration::try_from(lasted).is_ok_and(|lasted| lasted >= LASTING)
}

fn is_about(failure: &ChannelFailure, recipient: &Recipient) -> bool {
    failure.channel == OnRecord::Known(recipient.channel())
        && recipient.is_on_record_as(&failure.recipient)
}

/// Returns the channel and the recipient as messages show them.
fn shown(failure: &ChannelFailure) -> String {
    let recipient = masked_on_record(&failure.channel, &failure.recipient);
    format!("`{recipient}` ({})", failure.channel)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::tz::TimeZone;
    use job_scanner_config::ChannelRhythm;
    use job_scanner_core::delivery_times::DeliveryTimes;
    use job_scanner_store::test_support::{TestStore, spoil, store, text};

    use super::*;
    use crate::channel::{Channel, Channels};
    use crate::{MailChannel, MailTransport, Outbox, default_sender};

    fn day(time: &str) -> Timestamp {
        format!("2026-11-{time}Z").parse().unwrap()
    }

    /// A mail channel that writes to a folder.
    fn mail(name: &str, to: &str, folder: &Path, rhythm: ChannelRhythm) -> Channel {
        let transport = MailTransport::Files(Outbox::new(folder));
        let mail = MailChannel::new(default_sender(), transport, vec![to.parse().unwrap()]);
        Channel::Mail(mail.named(name, rhythm))
    }

    fn service(folder: &Path, rhythm: ChannelRhythm) -> NotificationService {
        let channels = vec![
            mail(
                "first",
                "jane@example.org",
                folder,
                ChannelRhythm::default(),
            ),
            mail("second", "kim@example.org", folder, rhythm),
        ];
        NotificationService::new(Channels::new(channels), Duration::from_hours(72))
    }

    /// Returns a store in which messages to `jane@example.org` fail since the 23rd at 08:15.
    async fn failing() -> TestStore {
        let store = store().await;
        spoil(
            &store,
            "INSERT INTO channel_failures (channel, recipient, failing_since, error)
             VALUES ('mail', 'jane@example.org', '2026-11-23T08:15:00.000Z', '451 try\u{1b} later')",
        )
        .await;
        store
    }

    async fn report(service: &NotificationService, store: &Store, now: &str) {
        service
            .report_channels(store, None, day(now))
            .await
            .unwrap();
    }

    fn sent(folder: &Path) -> Vec<String> {
        let files = std::fs::read_dir(folder).unwrap();
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn a_day_of_failures_makes_one_notice_through_another_channel_and_one_at_their_end() {
        let (store, folder) = (failing().await, tempfile::tempdir().unwrap());
        let restarted = || service(folder.path(), ChannelRhythm::default());
        report(&restarted(), &store, "24T08:14:59").await;
        assert!(
            lasting_failures(&store, day("24T08:14:59"))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(sent(folder.path()).len(), 0);

        for now in ["24T08:15:00", "24T09:00:00", "26T09:00:00"] {
            report(&restarted(), &store, now).await;
            assert_eq!(lasting_failures(&store, day(now)).await.unwrap().len(), 1);
            let notices = sent(folder.path());
            assert_eq!(notices.len(), 1, "{now}");
            assert!(notices[0].contains("To: kim@example.org"), "{}", notices[0]);
            assert!(notices[0].contains("451 try"), "{}", notices[0]);
            assert!(!notices[0].contains('\u{1b}'), "{}", notices[0]);
        }

        spoil(
            &store,
            "UPDATE channel_failures SET recovered_at = '2026-11-26T10:00:00.000Z'",
        )
        .await;
        for now in ["26T10:00:01", "26T11:00:00"] {
            report(&restarted(), &store, now).await;
            let notices = sent(folder.path());
            assert_eq!(notices.len(), 2, "{now}");
            assert!(notices.iter().any(|it| it.contains("has recovered")));
        }
        assert!(store.channel_failures().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_new_episode_makes_a_new_notice() {
        let (store, folder) = (failing().await, tempfile::tempdir().unwrap());
        let service = service(folder.path(), ChannelRhythm::default());
        report(&service, &store, "24T09:00:00").await;
        spoil(
            &store,
            "UPDATE channel_failures SET recovered_at = '2026-11-24T10:00:00.000Z'",
        )
        .await;
        spoil(
            &store,
            "INSERT INTO channel_failures (channel, recipient, failing_since, error)
             VALUES ('mail', 'jane@example.org', '2026-11-24T11:00:00.000Z', '451 again')",
        )
        .await;
        report(&service, &store, "24T12:00:00").await;
        assert_eq!(sent(folder.path()).len(), 2);
        report(&service, &store, "25T11:00:00").await;
        assert_eq!(sent(folder.path()).len(), 3);
    }

    #[tokio::test]
    async fn a_notice_waits_for_quiet_hours_and_for_a_channel_that_works() {
        let (store, folder) = (failing().await, tempfile::tempdir().unwrap());
        let quiet = ChannelRhythm {
            times: DeliveryTimes {
                quiet_hours: Some("22:00-07:00".parse().unwrap()),
                ..DeliveryTimes::after_each_run(TimeZone::UTC)
            },
            first: Vec::new(),
        };
        let service = service(folder.path(), quiet);
        report(&service, &store, "24T23:00:00").await;
        assert_eq!(sent(folder.path()).len(), 0);
        assert!(
            text(&store, "SELECT logged_at FROM channel_failures")
                .await
                .is_some()
        );

        spoil(
            &store,
            "INSERT INTO channel_failures (channel, recipient, failing_since, error)
             VALUES ('mail', 'kim@example.org', '2026-11-25T06:00:00.000Z', '451')",
        )
        .await;
        report(&service, &store, "25T08:00:00").await;
        assert_eq!(sent(folder.path()).len(), 0);
        spoil(
            &store,
            "DELETE FROM channel_failures WHERE recipient = 'kim@example.org'",
        )
        .await;
        report(&service, &store, "25T09:00:00").await;
        assert_eq!(sent(folder.path()).len(), 1);
    }

    #[tokio::test]
    async fn nothing_is_sent_about_a_channel_that_is_not_configured_or_the_only_one() {
        let (store, folder) = (failing().await, tempfile::tempdir().unwrap());
        let only = |to: &str| {
            let channel = mail("only", to, folder.path(), ChannelRhythm::default());
            NotificationService::new(Channels::new(vec![channel]), Duration::from_hours(72))
        };
        report(&only("kim@example.org"), &store, "25T09:00:00").await;
        assert_eq!(
            text(&store, "SELECT logged_at FROM channel_failures").await,
            None
        );
        report(&only("jane@example.org"), &store, "25T09:00:00").await;
        assert!(
            text(&store, "SELECT logged_at FROM channel_failures")
                .await
                .is_some()
        );
        assert_eq!(sent(folder.path()).len(), 0);

        // Its end is not reported either, and leaves nothing.
        spoil(
            &store,
            "UPDATE channel_failures SET recovered_at = '2026-11-26T10:00:00.000Z'",
        )
        .await;
        report(&only("jane@example.org"), &store, "26T11:00:00").await;
        assert!(store.channel_failures().await.unwrap().is_empty());
    }
}
