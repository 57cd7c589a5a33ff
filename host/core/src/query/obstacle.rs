//! The part of a query that alone keeps a job out.

use std::ops::Range;

use super::query::{Node, Query};
use super::truth::Truth;

impl Query {
    /// Returns the number of parts that the query joins with `AND`; 0 if it is not an `AND`.
    pub fn required_parts(&self) -> usize {
        self.root.required().len()
    }

    /// Returns the required part, by number, without which the query would match a job whose leaves
    /// have these values. `None` if it matches, or if one part less is not enough.
    pub fn only_obstacle(&self, truth: impl Fn(usize) -> Truth) -> Option<usize> {
        let parts = self.root.required().iter().enumerate();
        let mut failed = parts.filter(|(_, part)| part.truth(&truth) == Truth::False);
        let (number, part) = failed.next()?;
        if failed.next().is_some() {
            return None;
        }

        // A part whose leaves are unknown is left out.
        let omitted = part.leaves();
        let without = |leaf: usize| {
            if omitted.contains(&leaf) {
                Truth::Unknown
            } else {
                truth(leaf)
            }
        };
        self.matches(without).then_some(number)
    }

    /// Returns a required part, by number, in the notation of queries; `None` if there is no such
    /// part.
    pub fn required_part(&self, number: usize) -> Option<String> {
        let part = self.root.required().get(number)?;
        Some(self.written(part))
    }

    fn written(&self, part: &Node) -> String {
        let joined = |parts: &[Node], operator: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.written(part)).collect();
            format!("({})", parts.join(operator))
        };
        match part {
            Node::And(parts) => joined(parts, " AND "),
            Node::Or(parts) => joined(parts, " OR "),
            Node::Not(part) => format!("NOT {}", self.written(part)),
            Node::Leaf(number) => self.leaves[*number].written.clone(),
        }
    }
}

impl Node {
    fn required(&self) -> &[Self] {
        match self {
            Self::And(parts) => parts,
            Self::Or(_) | Self::Not(_) | Self::Leaf(_) => &[],
        }
    }

    /// Returns the numbers of the leaves below. Leaves are numbered in the order written, so those
    /// of a part have no gap.
    fn leaves(&self) -> Range<usize> {
        match self {
            Self::Leaf(number) => *number..*number + 1,
            Self::Not(part) => part.leaves(),
            Self::And(parts) | Self::Or(parts) => {
                let first = parts.first().map_or(0, |part| part.leaves().start);
                let end = parts.last().map_or(0, |part| part.leaves().end);
                first..end
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the obstacle of a job for which only these leaves are true.
    fn obstacle(query: &str, hits: &[&str]) -> Option<String> {
        let query = Query::parse(query).unwrap();
        let leaves = query.leaves();
        let truth = |number: usize| hits.contains(&leaves[number].written.as_str()).into();
        let number = query.only_obstacle(truth)?;
        query.required_part(number)
    }

    #[test]
    fn the_only_obstacle_is_the_one_part_that_fails() {
        for (query, hits, expected) in [
            ("cook AND lyon", &["cook"][..], Some("lyon")),
            ("cook AND (lyon OR rome)", &["cook"], Some("(lyon OR rome)")),
            (
                "cook AND NOT (head OR sous)",
                &["cook", "head"],
                Some("NOT (head OR sous)"),
            ),
            ("cook AND lyon AND day", &["day"], None),
            ("cook AND lyon", &["cook", "lyon"], None),
            ("cook OR lyon", &[], None),
        ] {
            assert_eq!(obstacle(query, hits).as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn a_query_that_would_only_exclude_has_no_obstacle() {
        assert_eq!(obstacle("cook AND NOT head", &[]), None);
    }
}
