//! A parsed query: a tree over numbered leaves.

use std::fmt;
use std::ops::Range;

use regex::Regex;

use super::condition::Condition;
use super::field::FieldSet;
use super::truth::Truth;
use crate::matching::Term;

/// A parsed query.
#[derive(Debug, Clone)]
pub struct Query {
    /// The query as written, or the lists that it was made of.
    pub(super) written: String,
    pub(super) root: Node,
    pub(super) leaves: Vec<Leaf>,
}

/// A part of a query. A leaf is the number of a [`Leaf`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Never empty.
    And(Vec<Node>),
    /// Never empty.
    Or(Vec<Node>),
    Not(Box<Node>),
    Leaf(usize),
}

/// A term, a regular expression or a condition.
#[derive(Debug, Clone)]
pub struct Leaf {
    pub kind: LeafKind,
    /// The leaf as written, with its field.
    pub written: String,
    /// False if the leaf is below an odd number of `NOT`s.
    pub is_positive: bool,
    /// The bytes of the query that it was read from; empty if the query was made of lists.
    pub(super) span: Range<usize>,
}

/// The search or condition of a leaf.
#[derive(Debug, Clone)]
pub enum LeafKind {
    Term { term: Term, fields: FieldSet },
    Regex { regex: Regex, fields: FieldSet },
    Condition(Condition),
}

impl Leaf {
    /// Returns true if the leaf is a term of a list, not of a written query.
    pub(super) fn is_listed(&self) -> bool {
        self.span.is_empty()
    }
}

impl Query {
    /// Returns all leaves, in the order written.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Returns the number of its regular expressions.
    pub fn regexes(&self) -> usize {
        count_regexes(&self.leaves)
    }

    /// Returns true if the query matches a job whose leaves have these values, by number.
    pub fn matches(&self, truth: impl Fn(usize) -> Truth) -> bool {
        self.root.truth(&truth) == Truth::True && self.has_positive_hit(truth)
    }

    /// Returns true if a positive leaf is true.
    pub(super) fn has_positive_hit(&self, truth: impl Fn(usize) -> Truth) -> bool {
        let is_hit =
            |(number, leaf): (usize, &Leaf)| leaf.is_positive && truth(number) == Truth::True;
        self.leaves.iter().enumerate().any(is_hit)
    }
}

pub(super) fn count_regexes(leaves: &[Leaf]) -> usize {
    let is_regex = |leaf: &&Leaf| matches!(leaf.kind, LeafKind::Regex { .. });
    leaves.iter().filter(is_regex).count()
}

/// Prints the query as written.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Queries are equal if they were written in the same way.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Query {}
