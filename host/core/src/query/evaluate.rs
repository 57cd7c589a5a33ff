//! The value of a tree, from the values of its leaves.

use super::query::Node;
use super::truth::Truth;

impl Node {
    /// Returns the value of this part, given the value of each leaf.
    pub(super) fn truth(&self, leaf: &impl Fn(usize) -> Truth) -> Truth {
        match self {
            Self::And(parts) => Truth::all(parts.iter().map(|part| part.truth(leaf))),
            Self::Or(parts) => Truth::any(parts.iter().map(|part| part.truth(leaf))),
            Self::Not(part) => !part.truth(leaf),
            Self::Leaf(number) => leaf(*number),
        }
    }
}
