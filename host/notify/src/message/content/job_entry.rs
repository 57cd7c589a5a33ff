//! One job of a message: its newest version, with its changes, facts and reasons.

use std::collections::HashMap;

use job_scanner_core::job::{CompanyOrigin, ShownCompany};
use job_scanner_store::{
    AlertId, AlertKind, AlertedChanges, ClaimedDelivery, PendingAlert, StoredDecision,
};
use serde::Serialize;

use super::facts::{Fact, facts};
use super::page_links::{JobLinks, PageAddress};
use super::reasons::{Reasons, reasons_by_profile};
use super::{NAME_CHARS, TITLE_CHARS};
use crate::by_job::JobAlerts;
use crate::message::changes::Changes;
use crate::message::text::{one_line, optional_line, web_link};

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct JobEntry {
    pub(super) title: String,
    /// The company, or `via` and the source's name if the board does not name a company.
    pub(super) company: Option<String>,
    /// For example `You applied on 2026-11-30.`; `None` if nothing was decided about the vacancy.
    decision: Option<String>,
    /// The changes since an earlier version; `None` unless the alert is about a changed job.
    pub(super) changes: Option<Changes>,
    pub(super) facts: Vec<Fact>,
    pub(super) url: Option<String>,
    apply_url: Option<String>,
    /// The links to the page; `None` if the configuration has no address of it.
    pub(super) page: Option<JobLinks>,
    /// The name of the source in the configuration, and its key.
    board: String,
    /// The reasons for the match, one entry per profile.
    pub(super) reasons: Vec<Reasons>,
}

pub(super) fn job_entry(
    alerts: &JobAlerts<'_, PendingAlert>,
    delivery: &ClaimedDelivery,
    page: Option<&PageAddress>,
) -> JobEntry {
    let alert = newest(alerts);
    let job = &alert.job;
    let source = one_line(&alert.source().to_string(), TITLE_CHARS);
    let source_name = one_line(&alert.source_name, NAME_CHARS);

    JobEntry {
        title: one_line(&job.title, TITLE_CHARS),
        company: describe_company(alert),
        decision: alert.decision.as_ref().map(describe_decision),
        changes: describe_changes(alerts, &delivery.changes),
        facts: facts(alert, delivery.created_at),
        url: web_link(&job.url),
        apply_url: job.apply_url.as_deref().and_then(web_link),
        page: page.and_then(|page| page.job(&job.key)),
        board: format!("{source_name} ({source})"),
        reasons: reasons_by_profile(alerts),
    }
}

/// Returns the alert about the newest version of a job. Alerts are in the order in which they were
/// decided; there are several versions if an earlier run could not send its messages.
pub(super) fn newest<'a>(alerts: &[&'a PendingAlert]) -> &'a PendingAlert {
    alerts[alerts.len() - 1]
}

fn describe_decision(decided: &StoredDecision) -> String {
    let day = decided.decided_at.strftime("%Y-%m-%d");
    format!("{} on {day}.", decided.decision.describe())
}

fn describe_company(alert: &PendingAlert) -> Option<String> {
    let company = ShownCompany::of(alert.job.company.as_deref(), &alert.source_name);
    let name = optional_line(Some(company.name), NAME_CHARS)?;
    match company.from {
        CompanyOrigin::Board => Some(name),
        CompanyOrigin::Source => Some(format!("via {name}")),
    }
}

/// Returns the changes of a job, if its alerts are about a change. The recipient gets the alerts of
/// all profiles, so the job is compared with the last version that any of them was about.
fn describe_changes(
    alerts: &JobAlerts<'_, PendingAlert>,
    changes: &HashMap<AlertId, AlertedChanges>,
) -> Option<Changes> {
    if alerts[0].kind != AlertKind::Updated {
        return None;
    }
    let compared = alerts.iter().filter_map(|alert| changes.get(&alert.id));
    let latest = compared.max_by_key(|changes| changes.since_alert);
    Some(Changes::describe(latest))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::ContentHash;
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::{at, store};

    use crate::dispatch::dispatch;
    use crate::message::content::MessageContent;
    use crate::test_support::{alerted, bare_job, claim, delivery_of, full_job, run, settings};

    #[tokio::test]
    async fn a_changed_job_is_compared_with_the_last_version_of_any_profile() {
        let store = store().await;
        let run = run(&store).await;
        for (version, profiles) in [(1, &["a", "b"][..]), (2, &["a"]), (3, &["a", "b"])] {
            let mut job = bare_job("7", &format!("Cook {version}"));
            job.job.content_hash = ContentHash::from_bytes([version; 32]);
            alerted(&store, run, "acme", &[job], AlertKind::Updated, profiles).await;
            dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        }

        let mut described = Vec::new();
        while let Some(delivery) = claim(&store).await {
            let mut content = MessageContent::of(&delivery, None);
            let changes = content.jobs.remove(0).changes.unwrap();
            let title = changes.lines.first().map(|line| line.value.clone());
            described.push((title, changes.note.is_some()));
        }
        let title = |change: &str| Some(change.to_owned());
        assert_eq!(
            described,
            [
                (None, true),
                (title("Cook 1 → Cook 2"), false),
                (title("Cook 2 → Cook 3"), false),
            ]
        );
    }

    #[tokio::test]
    async fn a_company_that_the_board_does_not_name_is_the_source() {
        let store = store().await;
        let delivery = delivery_of(&store, bare_job("7", "Cook"), AlertKind::New).await;
        let job = &MessageContent::of(&delivery, None).jobs[0];
        assert_eq!(job.company.as_deref(), Some("via acme"));
    }

    #[tokio::test]
    async fn a_job_with_two_versions_is_shown_in_the_newest() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        let mut second = delivery.alerts[0].clone();
        second.kind = AlertKind::Updated;
        second.job.title = "Chef".to_owned();
        delivery.alerts.push(second);
        let content = MessageContent::of(&delivery, None);
        let [job] = &content.jobs[..] else {
            panic!("{:?}", content.jobs)
        };
        assert_eq!((job.title.as_str(), job.reasons.len()), ("Chef", 1));
        assert!(
            content.subject.starts_with("New job: Chef"),
            "{}",
            content.subject
        );
    }
}
