//! Builders for tests about messages: matching jobs, stored by a real scan in a real store, and the
//! deliveries that dispatch creates for them. A test changes the values that it is about.

use std::collections::BTreeMap;

use job_scanner_config::{ChannelRhythm, OnFirstScan};
use job_scanner_core::job::{Location, PayPeriod, Salary, Workplace};
use job_scanner_core::matching::{Hit, MatchResult, Reason};
use job_scanner_core::normalize::NormalizationResult;
use job_scanner_core::query::Field;
use job_scanner_core::run::Trigger;
use job_scanner_store::test_support::{COMPLETE, at, job, source_key};
use job_scanner_store::{AlertKind, ClaimedDelivery, NewAlert, RunId, Store, StoredMatch};

use crate::channel::Recipient;
use crate::dispatch::{NotifySettings, dispatch};
use crate::message::content::PageAddress;

/// Returns a job with all facts.
pub(crate) fn full_job(external_id: &str) -> NormalizationResult {
    let mut result = job(external_id, 1);
    let job = &mut result.job;
    job.title = "Senior Rust Engineer".to_owned();
    job.locations = ["Berlin", "Paris"].map(place).to_vec();
    job.workplace = Some(Workplace::Hybrid);
    job.employment_type = Some("Full-time".to_owned());
    job.salary = Some(Salary {
        min: Some(60_000.0),
        max: Some(80_000.0),
        currency: Some("EUR".to_owned()),
        period: Some(PayPeriod::Year),
        text: None,
    });
    job.apply_url = Some(format!("https://acme.example/jobs/{external_id}/apply"));
    job.posted_at = Some("2026-11-20".parse().unwrap());
    job.expires_at = Some("2026-12-31".parse().unwrap());
    result
}

/// Returns a job with few facts.
pub(crate) fn bare_job(external_id: &str, title: &str) -> NormalizationResult {
    let mut result = job(external_id, 1);
    result.job.title = title.to_owned();
    result.job.company = None;
    result.job.locations = Vec::new();
    result
}

pub(crate) fn place(name: &str) -> Location {
    Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: None,
    }
}

/// Returns a match with one term in the title and one in the description.
pub(crate) fn reasons(profile: &str) -> MatchResult {
    let reason = |term: &str, field, snippet: &str| Reason {
        term: term.to_owned(),
        hit: Some(Hit {
            field,
            snippet: snippet.to_owned(),
        }),
        value: None,
    };
    MatchResult {
        profile: profile.to_owned(),
        reasons: vec![
            reason("rust", Field::Title, "Senior Rust Engineer"),
            reason(
                "remote",
                Field::Description,
                "… two days a week remote, if you like …",
            ),
        ],
    }
}

/// Returns the address of a page.
pub(crate) fn page() -> PageAddress {
    PageAddress::new("https://jobs.example".parse().unwrap())
}

/// Starts a run and returns its id.
pub(crate) async fn run(store: &Store) -> RunId {
    store
        .start_run(Trigger::Manual, at("08:15:00"))
        .await
        .unwrap()
}

/// Stores the rows of a scan that found `jobs` in the source `greenhouse/SOURCE`. All jobs match all
/// `profiles` and get alerts.
pub(crate) async fn alerted(
    store: &Store,
    run: RunId,
    source: &str,
    jobs: &[NormalizationResult],
    kind: AlertKind,
    profiles: &[&str],
) {
    let now = at("08:15:00");
    let source = store
        .open_source(&source_key(source), source, now)
        .await
        .unwrap();
    let mut tx = store
        .begin_scan(source.id, source.generation, run, now)
        .await
        .unwrap()
        .unwrap();
    let ids = tx
        .record_jobs(jobs, kind == AlertKind::Baseline)
        .await
        .unwrap();
    let results: Vec<_> = profiles.iter().map(|profile| reasons(profile)).collect();
    let pairs = || {
        jobs.iter()
            .flat_map(|job| results.iter().map(move |result| (&job.job, result)))
    };
    let matches: Vec<_> = pairs()
        .map(|(job, result)| StoredMatch {
            job: ids[&job.external_id],
            content_hash: job.content_hash,
            result,
        })
        .collect();
    let alerts: Vec<_> = matches
        .iter()
        .map(|found| NewAlert {
            job: found.job,
            content_hash: found.content_hash,
            profile: &found.result.profile,
            kind,
        })
        .collect();
    tx.record_matches(&matches).await.unwrap();
    tx.record_alerts(&alerts).await.unwrap();
    tx.commit(&COMPLETE).await.unwrap();
}

/// Returns the recipient for a mailbox.
pub(crate) fn recipient(mailbox: &str) -> Recipient {
    Recipient::mail(&mailbox.parse().unwrap(), None, ChannelRhythm::default())
}

/// Returns the recipient of the mail channel `mail` with these times.
pub(crate) fn recipient_at(rhythm: ChannelRhythm) -> Recipient {
    Recipient::mail(&"jane@example.org".parse().unwrap(), Some("mail"), rhythm)
}

/// Returns settings with one recipient and one message per job, up to two jobs.
pub(crate) fn settings() -> NotifySettings {
    NotifySettings {
        recipients: vec![recipient("jane@example.org")],
        chosen: BTreeMap::new(),
        when: BTreeMap::new(),
        notices_to: None,
        digest_above: 2,
        on_first_scan: OnFirstScan::Digest,
    }
}

/// Dispatches the pending alerts and claims the first delivery.
pub(crate) async fn claimed(store: &Store) -> ClaimedDelivery {
    dispatch(store, &settings(), at("08:16:00")).await.unwrap();
    claim(store).await.expect("a delivery is due")
}

/// Claims the next delivery, if there is one.
pub(crate) async fn claim(store: &Store) -> Option<ClaimedDelivery> {
    let token = format!("token-{:?}", std::time::Instant::now());
    store
        .claim_next_delivery(at("08:16:00"), std::time::Duration::from_mins(2), &token)
        .await
        .unwrap()
}

/// Claims all deliveries that are due.
pub(crate) async fn claim_all(store: &Store) -> Vec<ClaimedDelivery> {
    let mut all = Vec::new();
    while let Some(delivery) = claim(store).await {
        all.push(delivery);
    }
    all
}

/// Returns the delivery of one job in an otherwise empty store.
pub(crate) async fn delivery_of(
    store: &Store,
    job: NormalizationResult,
    kind: AlertKind,
) -> ClaimedDelivery {
    let run = run(store).await;
    alerted(store, run, "acme", &[job], kind, &["default"]).await;
    claimed(store).await
}
