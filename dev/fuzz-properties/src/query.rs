//! The input is the query of a profile.

use job_scanner_core::job::{Location, Workplace};
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{
    Explanation, JobSource, MatchTimes, MatchedFields, MatchedJob, Profile, QueryMatcher,
};
use job_scanner_core::query::{
    ExplainedNode, Leaf, LeafKind, MAX_QUERY_BYTES, NodeKind, Query, QueryError, Truth,
};

/// Checks that the error of a rejected text lies within it. An accepted text must print as written.
/// Its tree, written with as few parentheses as possible, must parse to the same tree. It must
/// match a job if its explanation says so, and then needs no change.
pub fn check(text: &str) {
    match Query::parse(text) {
        Err(error) => check_error(&error, text),
        Ok(query) => {
            check_printed(&query, text);
            check_rewritten(&query);
            check_results(&query, text);
        }
    }
}

fn check_error(error: &QueryError, text: &str) {
    assert!(!error.message().is_empty());
    let column = error.column();
    assert!(column <= text.chars().count() + 1, "character {column}");

    let shown = error.pointing_into(text).to_string();
    let mark = shown.lines().next_back().unwrap_or_default();
    assert_eq!(mark.trim_start(), "^", "{shown}");
    assert!(error.in_one_line(text).starts_with(error.message()));

    let of_search = Query::parse_search(text).expect_err("both kinds have the same grammar");
    assert_eq!(of_search, *error);
}

fn check_printed(query: &Query, text: &str) {
    assert_eq!(query.to_string(), text);
    for warning in query.warnings() {
        check_warning(&warning, text);
    }

    let again = Query::parse(&query.to_string()).expect("the printed query is valid");
    assert_eq!(again, *query);
    assert_eq!(leaves(&again), leaves(query));
    assert_eq!(tree(&again), tree(query));
}

fn check_warning(warning: &QueryError, text: &str) {
    assert!(warning.column() <= text.chars().count(), "{warning}");
}

/// Checks that the tree, written in another way, parses to the same tree. The other way is longer,
/// so it may be too long.
fn check_rewritten(query: &Query) {
    let rewritten = written(&tree(query), query.leaves());
    if rewritten.len() > MAX_QUERY_BYTES {
        return;
    }

    let again = Query::parse(&rewritten).unwrap_or_else(|error| panic!("{error} in {rewritten:?}"));
    assert_eq!(tree(&again), tree(query), "{rewritten:?}");

    let kinds = |query: &Query| -> Vec<_> { query.leaves().iter().map(kind).collect() };
    assert_eq!(kinds(&again), kinds(query), "{rewritten:?}");
}

/// Returns a part of a query as text. Only an `OR` inside of another part, an `AND` inside of an
/// `AND`, and everything below `NOT` but a leaf or another `NOT` get parentheses.
fn written(node: &ExplainedNode, leaves: &[Leaf]) -> String {
    let inside = |part: &ExplainedNode, needs_parentheses: bool| {
        let text = written(part, leaves);
        if needs_parentheses {
            format!("({text})")
        } else {
            text
        }
    };
    let parts = |operator: &str, needs_parentheses: fn(&ExplainedNode) -> bool| {
        let parts = node.parts.iter();
        let parts: Vec<String> = parts
            .map(|part| inside(part, needs_parentheses(part)))
            .collect();
        parts.join(operator)
    };

    match node.kind {
        NodeKind::Leaf(number) => leaves[number].written.clone(),
        NodeKind::Not => format!("NOT {}", parts("", is_list)),
        NodeKind::And => parts(" AND ", is_list),
        NodeKind::Or => parts(" OR ", |part| part.kind == NodeKind::Or),
    }
}

fn is_list(node: &ExplainedNode) -> bool {
    matches!(node.kind, NodeKind::And | NodeKind::Or)
}

/// Returns the tree with a value that depends on the number of the leaf only.
fn tree(query: &Query) -> ExplainedNode {
    query.explain(|number| [Truth::True, Truth::False, Truth::Unknown][number % 3])
}

/// Returns all of a leaf but its position, which differs when the query is written differently.
fn leaves(query: &Query) -> Vec<(String, String, bool)> {
    let all = query.leaves().iter();
    all.map(|leaf| {
        let kind = format!("{:?}", leaf.kind);
        (leaf.written.clone(), kind, leaf.is_positive)
    })
    .collect()
}

/// Returns what a leaf looks for, without the fields: those before a parenthesis are not written
/// at the leaf.
fn kind(leaf: &Leaf) -> (String, bool) {
    let kind = match &leaf.kind {
        LeafKind::Term { term, .. } => format!("term {term}"),
        LeafKind::Regex { regex, .. } => format!("regex {regex}"),
        LeafKind::Condition(condition) => format!("{condition:?}"),
    };
    (kind, leaf.is_positive)
}

fn check_results(query: &Query, text: &str) {
    let profile = Profile::new("p", query.clone());
    let matcher = QueryMatcher::new(vec![profile]).expect("one query fits");
    let has_positive_leaf = query.leaves().iter().any(|leaf| leaf.is_positive);

    let source: SourceKey = "feed/news".parse().expect("a key");
    for fields in [
        FULL,
        MatchedFields {
            title: text,
            ..EMPTY
        },
        EMPTY,
    ] {
        let locations = [place("Berlin", Some("DE")), place("Remote", None)];
        let locations = if fields == FULL { &locations[..] } else { &[] };
        let job = job(
            MatchedFields {
                locations,
                ..fields
            },
            &source,
        );

        let explained = matcher.explain(&job);
        let [explanation] = explained.as_slice() else {
            panic!("one profile has {} explanations", explained.len());
        };
        check_explanation(explanation, has_positive_leaf);
        check_reasons(&matcher, &job, explanation);
    }
}

/// Checks that a matching job needs no change, and that any other one needs some, unless the query
/// matches nothing.
fn check_explanation(explanation: &Explanation, has_positive_leaf: bool) {
    assert!(!explanation.matches || explanation.tree.truth == Truth::True);
    assert_eq!(
        explanation.smallest_change.is_empty(),
        explanation.matches || (!has_positive_leaf && explanation.tree.truth == Truth::True)
    );
}

fn check_reasons(matcher: &QueryMatcher, job: &MatchedJob<'_>, explanation: &Explanation) {
    let results = matcher.evaluate(job);
    assert_eq!(results.len(), usize::from(explanation.matches));
    for result in results {
        assert!(!result.reasons.is_empty());
        for reason in result.reasons {
            assert!(reason.hit.is_some() != reason.value.is_some(), "{reason:?}");
        }
    }
}

fn job<'a>(fields: MatchedFields<'a>, source: &'a SourceKey) -> MatchedJob<'a> {
    let times = MatchTimes {
        first_seen_at: "2026-11-20T12:00:00Z".parse().expect("a time"),
        now: "2026-11-23T12:00:00Z".parse().expect("a time"),
    };
    let source = JobSource {
        key: source,
        name: "News",
    };
    fields.of(source, times)
}

fn place(name: &str, country: Option<&str>) -> Location {
    Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: country.map(str::to_owned),
    }
}

const EMPTY: MatchedFields<'static> = MatchedFields {
    url: "https://a.example/7",
    ..MatchedFields::UNKNOWN
};

const FULL: MatchedFields<'static> = MatchedFields {
    title: "Senior Rust Engineer (C++/Go)",
    company: Some("Acme"),
    department: Some("Platform"),
    workplace: Some(Workplace::Remote),
    employment_type: Some("FullTime"),
    description: Some("You report to the manager of data science."),
    ..EMPTY
};
