//! The progress of a run, for the terminal and the page.

use job_scanner_core::key::SourceKey;
use job_scanner_core::run::ScanOutcome;

/// The progress of a run, or of the last run after its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// False before the first run and between two runs.
    pub is_running: bool,
    /// The number of sources in the run.
    pub sources: usize,
    /// The number of finished scans, including failed ones.
    pub scanned: usize,
    /// The source whose scan ended last, and its outcome. `None` before the first.
    pub latest: Option<(SourceKey, ScanOutcome)>,
}

impl Progress {
    /// Returns the progress at the beginning of a run over this many sources.
    pub(crate) fn over(sources: usize) -> Self {
        Self {
            is_running: true,
            sources,
            ..Self::default()
        }
    }
    /// Counts a finished scan.
    pub(crate) fn count(&mut self, source: &SourceKey, outcome: ScanOutcome) {
        self.scanned += 1;
        self.latest = Some((source.clone(), outcome));
    }
}
