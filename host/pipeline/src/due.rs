//! The sources that a run scans, and the time at which the next source, digest or delivery is due.

use jiff::Timestamp;
use job_scanner_config::SourceConfig;
use job_scanner_core::run::Trigger;
use job_scanner_core::schedule::{SHARED_RUN_WINDOW, ScanHistory};
use job_scanner_store::StoreError;

use crate::context::{RunRequest, ScanContext};

/// Returns the sources of a request, each with its index in the configuration. A scheduled run
/// takes the sources that are due. Any other run takes all sources of the request, including
/// disabled ones.
///
/// The sources whose last scan is oldest come first, so a run that exceeds its deadline skips those
/// that were scanned most recently.
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

/// Returns the time at which the next source, digest or delivery is due. The time is in the past if one is
/// already due. `None` if none will become due.
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

    let digest = job_scanner_notify::next_dispatch(&ctx.store, &ctx.notify, now).await?;
    let delivery = ctx.notifier.next_due(&ctx.store, now).await?;
    Ok(due.chain(digest).chain(delivery).min())
}
