//! All sources whose jobs have to be matched again.
//!
//! This happens at the beginning of a run and for all sources, even those that are not due: a board
//! that fails or did not change must not delay new criteria.

use std::collections::HashMap;

use job_scanner_config::SourceConfig;
use job_scanner_core::causes::with_causes;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_store::StoreError;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::source::{Rematched, SourceRematch};
use crate::context::{RunStamp, ScanContext, profile_fingerprints};

/// Matches the open jobs of all enabled sources with the profiles that changed since they were last
/// matched. Usually none has changed, which one query finds out. A source that fails is matched
/// again by the next run.
///
/// # Errors
///
/// Fails if the sources to match cannot be read.
pub(crate) async fn rematch_all(
    ctx: &ScanContext,
    run: RunStamp,
    stop: &CancellationToken,
) -> Result<HashMap<SourceKey, Rematched>, StoreError> {
    let fingerprints = profile_fingerprints(&ctx.scanner.config.profiles);
    let enabled = ctx
        .scanner
        .config
        .sources
        .iter()
        .filter(|source| source.enabled);
    let configured: HashMap<&SourceKey, &SourceConfig> =
        enabled.map(|source| (&source.key, source)).collect();
    let mut rematched = HashMap::new();
    for matched in ctx.store.sources_to_rematch(&fingerprints).await? {
        if stop.is_cancelled() {
            break;
        }
        let Some(source) = configured.get(&matched.key) else {
            continue;
        };
        let rematch = SourceRematch::new(ctx, source, &matched, &fingerprints, run);
        let (counts, result) = rematch.run().await;
        if let Err(error) = result {
            warn!(
                error = with_causes(&error),
                "cannot match the jobs of `{}` again: {error}", matched.key
            );
        }
        rematched.insert(matched.key, counts);
    }
    log_new_rules(rematched.values().map(|one| one.by_new_rules).sum());
    Ok(rematched)
}

fn log_new_rules(matches: u64) {
    if matches > 0 {
        info!(
            event = "run.new_rules",
            matches,
            "this version has new matching rules: {}; no message is sent about them",
            counted(matches, "stored job matches now", "stored jobs match now")
        );
    }
}
