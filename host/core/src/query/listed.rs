//! The three lists of terms of `search_criteria`, as a query.

use std::fmt;
use std::str::FromStr;

use super::field::{DefaultFields, FieldSet};
use super::lexer::{Lexeme, LexemeKind, tokens};
use super::query::{Leaf, LeafKind, Node, Query};
use crate::matching::{Term, TermError};

/// A term of the lists of `search_criteria`, such as `full stack` or `title:engineer*`. A phrase
/// needs no quotes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTerm {
    pub term: Term,
    /// The fields before the colon; `None` for the default fields.
    pub fields: Option<FieldSet>,
    written: String,
}

impl ListedTerm {
    /// Returns the term as it is written in a query: in quotes, unless it is read as one word there.
    fn as_query(&self) -> String {
        let field = match (self.fields, self.written.split_once(':')) {
            (Some(_), Some((name, _))) => format!("{name}:"),
            _ => String::new(),
        };
        let term = self.term.to_string();
        if is_one_word(&term) {
            return format!("{field}{term}");
        }

        let (exact, phrase) = match term.strip_prefix('=') {
            Some(phrase) => ("=", phrase.trim_start()),
            None => ("", term.as_str()),
        };
        let (phrase, prefix) = match phrase.strip_suffix('*') {
            Some(phrase) => (phrase, "*"),
            None => (phrase, ""),
        };
        format!("{field}{exact}\"{phrase}\"{prefix}")
    }

    fn leaf(&self, is_positive: bool) -> Leaf {
        let fields = self
            .fields
            .unwrap_or_else(|| DefaultFields::PROFILE.of(is_positive));
        Leaf {
            kind: LeafKind::Term {
                term: self.term.clone(),
                fields,
            },
            written: self.written.clone(),
            is_positive,
            span: 0..0,
        }
    }
}

/// Parses a term with an optional field. A colon after another word than the name of a field is part
/// of the term.
impl FromStr for ListedTerm {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let text = text.trim();
        let scoped = text
            .split_once(':')
            .and_then(|(name, term)| Some((FieldSet::named(name)?, term)));
        let (fields, term) = match scoped {
            Some((fields, term)) => (Some(fields), term),
            None => (None, text),
        };
        let term = term.trim();
        let quoted = term
            .strip_prefix('"')
            .and_then(|term| term.strip_suffix('"'));
        Ok(Self {
            term: quoted.unwrap_or(term).parse()?,
            fields,
            written: text.to_owned(),
        })
    }
}

/// Prints the term as it was written.
impl fmt::Display for ListedTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Query {
    /// Makes a query of the three lists of `search_criteria`: all required terms, one of each group,
    /// none of the excluded ones. `None` if there is no term.
    pub fn of_lists(
        required: &[ListedTerm],
        groups: &[Vec<ListedTerm>],
        excluded: &[ListedTerm],
    ) -> Option<Self> {
        let mut leaves = Vec::new();
        let mut leaf = |term: &ListedTerm, is_positive| {
            leaves.push(term.leaf(is_positive));
            Node::Leaf(leaves.len() - 1)
        };
        let mut parts: Vec<Node> = required.iter().map(|term| leaf(term, true)).collect();
        for group in groups.iter().filter(|group| !group.is_empty()) {
            parts.push(Node::Or(
                group.iter().map(|term| leaf(term, true)).collect(),
            ));
        }
        parts.extend(
            excluded
                .iter()
                .map(|term| Node::Not(Box::new(leaf(term, false)))),
        );
        if parts.is_empty() {
            return None;
        }

        let groups = groups.iter().map(|group| joined_by(" OR ", group));
        let groups = groups.filter(|group| !group.is_empty());
        let written: Vec<String> = required
            .iter()
            .map(ListedTerm::as_query)
            .chain(groups.map(|group| format!("({group})")))
            .chain(
                excluded
                    .iter()
                    .map(|term| format!("NOT {}", term.as_query())),
            )
            .collect();
        let written = written.join(" AND ");
        Some(Self {
            written,
            root: Node::And(parts),
            leaves,
        })
    }
}

/// Returns true if a query reads this text as one word, and not as an operator or a field.
fn is_one_word(text: &str) -> bool {
    let tokens = tokens(text).unwrap_or_default();
    matches!(
        tokens.as_slice(),
        [Lexeme {
            kind: LexemeKind::Word(_),
            ..
        }]
    )
}

fn joined_by(operator: &str, terms: &[ListedTerm]) -> String {
    let written: Vec<String> = terms.iter().map(ListedTerm::as_query).collect();
    written.join(operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(terms: &[&str]) -> Vec<ListedTerm> {
        terms.iter().map(|term| term.parse().unwrap()).collect()
    }

    #[test]
    fn lists_are_written_as_the_query_that_they_are() {
        let groups = [listed(&["rust", "title:full stack"]), listed(&["go"])];
        let query = Query::of_lists(
            &listed(&["title:engineer*", "=Data Science"]),
            &groups,
            &listed(&["back end*", "C++"]),
        );
        let written = query.unwrap().to_string();
        assert_eq!(
            written,
            "title:engineer* AND =\"Data Science\" AND (rust OR title:\"full stack\") AND (go) AND NOT \"back end\"* \
             AND NOT C++"
        );
        assert!(Query::of_lists(&[], &[], &[]).is_none());
    }

    #[test]
    fn written_lists_parse_to_the_same_terms_and_fields() {
        let words = ["rust", "title:full stack", "=Data Science", "back end*"];
        let like_operators = ["AND", "or", "scope:rust", "title:NOT", "lang:de"];
        let like_signs = ["m/w/d", "(senior)", "a\u{a0}b", "company: acme"];
        let required = listed(&[&words[..], &like_operators, &like_signs].concat());
        let query = Query::of_lists(&required, &[], &listed(&["C++", "any:c d"])).unwrap();

        let leaves = |query: &Query| -> Vec<_> {
            let leaves = query.leaves().iter();
            leaves
                .map(|leaf| match &leaf.kind {
                    LeafKind::Term { term, fields } => (term.to_string(), *fields),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        let parsed = Query::parse(&query.to_string()).unwrap();
        assert_eq!(leaves(&parsed), leaves(&query), "{query}");
    }

    #[test]
    fn a_colon_after_another_word_belongs_to_a_listed_term() {
        let term: ListedTerm = "scope:rust".parse().unwrap();
        assert_eq!(
            (term.fields, term.term.to_string()),
            (None, "scope:rust".to_owned())
        );
        let term: ListedTerm = "title: \"full stack\"".parse().unwrap();
        assert_eq!(term.term.to_string(), "full stack");
        assert_eq!(term.fields, FieldSet::named("title"));
    }
}
