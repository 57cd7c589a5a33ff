//! The progress of a run, for the terminal.

/// The progress of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of sources in the run.
    pub sources: usize,
    /// The number of finished scans, including failed ones.
    pub scanned: usize,
}

impl Progress {
    /// Returns the progress at the beginning of a run over this many sources.
    pub(crate) fn over(sources: usize) -> Self {
        Self {
            sources,
            scanned: 0,
        }
    }
}
