//! Terms that look like several: `rust OR go`, `rust|go` or `rust, go`. A term is one word or phrase,
//! so such a term looks for exactly this text, which few jobs contain.

use crate::query::query::Leaf;

/// The words that combine terms, but only between them.
const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];

/// Returns what a term that looks like several is searched as, and what to write instead. `None` for
/// a term that looks like one, and for a phrase in quotes, which its author wanted like this.
///
/// `text` is the term without its field.
pub(super) fn warning(leaf: &Leaf, text: &str) -> Option<String> {
    if leaf.written.contains('"') {
        return None;
    }

    let field = leaf.written.strip_suffix(text).unwrap_or_default();
    let joint = Joint::between(text)?;
    if leaf.is_listed() {
        Some(of_list(leaf, field, &joint))
    } else if let Joint::Alternatives(parts) = joint {
        let query = format!("{field}({})", parts.join(" OR "));
        Some(searched_as_one(leaf, &format!("write `{query}`")))
    } else {
        None
    }
}

/// The way in which the parts of a term seem to be combined.
enum Joint<'t> {
    /// One of these parts is enough.
    Alternatives(Vec<&'t str>),
    /// The parts and the operators between them, as written.
    Operators(&'t str),
}

impl<'t> Joint<'t> {
    fn between(text: &'t str) -> Option<Self> {
        for separator in ["|", " OR ", ","] {
            let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
            if parts.len() > 1 && !parts.iter().any(|part| part.is_empty()) {
                return Some(Self::Alternatives(parts));
            }
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let inner = words.get(1..words.len().saturating_sub(1))?;
        let has_operator = inner.iter().any(|word| OPERATORS.contains(word));
        has_operator.then_some(Self::Operators(text))
    }
}

fn of_list(leaf: &Leaf, field: &str, joint: &Joint<'_>) -> String {
    let parts = match joint {
        Joint::Operators(text) => {
            let query = if field.is_empty() {
                (*text).to_owned()
            } else {
                format!("{field}({text})")
            };
            return searched_as_one(leaf, &format!("write a profile with `query: {query}`"));
        }
        Joint::Alternatives(parts) => parts,
    };

    let terms: Vec<String> = parts
        .iter()
        .map(|part| format!("\"{field}{part}\""))
        .collect();
    let terms = terms.join(", ");
    let list = if leaf.is_positive {
        format!("`keyword_groups: [[{terms}]]`")
    } else {
        format!("`exclude_terms: [{terms}]`")
    };
    searched_as_one(
        leaf,
        &format!("write {list}, or a profile with a `query`, if any of them is meant"),
    )
}

fn searched_as_one(leaf: &Leaf, remedy: &str) -> String {
    format!("`{}` is searched as one phrase; {remedy}", leaf.written)
}

#[cfg(test)]
mod tests {
    use crate::query::{ListedTerm, Query};

    fn of_lists(required: &str, excluded: &str) -> Vec<String> {
        let listed = |term: &str| -> Vec<ListedTerm> {
            let term = Some(term).filter(|term| !term.is_empty());
            term.map(|term| term.parse().unwrap()).into_iter().collect()
        };
        let query = Query::of_lists(&listed(required), &[], &listed(excluded)).unwrap();
        let warnings = query.warnings();
        warnings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_listed_term_that_looks_like_several_gets_a_warning_with_its_place() {
        for (required, excluded, expected) in [
            (
                "rust OR go",
                "",
                r#"`rust OR go` is searched as one phrase; write `keyword_groups: [["rust", "go"]]`, or a profile with a `query`, if any of them is meant (at character 2)"#,
            ),
            (
                "title:rust|c++",
                "",
                r#"`title:rust|c++` is searched as one phrase; write `keyword_groups: [["title:rust", "title:c++"]]`, or a profile with a `query`, if any of them is meant (at character 7)"#,
            ),
            (
                "go",
                "intern, trainee",
                r#"`intern, trainee` is searched as one phrase; write `exclude_terms: ["intern", "trainee"]`, or a profile with a `query`, if any of them is meant (at character 13)"#,
            ),
            (
                "title:rust AND linux",
                "",
                "`title:rust AND linux` is searched as one phrase; write a profile with `query: title:(rust AND linux)` (at character 8)",
            ),
            (
                "rust NOT senior",
                "",
                "`rust NOT senior` is searched as one phrase; write a profile with `query: rust NOT senior` (at character 2)",
            ),
        ] {
            assert_eq!(of_lists(required, excluded), [expected]);
        }
    }

    #[test]
    fn a_phrase_in_quotes_and_a_term_that_is_one_get_no_warning() {
        for term in [
            "\"Berlin, Germany\"",
            "location:\"Portland, OR\"",
            "AND Digital",
            "research and development",
            "Salt OR",
            "C++",
            "full-stack",
            "rust,",
        ] {
            assert!(of_lists(term, "").is_empty(), "{term}");
        }
    }

    #[test]
    fn only_an_unquoted_bar_looks_like_several_terms_in_a_query() {
        let warnings = |query: &str| Query::parse(query).unwrap().warnings();
        let [only] = &warnings("linux title:rust|go")[..] else {
            panic!("one warning")
        };
        assert_eq!(
            only.to_string(),
            "`title:rust|go` is searched as one phrase; write `title:(rust OR go)` (at character 7)"
        );
        assert!(warnings("\"rust|go\" \"rust, go\"").is_empty());
    }
}
