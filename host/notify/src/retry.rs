//! Decides what happens to a delivery after a failed attempt.
//!
//! The channel's error names the remedy. This module turns it into the outcome that is recorded:
//! another attempt after a delay, two smaller messages, or an abandoned delivery.

use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_store::{AttemptOutcome, ClaimedDelivery, SecondHalf};

use crate::by_job::by_job;
use crate::channel::{Remedy, SendError};
use crate::message_id::second_message_id;
use crate::result::NotificationStatus;

/// The delay before a message that the server did not confirm is sent once more. A server that was
/// only slow has delivered the message by then and can recognize its id.
const UNCERTAIN_RETRY_DELAY: Duration = Duration::from_mins(10);

/// The minimum number of attempts before a delivery is abandoned, however short `give_up_after` is.
const MIN_ATTEMPTS: u32 = 5;

/// A message to a full mailbox is split only if it has more jobs than this. Hundreds of small
/// messages would not help.
const MAX_JOBS_FOR_FULL_MAILBOX: usize = 10;

/// The delay after the first failed attempt. It doubles with each further failure.
const FIRST_RETRY: Duration = Duration::from_mins(1);

/// The longest delay between two attempts.
const LONGEST_RETRY: Duration = Duration::from_hours(6);

/// The operator's limit for retries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryPolicy {
    /// The time for which a delivery is retried before it is abandoned.
    pub(crate) give_up_after: Duration,
}

impl RetryPolicy {
    /// Decides what happens to a delivery whose attempt failed at `at`.
    pub(crate) fn judge(
        &self,
        failure: &SendError,
        delivery: &ClaimedDelivery,
        at: Timestamp,
    ) -> (AttemptOutcome, NotificationStatus) {
        let error = with_causes(failure);
        match failure.remedy() {
            Remedy::Abandon => abandoned(at, error),
            Remedy::RetryOnce => uncertain(delivery, at, error),
            Remedy::Split { by_size } => match second_half(delivery, by_size) {
                Some(second) => (
                    AttemptOutcome::Split { at, error, second },
                    NotificationStatus::Split,
                ),
                None => self.later(failure, delivery, at, error),
            },
            Remedy::Retry => self.later(failure, delivery, at, error),
        }
    }

    /// Schedules another attempt, or abandons the delivery if it has been retried for long enough.
    fn later(
        &self,
        failure: &SendError,
        delivery: &ClaimedDelivery,
        at: Timestamp,
        error: String,
    ) -> (AttemptOutcome, NotificationStatus) {
        let next_attempt_at = at + pause(failure, delivery.attempt);

        // The operator decides what happens to the messages of a channel that was removed.
        if matches!(failure, SendError::NoChannel(_)) {
            let outcome = AttemptOutcome::Wait {
                at,
                next_attempt_at,
                error,
            };
            return (outcome, NotificationStatus::Skipped);
        }
        if self.is_overdue(delivery) {
            let error = format!("abandoned after {} attempts: {error}", delivery.attempt);
            return abandoned(at, error);
        }

        let outcome = AttemptOutcome::Retry {
            at,
            next_attempt_at,
            error,
        };
        (outcome, NotificationStatus::Failed)
    }

    /// Returns true if the delivery has been retried for `give_up_after`. Time during which no
    /// process tried it does not count.
    fn is_overdue(&self, delivery: &ClaimedDelivery) -> bool {
        delivery.attempt >= MIN_ATTEMPTS && delivery.tried_for >= self.give_up_after
    }
}

fn abandoned(at: Timestamp, error: String) -> (AttemptOutcome, NotificationStatus) {
    let outcome = AttemptOutcome::Abandon { at, error };
    (outcome, NotificationStatus::Abandoned)
}

/// Schedules one more attempt for a message that the server did not confirm. After the second such
/// attempt there is no other: a third copy of the message would be worse than none.
fn uncertain(
    delivery: &ClaimedDelivery,
    at: Timestamp,
    error: String,
) -> (AttemptOutcome, NotificationStatus) {
    let next_attempt_at = (!delivery.uncertain).then(|| at + UNCERTAIN_RETRY_DELAY);
    let outcome = AttemptOutcome::Uncertain {
        at,
        next_attempt_at,
        error,
    };
    (outcome, NotificationStatus::Uncertain)
}

/// Returns the delay before the next attempt: the usual one, or the longer pause that the receiver
/// asks for.
fn pause(failure: &SendError, attempt: u32) -> Duration {
    let asked = failure.retry_after().unwrap_or_default();
    retry_delay(attempt).max(asked.min(LONGEST_RETRY))
}

/// Returns the delay of a delivery after its `attempt`-th failure (the first is 1): a minute that
/// doubles, up to six hours.
pub(crate) fn retry_delay(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let delay = FIRST_RETRY.saturating_mul(1 << doublings);
    delay.min(LONGEST_RETRY)
}

/// Returns the half to move out of a message that is too large. `None` if the message is not split:
/// it has one job, or few enough for a full mailbox, or it may have arrived under its id.
fn second_half(delivery: &ClaimedDelivery, by_size: bool) -> Option<SecondHalf> {
    let most = if by_size {
        1
    } else {
        MAX_JOBS_FOR_FULL_MAILBOX
    };
    let jobs = by_job(&delivery.alerts);
    let entries = jobs.len().max(delivery.notices.len());
    if delivery.uncertain || entries <= most {
        return None;
    }

    let kept = entries.div_ceil(2);
    let moved_jobs = jobs.iter().skip(kept);
    let alerts: Vec<_> = moved_jobs.flatten().map(|alert| alert.id).collect();
    let moved_notices = delivery.notices.iter().skip(kept);
    let notices: Vec<_> = moved_notices.map(|notice| notice.id).collect();

    let message_id = second_message_id(&delivery.message_id, &alerts, &notices);
    Some(SecondHalf {
        message_id,
        alerts,
        notices,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::{at, store};

    use super::*;
    use crate::test_support::{
        alerted, bare_job, claim, claimed, delivery_of, full_job, run, settings,
    };
    use crate::{MailError, SmtpError, dispatch};

    const GIVE_UP_AFTER: Duration = Duration::from_hours(72);

    const POLICY: RetryPolicy = RetryPolicy {
        give_up_after: GIVE_UP_AFTER,
    };

    fn refused(error: SmtpError) -> SendError {
        MailError::from(error).into()
    }

    #[test]
    fn retry_delays_double_from_a_minute_to_six_hours() {
        let minutes: Vec<u64> = (1..=11)
            .map(|attempt| retry_delay(attempt).as_secs() / 60)
            .collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        assert_eq!(retry_delay(0), FIRST_RETRY);
        assert_eq!(retry_delay(u32::MAX), LONGEST_RETRY);
    }

    #[tokio::test]
    async fn a_failing_delivery_is_abandoned_after_the_configured_time() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("1"), AlertKind::New).await;
        let mut judged = |attempt, tried_for| {
            (delivery.attempt, delivery.tried_for) = (attempt, tried_for);
            let a_year_later = delivery.created_at + Duration::from_hours(365 * 24);
            let broken = SendError::Panicked("broken".to_owned());
            POLICY.judge(&broken, &delivery, a_year_later).1
        };
        assert_eq!(
            judged(MIN_ATTEMPTS, Duration::from_hours(71)),
            NotificationStatus::Failed
        );
        assert_eq!(
            judged(MIN_ATTEMPTS, GIVE_UP_AFTER),
            NotificationStatus::Abandoned
        );
        assert_eq!(judged(1, GIVE_UP_AFTER), NotificationStatus::Failed);
    }

    #[tokio::test]
    async fn an_unconfirmed_message_is_retried_once() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("1"), AlertKind::New).await;
        let at = at("08:16:00");
        for (uncertain, next) in [(false, Some(at + UNCERTAIN_RETRY_DELAY)), (true, None)] {
            delivery.uncertain = uncertain;
            let silence = SmtpError::Unconfirmed {
                reason: "nothing".to_owned(),
            };
            let (outcome, status) = POLICY.judge(&refused(silence), &delivery, at);
            assert_eq!(status, NotificationStatus::Uncertain);
            assert!(
                matches!(outcome, AttemptOutcome::Uncertain { next_attempt_at, .. } if next_attempt_at == next),
                "{outcome:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_too_large_message_is_split_until_one_job_is_left() {
        let store = store().await;
        let run = run(&store).await;
        let jobs: Vec<_> = (0..5)
            .map(|n| bare_job(&n.to_string(), "Engineer"))
            .collect();
        alerted(
            &store,
            run,
            "acme",
            &jobs,
            AlertKind::New,
            &["default", "backend"],
        )
        .await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        let mut sent = Vec::new();
        while let Some(delivery) = claim(&store).await {
            let jobs = by_job(&delivery.alerts).len();
            let too_large = SmtpError::TooLarge {
                reason: "552 5.3.4".to_owned(),
                by_size: true,
            };
            let (outcome, status) = POLICY.judge(&refused(too_large), &delivery, at("08:16:00"));
            let (outcome, status) = match status {
                NotificationStatus::Split => (outcome, status),
                _ => (
                    AttemptOutcome::Sent { at: at("08:16:00") },
                    NotificationStatus::Sent,
                ),
            };
            assert!(store.finish_attempt(&delivery, &outcome).await.unwrap());
            if status == NotificationStatus::Sent {
                sent.push((
                    delivery.part.unwrap().label,
                    delivery.message_id,
                    jobs,
                    delivery.alerts.len(),
                ));
            }
        }
        sent.sort();
        let labels: Vec<_> = sent.iter().map(|(label, ..)| label.as_str()).collect();
        assert_eq!(labels, ["1aa", "1ab", "1b", "2a", "2b"]);
        assert!(
            sent.iter()
                .all(|(_, _, jobs, alerts)| (*jobs, *alerts) == (1, 2)),
            "{sent:?}"
        );
        let ids: BTreeSet<_> = sent.iter().map(|(_, id, ..)| id).collect();
        assert_eq!(ids.len(), 5);
    }

    #[tokio::test]
    async fn a_small_or_unconfirmed_message_is_not_split_for_a_full_mailbox() {
        let store = store().await;
        let run = run(&store).await;
        let jobs: Vec<_> = (0..11)
            .map(|n| bare_job(&n.to_string(), "Engineer"))
            .collect();
        alerted(&store, run, "acme", &jobs, AlertKind::New, &["default"]).await;
        let mut delivery = claimed(&store).await;
        let judged = |delivery: &ClaimedDelivery, by_size| {
            let full = SmtpError::TooLarge {
                reason: "552 5.2.2".to_owned(),
                by_size,
            };
            POLICY.judge(&refused(full), delivery, at("08:16:00")).1
        };
        assert_eq!(judged(&delivery, false), NotificationStatus::Split);
        delivery.uncertain = true;
        assert_eq!(judged(&delivery, true), NotificationStatus::Failed);
        delivery.uncertain = false;
        delivery.alerts.pop();
        assert_eq!(
            judged(&delivery, false),
            NotificationStatus::Failed,
            "ten jobs stay together"
        );
        assert_eq!(judged(&delivery, true), NotificationStatus::Split);
    }
}
