//! The progress of a run, for the terminal.

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many sources it takes.
    pub sources: usize,
    /// How many of them are scanned, in whatever way that ended.
    pub scanned: usize,
}

impl Progress {
    /// The beginning of a run over so many sources.
    pub(crate) fn over(sources: usize) -> Self {
        Self {
            sources,
            scanned: 0,
        }
    }
}
