//! `on_first_scan`: the notification about the jobs that a source already lists at its first scan.

use crate::reading::read::Section;

/// The notification of the recipients about the matches of a source's first scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFirstScan {
    /// One message for all of them.
    #[default]
    Digest,
    /// The same messages as after any other scan.
    Each,
    /// Matches are stored and listed, but no message is sent.
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
