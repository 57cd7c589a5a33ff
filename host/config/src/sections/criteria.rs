//! The three lists of terms of `search_criteria` and of a profile.

use job_scanner_core::query::{ListedTerm, Query};

use crate::reading::problem::{quoted, shortened};
use crate::reading::read::{Field, Section};
use crate::yaml_text::yaml_text;

const TERMS: &str = "a list of terms, such as `[engineer, \"C++\"]`";
const GROUPS: &str = "a list of lists, such as `[[remote, hybrid], [rust, go]]`";

/// The number of terms that a correction repeats.
const MAX_SHOWN_TERMS: usize = 5;

/// A term with its position.
type ParsedTerm<'a> = (Field<'a>, ListedTerm);

/// Reads the lists of a section as a query. Invalid terms are reported and left out. `field` is the
/// section itself.
pub(crate) fn read(field: &Field<'_>, section: &mut Section<'_>) -> Option<Query> {
    let required = section
        .field("required_terms")
        .map(|field| read_terms(&field))
        .unwrap_or_default();
    let groups: Vec<Vec<ParsedTerm<'_>>> = section
        .field("keyword_groups")
        .map(|field| read_groups(&field))
        .unwrap_or_default();
    let excluded = section
        .field("exclude_terms")
        .map(|field| read_terms(&field))
        .unwrap_or_default();

    let wanted: Vec<&ParsedTerm<'_>> = required.iter().chain(groups.iter().flatten()).collect();
    report_conflicts(&wanted, &excluded);
    if wanted.is_empty() {
        report_no_terms(field, section, !excluded.is_empty());
        return None;
    }

    let groups: Vec<Vec<ListedTerm>> = groups.into_iter().map(only_terms).collect();
    Query::of_lists(&only_terms(required), &groups, &only_terms(excluded))
}

fn report_no_terms(field: &Field<'_>, section: &Section<'_>, has_excluded: bool) {
    if section.has_problems() || section.has_unknown_keys() {
        return;
    }
    let wrong = if has_excluded {
        "has only excluded terms, so every job without one would match"
    } else {
        "has no search term, so every job would match"
    };
    field.report(
        wrong,
        "write at least one term in `required_terms` or `keyword_groups`",
    );
}

fn only_terms(terms: Vec<ParsedTerm<'_>>) -> Vec<ListedTerm> {
    terms.into_iter().map(|(_, term)| term).collect()
}

fn read_terms<'a>(field: &Field<'a>) -> Vec<ParsedTerm<'a>> {
    let term = |item: Field<'a>| {
        if item.is_list() {
            item.report(
                "is a list inside a list of terms",
                "remove the inner brackets, or move it to `keyword_groups`, where one term of each list is enough",
            );
            return None;
        }

        let term = item.parsed(
            str::parse::<ListedTerm>,
            "write a word or phrase, in quotes if necessary",
        )?;
        Some((item, term))
    };

    field
        .list(TERMS)
        .unwrap_or_default()
        .into_iter()
        .filter_map(term)
        .collect()
}

fn read_groups<'a>(field: &Field<'a>) -> Vec<Vec<ParsedTerm<'a>>> {
    let group = |item: Field<'a>| {
        if let Some(term) = item.scalar() {
            let list = format!("write `[{}]`", yaml_text(&shortened(term)));
            item.report(format!("{} is not a list", quoted(term)), list);
            return None;
        }

        let terms = item.list(TERMS)?;
        if terms.is_empty() {
            item.report(
                "is an empty group, which no job can match",
                "write a term in it, or remove it",
            );
            return None;
        }

        Some(read_terms(&item))
    };

    let Some(items) = field.list(GROUPS) else {
        return Vec::new();
    };

    if report_flat_groups(field, &items) {
        return Vec::new();
    }
    items.into_iter().filter_map(group).collect()
}

/// Reports groups that are written as a single list of terms, and returns true for these.
fn report_flat_groups(field: &Field<'_>, items: &[Field<'_>]) -> bool {
    let terms: Option<Vec<&str>> = items.iter().map(Field::scalar).collect();
    let Some(terms) = terms.filter(|terms| !terms.is_empty()) else {
        return false;
    };

    let shown = terms.iter().take(MAX_SHOWN_TERMS);
    let mut shown: Vec<String> = shown.map(|term| yaml_text(&shortened(term))).collect();
    if terms.len() > MAX_SHOWN_TERMS {
        shown.push("…".to_owned());
    }
    field.report(
        "is a list of terms, not a list of lists",
        format!(
            "write `[[{}]]` if one of them is enough, or `required_terms` if a job needs all of them",
            shown.join(", ")
        ),
    );
    true
}

/// Reports excluded terms that are equivalent to a wanted one: such a wanted term could never
/// match.
fn report_conflicts(wanted: &[&ParsedTerm<'_>], excluded: &[ParsedTerm<'_>]) {
    for (field, term) in excluded {
        let is_same = |wanted: &&&ParsedTerm<'_>| {
            wanted.1.fields == term.fields && wanted.1.term.is_equivalent(&term.term)
        };
        if let Some((wanted_field, _)) = wanted.iter().find(is_same) {
            let (key, line) = (wanted_field.key(), wanted_field.position().line);
            let wrong = format!(
                "{} is excluded here, but also searched for in {key} (line {line})",
                quoted(&term.to_string())
            );
            field.report(wrong, "remove it from one of them");
        }
    }
}
