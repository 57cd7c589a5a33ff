//! The latest alerts: `job-scanner alerts`.

use job_scanner_core::changes::FieldChange;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::decision::SkipReason;
use job_scanner_core::job::{CompanyOrigin, ShownCompany};
use job_scanner_core::words::OnRecord;
use job_scanner_store::{AlertDelivery, AlertSummary, AlertedChanges};
use serde::Serialize;

use crate::cells::{short, time, utc_cell, whole};
use crate::column::Column;

/// The columns of the table.
pub const COLUMNS: [Column; 6] = [
    Column::word("created UTC"),
    Column::text("kind", 8).late(3),
    Column::text("profile", 8).late(1),
    Column::text("title", 28),
    Column::text("deliveries", 10).late(2),
    Column::copied("job").early(1),
];

/// An alert, and the deliveries that carry it.
#[derive(Debug, Serialize)]
pub struct AlertView<'a> {
    alert_id: i64,
    created_at: String,
    kind: &'static str,
    profile: &'a str,
    run_id: Option<i64>,
    job: String,
    title: &'a str,
    company: &'a str,
    company_from: CompanyOrigin,
    content_hash: String,
    cluster_id: i64,
    grouped: bool,
    skipped: Option<SkipReason>,
    /// `null` if the alert is not about a change, and if no earlier version is stored.
    changes: Option<AlertChangesView<'a>>,
    deliveries: Vec<AlertDeliveryView<'a>>,
}

#[derive(Debug, Serialize)]
struct AlertChangesView<'a> {
    since: String,
    since_alert_id: Option<i64>,
    fields: &'a [FieldChange],
}

#[derive(Debug, Serialize)]
struct AlertDeliveryView<'a> {
    delivery_id: i64,
    channel: &'a OnRecord<ChannelKind>,
    recipient: &'a str,
    state: &'a str,
}

impl<'a> From<&'a AlertSummary> for AlertView<'a> {
    fn from(alert: &'a AlertSummary) -> Self {
        let deliveries = alert.deliveries.iter();
        let company = ShownCompany::of(alert.company.as_deref(), &alert.source_name);

        Self {
            alert_id: alert.id.into(),
            created_at: time(alert.created_at),
            kind: alert.kind.as_str(),
            profile: &alert.profile,
            run_id: alert.run.map(Into::into),
            job: alert.job.to_string(),
            title: &alert.title,
            company: company.name,
            company_from: company.from,
            content_hash: alert.content_hash.to_string(),
            cluster_id: alert.cluster.into(),
            grouped: alert.grouped,
            skipped: alert.skipped,
            changes: alert.changes.as_ref().map(AlertChangesView::from),
            deliveries: deliveries.map(AlertDeliveryView::from).collect(),
        }
    }
}

impl<'a> From<&'a AlertedChanges> for AlertChangesView<'a> {
    fn from(changes: &'a AlertedChanges) -> Self {
        Self {
            since: changes.since.to_string(),
            since_alert_id: changes.since_alert.map(Into::into),
            fields: &changes.fields,
        }
    }
}

impl<'a> From<&'a AlertDelivery> for AlertDeliveryView<'a> {
    fn from(delivery: &'a AlertDelivery) -> Self {
        Self {
            delivery_id: delivery.id,
            channel: &delivery.channel,
            recipient: &delivery.recipient,
            state: &delivery.state,
        }
    }
}

/// Returns the row of an alert in the table.
pub fn row(alert: &AlertSummary) -> [String; 6] {
    let deliveries = alert.deliveries.iter();
    let states: Vec<String> = deliveries
        .map(|delivery| format!("{} {}", delivery.channel, delivery.state))
        .collect();
    let states = if alert.grouped {
        "grouped".to_owned()
    } else if let (true, Some(reason)) = (states.is_empty(), alert.skipped) {
        reason.as_str().to_owned()
    } else if states.is_empty() {
        "none yet".to_owned()
    } else {
        short(&states.join(", "))
    };

    [
        utc_cell(Some(alert.created_at)),
        kind(alert),
        short(&alert.profile),
        whole(&alert.title),
        states,
        whole(&alert.job.to_string()),
    ]
}

/// Returns the kind of an alert, with the fields that have changed, such as `updated: title, salary`.
fn kind(alert: &AlertSummary) -> String {
    let changes = alert.changes.as_ref();
    let fields = changes.map_or(&[][..], |changes| &changes.fields);
    let fields: Vec<&str> = fields.iter().map(FieldChange::field).collect();

    if fields.is_empty() {
        alert.kind.as_str().to_owned()
    } else {
        format!("{}: {}", alert.kind, fields.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[tokio::test]
    async fn an_alert_has_the_documented_keys() {
        let alert = samples::dispatched_alert().await;
        insta::assert_snapshot!("alerts", json(&[AlertView::from(&alert)]).unwrap());
    }

    #[tokio::test]
    async fn an_alert_about_a_change_names_what_changed() {
        let alert = AlertSummary {
            changes: Some(samples::changes()),
            ..samples::dispatched_alert().await
        };
        insta::assert_snapshot!("alerts_changes", json(&[AlertView::from(&alert)]).unwrap());
        assert_eq!(row(&alert)[1], "baseline: title, locations, description");
    }

    #[tokio::test]
    async fn an_alert_without_a_delivery_says_why() {
        let mut alert = samples::dispatched_alert().await;
        assert_eq!(row(&alert)[4], "mail pending");

        alert.deliveries.clear();
        assert_eq!(row(&alert)[4], "none yet");

        alert.skipped = Some(SkipReason::Snoozed);
        assert_eq!(row(&alert)[4], "snoozed");

        alert.grouped = true;
        assert_eq!(row(&alert)[4], "grouped");
    }
}
