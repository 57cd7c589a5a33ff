//! Dispatch: decides who gets an alert, and creates the deliveries that are due.
//!
//! Each new alert is assigned once to the recipients of its profile, and then waits for each of
//! them (`release.rs` says how long). The alerts of a recipient whose time has come are grouped into
//! messages (`bundle.rs`), and stored as deliveries. The three steps are separate transactions: the
//! next dispatch continues where a crash interrupted this one.
//!
//! With `on_first_scan: silent`, the alerts of first scans are recorded as skipped, so a later change
//! of the setting does not send them. Notices about sources wait for no digest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_config::OnFirstScan;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::delivery_times::When;
use job_scanner_core::quantity::counted;
use job_scanner_store::{
    AlertId, AlertKind, AssignedAlerts, HealthNotice, NewDelivery, Store, StoreError, UnsentAlert,
};

use crate::bundle::{Bundle, Grouping, bundle, bundle_notices, bundle_skipped};
use crate::channel::Recipient;
use crate::release::{Due, due_alerts};

/// The maximum number of jobs in a mail. A first run over hundreds of boards needs several messages.
/// Even with the longest titles and URLs that are stored, a message stays below the 10 MB that mail
/// servers commonly accept.
pub(crate) const JOBS_PER_MAIL: usize = 500;

/// The recipients of alerts, and the settings that group alerts into messages.
#[derive(Debug, Clone)]
pub struct NotifySettings {
    /// Each recipient gets separate messages. While there is no recipient, alerts wait.
    pub recipients: Vec<Recipient>,
    /// The names of the channels of each profile that chooses some. The others use all channels.
    pub chosen: BTreeMap<String, Vec<String>>,
    /// The rhythm of each profile that chooses one. The others have that of each channel.
    pub when: BTreeMap<String, When>,
    /// The names of the channels that get notices about sources; `None` is all of them.
    pub notices_to: Option<Vec<String>>,
    /// A run with more jobs than this sends one message about all of them.
    pub digest_above: u32,
    /// The messages about a board that was scanned for the first time.
    pub on_first_scan: OnFirstScan,
}

/// Assigns new alerts to their recipients, and creates deliveries for all notices and for the alerts
/// that are due.
///
/// It is safe to call this at any time and again after a crash: the store omits an alert that
/// already has a delivery to the same recipient, and an alert waits until the transaction that stores
/// its delivery.
///
/// Deliveries to recipients who are no longer configured are withdrawn first; see [`withdraw`].
pub async fn dispatch(
    store: &Store,
    settings: &NotifySettings,
    now: Timestamp,
) -> Result<(), StoreError> {
    let resumed = store.end_snoozes(now).await?;
    if resumed > 0 {
        tracing::info!(
            "{} of companies whose snooze is over will be sent",
            counted(resumed, "match", "matches")
        );
    }

    // Withdrawn alerts become pending again, so they are withdrawn before the alerts are read.
    withdraw(store, settings).await?;
    settings.dispatch_new(store, now).await?;
    settings.dispatch_due(store, now).await
}

/// Withdraws waiting mail to recipients who are no longer configured. This includes the placeholder
/// once a real recipient is configured. Alerts that no other recipient received go to the current
/// recipients. The messages of any other channel wait until the operator moves or drops them.
///
/// Nothing is withdrawn while there are no mail recipients: the environment of a single command may
/// lack variables that the daemon's environment has.
async fn withdraw(store: &Store, settings: &NotifySettings) -> Result<(), StoreError> {
    let mail = |recipient: &&Recipient| recipient.channel() == ChannelKind::Mail;
    let recipients: Vec<&Recipient> = settings.recipients.iter().filter(mail).collect();
    if recipients
        .iter()
        .all(|recipient| recipient.is_placeholder())
    {
        return Ok(());
    }

    let reason = "withdrawn: the configuration no longer names the recipient";
    let is_configured = |name: &str| recipients.iter().any(|it| it.is_on_record_as(name));
    let withdrawn = store
        .withdraw_deliveries(ChannelKind::Mail, reason, is_configured)
        .await?;
    if withdrawn > 0 {
        tracing::warn!(
            event = "notification.skipped",
            alerts.count = 0,
            "{withdrawn} pending messages are not sent, because the configuration no longer names their recipients; \
             alerts that no other recipient received go to the current recipients"
        );
    }
    Ok(())
}

impl NotifySettings {
    /// Assigns the alerts that dispatch has not seen yet, and creates the deliveries that never wait.
    async fn dispatch_new(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let notices = store.notices_without_delivery().await?;
        let is_skipped = |alert: &UnsentAlert| {
            self.on_first_scan == OnFirstScan::Silent
                && alert.kind == AlertKind::Baseline
                && !alert.resumed
        };
        let alerts = store.alerts_without_delivery().await?;
        let (skipped, alerts): (Vec<_>, Vec<_>) = alerts.into_iter().partition(is_skipped);

        let recipients = self.recipients.iter();
        let at_once: Vec<NewDelivery> = recipients
            .flat_map(|recipient| self.deliveries_at_once(recipient, &skipped, &notices, now))
            .collect();
        if !at_once.is_empty() {
            store.record_deliveries(&at_once, now).await?;
        }
        if !skipped.is_empty() && !at_once.is_empty() {
            let skipped = skipped.len();
            tracing::info!(
                event = "notification.skipped",
                alerts.count = skipped,
                "{skipped} matches of first scans are not sent (`on_first_scan: silent`)"
            );
        }

        let recipients = self.recipients.iter();
        let assigned: Vec<AssignedAlerts> = recipients
            .map(|recipient| self.assigned_to(recipient, &alerts))
            .filter(|assigned| !assigned.alerts.is_empty())
            .collect();
        if assigned.is_empty() {
            return Ok(());
        }
        store.assign_alerts(&assigned).await
    }

    /// Creates deliveries for the waiting alerts of each recipient whose time has come.
    async fn dispatch_due(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let mut planned: Vec<NewDelivery> = Vec::new();
        for due in due_alerts(store, self, now).await? {
            planned.extend(self.deliveries_due(store, due, now).await?);
        }
        if planned.is_empty() {
            return Ok(());
        }

        let deliveries = store.record_deliveries(&planned, now).await?.len();
        let alerts: usize = planned.iter().map(|delivery| delivery.alerts.len()).sum();
        tracing::debug!(
            "grouped {} into {}",
            counted(alerts as u64, "alert", "alerts"),
            counted(deliveries as u64, "delivery", "deliveries")
        );
        Ok(())
    }

    /// Returns the deliveries of the alerts of one recipient that are due.
    async fn deliveries_due(
        &self,
        store: &Store,
        due: Due<'_>,
        now: Timestamp,
    ) -> Result<Vec<NewDelivery>, StoreError> {
        let (recipient, mut allowance) = (due.recipient, due.allowance);
        let channel = recipient.channel();
        let mut deliveries = Vec::new();
        for group in due.groups {
            let profiles: Vec<&str> = group.profiles.iter().map(String::as_str).collect();
            let waiting = store
                .waiting_alerts(channel, recipient.name(), &profiles)
                .await?;

            let grouping = Grouping {
                when: group.when,
                digest_above: self.digest_above,
                on_first_scan: self.on_first_scan,
                first: &recipient.rhythm().first,
                most: jobs_per_message(channel),
            };
            let bundles = bundle(&waiting, &grouping, allowance.messages);
            allowance.use_up(bundles.len());
            deliveries.extend(bundles.iter().map(|it| it.delivery_to(recipient, now)));
        }
        Ok(deliveries)
    }

    /// Returns the deliveries to one recipient that wait for no digest: notices, and alerts that are
    /// recorded without ever being sent.
    fn deliveries_at_once(
        &self,
        recipient: &Recipient,
        skipped: &[UnsentAlert],
        notices: &[HealthNotice],
        now: Timestamp,
    ) -> Vec<NewDelivery> {
        let skipped = self.chosen_by(recipient, skipped);
        let mut bundles: Vec<Bundle> = bundle_skipped(skipped).into_iter().collect();

        let gets_notices = match &self.notices_to {
            Some(channels) => recipient.is_of(channels),
            None => true,
        };
        if gets_notices {
            bundles.extend(bundle_notices(notices));
        }
        bundles
            .iter()
            .map(|bundle| bundle.delivery_to(recipient, now))
            .collect()
    }

    fn assigned_to(&self, recipient: &Recipient, alerts: &[UnsentAlert]) -> AssignedAlerts {
        AssignedAlerts {
            channel: recipient.channel(),
            recipient: recipient.name().to_owned(),
            alerts: self.chosen_by(recipient, alerts),
        }
    }

    /// Returns the alerts whose profiles send to this recipient.
    fn chosen_by(&self, recipient: &Recipient, alerts: &[UnsentAlert]) -> Vec<AlertId> {
        let is_chosen = |alert: &&UnsentAlert| self.sends_to(&alert.profile, recipient);
        alerts
            .iter()
            .filter(is_chosen)
            .map(|alert| alert.id)
            .collect()
    }

    /// Returns true if the matches of a profile are sent to this recipient.
    pub(crate) fn sends_to(&self, profile: &str, recipient: &Recipient) -> bool {
        match self.chosen.get(profile) {
            Some(channels) => recipient.is_of(channels),
            None => true,
        }
    }
}

/// Returns the maximum number of jobs in one message. A chat message is short, and one that is too
/// long is split again.
fn jobs_per_message(channel: ChannelKind) -> usize {
    match channel {
        ChannelKind::Mail => JOBS_PER_MAIL,
        ChannelKind::Webhook => 100,
        ChannelKind::Slack | ChannelKind::Gotify | ChannelKind::Matrix => 30,
        ChannelKind::Apprise => 15,
        ChannelKind::Discord | ChannelKind::Telegram | ChannelKind::Ntfy => 8,
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_store::test_support::{TestStore, at, count, spoil, store, text};
    use job_scanner_store::{AlertKind, ClaimedDelivery, DeliveryKind};

    use super::*;
    use crate::test_support::{alerted, bare_job, claim, claim_all, recipient, run, settings};

    fn jobs(count: usize) -> Vec<NormalizationResult> {
        (0..count)
            .map(|n| bare_job(&n.to_string(), "Engineer"))
            .collect()
    }

    /// Returns jobs with ids and addresses of a source.
    fn jobs_of(source: &str, count: usize) -> Vec<NormalizationResult> {
        (0..count)
            .map(|n| bare_job(&format!("{source}-{n}"), "Engineer"))
            .collect()
    }

    /// Returns a store with one run that found this many jobs at one source.
    async fn store_with(found: usize, kind: AlertKind) -> TestStore {
        let store = store().await;
        let run = run(&store).await;
        alerted(&store, run, "acme", &jobs(found), kind, &["default"]).await;
        store
    }

    async fn dispatch_with(store: &Store, settings: &NotifySettings) -> Vec<ClaimedDelivery> {
        dispatch(store, settings, at("08:16:00")).await.unwrap();
        claim_all(store).await
    }

    fn shapes(deliveries: &[ClaimedDelivery]) -> Vec<(DeliveryKind, usize)> {
        deliveries
            .iter()
            .map(|delivery| (delivery.kind, delivery.alerts.len()))
            .collect()
    }

    #[tokio::test]
    async fn jobs_share_a_message_only_above_the_digest_limit() {
        let two = store_with(2, AlertKind::New).await;
        assert_eq!(
            shapes(&dispatch_with(&two, &settings()).await),
            [(DeliveryKind::Each, 1); 2]
        );
        let three = store_with(3, AlertKind::New).await;
        assert_eq!(
            shapes(&dispatch_with(&three, &settings()).await),
            [(DeliveryKind::Digest, 3)]
        );
    }

    #[tokio::test]
    async fn the_digest_limit_applies_per_run() {
        let store = store_with(2, AlertKind::New).await;
        let next = run(&store).await;
        alerted(
            &store,
            next,
            "other",
            &jobs_of("other", 2),
            AlertKind::New,
            &["default"],
        )
        .await;
        assert_eq!(
            shapes(&dispatch_with(&store, &settings()).await),
            [(DeliveryKind::Each, 1); 4]
        );
    }

    #[tokio::test]
    async fn first_scans_of_a_run_share_one_message_separate_from_new_jobs() {
        let store = store().await;
        let run = run(&store).await;
        for source in ["acme", "other"] {
            alerted(
                &store,
                run,
                source,
                &jobs_of(source, 2),
                AlertKind::Baseline,
                &["default"],
            )
            .await;
        }
        alerted(
            &store,
            run,
            "known",
            &jobs_of("known", 1),
            AlertKind::New,
            &["default"],
        )
        .await;
        let deliveries = dispatch_with(&store, &settings()).await;
        assert_eq!(
            shapes(&deliveries),
            [(DeliveryKind::Baseline, 4), (DeliveryKind::Each, 1)]
        );
    }

    #[tokio::test]
    async fn a_first_scan_sends_one_message_per_job_if_configured() {
        let store = store_with(3, AlertKind::Baseline).await;
        let each = NotifySettings {
            on_first_scan: OnFirstScan::Each,
            ..settings()
        };
        assert_eq!(
            shapes(&dispatch_with(&store, &each).await),
            [(DeliveryKind::Each, 1); 3]
        );
    }

    #[tokio::test]
    async fn a_silent_first_scan_is_not_sent_after_a_change_of_setting() {
        let store = store_with(3, AlertKind::Baseline).await;
        let silent = NotifySettings {
            on_first_scan: OnFirstScan::Silent,
            ..settings()
        };
        dispatch(&store, &silent, at("08:16:00")).await.unwrap();
        let states = text(&store, "SELECT group_concat(state) FROM deliveries").await;
        assert_eq!(states.as_deref(), Some("skipped"));
        assert_eq!(count(&store, "delivery_alerts").await, 3);
        assert!(dispatch_with(&store, &settings()).await.is_empty());
    }

    #[tokio::test]
    async fn every_recipient_gets_a_message_and_none_gets_two() {
        let store = store_with(1, AlertKind::New).await;
        let recipients = ["b@example.org", "a@example.org", "B <b@example.org>"].map(recipient);
        let both = NotifySettings {
            recipients: recipients.to_vec(),
            ..settings()
        };
        let deliveries = dispatch_with(&store, &both).await;
        let addressed: Vec<_> = deliveries
            .iter()
            .map(|delivery| delivery.recipient.as_str())
            .collect();
        assert_eq!(addressed, ["b@example.org", "a@example.org"]);
        assert_ne!(deliveries[0].message_id, deliveries[1].message_id);
    }

    #[tokio::test]
    async fn a_job_that_matches_two_profiles_is_one_message() {
        let store = store().await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "acme",
            &jobs(2),
            AlertKind::New,
            &["backend", "default"],
        )
        .await;
        assert_eq!(
            shapes(&dispatch_with(&store, &settings()).await),
            [(DeliveryKind::Each, 2); 2]
        );
    }

    #[tokio::test]
    async fn alerts_are_dispatched_once() {
        let store = store_with(2, AlertKind::New).await;
        for now in ["08:16:00", "08:17:00"] {
            dispatch(&store, &settings(), at(now)).await.unwrap();
            assert_eq!(count(&store, "deliveries").await, 2, "{now}");
        }
    }

    #[tokio::test]
    async fn a_crash_at_any_point_of_dispatch_neither_loses_nor_doubles_an_alert() {
        for broken in [
            "BEFORE INSERT ON waiting_alerts WHEN new.alert_id = 2",
            "BEFORE UPDATE ON alerts WHEN new.alert_id = 2",
            "BEFORE INSERT ON deliveries",
            "BEFORE INSERT ON delivery_alerts WHEN new.alert_id = 3",
            "BEFORE DELETE ON waiting_alerts WHEN old.alert_id = 3",
        ] {
            let store = store_with(3, AlertKind::New).await;
            let trigger =
                format!("CREATE TRIGGER broken {broken} BEGIN SELECT RAISE(ABORT, 'crash'); END");
            spoil(&store, &trigger).await;
            let died = dispatch(&store, &settings(), at("08:16:00")).await;
            assert!(died.is_err(), "{broken}");
            assert_eq!(count(&store, "deliveries").await, 0, "{broken}");

            spoil(&store, "DROP TRIGGER broken").await;
            for _ in 0..2 {
                dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
            }
            let deliveries = claim_all(&store).await;
            assert_eq!(shapes(&deliveries), [(DeliveryKind::Digest, 3)], "{broken}");
            assert_eq!(count(&store, "waiting_alerts").await, 0, "{broken}");
        }
    }

    #[tokio::test]
    async fn without_a_recipient_alerts_wait() {
        let store = store_with(1, AlertKind::New).await;
        let none = NotifySettings {
            recipients: Vec::new(),
            ..settings()
        };
        assert!(dispatch_with(&store, &none).await.is_empty());
        assert_eq!(dispatch_with(&store, &settings()).await.len(), 1);
    }

    #[tokio::test]
    async fn jobs_beyond_the_message_limit_go_into_further_messages() {
        let store = store_with(JOBS_PER_MAIL + 1, AlertKind::Baseline).await;
        let shapes = shapes(&dispatch_with(&store, &settings()).await);
        assert_eq!(
            shapes,
            [
                (DeliveryKind::Baseline, JOBS_PER_MAIL),
                (DeliveryKind::Baseline, 1)
            ]
        );
    }

    #[tokio::test]
    async fn messages_of_one_event_carry_their_number_and_the_total() {
        let store = store_with(2 * JOBS_PER_MAIL + 1, AlertKind::Baseline).await;
        let recipients = ["a@example.org", "b@example.org"].map(recipient).to_vec();
        let deliveries = dispatch_with(
            &store,
            &NotifySettings {
                recipients,
                ..settings()
            },
        )
        .await;
        let place = |delivery: &ClaimedDelivery| {
            let part = delivery.part.clone().unwrap();
            (
                delivery.recipient.clone(),
                part.label,
                part.of,
                part.in_all,
                delivery.baselines[0].matched,
            )
        };
        let mut places: Vec<_> = deliveries.iter().map(place).collect();
        places.sort();
        let all = 2 * JOBS_PER_MAIL as u64 + 1;
        let expected = |to: &str, label: &str| (to.to_owned(), label.to_owned(), 3, all, all);
        let to_both = ["a@example.org", "b@example.org"]
            .map(|to| ["1", "2", "3"].map(|label| expected(to, label)));
        assert_eq!(places, to_both.concat());
        let alone = store_with(3, AlertKind::New).await;
        assert_eq!(dispatch_with(&alone, &settings()).await[0].part, None);
    }

    /// Returns the settings with these recipients.
    fn to(recipients: &[&str]) -> NotifySettings {
        NotifySettings {
            recipients: recipients.iter().map(|it| recipient(it)).collect(),
            ..settings()
        }
    }

    async fn waiting_for(store: &Store) -> Vec<String> {
        claim_all(store)
            .await
            .into_iter()
            .map(|delivery| delivery.recipient)
            .collect()
    }

    #[tokio::test]
    async fn pending_alerts_of_a_removed_recipient_go_to_the_current_recipients() {
        for (before, after, waiting) in [
            (
                &["jo@exmaple.org"][..],
                &["jo@example.org"][..],
                &["jo@example.org"][..],
            ),
            (
                &["jo@example.org", "kim@example.org"],
                &["kim@example.org"],
                &["kim@example.org"],
            ),
            (&["you@localhost"], &["jo@example.org"], &["jo@example.org"]),
            // A command whose environment lacks the recipients withdraws nothing.
            (&["jo@example.org"], &["you@localhost"], &["jo@example.org"]),
            (&["jo@example.org"], &[], &["jo@example.org"]),
        ] {
            let store = store_with(1, AlertKind::New).await;
            dispatch(&store, &to(before), at("08:15:30")).await.unwrap();
            dispatch(&store, &to(after), at("08:16:00")).await.unwrap();
            assert_eq!(
                waiting_for(&store).await,
                waiting,
                "{before:?} and then {after:?}"
            );

            let made = count(&store, "deliveries").await;
            dispatch(&store, &to(after), at("08:17:00")).await.unwrap();
            assert_eq!(count(&store, "deliveries").await, made);
        }
    }

    #[tokio::test]
    async fn after_recipient_changes_one_message_is_pending_for_the_last_recipient() {
        for changes in [
            &[
                &["jo@example.org"][..],
                &["kim@example.org"],
                &["jo@example.org"],
            ][..],
            &[
                &["jo@example.org"],
                &["kim@example.org"],
                &["jo@example.org"],
                &["kim@example.org"],
            ],
            &[
                &["jo@example.org", "kim@example.org"],
                &["kim@example.org"],
                &["jo@example.org"],
            ],
            &[
                &["jo@example.org", "kim@example.org"],
                &["kim@example.org"],
                &["sam@example.org"],
            ],
        ] {
            let store = store_with(1, AlertKind::New).await;
            for (minute, recipients) in (12..).zip(changes) {
                dispatch(&store, &to(recipients), at(&format!("08:{minute}:00")))
                    .await
                    .unwrap();
            }
            let waiting =
                "SELECT group_concat(recipient) FROM deliveries WHERE next_attempt_at IS NOT NULL";
            let last = changes.last().unwrap().concat();
            assert_eq!(text(&store, waiting).await, Some(last), "{changes:?}");
            assert_eq!(claim(&store).await.unwrap().alerts.len(), 1, "{changes:?}");
        }
    }

    #[tokio::test]
    async fn after_recipient_changes_a_notice_is_pending_for_the_last_recipient() {
        for changes in [
            &[
                &["jo@example.org"][..],
                &["kim@example.org"],
                &["jo@example.org"],
            ][..],
            &[
                &["jo@example.org", "kim@example.org"],
                &["kim@example.org"],
                &["jo@example.org"],
            ],
        ] {
            let store = store().await;
            let run = run(&store).await;
            alerted(&store, run, "acme", &[], AlertKind::New, &["default"]).await;
            spoil(
                &store,
                "INSERT INTO health_notices (source_id, kind, failing_since, decided_at)
                 VALUES (1, 'failing', '2026-11-23T08:00:00.000Z', '2026-11-23T08:15:00.000Z')",
            )
            .await;
            for (minute, recipients) in (12..).zip(changes) {
                dispatch(&store, &to(recipients), at(&format!("08:{minute}:00")))
                    .await
                    .unwrap();
            }
            assert_eq!(
                waiting_for(&store).await,
                changes.last().unwrap().to_vec(),
                "{changes:?}"
            );
        }
    }

    #[tokio::test]
    async fn pending_messages_to_a_non_ascii_domain_stay_when_configured_in_ascii() {
        for (on_record, waiting) in [
            ("jane@bücher.example", &["jane@bücher.example"][..]),
            ("jane@buecher.example", &["jane@xn--bcher-kva.example"]),
        ] {
            let store = store_with(1, AlertKind::New).await;
            dispatch(&store, &settings(), at("08:15:30")).await.unwrap();
            spoil(
                &store,
                &format!("UPDATE deliveries SET recipient = '{on_record}'"),
            )
            .await;
            dispatch(&store, &to(&["jane@xn--bcher-kva.example"]), at("08:16:00"))
                .await
                .unwrap();
            assert_eq!(waiting_for(&store).await, waiting, "{on_record}");
        }
    }

    #[tokio::test]
    async fn a_removed_recipient_gets_no_message_and_the_reason_is_recorded() {
        let store = store_with(1, AlertKind::New).await;
        dispatch(
            &store,
            &to(&["jo@example.org", "kim@example.org"]),
            at("08:15:30"),
        )
        .await
        .unwrap();
        dispatch(&store, &to(&["kim@example.org"]), at("08:16:00"))
            .await
            .unwrap();
        let record =
            "SELECT state || ': ' || last_error FROM deliveries WHERE recipient = 'jo@example.org'";
        let recorded = text(&store, record).await.unwrap();
        assert_eq!(
            recorded,
            "skipped: withdrawn: the configuration no longer names the recipient"
        );
    }
}
