//! `on_first_scan`: what a source that was never scanned before tells about the jobs it already
//! lists.

use crate::reading::read::Section;

/// How the matches of a source's first scan are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFirstScan {
    /// One message for all of them.
    #[default]
    Digest,
    /// As those of any other scan.
    Each,
    /// Stored and listed, not told.
    Silent,
}

impl OnFirstScan {
    const NAMES: [(&'static str, Self); 3] = [
        ("digest", Self::Digest),
        ("each", Self::Each),
        ("silent", Self::Silent),
    ];

    pub(crate) fn read(root: &mut Section<'_>) -> Self {
        root.choice("on_first_scan", &Self::NAMES)
            .unwrap_or_default()
    }
}
