//! A second evaluation of queries, slow and obvious: unknown leaves are cut out of the tree, and the
//! rest has two values.

use proptest::prelude::*;

use super::FieldSet;
use super::query::{Leaf, LeafKind, Node, Query};
use super::truth::Truth;

/// Returns the tree without its unknown leaves; `None` if nothing is left.
fn without_unknown(node: &Node, values: &[Truth]) -> Option<Node> {
    match node {
        Node::Leaf(number) => (values[*number] != Truth::Unknown).then_some(Node::Leaf(*number)),
        Node::Not(part) => Some(Node::Not(Box::new(without_unknown(part, values)?))),
        Node::And(parts) | Node::Or(parts) => {
            let left: Vec<Node> = parts
                .iter()
                .filter_map(|part| without_unknown(part, values))
                .collect();
            match node {
                _ if left.is_empty() => None,
                Node::And(_) => Some(Node::And(left)),
                _ => Some(Node::Or(left)),
            }
        }
    }
}

fn is_true(node: &Node, values: &[Truth]) -> bool {
    match node {
        Node::Leaf(number) => values[*number] == Truth::True,
        Node::Not(part) => !is_true(part, values),
        Node::And(parts) => parts.iter().all(|part| is_true(part, values)),
        Node::Or(parts) => parts.iter().any(|part| is_true(part, values)),
    }
}

fn matches(query: &Query, values: &[Truth]) -> bool {
    let holds = without_unknown(&query.root, values).is_some_and(|node| is_true(&node, values));
    let mut leaves = query.leaves.iter().zip(values);
    holds && leaves.any(|(leaf, value)| leaf.is_positive && *value == Truth::True)
}

/// The number of leaves of the trees below.
const LEAVES: usize = 5;

fn node() -> impl Strategy<Value = Node> {
    let leaf = (0..LEAVES).prop_map(Node::Leaf);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            parts.clone().prop_map(Node::And),
            parts.prop_map(Node::Or),
            inner.prop_map(|part| Node::Not(Box::new(part))),
        ]
    })
}

fn truth() -> impl Strategy<Value = Truth> {
    prop_oneof![Just(Truth::True), Just(Truth::False), Just(Truth::Unknown)]
}

fn query(root: Node, positive: &[bool]) -> Query {
    let leaf = |is_positive: &bool| Leaf {
        kind: LeafKind::Term {
            term: "x".parse().unwrap(),
            fields: FieldSet::POSITIVE,
        },
        written: "x".to_owned(),
        is_positive: *is_positive,
        span: 0..0,
    };
    Query {
        written: String::new(),
        root,
        leaves: positive.iter().map(leaf).collect(),
    }
}

proptest! {
    #[test]
    fn a_query_matches_what_it_matches_without_its_unknown_leaves(
        root in node(),
        values in prop::collection::vec(truth(), LEAVES),
        positive in prop::collection::vec(any::<bool>(), LEAVES),
    ) {
        let query = query(root, &positive);
        prop_assert_eq!(query.matches(|number| values[number]), matches(&query, &values));
    }

    #[test]
    fn the_smallest_change_gives_the_tree_the_wanted_value(
        root in node(),
        wanted in any::<bool>(),
        values in prop::collection::vec(truth(), 64),
    ) {
        // Each leaf occurs once: one that occurs twice, once below a `NOT`, may decide for both values.
        let mut next = 0;
        let root = renumbered(root, &mut next);
        let changes = root.changes(wanted, &|number| values[number]);
        let after = |number: usize| {
            let changed = changes.iter().find(|(leaf, _)| *leaf == number);
            changed.map_or(values[number], |(_, value)| Truth::from(*value))
        };
        prop_assert_eq!(root.truth(&after), Truth::from(wanted), "{:?}", changes);
    }

    #[test]
    fn parsing_any_text_does_not_panic(text in "\\PC{0,40}|[()\"/:|<>=a-d *\\-]{0,30}|(AND|OR|NOT|title:|salary|>=|70k|EUR|\\(|\\)| ){0,20}") {
        match Query::parse(&text) {
            Ok(query) => {
                prop_assert_eq!(query.to_string(), text);
                query.warnings();
            }
            Err(error) => {
                prop_assert!(error.column() <= text.chars().count() + 1);
                error.pointing_into(&text).to_string();
            }
        }
    }
}

fn renumbered(node: Node, next: &mut usize) -> Node {
    match node {
        Node::Leaf(_) => {
            *next += 1;
            Node::Leaf(*next - 1)
        }
        Node::Not(part) => Node::Not(Box::new(renumbered(*part, next))),
        Node::And(parts) => Node::And(
            parts
                .into_iter()
                .map(|part| renumbered(part, next))
                .collect(),
        ),
        Node::Or(parts) => Node::Or(
            parts
                .into_iter()
                .map(|part| renumbered(part, next))
                .collect(),
        ),
    }
}
