//! The detection and the addition of sources for the page, as `adapter detect` and `source add` do
//! them.

use std::path::Path;
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::causes::with_causes;
use job_scanner_core::key::SourceKey;
use job_scanner_pipeline::ScanPipeline;
use job_scanner_web::{AddedSources, DetectedSources, NewSources, Pending};
use tokio::sync::watch;

use crate::kit::add::{AddOutcome, add_yaml};
use crate::kit::detect;
use crate::kit::detect::{addresses_in, source_block};

/// The tools for new sources, with the newest configuration.
pub(super) struct SourcesOfPage<L> {
    newest: watch::Receiver<ScanPipeline>,
    /// Reads the configuration as it is now.
    load: L,
}

impl<L> SourcesOfPage<L> {
    pub(super) fn new(newest: watch::Receiver<ScanPipeline>, load: L) -> Self {
        Self { newest, load }
    }
}

impl<L> NewSources for SourcesOfPage<L>
where
    L: Fn() -> Result<Config, ConfigErrors> + Send + Sync,
{
    fn detect(&self, text: &str) -> DetectedSources {
        let results = detect::DetectedSources::of(&addresses_in(text));
        DetectedSources {
            yaml: source_block(results.sources()),
            count: results.found.len(),
            unrecognized: results.unrecognized,
        }
    }

    fn add(&self, yaml: String) -> Pending<'_, Result<AddedSources, String>> {
        Box::pin(async move {
            let pipeline = self.newest.borrow().clone();
            let scanner = &pipeline.context().scanner;
            let catalog = Arc::clone(&scanner.catalog);
            let keys = keys(&scanner.config, &yaml);
            match add_yaml(&self.load, &catalog, &yaml).await {
                Ok(AddOutcome::Written(file)) => Ok(AddedSources {
                    file: file.display().to_string(),
                    keys,
                }),
                Ok(AddOutcome::Known(file, _)) => {
                    Err(format!("`{}` has this source already", file.display()))
                }
                Ok(AddOutcome::Refused(reasons)) => Err(reasons.join("\n")),
                Err(failed) => Err(with_causes(&failed)),
            }
        })
    }
}

/// Returns the keys of the sources in a text; empty if it is not valid, which the addition reports.
fn keys(config: &Config, yaml: &str) -> Vec<SourceKey> {
    let sources = config.parse_sources(Path::new("sources.d"), yaml);
    let sources = sources.unwrap_or_default().into_iter();
    sources.map(|source| source.key).collect()
}
