//! The explanation of a result: the tree with the value of each part, and the smallest change that
//! would make the job match.

use super::query::{Node, Query};
use super::truth::Truth;

/// A part of a query with its value for one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedNode {
    pub kind: NodeKind,
    pub truth: Truth,
    /// The parts of `and`, `or` and `not`.
    pub parts: Vec<Self>,
}

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    And,
    Or,
    Not,
    /// The number of a leaf.
    Leaf(usize),
}

impl Query {
    /// Returns the tree with the value of each part.
    pub fn explain(&self, truth: impl Fn(usize) -> Truth) -> ExplainedNode {
        self.root.explain(&truth)
    }

    /// Returns the fewest leaves whose values would have to change for the job to match, with the
    /// value that each needs. Empty if it matches.
    pub fn smallest_change(&self, truth: impl Fn(usize) -> Truth) -> Vec<(usize, bool)> {
        let mut changes = self.root.changes(true, &truth);
        let after = |number: usize| {
            let wanted = changes.iter().find(|(leaf, _)| *leaf == number);
            wanted.map_or_else(|| truth(number), |(_, value)| Truth::from(*value))
        };
        // A query without any positive hit matches no job, so one more leaf has to hit.
        if !self.has_positive_hit(after) {
            let mut leaves = self.leaves.iter().enumerate();
            let positive = leaves.find(|(_, leaf)| leaf.is_positive);
            changes.extend(positive.map(|(number, _)| (number, true)));
        }
        changes.sort_unstable();
        changes
    }
}

impl Node {
    fn explain(&self, leaf: &impl Fn(usize) -> Truth) -> ExplainedNode {
        let (kind, parts) = match self {
            Self::And(parts) => (NodeKind::And, &parts[..]),
            Self::Or(parts) => (NodeKind::Or, &parts[..]),
            Self::Not(part) => (NodeKind::Not, std::slice::from_ref(&**part)),
            Self::Leaf(number) => (NodeKind::Leaf(*number), &[][..]),
        };
        ExplainedNode {
            kind,
            truth: self.truth(leaf),
            parts: parts.iter().map(|part| part.explain(leaf)).collect(),
        }
    }

    /// Returns the fewest leaves to change so that this part has the value `wanted`, with the value
    /// that each needs.
    pub(super) fn changes(
        &self,
        wanted: bool,
        leaf: &impl Fn(usize) -> Truth,
    ) -> Vec<(usize, bool)> {
        if self.truth(leaf) == wanted.into() {
            return Vec::new();
        }
        match self {
            Self::Leaf(number) => vec![(*number, wanted)],
            Self::Not(part) => part.changes(!wanted, leaf),
            Self::And(parts) if wanted => changes_of_all(parts, wanted, leaf),
            Self::Or(parts) if !wanted => changes_of_all(parts, wanted, leaf),
            Self::And(parts) | Self::Or(parts) => fewest_changes(parts, wanted, leaf),
        }
    }
}

/// Collects the changes of all known parts. Unknown parts are left out, unless there are no others:
/// then one of them has to become known.
fn changes_of_all(
    parts: &[Node],
    wanted: bool,
    leaf: &impl Fn(usize) -> Truth,
) -> Vec<(usize, bool)> {
    let known = |part: &&Node| part.truth(leaf) != Truth::Unknown;
    if !parts.iter().any(|part| known(&part)) {
        return fewest_changes(parts, wanted, leaf);
    }
    let known_parts = parts.iter().filter(known);
    known_parts
        .flat_map(|part| part.changes(wanted, leaf))
        .collect()
}

fn fewest_changes(
    parts: &[Node],
    wanted: bool,
    leaf: &impl Fn(usize) -> Truth,
) -> Vec<(usize, bool)> {
    let each = parts.iter().map(|part| part.changes(wanted, leaf));
    each.min_by_key(Vec::len).unwrap_or_default()
}
