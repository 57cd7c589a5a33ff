//! The explanation why a job matches each profile or not: `job-scanner explain`.

use job_scanner_core::escape::Printable;
use job_scanner_core::job::{CompanyOrigin, ShownCompany};
use job_scanner_core::matching::{MatchResult, TermResult, TermRole};
use job_scanner_store::ListedJob;
use serde::Serialize;

use crate::cells::{short, whole};

/// The header of the table of terms. Each profile has one table.
pub const HEADER: [&str; 4] = ["term", "role", "found in", "text"];

/// A job, and its result for each profile.
#[derive(Debug, Serialize)]
pub struct ExplanationView<'a> {
    key: String,
    title: &'a str,
    company: &'a str,
    company_from: CompanyOrigin,
    url: &'a str,
    content_hash: String,
    profiles: &'a [MatchResult],
}

impl<'a> ExplanationView<'a> {
    /// Shows the results of `profiles` for a job.
    pub fn new(listed: &'a ListedJob, profiles: &'a [MatchResult]) -> Self {
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

/// Returns the line above a profile's table, which states if the job matches.
pub fn verdict(result: &MatchResult) -> String {
    let verdict = if result.fits {
        "matches"
    } else {
        "does not match"
    };
    format!("profile {}: {verdict}", Printable(&result.profile))
}

/// Returns the row of a term.
pub fn row(TermResult { term, role, hit }: &TermResult) -> [String; 4] {
    let role = match role {
        TermRole::Required => "required".to_owned(),
        TermRole::Group(number) => format!("one of group {}", number + 1),
        TermRole::Exclude => "excluded".to_owned(),
    };

    let (found, text) = match hit {
        Some(hit) => (hit.field.as_str(), short(&hit.snippet)),
        None => ("not found", String::new()),
    };
    [whole(term), role, found.to_owned(), text]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[test]
    fn an_explanation_has_the_documented_keys() {
        let (listed, profiles) = (samples::listed_job(), [samples::result()]);
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
    fn groups_are_numbered_from_one_in_the_table() {
        let result = samples::result();
        let rows: Vec<String> = result
            .terms
            .iter()
            .map(|term| row(term).join(" | "))
            .collect();
        assert_eq!(
            rows,
            [
                "engineer* | required | title | Rust Engineer",
                "remote | one of group 1 | not found | ",
                "hybrid | one of group 1 | location | hybrid",
                "intern | excluded | not found | ",
            ]
        );
    }
}
