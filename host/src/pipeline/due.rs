//! Which sources a run takes, and when there will be something to do: a source to scan or a delivery to try.

use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::schedule::ScanHistory;

use super::models::Trigger;
use super::runner::{RunRequest, ScanContext};
use crate::config::SourceConfig;
use crate::store::StoreError;

/// What falls due within this time shares a run.
const SHARED: Duration = Duration::from_mins(1);

/// The sources of this request, disabled ones included, each with its place in the configuration. A scheduled run takes
/// those that are due; any other takes all that it may, however they fared last.
pub(super) async fn selected<'c>(
    ctx: &'c ScanContext,
    request: &RunRequest,
    now: Timestamp,
) -> Result<Vec<(usize, &'c SourceConfig)>, StoreError> {
    let named = |source: &SourceConfig| request.only.as_ref().is_none_or(|only| only.contains(&source.key));
    let mut sources: Vec<_> = ctx.config.sources.iter().enumerate().filter(|(_, source)| named(source)).collect();
    if request.trigger == Trigger::Schedule {
        let histories = ctx.store.histories().await?;
        let until = now + SHARED;
        sources.retain(|(_, source)| {
            let history = histories.get(&source.key).copied().unwrap_or_default();
            source.enabled && source.schedule.next_due(&history, now) <= until
        });
    }
    Ok(sources)
}

/// When the next source or delivery is due; now, or in the past, when one is already. `None` when none ever will be.
pub(super) async fn next_due(ctx: &ScanContext, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let histories = ctx.store.histories().await?;
    let enabled = ctx.config.sources.iter().filter(|source| source.enabled);
    let due = enabled.map(|source| {
        let history: ScanHistory = histories.get(&source.key).copied().unwrap_or_default();
        source.schedule.next_due(&history, now)
    });
    Ok(due.chain(ctx.store.next_delivery_due().await?).min())
}
