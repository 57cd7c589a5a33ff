//! The rows of `check` about what the database says of channels: those that have failed for a
//! day, and rows that cannot be read.

use job_scanner_core::escape::PrintableStart;
use job_scanner_notify::lasting_failures;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{ChannelFailure, SchemaState, Store, StoreError, UnreadableRow};
use job_scanner_views::check::Check;

use crate::cli::output::failing_channel;

/// The number of unreadable rows that are named.
const MAX_NAMED_ROWS: usize = 5;

/// The number of characters of an error that are shown.
const SHOWN_ERROR_CHARS: usize = 300;

/// Returns a warning for each channel that has failed for a day, and one for rows that cannot be
/// read. Nothing is returned for a database that cannot be opened: this is another row of `check`.
pub(super) async fn checks(url: &str) -> Vec<Check> {
    match read(url).await {
        Ok((failures, unreadable)) => {
            let failing = failures.iter().map(|failure| {
                let what = format!("channel {}", failure.recipient);
                Check::warning(what, failing_channel(failure))
            });
            failing.chain(unreadable_check(&unreadable)).collect()
        }
        Err(_unusable) => Vec::new(),
    }
}

async fn read(url: &str) -> Result<(Vec<ChannelFailure>, Vec<UnreadableRow>), StoreError> {
    if Store::inspect(url).await? != SchemaState::Current {
        return Ok((Vec::new(), Vec::new()));
    }
    let store = Store::open_to_read(url).await?;
    let failures = lasting_failures(&store, Clock::system().now()).await?;
    let unreadable = store.unreadable_rows().await?;
    store.close().await;
    Ok((failures, unreadable))
}

fn unreadable_check(rows: &[UnreadableRow]) -> Option<Check> {
    if rows.is_empty() {
        return None;
    }
    let named = rows.iter().take(MAX_NAMED_ROWS).map(|row| {
        let shown = PrintableStart {
            text: &row.reason,
            limit: SHOWN_ERROR_CHARS,
        };
        shown.to_string()
    });
    let mut named: Vec<String> = named.collect();
    if rows.len() > MAX_NAMED_ROWS {
        named.push(format!("and {} more", rows.len() - MAX_NAMED_ROWS));
    }
    let named = named.join("; ");
    let detail = format!("left out of messages until they can be read: {named}");
    Some(Check::warning("unreadable rows", detail))
}
