//! Which sources a run takes, and when there will be something to do: a source to scan or a
//! delivery to try.

use jiff::Timestamp;
use job_scanner_config::SourceConfig;
use job_scanner_core::run::Trigger;
use job_scanner_core::schedule::{SHARED_RUN_WINDOW, ScanHistory};
use job_scanner_store::StoreError;

use crate::context::{RunRequest, ScanContext};

/// The sources of this request, disabled ones included, each with its place in the configuration;
/// first those that wait the longest for a scan, so that a run which is out of time leaves those
/// that had one last. A scheduled run takes those that are due; any other takes all that it may,
/// however they fared last.
pub(crate) async fn selected<'c>(
    ctx: &'c ScanContext,
    request: &RunRequest,
    now: Timestamp,
) -> Result<Vec<(usize, &'c SourceConfig)>, StoreError> {
    let named = |source: &SourceConfig| {
        request
            .only
            .as_ref()
            .is_none_or(|only| only.contains(&source.key))
    };
    let mut sources: Vec<_> = ctx
        .scanner
        .config
        .sources
        .iter()
        .enumerate()
        .filter(|(_, source)| named(source))
        .collect();

    let histories = ctx.store.histories().await?;
    let history = |source: &SourceConfig| histories.get(&source.key).copied().unwrap_or_default();
    if request.trigger == Trigger::Schedule {
        let until = now + SHARED_RUN_WINDOW;
        sources.retain(|(_, source)| {
            source.enabled && source.schedule.next_due(&history(source), now) <= until
        });
    }

    sources.sort_by_key(|(_, source)| history(source).last_scan_at);
    Ok(sources)
}

/// When the next source or delivery is due; now, or in the past, when one is already. `None` when
/// none ever will be.
pub(crate) async fn next_due(
    ctx: &ScanContext,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let histories = ctx.store.histories().await?;

    let enabled = ctx
        .scanner
        .config
        .sources
        .iter()
        .filter(|source| source.enabled);
    let due = enabled.map(|source| {
        let history: ScanHistory = histories.get(&source.key).copied().unwrap_or_default();
        source.schedule.next_due(&history, now)
    });

    Ok(due.chain(ctx.store.next_delivery_due(now).await?).min())
}
