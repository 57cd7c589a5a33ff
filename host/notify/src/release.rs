//! The release of waiting alerts and deliveries: the time from which they may be sent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_core::delivery_times::{AtMost, When};
use job_scanner_store::{Store, StoreError, WaitingGroup};

use crate::channel::Recipient;
use crate::dispatch::NotifySettings;

/// The waiting alerts of one recipient that are sent in the same rhythm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) when: When,
    pub(crate) profiles: Vec<String>,
    /// The time of the oldest alert.
    since: Timestamp,
}

/// The waiting alerts of a recipient that may become messages now.
pub(crate) struct Due<'s> {
    pub(crate) recipient: &'s Recipient,
    pub(crate) groups: Vec<Group>,
    pub(crate) allowance: Allowance,
}

/// The messages about matches that a recipient may get now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// `None` is any number.
    pub(crate) messages: Option<usize>,
    /// The time at which another message is permitted; `None` if one is permitted already.
    free_at: Option<Timestamp>,
}

/// Returns the next time at which [`dispatch`](crate::dispatch()) creates a delivery for waiting
/// alerts. It is in the past if it would now, and `None` if no alert waits for a configured
/// recipient.
///
/// # Errors
///
/// Fails if the database fails.
pub async fn next_dispatch(
    store: &Store,
    settings: &NotifySettings,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let mut next: Option<Timestamp> = None;
    for (recipient, groups) in groups(store, settings).await? {
        let allowance = Allowance::of(store, recipient, now).await?;
        for group in groups {
            let release = allowance.release(recipient, &group, now);
            next = Some(next.map_or(release, |next| next.min(release)));
        }
    }
    Ok(next)
}

/// Returns the waiting alerts that may become messages, by recipient.
pub(crate) async fn due_alerts<'s>(
    store: &Store,
    settings: &'s NotifySettings,
    now: Timestamp,
) -> Result<Vec<Due<'s>>, StoreError> {
    let mut due = Vec::new();
    for (recipient, mut groups) in groups(store, settings).await? {
        let allowance = Allowance::of(store, recipient, now).await?;
        groups.retain(|group| allowance.release(recipient, group, now) <= now);
        if !groups.is_empty() {
            due.push(Due {
                recipient,
                groups,
                allowance,
            });
        }
    }
    Ok(due)
}

/// Returns the waiting alerts by recipient and rhythm. Those of recipients that are not configured
/// are left out: they wait for them.
async fn groups<'s>(
    store: &Store,
    settings: &'s NotifySettings,
) -> Result<Vec<(&'s Recipient, Vec<Group>)>, StoreError> {
    let mut groups: BTreeMap<usize, BTreeMap<When, Group>> = BTreeMap::new();
    for waiting in store.waiting_groups().await? {
        let Some(index) = settings.carrier(&waiting) else {
            continue;
        };
        let of_profile = settings.when.get(&waiting.profile).copied();
        let when = of_profile.unwrap_or(settings.recipients[index].rhythm().times.when);
        let group = groups
            .entry(index)
            .or_default()
            .entry(when)
            .or_insert_with(|| Group {
                when,
                profiles: Vec::new(),
                since: waiting.since,
            });
        group.since = group.since.min(waiting.since);
        group.profiles.push(waiting.profile);
    }
    let with_recipient = |(index, groups): (usize, BTreeMap<When, Group>)| {
        (&settings.recipients[index], groups.into_values().collect())
    };
    Ok(groups.into_iter().map(with_recipient).collect())
}

impl NotifySettings {
    /// Returns the index of the recipient that carries waiting alerts. An address may belong to
    /// several channels: the first that the profile sends to has it.
    fn carrier(&self, waiting: &WaitingGroup) -> Option<usize> {
        let is_recipient = |recipient: &Recipient| {
            recipient.channel().as_str() == waiting.channel && recipient.name() == waiting.recipient
        };
        let is_chosen = |recipient: &Recipient| self.sends_to(&waiting.profile, recipient);
        let mut recipients = self.recipients.iter();
        let chosen = recipients.position(|it| is_recipient(it) && is_chosen(it));
        chosen.or_else(|| self.recipients.iter().position(is_recipient))
    }
}

impl Allowance {
    /// Counts the messages of the last hour against the limit of the recipient's channel.
    pub(crate) async fn of(
        store: &Store,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let Some(AtMost { messages }) = recipient.rhythm().times.at_most else {
            return Ok(Self {
                messages: None,
                free_at: None,
            });
        };
        let since = now.checked_sub(AtMost::WINDOW).unwrap_or(Timestamp::MIN);
        let sent = store
            .last_messages(recipient.channel(), recipient.name(), since, now, messages)
            .await?;

        let left = (messages as usize).saturating_sub(sent.len());
        let oldest = sent.last().filter(|_| left == 0);
        Ok(Self {
            messages: Some(left),
            free_at: oldest.map(|at| at.checked_add(AtMost::WINDOW).unwrap_or(Timestamp::MAX)),
        })
    }

    /// Takes planned messages off.
    pub(crate) fn use_up(&mut self, planned: usize) {
        self.messages = self.messages.map(|left| left.saturating_sub(planned));
    }

    fn release(&self, recipient: &Recipient, group: &Group, now: Timestamp) -> Timestamp {
        let times = &recipient.rhythm().times;
        times.release(group.when, group.since, self.free_at, now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::civil::DateTime;
    use jiff::tz::TimeZone;
    use job_scanner_config::{ChannelRhythm, Favourite};
    use job_scanner_core::delivery_times::DeliveryTimes;
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_store::test_support::{TestStore, count, spoil, store};
    use job_scanner_store::{AlertKind, ClaimedDelivery, DeliveryKind};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::dispatch::JOBS_PER_MAIL;
    use crate::test_support::{alerted, bare_job, recipient_at, run, settings};
    use crate::{
        Channel, Channels, MailChannel, MailTransport, NotificationService, Outbox, default_sender,
        dispatch,
    };

    /// Returns a time in November 2026. The alerts of `alerted` are of the 23rd, a Monday, at 08:15.
    fn at(time: &str) -> Timestamp {
        format!("2026-11-{time}Z").parse().unwrap()
    }

    /// Returns a rhythm in UTC.
    fn rhythm(when: When, change: impl FnOnce(&mut ChannelRhythm)) -> ChannelRhythm {
        let mut rhythm = ChannelRhythm {
            times: DeliveryTimes {
                when,
                ..DeliveryTimes::after_each_run(TimeZone::UTC)
            },
            first: Vec::new(),
        };
        change(&mut rhythm);
        rhythm
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn sends(rhythm: &ChannelRhythm) -> NotifySettings {
        NotifySettings {
            recipients: vec![recipient_at(rhythm.clone())],
            ..settings()
        }
    }

    fn daily(time: &str) -> When {
        When::Daily(time.parse().unwrap())
    }

    fn jobs(names: std::ops::Range<u32>) -> Vec<NormalizationResult> {
        names
            .map(|n| bare_job(&n.to_string(), &format!("Engineer {n}")))
            .collect()
    }

    async fn with_jobs(number: u32) -> TestStore {
        let store = store().await;
        let run = run(&store).await;
        let jobs = jobs(0..number);
        alerted(&store, run, "acme", &jobs, AlertKind::New, &["default"]).await;
        store
    }

    async fn claim_all(store: &Store, now: Timestamp) -> Vec<ClaimedDelivery> {
        let mut all = Vec::new();
        loop {
            let token = format!("token {} at {now}", all.len());
            let lease = Duration::from_hours(11);
            match store.claim_next_delivery(now, lease, &token).await.unwrap() {
                Some(delivery) => all.push(delivery),
                None => return all,
            }
        }
    }

    fn shapes(deliveries: &[ClaimedDelivery]) -> Vec<(DeliveryKind, usize)> {
        let shape = |it: &ClaimedDelivery| (it.kind, it.alerts.len());
        deliveries.iter().map(shape).collect()
    }

    #[tokio::test]
    async fn a_digest_waits_for_its_slot_and_combines_the_runs_until_then() {
        let store = with_jobs(2).await;
        let settings = sends(&rhythm(daily("18:00"), |_| ()));
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        assert_eq!(count(&store, "deliveries").await, 0);
        let next = next_dispatch(&store, &settings, at("23T08:16:00")).await;
        assert_eq!(next.unwrap(), Some(at("23T18:00:00")));

        let later = run(&store).await;
        alerted(
            &store,
            later,
            "other",
            &jobs(100..101),
            AlertKind::New,
            &["default"],
        )
        .await;
        dispatch(&store, &settings, at("23T17:59:59"))
            .await
            .unwrap();
        assert_eq!(count(&store, "deliveries").await, 0);
        for now in ["23T18:00:00", "23T18:15:00"] {
            dispatch(&store, &settings, at(now)).await.unwrap();
        }
        assert_eq!(
            shapes(&claim_all(&store, at("23T18:20:00")).await),
            [(DeliveryKind::Digest, 3)]
        );
        let next = next_dispatch(&store, &settings, at("23T18:20:00")).await;
        assert_eq!(next.unwrap(), None);
    }

    #[tokio::test]
    async fn each_sends_one_message_per_job_however_many_there_are() {
        let store = with_jobs(4).await;
        let settings = sends(&rhythm(When::Each, |_| ()));
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        assert_eq!(
            shapes(&claim_all(&store, at("23T08:16:00")).await),
            [(DeliveryKind::Each, 1); 4]
        );
    }

    #[tokio::test]
    async fn a_profile_overrides_the_rhythm_of_the_channel() {
        let store = with_jobs(1).await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "other",
            &jobs(100..101),
            AlertKind::New,
            &["urgent"],
        )
        .await;
        let mut settings = sends(&rhythm(daily("18:00"), |_| ()));
        settings.when.insert("urgent".to_owned(), When::PerRun);
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        let sent = claim_all(&store, at("23T08:16:00")).await;
        assert_eq!(shapes(&sent), [(DeliveryKind::Each, 1)]);
        assert_eq!(sent[0].alerts[0].profile, "urgent");
        assert_eq!(count(&store, "waiting_alerts").await, 1);
    }

    #[tokio::test]
    async fn quiet_hours_over_midnight_hold_matches_and_pending_messages() {
        let store = with_jobs(1).await;
        let quiet = rhythm(When::PerRun, |it| {
            it.times.quiet_hours = Some("22:00-07:00".parse().unwrap());
        });
        let settings = sends(&quiet);
        dispatch(&store, &settings, at("23T21:00:00"))
            .await
            .unwrap();

        // A message from before the quiet hours, which could not be sent, and a match in them.
        let later = run(&store).await;
        alerted(
            &store,
            later,
            "other",
            &jobs(100..101),
            AlertKind::New,
            &["default"],
        )
        .await;
        let outbox = tempfile::tempdir().unwrap();
        let mail = MailChannel::new(
            default_sender(),
            MailTransport::Files(Outbox::new(outbox.path())),
            vec!["jane@example.org".parse().unwrap()],
        );
        let channels = Channels::new(vec![Channel::Mail(mail.named("mail", quiet))]);
        let service = NotificationService::new(channels, Duration::from_hours(72));
        for (now, sent) in [("23T22:00:00", 0), ("24T06:59:59", 0), ("24T07:00:00", 2)] {
            let now = at(now);
            dispatch(&store, &settings, now).await.unwrap();
            for due in [
                next_dispatch(&store, &settings, now).await.unwrap(),
                service.next_due(&store, now).await.unwrap(),
            ] {
                let waits_until_morning = due == Some(at("24T07:00:00"));
                assert!(waits_until_morning || sent > 0, "{now}: {due:?}");
            }
            let stop = CancellationToken::new();
            let limit = Duration::from_mins(1);
            let results = service
                .deliver_due(&store, now, limit, &stop)
                .await
                .unwrap();
            assert_eq!(results.len(), sent, "{now}");
        }
    }

    #[tokio::test]
    async fn a_limit_moves_the_rest_into_a_digest_and_counts_an_hour() {
        let store = with_jobs(5).await;
        let limited = rhythm(When::Each, |it| {
            it.times.at_most = Some("3/hour".parse().unwrap());
        });
        let settings = sends(&limited);
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        let shape = shapes(&claim_all(&store, at("23T08:16:00")).await);
        let (each, digest) = ((DeliveryKind::Each, 1), (DeliveryKind::Digest, 3));
        assert_eq!(shape, [each, each, digest]);

        let later = run(&store).await;
        alerted(
            &store,
            later,
            "other",
            &jobs(100..102),
            AlertKind::New,
            &["default"],
        )
        .await;
        dispatch(&store, &settings, at("23T09:15:59"))
            .await
            .unwrap();
        assert_eq!(count(&store, "deliveries").await, 3);
        let next = next_dispatch(&store, &settings, at("23T09:15:59")).await;
        assert_eq!(next.unwrap(), Some(at("23T09:16:00")));
        dispatch(&store, &settings, at("23T09:16:00"))
            .await
            .unwrap();
        assert_eq!(count(&store, "deliveries").await, 5);
    }

    #[tokio::test]
    async fn a_limit_holds_when_the_rest_does_not_fit_into_one_message() {
        let store = with_jobs(u32::try_from(JOBS_PER_MAIL).unwrap() + 2).await;
        let limited = rhythm(daily("08:30"), |it| {
            it.times.at_most = Some("1/hour".parse().unwrap());
        });
        let settings = sends(&limited);
        for (now, waiting) in [("23T08:30:00", 2), ("23T09:00:00", 2), ("23T09:30:00", 0)] {
            dispatch(&store, &settings, at(now)).await.unwrap();
            assert_eq!(count(&store, "waiting_alerts").await, waiting, "{now}");
        }
        assert_eq!(count(&store, "deliveries").await, 2);
    }

    #[tokio::test]
    async fn favourites_come_first_in_a_digest_then_title_hits_then_newer_jobs() {
        let store = store().await;
        let run = run(&store).await;
        for (source, ids) in [("plain", 0..3), ("acme", 10..13)] {
            let jobs = jobs(ids);
            alerted(&store, run, source, &jobs, AlertKind::New, &["default"]).await;
        }
        spoil(
            &store,
            "UPDATE jobs SET posted_at = '2026-11-22' WHERE job_id = 3",
        )
        .await;
        spoil(
            &store,
            "UPDATE matches SET reasons = replace(reasons, '\"title\"', '\"company\"') WHERE job_id IN (2, 5)",
        )
        .await;
        let favourite = rhythm(When::PerRun, |it| it.first = vec![Favourite::new("acme")]);
        dispatch(&store, &sends(&favourite), at("23T08:16:00"))
            .await
            .unwrap();
        let digest = claim_all(&store, at("23T08:16:00")).await;
        let order =
            |it: &job_scanner_store::PendingAlert| (it.source_name.clone(), it.job.title.clone());
        let order: Vec<_> = digest[0].alerts.iter().map(order).collect();
        let expected = [
            ("acme", "Engineer 10"),
            ("acme", "Engineer 12"),
            ("acme", "Engineer 11"),
            ("plain", "Engineer 2"),
            ("plain", "Engineer 0"),
            ("plain", "Engineer 1"),
        ];
        assert_eq!(
            order,
            expected.map(|(source, title)| (source.to_owned(), title.to_owned()))
        );
    }

    #[tokio::test]
    async fn a_channel_that_is_added_later_gets_nothing_old() {
        let store = with_jobs(1).await;
        let mut settings = sends(&rhythm(daily("18:00"), |_| ()));
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        settings
            .recipients
            .push(crate::test_support::recipient("new@example.org"));
        dispatch(&store, &settings, at("23T18:00:00"))
            .await
            .unwrap();
        let sent = claim_all(&store, at("23T18:00:00")).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].recipient, "jane@example.org");
    }

    #[tokio::test]
    async fn waiting_matches_of_a_removed_address_go_to_its_successor() {
        let store = with_jobs(1).await;
        let settings = sends(&rhythm(daily("18:00"), |_| ()));
        dispatch(&store, &settings, at("23T08:16:00"))
            .await
            .unwrap();
        let successor = NotifySettings {
            recipients: vec![crate::test_support::recipient("kim@example.org")],
            ..settings
        };
        dispatch(&store, &successor, at("23T09:00:00"))
            .await
            .unwrap();
        let sent = claim_all(&store, at("23T09:00:00")).await;
        assert_eq!(sent[0].recipient, "kim@example.org");
        assert_eq!(count(&store, "waiting_alerts").await, 0);
    }

    #[tokio::test]
    async fn a_daily_digest_is_sent_once_a_day_across_both_changes_of_the_clocks() {
        for (zone_name, first_days) in [
            ("Europe/Berlin", ["2027-03-26", "2027-10-29"]),
            ("America/New_York", ["2027-03-12", "2027-11-05"]),
            ("Australia/Lord_Howe", ["2027-10-01", "2027-04-02"]),
        ] {
            for first_day in first_days {
                let digests = digests_of_four_days(zone_name, first_day).await;
                assert_eq!(digests, 4, "{zone_name} from {first_day}");
            }
        }
    }

    /// Returns the number of digests at 02:30 when a job is found every six hours for four days,
    /// and dispatch runs every hour.
    async fn digests_of_four_days(zone_name: &str, first_day: &str) -> i64 {
        let zone = zone(zone_name);
        let begin: DateTime = format!("{first_day}T03:30").parse().unwrap();
        let begin = zone.to_timestamp(begin).unwrap();
        let settings = sends(&rhythm(daily("02:30"), |it| it.times.zone = zone.clone()));
        let store = with_jobs(16).await;
        for alert in 1..=16 {
            let found = begin + Duration::from_hours(6) * (alert - 1);
            let created = job_scanner_core::time::utc_millis(found).to_string();
            let of_job =
                format!("created_at = '{created}', dispatched = 1 WHERE alert_id = {alert}");
            spoil(&store, &format!("UPDATE alerts SET {of_job}")).await;
        }
        for hours in 0..100 {
            let now = begin + Duration::from_hours(1) * hours;
            let created = job_scanner_core::time::utc_millis(now);
            // A job is found when its time has come.
            spoil(
                &store,
                &format!(
                    "UPDATE alerts SET dispatched = 0 WHERE created_at <= '{created}' AND alert_id NOT IN
                         (SELECT alert_id FROM waiting_alerts UNION SELECT alert_id FROM delivery_alerts)"
                ),
            )
            .await;
            dispatch(&store, &settings, now).await.unwrap();
        }
        assert_eq!(count(&store, "delivery_alerts").await, 16);
        count(&store, "deliveries").await
    }
}
