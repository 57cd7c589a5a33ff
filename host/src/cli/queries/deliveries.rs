//! `job-scanner deliveries`: messages, and how far they got.

use comfy_table::CellAlignment;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_store::PastDelivery;
use serde::Serialize;

use crate::cli::output::{Format, HistoryOptions, json, print, time, time_cell};
use crate::cli::{GOOD, stored, table};

#[derive(Serialize)]
struct Shape<'a> {
    delivery_id: i64,
    created_at: String,
    channel: &'a str,
    recipient: &'a str,
    kind: &'static str,
    state: &'a str,
    message_id: &'a str,
    attempts: u32,
    next_attempt_at: Option<String>,
    sent_at: Option<String>,
    last_error: Option<&'a str>,
    alerts: u64,
}

/// Prints the last deliveries.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let deliveries = stored(config, async |store| {
        store.past_deliveries(options.limit).await
    })
    .await?;
    match options.format {
        Format::Json => print(&json(&deliveries.iter().map(shape).collect::<Vec<_>>())?)?,
        Format::Table => print(&in_words(&deliveries))?,
    }
    Ok(GOOD)
}

fn shape(delivery: &PastDelivery) -> Shape<'_> {
    Shape {
        delivery_id: delivery.id.into(),
        created_at: time(delivery.created_at),
        channel: &delivery.channel,
        recipient: &delivery.recipient,
        kind: delivery.kind.as_str(),
        state: &delivery.state,
        message_id: &delivery.message_id,
        attempts: delivery.attempts,
        next_attempt_at: delivery.next_attempt_at.map(time),
        sent_at: delivery.sent_at.map(time),
        last_error: delivery.last_error.as_deref(),
        alerts: delivery.alerts,
    }
}

fn in_words(deliveries: &[PastDelivery]) -> String {
    let mut table = table::plain_table();
    table.set_header([
        "delivery",
        "made",
        "to",
        "kind",
        "state",
        "sent",
        "next attempt",
        "attempts",
        "alerts",
    ]);
    for delivery in deliveries {
        table.add_row([
            delivery.id.to_string(),
            time(delivery.created_at),
            table::short(&format!("{} {}", delivery.channel, delivery.recipient)),
            delivery.kind.as_str().to_owned(),
            table::short(&delivery.state),
            time_cell(delivery.sent_at),
            time_cell(delivery.next_attempt_at),
            delivery.attempts.to_string(),
            delivery.alerts.to_string(),
        ]);
    }
    for column in table.column_iter_mut().skip(7) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let errors = deliveries
        .iter()
        .filter(|delivery| delivery.sent_at.is_none())
        .filter_map(|delivery| {
            delivery
                .last_error
                .as_ref()
                .map(|error| format!("\n{}: {}", delivery.id, Printable(error)))
        });
    format!(
        "{table}\n{}",
        errors.map(|line| line + "\n").collect::<String>()
    )
}
