//! The explanation why the job matches each profile or not.

use job_scanner_core::matching::{ExplainedPart, Explanation, NeededChange, PartKind};
use job_scanner_core::query::Truth;
use job_scanner_views::cells::{short, whole};

use crate::pages::matches::card::around_hit;

/// The depth from which parts are not indented further.
const MAX_DEPTH: usize = 4;

/// A profile with its query as a tree, one line for each part.
pub(super) struct ExplainedProfile {
    pub(super) name: String,
    pub(super) verdict: &'static str,
    pub(super) class: &'static str,
    /// True to show the tree at once.
    pub(super) is_open: bool,
    pub(super) parts: Vec<PartLine>,
    /// The smallest change with which the job would match.
    pub(super) change: Option<String>,
}

/// A part of a query.
pub(super) struct PartLine {
    pub(super) depth: usize,
    pub(super) truth: &'static str,
    pub(super) is_group: bool,
    /// The term or condition as written, or the words for a group.
    pub(super) text: String,
    pub(super) hit: Option<ShownHit>,
    /// The value of the job for a condition, or that nothing was found.
    pub(super) detail: String,
}

/// The first hit of a term.
pub(super) struct ShownHit {
    pub(super) place: String,
    pub(super) before: String,
    pub(super) hit: String,
    pub(super) after: String,
}

impl From<&Explanation> for ExplainedProfile {
    fn from(explanation: &Explanation) -> Self {
        let (verdict, class) = match (explanation.matches, explanation.covers_source) {
            (true, _) => ("matches", "good"),
            (false, true) => ("does not match", "muted"),
            (false, false) => ("does not apply to this source", "muted"),
        };
        let mut parts = Vec::new();
        push(&explanation.tree, 0, &mut parts);
        Self {
            name: whole(&explanation.profile),
            verdict,
            class,
            is_open: explanation.matches,
            parts,
            change: smallest_change(explanation),
        }
    }
}

fn push(part: &ExplainedPart, depth: usize, lines: &mut Vec<PartLine>) {
    lines.push(PartLine::new(part, depth.min(MAX_DEPTH)));
    for part in &part.parts {
        push(part, depth + 1, lines);
    }
}

impl PartLine {
    fn new(part: &ExplainedPart, depth: usize) -> Self {
        let written = part.written.as_deref().unwrap_or_default();
        let (is_group, text) = match part.kind {
            PartKind::And => (true, "all of".to_owned()),
            PartKind::Or => (true, "one of".to_owned()),
            PartKind::Not => (true, "not".to_owned()),
            PartKind::Term | PartKind::Condition => (false, whole(written)),
        };
        let hit = part.hit.as_ref().map(|hit| {
            let [before, found, after] = around_hit(written, &hit.snippet);
            ShownHit {
                place: format!("in {}:", hit.field),
                before,
                hit: found,
                after,
            }
        });
        Self {
            depth,
            truth: match part.truth {
                Truth::True => "yes",
                Truth::False => "no",
                Truth::Unknown => "unknown",
            },
            is_group,
            text,
            hit,
            detail: detail(part),
        }
    }
}

fn detail(part: &ExplainedPart) -> String {
    match (&part.value, part.kind) {
        (Some(value), _) => format!("the job: {}", short(value)),
        (None, PartKind::Condition) => "the board does not say".to_owned(),
        (None, _) => "not found".to_owned(),
    }
}

fn smallest_change(explanation: &Explanation) -> Option<String> {
    if explanation.smallest_change.is_empty() || !explanation.covers_source {
        return None;
    }
    let change = |NeededChange { term, needed }: &NeededChange| {
        let with = if *needed { "with" } else { "without" };
        format!("{with} “{}”", whole(term))
    };
    let changes: Vec<String> = explanation.smallest_change.iter().map(change).collect();
    Some(format!(
        "It would match {}, for example.",
        changes.join(" and ")
    ))
}
