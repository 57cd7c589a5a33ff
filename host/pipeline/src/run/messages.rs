//! The messages of a run: notices and alerts become deliveries, and those that are due are sent.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_core::key::SourceKey;
use job_scanner_notify::NotificationResult;
use job_scanner_store::StoreError;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::context::RunStamp;
use crate::run::pipeline::ScanPipeline;
use crate::scan::scan::ScanReport;

/// The time during which a run begins delivery attempts. The remaining deliveries wait for the next
/// run.
const DELIVERY_TIME_LIMIT: Duration = Duration::from_mins(1);

impl ScanPipeline {
    /// Turns alerts and notices about sources into deliveries, and makes the first attempt at each.
    /// Deliveries of earlier runs that are due are attempted as well.
    #[tracing::instrument(name = "notify", level = "error", skip_all, fields(run.id = %run.id))]
    pub(super) async fn notify(
        &self,
        run: RunStamp,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        if stop.is_cancelled() {
            return Ok(Vec::new());
        }
        self.dispatch(run).await?;
        let delivered = self.deliver(stop).await?;

        // A channel that works again has recovered before it is reported.
        stop.run_until_cancelled(self.report_channels()).await;
        Ok(delivered)
    }

    /// Decides on notices about sources, and creates deliveries for notices and alerts.
    async fn dispatch(&self, run: RunStamp) -> Result<(), StoreError> {
        let ctx = &self.ctx;
        let now = ctx.scanner.clock.now();
        let sources = ctx.scanner.config.sources.iter();
        let paused = ctx.store.paused_sources().await?;
        let watched: Vec<_> = sources
            .filter(|source| source.enabled && !paused.contains_key(&source.key))
            .map(|source| &source.key)
            .collect();

        // If the clock is in doubt, durations are measured up to the last run.
        let judged_at = if run.judged_at == run.started_at {
            now
        } else {
            run.judged_at
        };
        let failing_before = judged_at
            .checked_sub(ctx.scanner.config.health.notify_after)
            .unwrap_or(Timestamp::MIN);
        ctx.store
            .decide_notices(&watched, failing_before, now)
            .await?;

        // Notices get deliveries too, so they are decided first.
        job_scanner_notify::dispatch(&ctx.store, &ctx.notify, ctx.scanner.clock.now()).await?;
        Ok(())
    }

    /// Makes the first attempts at the deliveries that are due.
    async fn deliver(
        &self,
        stop: &CancellationToken,
    ) -> Result<Vec<NotificationResult>, StoreError> {
        let ctx = &self.ctx;
        ctx.notifier
            .deliver_due(
                &ctx.store,
                ctx.scanner.clock.now(),
                DELIVERY_TIME_LIMIT,
                stop,
            )
            .await
    }

    /// Reports channels that have failed for a day. The messages of the run do not depend on it, so
    /// a failure is only logged.
    async fn report_channels(&self) {
        let ctx = &self.ctx;
        let now = ctx.scanner.clock.now();
        let notices_to = ctx.notify.notices_to.as_deref();
        let reported = ctx.notifier.report_channels(&ctx.store, notices_to, now);
        if let Err(failed) = reported.await {
            warn!(
                error = with_causes(&failed),
                "cannot report channels that fail; the next run will try again: {failed}"
            );
        }
    }
}

/// Adds the results of deliveries to the counts of the sources that their alerts came from. An
/// alert counts at most once as sent and once as failed, even with several recipients.
pub(super) fn count_deliveries(deliveries: &[NotificationResult], reports: &mut [ScanReport]) {
    let mut counted = HashSet::new();
    let places: HashMap<SourceKey, usize> = reports
        .iter()
        .enumerate()
        .map(|(place, report)| (report.stats.source.clone(), place))
        .collect();
    for delivery in deliveries {
        let (sent, failed) = (delivery.should_record_alert(), delivery.status.is_error());
        for (alert, source) in &delivery.alerts {
            let Some(report) = places.get(source).map(|place| &mut reports[*place]) else {
                continue;
            };
            if (sent || failed) && counted.insert((*alert, sent)) {
                report.stats.counts.alerts_sent += u64::from(sent);
                report.stats.counts.failed += u64::from(failed);
            }
        }
    }
}
