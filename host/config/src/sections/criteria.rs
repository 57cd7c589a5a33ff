//! `search_criteria`: the search terms, as the profile `default`.

use job_scanner_core::matching::{Criteria, Profile, Term};

use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section};

/// The name of the profile that `search_criteria` defines.
const DEFAULT_PROFILE: &str = "default";

const TERMS: &str = "a list of terms, such as `[engineer, \"C++\"]`";
const GROUPS: &str = "a list of lists, such as `[[remote, hybrid], [rust, go]]`";

/// A term with its position.
type ParsedTerm<'a> = (Field<'a>, Term);

/// Reads the criteria. Invalid ones are reported and left out.
pub(crate) fn read(root: &mut Section<'_>) -> Vec<Profile> {
    let remedy = "write what you look for, such as `search_criteria: {required_terms: [engineer]}`";
    let criteria = root.required("search_criteria", remedy).and_then(|field| {
        field.section(|section| {
            let criteria = read_criteria(section);
            if criteria.required_terms.is_empty()
                && criteria.keyword_groups.is_empty()
                && !section.has_problems()
                && !section.has_unknown_keys()
            {
                let wrong = if criteria.exclude_terms.is_empty() {
                    "has no search term, so every job would match"
                } else {
                    "has only excluded terms, so every job without one would match"
                };
                field.report(
                    wrong,
                    "write at least one term in `required_terms` or `keyword_groups`",
                );
            }

            criteria
        })
    });

    criteria
        .map(|criteria| Profile {
            name: DEFAULT_PROFILE.to_owned(),
            criteria,
        })
        .into_iter()
        .collect()
}

fn read_criteria(section: &mut Section<'_>) -> Criteria {
    let required = section
        .field("required_terms")
        .map(|field| read_terms(&field))
        .unwrap_or_default();
    let groups: Vec<Vec<ParsedTerm<'_>>> = section
        .field("keyword_groups")
        .map(|field| read_groups(&field))
        .unwrap_or_default();
    let exclude = section
        .field("exclude_terms")
        .map(|field| read_terms(&field))
        .unwrap_or_default();

    let wanted: Vec<&ParsedTerm<'_>> = required.iter().chain(groups.iter().flatten()).collect();
    report_conflicts(&wanted, &exclude);
    Criteria {
        required_terms: only_terms(required),
        keyword_groups: groups.into_iter().map(only_terms).collect(),
        exclude_terms: only_terms(exclude),
    }
}

fn only_terms(terms: Vec<ParsedTerm<'_>>) -> Vec<Term> {
    terms.into_iter().map(|(_, term)| term).collect()
}

fn read_terms<'a>(field: &Field<'a>) -> Vec<ParsedTerm<'a>> {
    let term = |item: Field<'a>| {
        let term = item.parsed(
            str::parse::<Term>,
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

    items.into_iter().filter_map(group).collect()
}

/// Reports excluded terms that are equivalent to a wanted one: such a wanted term could never
/// match.
fn report_conflicts(wanted: &[&ParsedTerm<'_>], excluded: &[ParsedTerm<'_>]) {
    for (field, term) in excluded {
        if let Some((wanted_field, _)) =
            wanted.iter().find(|(_, wanted)| wanted.is_equivalent(term))
        {
            let (key, line) = (wanted_field.key(), wanted_field.position().line);
            let wrong = format!(
                "{} is excluded here, but also searched for in {key} (line {line})",
                quoted(&term.to_string())
            );
            field.report(wrong, "remove it from one of them");
        }
    }
}
