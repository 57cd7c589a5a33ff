//! Conversion of Personio's positions to raw jobs.

use std::collections::HashSet;

use job_scanner_sdk::xml::{child, child_text, children, read_children, text_of};
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Salary, extras, html, joined, pay_period,
};
use roxmltree::{Document, Node};

use crate::api::Board;

/// Returns the whole board as one page. A position without id or name counts as open.
pub fn page(document: &Document<'_>, board: &Board) -> Page {
    let root = document.root_element();
    let positions = read_children(root, "position", ["id", "name"], |position| {
        let id = child_text(position, "id")?;
        let name = child_text(position, "name")?;
        Some(raw_job(position, &id, name, board))
    });

    Page::whole_board(positions.read).with_unreadable(positions.unreadable)
}

/// Merges the board's pages in several languages into one. Each position is in the first language
/// that has it.
pub fn merged(languages: Vec<Page>) -> Page {
    let (mut jobs, mut unreadable, mut known) = (Vec::new(), Vec::new(), HashSet::new());
    for page in languages {
        jobs.extend(
            page.jobs
                .into_iter()
                .filter(|job| known.insert(job.external_id.clone())),
        );
        unreadable.extend(page.warnings);
    }
    Page::whole_board(jobs).with_unreadable(unreadable)
}

/// Returns the raw job. The XML has no URL. Remote work is only a word among the offices, which the
/// host understands.
fn raw_job(position: Node<'_, '_>, id: &str, name: String, board: &Board) -> RawJob {
    let field = |name| child_text(position, name);
    let extra = [
        ("category", field("recruitingCategory")),
        ("seniority", field("seniority")),
        ("experience", field("yearsOfExperience")),
        ("occupation", field("occupation")),
        ("keywords", field("keywords")),
    ];
    RawJob {
        company: field("subcompany"),
        department: field("department"),
        locations: Location::from_names(offices(position)),
        employment_type: joined(
            [field("employmentType"), field("schedule")]
                .into_iter()
                .flatten(),
        ),
        salary: child(position, "salaryInformation").and_then(salary),
        description: description(position),
        posted_at: field("createdAt"),
        extra: extras(extra),
        ..RawJob::new(id, name, board.page(id))
    }
}

fn offices<'a>(position: Node<'a, 'a>) -> impl Iterator<Item = String> + 'a {
    let additional = child(position, "additionalOffices")
        .into_iter()
        .flat_map(|offices| children(offices, "office"));
    children(position, "office")
        .chain(additional)
        .filter_map(text_of)
}

fn salary(pay: Node<'_, '_>) -> Option<Salary> {
    let amount = |name| child_text(pay, name)?.parse().ok();
    let period = child_text(pay, "type").and_then(|word| pay_period(&word));
    Salary::between(
        amount("min"),
        amount("max"),
        child_text(pay, "currencyCode"),
        period,
    )
}

/// Returns the parts of the description, each with its heading.
fn description(position: Node<'_, '_>) -> Option<Description> {
    let parts = child(position, "jobDescriptions")
        .into_iter()
        .flat_map(|parts| children(parts, "jobDescription"));
    let parts: Vec<_> = parts
        .map(|part| {
            (
                child_text(part, "name").unwrap_or_default(),
                child_text(part, "value").unwrap_or_default(),
            )
        })
        .collect();
    html::sections(
        parts
            .iter()
            .map(|(heading, part)| (heading.as_str(), part.as_str())),
    )
    .map(Description::Html)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{PayPeriod, testing, xml};

    use super::*;

    fn read(text: &str) -> Page {
        let request = testing::request(
            "acme",
            r#"{"base_url": "http://127.0.0.1:8080", "language": "en"}"#,
        );
        let board = Board::from_request(&request).expect("a board");
        assert_eq!(
            board.listings()[0].url,
            "http://127.0.0.1:8080/xml?language=en"
        );
        page(&xml::parse(text, &["workzag-jobs"]).expect("XML"), &board)
    }

    #[test]
    fn every_field_is_read() {
        let text = "<h3>Your tasks &amp; ours</h3><p>Build <b>it</b>.</p>\n<h3>You</h3><ul><li>Seven years</li></ul>";
        let extra = [
            ("category", "Engineering"),
            ("seniority", "experienced"),
            ("experience", "7-10"),
            ("occupation", "software"),
        ];
        let expected = RawJob {
            company: Some("Acme SE & Co. KG".to_owned()),
            department: Some("Product".to_owned()),
            locations: vec![
                Location::named("München"),
                Location::named("Berlin"),
                Location::named("Remote"),
            ],
            employment_type: Some("permanent, full-time".to_owned()),
            salary: Salary::between(
                Some(60_000.0),
                None,
                Some("EUR".to_owned()),
                Some(PayPeriod::Year),
            ),
            description: Some(Description::Html(text.to_owned())),
            posted_at: Some("2024-11-13T14:10:41+00:00".to_owned()),
            extra: extra
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .to_vec(),
            ..RawJob::new(
                "1834171",
                "Software Engineer, Data",
                "https://acme.jobs.personio.de/job/1834171",
            )
        };
        assert_eq!(
            read(include_str!("../cassettes/board/positions.xml")).jobs[0],
            expected
        );
    }

    #[test]
    fn missing_values_stay_unknown_and_a_malformed_position_counts_as_open() {
        let Page {
            jobs,
            total,
            warnings,
            ..
        } = read(include_str!("../cassettes/board/positions.xml"));
        assert_eq!(
            jobs[1],
            RawJob::new(
                "2099001",
                "Cook",
                "https://acme.jobs.personio.de/job/2099001"
            )
        );
        assert_eq!((jobs.len(), total, warnings.len()), (2, Some(3), 1));
    }

    #[test]
    fn a_company_without_jobs_is_an_empty_board() {
        assert_eq!(
            read("<workzag-jobs></workzag-jobs>"),
            Page::whole_board(Vec::new())
        );
    }
}
