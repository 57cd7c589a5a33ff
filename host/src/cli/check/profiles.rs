//! The rows of `check` about a profile: its query, and the parts that are probably meant otherwise.

use job_scanner_core::escape::PrintableStart;
use job_scanner_core::matching::Profile;
use job_scanner_core::query::{FieldSet, Leaf, LeafKind};
use job_scanner_views::check::Check;

/// The number of characters of a query that are shown.
const SHOWN_QUERY_CHARS: usize = 160;

/// Returns one row for the profile, and one for each warning about its query.
pub(super) fn checks(profile: &Profile) -> Vec<Check> {
    let Profile { name, query, .. } = profile;
    let shown = PrintableStart {
        text: &query.to_string(),
        limit: SHOWN_QUERY_CHARS,
    };
    let row = Check::ok("profile", format!("{name}: {shown}"));
    let warnings = query.warnings();
    let warnings = warnings
        .iter()
        .map(|warning| format!("{name}: {}", warning.in_one_line(&query.to_string())));

    std::iter::once(row)
        .chain(warnings.map(|warning| Check::warning("profile", warning)))
        .chain(limited_exclusions(profile).map(|detail| Check::ok("profile", detail)))
        .collect()
}

/// Returns a line about excluded terms that do not search the text of a job. Earlier versions
/// searched it.
fn limited_exclusions(profile: &Profile) -> Option<String> {
    let leaves = profile.query.leaves().iter();
    let limited = leaves.filter(|leaf| is_limited_exclusion(leaf));
    let terms: Vec<String> = limited.map(|leaf| format!("`{}`", leaf.written)).collect();
    let first = terms.first()?.trim_matches('`').to_owned();
    Some(format!(
        "{}: excluded in the title and the short fields, not in the text: {} (write `any:{first}` to exclude every mention)",
        profile.name,
        terms.join(", ")
    ))
}

fn is_limited_exclusion(leaf: &Leaf) -> bool {
    let fields = match &leaf.kind {
        LeafKind::Term { fields, .. } | LeafKind::Regex { fields, .. } => *fields,
        LeafKind::Condition(_) => return false,
    };
    !leaf.is_positive && fields == FieldSet::NEGATIVE
}

#[cfg(test)]
mod tests {
    use job_scanner_core::query::Query;
    use job_scanner_views::check::CheckReport;

    use super::*;

    fn details(query: &str) -> Vec<String> {
        let profile = Profile::new("mine", Query::parse(query).unwrap());
        let report = CheckReport::new(checks(&profile));
        report.rows().map(|[_, _, detail]| detail).collect()
    }

    #[test]
    fn a_profile_is_shown_with_its_warnings() {
        assert_eq!(details("rust"), ["mine: rust"]);
        assert_eq!(
            details("rust or go"),
            [
                "mine: rust or go",
                "mine: `or` is searched as a word; write `OR` in upper case to combine terms (at character 6, `or go`)"
            ]
        );
    }

    #[test]
    fn excluded_terms_that_do_not_search_the_text_are_named() {
        assert_eq!(
            details("rust AND NOT (intern OR any:manager)")[1],
            "mine: excluded in the title and the short fields, not in the text: `intern` (write `any:intern` to exclude \
             every mention)"
        );
    }
}
