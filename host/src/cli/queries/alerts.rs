//! `job-scanner alerts`: what somebody was or will be told.

use job_scanner_config::Config;
use job_scanner_store::{AlertDelivery, PastAlert};
use serde::Serialize;

use crate::cli::output::{Format, HistoryOptions, json, print, time};
use crate::cli::{GOOD, stored, table};

#[derive(Serialize)]
struct Shape<'a> {
    alert_id: i64,
    created_at: String,
    kind: &'static str,
    profile: &'a str,
    run_id: Option<i64>,
    job: String,
    title: &'a str,
    content_hash: String,
    deliveries: Vec<DeliveryShape<'a>>,
}

#[derive(Serialize)]
struct DeliveryShape<'a> {
    delivery_id: i64,
    channel: &'a str,
    recipient: &'a str,
    state: &'a str,
}

/// Prints the last alerts.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let alerts = stored(config, async |store| store.past_alerts(options.limit).await).await?;
    match options.format {
        Format::Json => print(&json(&alerts.iter().map(shape).collect::<Vec<_>>())?)?,
        Format::Table => print(&in_words(&alerts))?,
    }
    Ok(GOOD)
}

fn shape(alert: &PastAlert) -> Shape<'_> {
    Shape {
        alert_id: alert.id.into(),
        created_at: time(alert.created_at),
        kind: alert.kind.as_str(),
        profile: &alert.profile,
        run_id: alert.run.map(Into::into),
        job: alert.job.to_string(),
        title: &alert.title,
        content_hash: alert.content_hash.to_string(),
        deliveries: alert.deliveries.iter().map(delivery_shape).collect(),
    }
}

fn delivery_shape(delivery: &AlertDelivery) -> DeliveryShape<'_> {
    let AlertDelivery {
        id,
        channel,
        recipient,
        state,
    } = delivery;
    DeliveryShape {
        delivery_id: *id,
        channel,
        recipient,
        state,
    }
}

fn in_words(alerts: &[PastAlert]) -> String {
    let mut table = table::plain_table();
    table.set_header(["decided", "why", "profile", "title", "told", "job"]);
    for alert in alerts {
        let told: Vec<String> = alert
            .deliveries
            .iter()
            .map(|delivery| format!("{} {}", delivery.channel, delivery.state))
            .collect();
        table.add_row([
            time(alert.created_at),
            alert.kind.as_str().to_owned(),
            table::short(&alert.profile),
            table::short(&alert.title),
            if told.is_empty() {
                "not yet".to_owned()
            } else {
                table::short(&told.join(", "))
            },
            table::whole(&alert.job.to_string()),
        ]);
    }
    format!("{table}\n")
}
