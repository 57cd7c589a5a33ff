//! Bundles: the alerts and notices of one message.
//!
//! After a run, the jobs of boards that were scanned for the first time share one message. Other jobs
//! get one message each, up to `digest_above` jobs, and share one message above that. Known jobs that
//! match since the criteria changed always share one message, and so do the jobs of companies whose
//! snooze is over, whichever runs found them. An hourly, daily or weekly digest
//! combines the jobs of all runs since the last one.
//!
//! In a shared message, the jobs of favourite sources come first, then those with a hit in the
//! title, and newer ones before older ones.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_config::{Favourite, OnFirstScan};
use job_scanner_core::delivery_times::When;
use job_scanner_store::{
    AlertId, AlertKind, DeliveryKind, HealthNotice, NewDelivery, NoticeId, Part, RunId,
    WaitingAlert,
};

use crate::by_job::{JobAlerts, by_job};
use crate::channel::Recipient;
use crate::message_id::message_id;

/// The maximum number of notices about sources in a message, to keep it readable.
const NOTICES_PER_MESSAGE: usize = 200;

/// The alerts or notices of one message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bundle {
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

/// The settings that group the waiting alerts of a recipient.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grouping<'a> {
    pub(crate) when: When,
    pub(crate) digest_above: u32,
    pub(crate) on_first_scan: OnFirstScan,
    pub(crate) first: &'a [Favourite],
    /// The maximum number of jobs in a message.
    pub(crate) most: usize,
}

type Job<'a> = JobAlerts<'a, WaitingAlert>;

/// The jobs of one message.
struct Planned<'a> {
    kind: DeliveryKind,
    jobs: Vec<Job<'a>>,
}

/// Bundles the alerts of a recipient, in at most `limit` messages; `None` is no limit. If there would
/// be more, the last one is a digest of the rest. The alerts that it has no room for are left out
/// and keep waiting.
pub(crate) fn bundle(
    alerts: &[WaitingAlert],
    grouping: &Grouping<'_>,
    limit: Option<usize>,
) -> Vec<Bundle> {
    let mut events: Vec<Vec<Planned<'_>>> = if grouping.when.is_timed() {
        grouping.digest(alerts.iter().collect())
    } else {
        let (resumed, others) = alerts.iter().partition(|it| it.alert.resumed);
        let runs = by_run(others).into_values();
        let mut events: Vec<_> = runs.flat_map(|alerts| grouping.run(alerts)).collect();
        events.push(grouping.together(by_job::<WaitingAlert>(resumed), DeliveryKind::Digest));
        events
    };
    if let Some(limit) = limit {
        events = grouping.limited(events, limit);
    }
    events
        .into_iter()
        .flat_map(|event| number_parts(event.into_iter().map(Planned::into_bundle).collect()))
        .collect()
}

/// Bundles alerts that are recorded without ever being sent; `None` if there are none.
pub(crate) fn bundle_skipped(alerts: Vec<AlertId>) -> Option<Bundle> {
    let bundle = Bundle {
        kind: DeliveryKind::Baseline,
        skipped: true,
        alerts,
        notices: Vec::new(),
        part: None,
    };
    Some(bundle).filter(|bundle| !bundle.alerts.is_empty())
}

/// Bundles notices about sources. A fault that many sources share is one message.
pub(crate) fn bundle_notices(notices: &[HealthNotice]) -> Vec<Bundle> {
    let bundle = |notices: &[HealthNotice]| Bundle {
        kind: DeliveryKind::Health,
        skipped: false,
        alerts: Vec::new(),
        notices: notices.iter().map(|notice| notice.id).collect(),
        part: None,
    };
    number_parts(notices.chunks(NOTICES_PER_MESSAGE).map(bundle).collect())
}

/// After a crash, or after quiet hours, there may be alerts of several runs.
fn by_run(alerts: Vec<&WaitingAlert>) -> BTreeMap<Option<RunId>, Vec<&WaitingAlert>> {
    let mut runs: BTreeMap<Option<RunId>, Vec<&WaitingAlert>> = BTreeMap::new();
    for alert in alerts {
        runs.entry(alert.alert.run).or_default().push(alert);
    }
    runs
}

impl Grouping<'_> {
    /// Returns the events of a digest at a fixed time.
    fn digest<'a>(&self, alerts: Vec<&'a WaitingAlert>) -> Vec<Vec<Planned<'a>>> {
        let has_own_message = |alert: &&WaitingAlert| {
            alert.alert.kind == AlertKind::Baseline && self.on_first_scan != OnFirstScan::Each
        };
        let (baseline, others): (Vec<_>, Vec<_>) = alerts.into_iter().partition(has_own_message);
        vec![
            self.together(by_job(baseline), DeliveryKind::Baseline),
            self.together(by_job(others), DeliveryKind::Digest),
        ]
    }

    /// Returns the events of one run.
    fn run<'a>(&self, alerts: Vec<&'a WaitingAlert>) -> Vec<Vec<Planned<'a>>> {
        let (mut baseline, mut rematched, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for alert in alerts {
            match alert.alert.kind {
                AlertKind::Baseline => baseline.push(alert),
                AlertKind::Rematched => rematched.push(alert),
                AlertKind::New | AlertKind::Updated => others.push(alert),
            }
        }

        let baseline = by_job(baseline);
        let mut events = match self.on_first_scan {
            OnFirstScan::Each => separately(baseline),
            OnFirstScan::Digest | OnFirstScan::Silent => {
                vec![self.together(baseline, DeliveryKind::Baseline)]
            }
        };
        events.push(self.together(by_job(rematched), DeliveryKind::Digest));

        let others = by_job(others);
        let few = others.len() as u64 <= u64::from(self.digest_above);
        if few || self.when == When::Each {
            events.extend(separately(others));
        } else {
            events.push(self.together(others, DeliveryKind::Digest));
        }
        events
    }

    /// Returns the messages of one event, with its jobs in the order of a digest.
    fn together<'a>(&self, mut jobs: Vec<Job<'a>>, kind: DeliveryKind) -> Vec<Planned<'a>> {
        // The sort is stable: equal jobs stay in the order in which they were found.
        jobs.sort_by_cached_key(|job| self.rank(job));
        let message = |jobs: &[Job<'a>]| Planned {
            kind,
            jobs: jobs.to_vec(),
        };
        jobs.chunks(self.most).map(message).collect()
    }

    /// Returns the place of a job in a digest; smaller ones come first.
    fn rank<'a>(&self, job: &Job<'a>) -> (bool, bool, Reverse<&'a str>) {
        let is_favourite = job.iter().any(|alert| self.is_favourite(alert));
        let in_title = job.iter().any(|alert| alert.in_title);
        let dated = job.first().map_or("", |alert| alert.dated.as_str());
        (!is_favourite, !in_title, Reverse(dated))
    }

    fn is_favourite(&self, alert: &WaitingAlert) -> bool {
        if self.first.is_empty() {
            return false;
        }
        let key = alert.source.to_string();
        let identifier = alert.source.identifier.as_str();
        let mut favourites = self.first.iter();
        favourites.any(|favourite| favourite.names(&key, identifier, &alert.source_name))
    }

    /// Reduces events to a number of messages. The last of them holds as much of the rest as a
    /// message can.
    fn limited<'a>(&self, events: Vec<Vec<Planned<'a>>>, limit: usize) -> Vec<Vec<Planned<'a>>> {
        let count: usize = events.iter().map(Vec::len).sum();
        if count <= limit {
            return events;
        }

        let mut kept = Vec::new();
        let mut rest = Vec::new();
        let mut left = limit.saturating_sub(1);
        for mut event in events {
            let cut = event.split_off(left.min(event.len()));
            left -= event.len();
            rest.extend(cut.into_iter().flat_map(|message| message.jobs));
            kept.push(event);
        }
        let mut digest = self.together(joined(rest), DeliveryKind::Digest);
        digest.truncate(limit.min(1));
        kept.push(digest);
        kept
    }
}

/// Groups the alerts of several messages by job again: a job may have been in two of them.
fn joined(jobs: Vec<Job<'_>>) -> Vec<Job<'_>> {
    let mut alerts: Vec<&WaitingAlert> = jobs.into_iter().flatten().collect();
    alerts.sort_by_key(|alert| alert.alert.id);
    by_job(alerts)
}

/// Returns an event with one message for each job.
fn separately(jobs: Vec<Job<'_>>) -> Vec<Vec<Planned<'_>>> {
    let message = |job| {
        vec![Planned {
            kind: DeliveryKind::Each,
            jobs: vec![job],
        }]
    };
    jobs.into_iter().map(message).collect()
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

impl Planned<'_> {
    fn into_bundle(self) -> Bundle {
        let alerts = self.jobs.iter().flatten().map(|alert| alert.alert.id);
        Bundle {
            kind: self.kind,
            skipped: false,
            alerts: alerts.collect(),
            notices: Vec::new(),
            part: None,
        }
    }
}

impl Bundle {
    /// Returns the delivery of this message to a recipient.
    pub(crate) fn delivery_to(&self, recipient: &Recipient, now: Timestamp) -> NewDelivery {
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

/// Returns the id of an event for one recipient, which its deliveries share.
fn event_id(recipient: &str, created_at: Timestamp, part: &PartOfEvent) -> String {
    format!("{}/{}/{recipient}", created_at.as_millisecond(), part.first)
}
