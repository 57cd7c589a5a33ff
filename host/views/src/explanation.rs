//! The explanation why a job matches each profile or not: `job-scanner explain`.

use job_scanner_core::escape::Printable;
use job_scanner_core::job::{CompanyOrigin, ShownCompany};
use job_scanner_core::matching::{ExplainedPart, Explanation, NeededChange, PartKind};
use job_scanner_core::query::Truth;
use job_scanner_store::ListedJob;
use serde::Serialize;

use crate::cells::{short, whole};

/// A job, and its result for each profile.
#[derive(Debug, Serialize)]
pub struct ExplanationView<'a> {
    key: String,
    title: &'a str,
    company: &'a str,
    company_from: CompanyOrigin,
    url: &'a str,
    content_hash: String,
    profiles: &'a [Explanation],
}

impl<'a> ExplanationView<'a> {
    /// Shows the results of `profiles` for a job.
    pub fn new(listed: &'a ListedJob, profiles: &'a [Explanation]) -> Self {
        let company = company(listed);
        Self {
            key: listed.key.to_string(),
            title: &listed.job.title,
            company: company.name,
            company_from: company.from,
            url: &listed.job.url,
            content_hash: listed.job.content_hash.to_string(),
            profiles,
        }
    }
}

fn company(listed: &ListedJob) -> ShownCompany<'_> {
    ShownCompany::of(listed.job.company.as_deref(), &listed.source_name)
}

/// Returns the lines above the tables, with the job's title, company, key and URL.
pub fn headline(listed: &ListedJob) -> String {
    let key = listed.key.to_string();
    let (title, url) = (&listed.job.title, &listed.job.url);

    format!(
        "{}\n{}\n{} {}\n",
        Printable(title),
        Printable(company(listed).name),
        Printable(&key),
        Printable(url)
    )
}

/// Returns the lines of a profile: if the job matches, the query as a tree, and the smallest change
/// with which a job would match.
pub fn lines(explanation: &Explanation) -> Vec<String> {
    let mut lines = vec![verdict(explanation)];
    push_part(&explanation.tree, 1, &mut lines);
    if explanation.covers_source {
        lines.extend(smallest_change(&explanation.smallest_change));
    }
    lines
}

fn verdict(explanation: &Explanation) -> String {
    let verdict = match (explanation.matches, explanation.covers_source) {
        (true, _) => "matches",
        (false, true) => "does not match",
        (false, false) => "does not apply to this source",
    };
    format!("profile {}: {verdict}", Printable(&explanation.profile))
}

fn push_part(part: &ExplainedPart, depth: usize, lines: &mut Vec<String>) {
    let truth = match part.truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    };
    let text = match part.kind {
        PartKind::And => "all of:".to_owned(),
        PartKind::Or => "one of:".to_owned(),
        PartKind::Not => "not:".to_owned(),
        PartKind::Term | PartKind::Condition => leaf(part),
    };
    let indent = "  ".repeat(depth);
    lines.push(format!("{truth:8}{indent}{text}"));
    for part in &part.parts {
        push_part(part, depth + 1, lines);
    }
}

/// Describes a term with its first hit, or a condition with the value of the job.
fn leaf(part: &ExplainedPart) -> String {
    let written = whole(part.written.as_deref().unwrap_or_default());
    match (&part.hit, &part.value, part.kind) {
        (Some(hit), _, _) => format!("{written}  ({}: {})", hit.field, short(&hit.snippet)),
        (None, Some(value), _) => format!("{written}  (the job: {})", short(value)),
        (None, None, PartKind::Condition) => format!("{written}  (the board does not say)"),
        (None, None, _) => format!("{written}  (not found)"),
    }
}

fn smallest_change(changes: &[NeededChange]) -> Option<String> {
    if changes.is_empty() {
        return None;
    }
    let change = |NeededChange { term, needed }: &NeededChange| {
        let with = if *needed { "with" } else { "without" };
        format!("{with} `{}`", whole(term))
    };
    let changes: Vec<String> = changes.iter().map(change).collect();
    Some(format!(
        "for example, it would match {}",
        changes.join(" and ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[test]
    fn an_explanation_has_the_documented_keys() {
        let (listed, profiles) = (samples::listed_job(), [samples::explanation()]);
        let view = ExplanationView::new(&listed, &profiles);
        insta::assert_snapshot!("explain", json(&view).unwrap());
    }

    #[test]
    fn the_headline_names_the_company_that_is_searched() {
        let listed = samples::plain_job();
        assert_eq!(
            headline(&listed),
            "Rust Engineer\nAcme\ngreenhouse/acme/4711 https://boards.example/acme/jobs/4711\n"
        );
    }

    #[test]
    fn a_profile_is_shown_as_a_tree_with_what_would_have_to_change() {
        let lines = lines(&samples::explanation());
        assert_eq!(
            lines,
            [
                "profile default: does not match",
                "no        all of:",
                "yes         engineer*  (title: Rust Engineer)",
                "yes         one of:",
                "yes           workplace:hybrid  (the job: hybrid)",
                "unknown       salary >= 90k EUR  (the board does not say)",
                "no          not:",
                "yes           rust  (title: Rust Engineer)",
                "for example, it would match without `rust`",
            ]
        );
    }

    #[test]
    fn a_profile_for_other_sources_says_so() {
        let elsewhere = Explanation {
            covers_source: false,
            ..samples::explanation()
        };
        let lines = lines(&elsewhere);
        assert_eq!(lines[0], "profile default: does not apply to this source");
        assert!(!lines.iter().any(|line| line.contains("it would match")));
    }
}
