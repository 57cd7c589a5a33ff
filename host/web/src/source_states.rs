//! The states of all sources: the configuration combined with the stored records.

use job_scanner_config::SourceConfig;
use job_scanner_pipeline::ScanPipeline;
use job_scanner_store::StoreError;
use job_scanner_views::sources;
use job_scanner_views::sources::{ConfiguredSource, SourceRecords, SourceStatus};

/// Returns the sources of the configuration in its order, then those that it no longer names.
///
/// # Errors
///
/// Fails if the database fails.
pub(crate) async fn source_states(
    pipeline: &ScanPipeline,
) -> Result<Vec<SourceStatus>, StoreError> {
    let context = pipeline.context();
    let records = SourceRecords {
        health: context.store.source_health().await?,
        histories: context.store.histories().await?,
        now: context.scanner.clock.now(),
    };
    let configured = context.scanner.config.sources.iter().map(configured);
    Ok(sources::statuses(configured, records))
}

fn configured(source: &SourceConfig) -> ConfiguredSource<'_> {
    ConfiguredSource {
        key: &source.key,
        name: &source.name,
        enabled: source.enabled,
        accept_partial: source.accept_partial,
        schedule: &source.schedule,
    }
}
