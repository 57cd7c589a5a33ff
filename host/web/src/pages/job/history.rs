//! The versions of a job and the other postings of its vacancy.

use job_scanner_core::changes::{FieldChange, Passage};
use job_scanner_store::{JobHistory, JobPosting, JobVersion};
use job_scanner_views::cells::{minute, short, whole};
use job_scanner_views::job_history;

use crate::pages::link::job_page;

/// The number of other postings that are listed. A vacancy may have thousands.
pub(super) const SHOWN_POSTINGS: usize = 50;

/// A stored version.
pub(super) struct ShownVersion {
    pub(super) at: String,
    pub(super) title: String,
    pub(super) lines: Vec<ChangedLine>,
}

/// A line about a change.
pub(super) struct ChangedLine {
    kind: LineKind,
    pub(super) text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Plain,
    Added,
    Removed,
}

/// Another posting of the vacancy.
pub(super) struct ShownPosting {
    pub(super) href: String,
    pub(super) key: String,
    pub(super) state: String,
}

impl ChangedLine {
    pub(super) fn is_added(&self) -> bool {
        self.kind == LineKind::Added
    }

    pub(super) fn is_removed(&self) -> bool {
        self.kind == LineKind::Removed
    }
}

/// Returns the versions, newest first.
pub(super) fn versions(history: &JobHistory) -> Vec<ShownVersion> {
    let versions = history.versions.iter().rev();
    versions.map(ShownVersion::from).collect()
}

/// Returns the other postings, at most [`SHOWN_POSTINGS`].
pub(super) fn postings(history: &JobHistory) -> Vec<ShownPosting> {
    let postings = history.postings.iter().take(SHOWN_POSTINGS);
    postings.map(ShownPosting::from).collect()
}

impl From<&JobVersion> for ShownVersion {
    fn from(version: &JobVersion) -> Self {
        Self {
            at: minute(version.first_seen_at),
            title: short(&version.title),
            lines: version.changes.iter().flat_map(lines).collect(),
        }
    }
}

/// Returns the passages of a text as added and removed lines, and any other change in words.
fn lines(change: &FieldChange) -> Vec<ChangedLine> {
    let FieldChange::Description {
        difference: Some(difference),
    } = change
    else {
        let plain = job_history::change(change).into_iter();
        return plain
            .map(|text| ChangedLine::new(LineKind::Plain, text))
            .collect();
    };

    // The first line has the numbers of words, and the last one those of further passages.
    let mut summary = job_history::change(change);
    let more = (difference.more_passages > 0)
        .then(|| summary.pop())
        .flatten();
    summary.truncate(1);
    let mut lines: Vec<ChangedLine> = Vec::new();
    lines.extend(
        summary
            .into_iter()
            .map(|text| ChangedLine::new(LineKind::Plain, text)),
    );
    for Passage { removed, added } in &difference.passages {
        lines.extend(
            removed
                .as_deref()
                .map(|text| ChangedLine::new(LineKind::Removed, whole(text))),
        );
        lines.extend(
            added
                .as_deref()
                .map(|text| ChangedLine::new(LineKind::Added, whole(text))),
        );
    }
    lines.extend(more.map(|text| ChangedLine::new(LineKind::Plain, text)));
    lines
}

impl ChangedLine {
    fn new(kind: LineKind, text: String) -> Self {
        Self { kind, text }
    }
}

impl From<&JobPosting> for ShownPosting {
    fn from(posting: &JobPosting) -> Self {
        let closed = posting.closed_at.map(|at| format!("closed {}", minute(at)));
        Self {
            href: job_page(&posting.key),
            key: whole(&posting.key.to_string()),
            state: closed.unwrap_or_default(),
        }
    }
}
