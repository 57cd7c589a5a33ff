//! The sources that a run scans, and the time at which the next source, digest or delivery is due.

use jiff::Timestamp;
use job_scanner_config::SourceConfig;
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_core::schedule::{SHARED_RUN_WINDOW, ScanHistory};
use job_scanner_store::StoreError;

use crate::context::{RunRequest, ScanContext};

/// A source of a run.
pub(crate) struct Selected<'c> {
    /// The index of the source in the configuration.
    pub(crate) index: usize,
    pub(crate) source: &'c SourceConfig,
    /// The outcome of a source that is left out; `None` if it is scanned.
    pub(crate) left_out: Option<ScanOutcome>,
}

/// Returns the sources of a request. A scheduled run takes the sources that are due. Any other run
/// takes all sources of the request, and leaves out those that are disabled. It leaves out paused
/// ones too, unless the request names them.
///
/// The sources whose last scan is oldest come first, so a run that exceeds its deadline skips those
/// that were scanned most recently.
pub(crate) async fn selected<'c>(
    ctx: &'c ScanContext,
    request: &RunRequest,
    now: Timestamp,
) -> Result<Vec<Selected<'c>>, StoreError> {
    let named = |source: &SourceConfig| {
        request
            .only
            .as_ref()
            .is_none_or(|only| only.contains(&source.key))
    };
    let paused = ctx.store.paused_sources().await?;
    let select = |(index, source): (usize, &'c SourceConfig)| Selected {
        index,
        source,
        left_out: match () {
            () if !source.enabled => Some(ScanOutcome::Disabled),
            () if request.only.is_none() && paused.contains_key(&source.key) => {
                Some(ScanOutcome::Paused)
            }
            () => None,
        },
    };
    let configured = ctx.scanner.config.sources.iter().enumerate();
    let mut sources: Vec<Selected<'c>> = configured
        .filter(|(_, source)| named(source))
        .map(select)
        .collect();

    let histories = ctx.store.histories().await?;
    let history = |source: &SourceConfig| histories.get(&source.key).copied().unwrap_or_default();
    if request.trigger == Trigger::Schedule {
        let until = now + SHARED_RUN_WINDOW;
        sources.retain(
            |Selected {
                 source, left_out, ..
             }| {
                left_out.is_none() && source.schedule.next_due(&history(source), now) <= until
            },
        );
    }

    sources.sort_by_key(|selected| history(selected.source).last_scan_at);
    Ok(sources)
}

/// Returns the time at which the next source, digest or delivery is due. The time is in the past if
/// one is already due. `None` if none will become due.
pub(crate) async fn next_due(
    ctx: &ScanContext,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let histories = ctx.store.histories().await?;
    let paused = ctx.store.paused_sources().await?;

    let configured = ctx.scanner.config.sources.iter();
    let scheduled = configured.filter(|source| source.enabled && !paused.contains_key(&source.key));
    let due = scheduled.map(|source| {
        let history: ScanHistory = histories.get(&source.key).copied().unwrap_or_default();
        source.schedule.next_due(&history, now)
    });

    let digest = job_scanner_notify::next_dispatch(&ctx.store, &ctx.notify, now).await?;
    let delivery = ctx.notifier.next_due(&ctx.store, now).await?;
    Ok(due.chain(digest).chain(delivery).min())
}
