//! Dispatch: groups alerts into messages, and creates a delivery per message and recipient.
//!
//! For each run and recipient, the jobs of boards that were scanned for the first time share one
//! message. Other jobs get one message each, up to `digest_above` jobs, and share one message above
//! that. Known jobs that match since the criteria changed always share one message, and so do the jobs
//! of companies whose snooze is over. With
//! `on_first_scan: silent`, the alerts of first scans are recorded as skipped, so a later change of
//! the setting does not send them. Notices about sources get separate messages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_config::OnFirstScan;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::quantity::counted;
use job_scanner_store::{
    AlertId, AlertKind, DeliveryKind, HealthNotice, NewDelivery, NoticeId, Part, RunId, Store,
    StoreError, UnsentAlert,
};

use crate::by_job::{JobAlerts, by_job};
use crate::channel::Recipient;
use crate::message_id::message_id;

/// The maximum number of jobs in a mail. A first run over hundreds of boards needs several messages.
/// Even with the longest titles and URLs that are stored, a message stays below the 10 MB that mail
/// servers commonly accept.
const JOBS_PER_MAIL: usize = 500;

/// The maximum number of notices about sources in a message, to keep it readable.
const NOTICES_PER_MESSAGE: usize = 200;

/// The recipients of alerts, and the settings that group alerts into messages.
#[derive(Debug, Clone)]
pub struct NotifySettings {
    /// Each recipient gets separate messages. While there is no recipient, alerts wait.
    pub recipients: Vec<Recipient>,
    /// The names of the channels of each profile that chooses some. The others use all channels.
    pub chosen: BTreeMap<String, Vec<String>>,
    /// The names of the channels that get notices about sources; `None` is all of them.
    pub notices_to: Option<Vec<String>>,
    /// A run with more jobs than this sends one message about all of them.
    pub digest_above: u32,
    /// The messages about a board that was scanned for the first time.
    pub on_first_scan: OnFirstScan,
}

/// The alerts or notices of one message.
#[derive(Debug, PartialEq, Eq)]
struct Bundle {
    kind: DeliveryKind,
    skipped: bool,
    alerts: Vec<AlertId>,
    notices: Vec<NoticeId>,
    part: Option<PartOfEvent>,
}

/// The position of a bundle among several about one event.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PartOfEvent {
    /// The id of the first alert or notice, which identifies the event within this dispatch.
    first: i64,
    number: usize,
    of: usize,
}

/// Creates deliveries, one per recipient, for all alerts and notices that have none.
///
/// It is safe to call this at any time and again after a crash: the deliveries are recorded in one
/// transaction, and the store omits an alert that already has a delivery to the same recipient.
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
    let alerts = store.alerts_without_delivery().await?;
    let notices = store.notices_without_delivery().await?;

    let for_recipient = |recipient| settings.deliveries_to(recipient, &alerts, &notices, now);
    let planned: Vec<NewDelivery> = settings.recipients.iter().flat_map(for_recipient).collect();
    if planned.is_empty() {
        return Ok(());
    }

    let deliveries = store.record_deliveries(&planned, now).await?.len();
    tracing::debug!(
        "grouped {} and {} into {}",
        counted(alerts.len() as u64, "alert", "alerts"),
        counted(notices.len() as u64, "notice", "notices"),
        counted(deliveries as u64, "delivery", "deliveries")
    );

    let skipped = count_skipped(&alerts, settings.on_first_scan);
    if skipped > 0 {
        tracing::info!(
            event = "notification.skipped",
            alerts.count = skipped,
            "{skipped} matches of first scans are not sent (`on_first_scan: silent`)"
        );
    }
    Ok(())
}

/// Withdraws pending mail to recipients who are no longer configured. This includes the placeholder
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

fn count_skipped(alerts: &[UnsentAlert], on_first_scan: OnFirstScan) -> usize {
    let silent = |alert: &&UnsentAlert| {
        on_first_scan == OnFirstScan::Silent && alert.kind == AlertKind::Baseline && !alert.resumed
    };
    alerts.iter().filter(silent).count()
}

impl NotifySettings {
    /// Returns the messages to one recipient. A recipient who is configured twice gets one message,
    /// because the store omits the second.
    fn deliveries_to(
        &self,
        recipient: &Recipient,
        alerts: &[UnsentAlert],
        notices: &[HealthNotice],
        now: Timestamp,
    ) -> Vec<NewDelivery> {
        let is_chosen = |alert: &&UnsentAlert| match self.chosen.get(&alert.profile) {
            Some(channels) => recipient.is_of(channels),
            None => true,
        };
        let most = jobs_per_message(recipient.channel());
        let mut bundles = bundle(alerts.iter().filter(is_chosen), self, most);

        let gets_notices = match &self.notices_to {
            Some(channels) => recipient.is_of(channels),
            None => true,
        };
        if gets_notices {
            bundles.extend(bundle_notices(notices));
        }
        let delivery = |bundle: &Bundle| bundle.delivery_to(recipient, now);
        bundles.iter().map(delivery).collect()
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

/// Bundles the alerts of each run separately. After a crash there may be alerts of several runs. The
/// alerts that snoozes kept back share one message, whichever runs decided them.
fn bundle<'a>(
    alerts: impl Iterator<Item = &'a UnsentAlert>,
    settings: &NotifySettings,
    most: usize,
) -> Vec<Bundle> {
    let (resumed, others): (Vec<&UnsentAlert>, _) = alerts.partition(|it| it.resumed);
    let mut bundles = bundle_together(&by_job(resumed), DeliveryKind::Digest, false, most);

    let mut runs: BTreeMap<Option<RunId>, Vec<&UnsentAlert>> = BTreeMap::new();
    for alert in others {
        runs.entry(alert.run).or_default().push(alert);
    }
    let of_runs = runs.into_values();
    bundles.extend(of_runs.flat_map(|alerts| bundle_run(alerts, settings, most)));
    bundles
}

fn bundle_run(alerts: Vec<&UnsentAlert>, settings: &NotifySettings, most: usize) -> Vec<Bundle> {
    let (mut baseline, mut rematched, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for alert in alerts {
        match alert.kind {
            AlertKind::Baseline => baseline.push(alert),
            AlertKind::Rematched => rematched.push(alert),
            AlertKind::New | AlertKind::Updated => others.push(alert),
        }
    }

    let baseline = by_job(baseline);
    let mut bundles = match settings.on_first_scan {
        OnFirstScan::Each => bundle_each(&baseline),
        OnFirstScan::Digest => bundle_together(&baseline, DeliveryKind::Baseline, false, most),
        OnFirstScan::Silent => bundle_together(&baseline, DeliveryKind::Baseline, true, most),
    };

    let rematched = by_job(rematched);
    bundles.extend(bundle_together(
        &rematched,
        DeliveryKind::Digest,
        false,
        most,
    ));

    let others = by_job(others);
    let few = others.len() as u64 <= u64::from(settings.digest_above);
    bundles.extend(if few {
        bundle_each(&others)
    } else {
        bundle_together(&others, DeliveryKind::Digest, false, most)
    });
    bundles
}

fn bundle_each(jobs: &[JobAlerts<'_, UnsentAlert>]) -> Vec<Bundle> {
    jobs.iter()
        .map(|alerts| Bundle::of_alerts(DeliveryKind::Each, false, ids(alerts)))
        .collect()
}

fn bundle_together(
    jobs: &[JobAlerts<'_, UnsentAlert>],
    kind: DeliveryKind,
    skipped: bool,
    most: usize,
) -> Vec<Bundle> {
    let alerts =
        |jobs: &[JobAlerts<'_, UnsentAlert>]| jobs.iter().flat_map(|job| ids(job)).collect();
    number_parts(
        jobs.chunks(most)
            .map(|jobs| Bundle::of_alerts(kind, skipped, alerts(jobs)))
            .collect(),
    )
}

/// Numbers several bundles about one event.
fn number_parts(mut bundles: Vec<Bundle>) -> Vec<Bundle> {
    let of = bundles.len();
    let Some(first) = bundles.first().and_then(Bundle::first).filter(|_| of > 1) else {
        return bundles;
    };
    for (number, bundle) in (1..).zip(&mut bundles) {
        bundle.part = Some(PartOfEvent { first, number, of });
    }
    bundles
}

/// Bundles notices about sources. A fault that many sources share is one message.
fn bundle_notices(notices: &[HealthNotice]) -> Vec<Bundle> {
    let bundle = |notices: &[HealthNotice]| Bundle {
        kind: DeliveryKind::Health,
        skipped: false,
        alerts: Vec::new(),
        notices: notices.iter().map(|notice| notice.id).collect(),
        part: None,
    };
    number_parts(notices.chunks(NOTICES_PER_MESSAGE).map(bundle).collect())
}

impl Bundle {
    fn of_alerts(kind: DeliveryKind, skipped: bool, alerts: Vec<AlertId>) -> Self {
        Self {
            kind,
            skipped,
            alerts,
            notices: Vec::new(),
            part: None,
        }
    }

    fn delivery_to(&self, recipient: &Recipient, now: Timestamp) -> NewDelivery {
        let part = self.part.as_ref().map(|part| Part {
            event: event_id(recipient.name(), now, part),
            label: part.number.to_string(),
            of: u32::try_from(part.of).unwrap_or(u32::MAX),
        });
        NewDelivery {
            channel: recipient.channel(),
            recipient: recipient.name().to_owned(),
            kind: self.kind,
            message_id: message_id(recipient, now, &self.alerts, &self.notices),
            skipped: self.skipped,
            alerts: self.alerts.clone(),
            notices: self.notices.clone(),
            part,
        }
    }

    fn first(&self) -> Option<i64> {
        let alert = self.alerts.first().map(|alert| i64::from(*alert));
        alert.or_else(|| self.notices.first().map(|notice| i64::from(*notice)))
    }
}

fn ids(alerts: &[&UnsentAlert]) -> Vec<AlertId> {
    alerts.iter().map(|alert| alert.id).collect()
}

/// Returns the id of an event for one recipient, which its deliveries share.
fn event_id(recipient: &str, created_at: Timestamp, part: &PartOfEvent) -> String {
    format!("{}/{}/{recipient}", created_at.as_millisecond(), part.first)
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_store::test_support::{TestStore, at, count, spoil, store, text};
    use job_scanner_store::{AlertKind, ClaimedDelivery};

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
