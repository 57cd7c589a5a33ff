//! Warnings about queries that are valid, but cannot do what their author wants.
//!
//! Not here: terms that look like several ([`super::several`]).

use super::several;
use crate::matching::Term;
use crate::normalize::facts::EmploymentKind;
use crate::query::condition::{Condition, WantedType};
use crate::query::error::{QueryError, quoted, quoted_list};
use crate::query::lexer::ComparisonSign;
use crate::query::query::{Leaf, LeafKind, Node, Query};
use crate::words::closest_match;

/// A warning, with the position in the query.
pub type QueryWarning = QueryError;

impl Query {
    /// Returns what can never match, and what is probably meant otherwise.
    pub fn warnings(&self) -> Vec<QueryWarning> {
        let mut warnings: Vec<QueryWarning> = Vec::new();
        if !self.leaves.iter().any(|leaf| leaf.is_positive) {
            let message =
                "this matches no job, because it only excludes; write what you look for as well";
            warnings.push(self.warning(0, message));
        }
        warnings.extend(self.leaves.iter().filter_map(|leaf| self.about_leaf(leaf)));
        self.root.each_and(&mut |parts| {
            warnings.extend(self.contradiction(parts));
        });
        warnings
    }

    fn about_leaf(&self, leaf: &Leaf) -> Option<QueryWarning> {
        let message = match &leaf.kind {
            LeafKind::Term { term, .. } if is_operator(&term.to_string()) => format!(
                "`{term}` is searched as a word; write `{}` in upper case to combine terms",
                term.to_string().to_uppercase()
            ),
            LeafKind::Term { term, .. } => {
                let message = several::warning(leaf, &term.to_string())?;
                return Some(self.warning(self.start_of(leaf, term), message));
            }
            LeafKind::Condition(
                Condition::Posted(ComparisonSign::More | ComparisonSign::AtLeast, _)
                | Condition::FirstSeen(ComparisonSign::More | ComparisonSign::AtLeast, _),
            ) => "a job does not start to match because it gets older: its age is compared when it is new or changed"
                .to_owned(),
            LeafKind::Condition(Condition::EmploymentType(wanted)) => {
                let unknown = wanted.iter().find_map(WantedType::unknown_words)?;
                unknown_type(unknown)
            }
            _ => return None,
        };
        Some(self.warning(leaf.span.start, message))
    }

    /// Returns the byte at which a term begins. Terms of lists are found in the query that was made of
    /// them.
    fn start_of(&self, leaf: &Leaf, term: &Term) -> usize {
        if leaf.is_listed() {
            self.written.find(&term.to_string()).unwrap_or(0)
        } else {
            leaf.span.start
        }
    }

    /// Returns a warning if one of these parts excludes what another one requires.
    fn contradiction(&self, parts: &[Node]) -> Option<QueryWarning> {
        let leaf = |part: &Node| match part {
            Node::Leaf(number) => Some(&self.leaves[*number]),
            _ => None,
        };
        let excluded = parts.iter().filter_map(|part| match part {
            Node::Not(inner) => leaf(inner),
            _ => None,
        });
        for excluded in excluded {
            let required = parts.iter().filter_map(leaf);
            if required
                .clone()
                .any(|required| excludes(excluded, required))
            {
                let message = format!(
                    "this matches no job, because `{}` is required and excluded",
                    excluded.written
                );
                return Some(self.warning(excluded.span.start, message));
            }
        }
        None
    }

    fn warning(&self, at: usize, message: impl AsRef<str>) -> QueryWarning {
        QueryError::new(&self.written, at, message)
    }
}

impl Node {
    /// Calls `found` with the parts of each `AND`.
    fn each_and(&self, found: &mut impl FnMut(&[Self])) {
        let parts = match self {
            Self::And(parts) => {
                found(parts);
                parts
            }
            Self::Or(parts) => parts,
            Self::Not(part) => std::slice::from_ref(&**part),
            Self::Leaf(_) => return,
        };
        for part in parts {
            part.each_and(found);
        }
    }
}

fn unknown_type(words: &str) -> String {
    let kinds = || EmploymentKind::ALL.iter().map(|kind| kind.as_str());
    let remedy = match closest_match(words, kinds()) {
        Some(kind) => format!("did you mean `{kind}`?"),
        None => format!("the kinds are {}", quoted_list(kinds())),
    };
    format!(
        "`{}` is compared with the words of the board alone, because it names no kind of employment; {remedy}",
        quoted(words)
    )
}

/// Returns true if a job that has what `required` looks for always has what `excluded` looks for.
fn excludes(excluded: &Leaf, required: &Leaf) -> bool {
    match (&excluded.kind, &required.kind) {
        (
            LeafKind::Term { term, fields },
            LeafKind::Term {
                term: required,
                fields: of_required,
            },
        ) => term.is_equivalent(required) && fields.includes(*of_required),
        (LeafKind::Condition(excluded), LeafKind::Condition(required)) => excluded == required,
        _ => false,
    }
}

fn is_operator(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "And" | "Or" | "Not")
}
