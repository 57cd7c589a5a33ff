//! The tables of `docs/matching.md`, read as tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Query, QueryError};
use crate::job::{Facts, Location, PayPeriod, Salary, Workplace};
use crate::key::SourceKey;
use crate::matching::{JobSource, MatchTimes, MatchedFields, MatchedJob, Profile, QueryMatcher};
use crate::normalize::Content;
use crate::normalize::facts::facts;

const DOCUMENT: &str = include_str!("../../../../docs/matching.md");

/// Returns the cells of the rows of the table below a heading whose header begins with `header`.
fn rows(header: &str) -> Vec<Vec<String>> {
    let lines = DOCUMENT.lines().skip_while(|line| *line != header).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    rows.map(cells).collect()
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim_matches('|').replace("\\|", "\u{0}");
    let cell = |cell: &str| cell.trim().replace('\u{0}', "|");
    line.split('|').map(cell).collect()
}

/// Returns the text between backticks.
fn code(cell: &str) -> &str {
    cell.strip_prefix("`` ")
        .and_then(|cell| cell.strip_suffix(" ``"))
        .unwrap_or_else(|| cell.trim_matches('`'))
}

fn place(name: &str, country: Option<&str>) -> Location {
    Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: country.map(str::to_owned),
    }
}

fn pay(min: Option<f64>, max: Option<f64>, currency: &str, period: PayPeriod) -> Salary {
    Salary {
        min,
        max,
        currency: Some(currency.to_owned()),
        period: Some(period),
        text: None,
    }
}

/// The places and pays of the jobs, by number.
struct Values {
    places: [Vec<Location>; 8],
    pays: [Option<Salary>; 8],
}

static VALUES: LazyLock<Values> = LazyLock::new(|| Values {
    places: [
        vec![place("Berlin", Some("DE"))],
        vec![place("Remote - US", Some("US"))],
        vec![place("Munich", Some("DE"))],
        vec![place("Köln", None)],
        vec![],
        vec![place("Paris", Some("FR")), place("Lyon", Some("FR"))],
        vec![place("Remote, Europe", None)],
        vec![place("Potsdam, Germany", None)],
    ],
    pays: [
        Some(pay(Some(70_000.0), Some(85_000.0), "EUR", PayPeriod::Year)),
        Some(pay(
            Some(180_000.0),
            Some(220_000.0),
            "USD",
            PayPeriod::Year,
        )),
        None,
        None,
        Some(pay(Some(50.0), Some(60.0), "USD", PayPeriod::Hour)),
        Some(pay(Some(55_000.0), None, "EUR", PayPeriod::Year)),
        None,
        None,
    ],
});

static NEWS: LazyLock<SourceKey> = LazyLock::new(|| "feed/news".parse().unwrap());
static UMBRELLA: LazyLock<SourceKey> = LazyLock::new(|| "lever/umbrella".parse().unwrap());

/// Returns the facts of a job of the document.
fn derived(fields: &MatchedFields<'_>, salary: Option<&Salary>, language: Option<&str>) -> Facts {
    let content = Content {
        title: fields.title,
        company: fields.company,
        locations: fields.locations,
        workplace: fields.workplace,
        employment_type: fields.employment_type,
        salary,
        description: fields.description,
    };
    facts(&content, language)
}

/// Returns the eight jobs of the document.
fn jobs() -> Vec<MatchedJob<'static>> {
    let stated = rows(
        "| job | title | company | department | places | workplace | type | pay | language | posted | first seen | text |",
    );
    assert_eq!(stated.len(), 8);
    let first_seen = [
        "2026-11-20T12:00:00Z",
        "2026-11-02T12:00:00Z",
        "2026-11-23T06:00:00Z",
        "2026-11-16T12:00:00Z",
        "2026-11-23T06:00:00Z",
        "2026-10-01T12:00:00Z",
        "2026-11-13T12:00:00Z",
        "2026-11-13T12:00:00Z",
    ];
    let job = |(index, cells): (usize, Vec<String>)| {
        // The jobs live as long as the test.
        let cells: &'static [String] = Box::leak(cells.into_boxed_slice());
        let cell = |column: usize| Some(cells[column].as_str()).filter(|cell| !cell.is_empty());
        let is_umbrella = index == 4;
        let mut fields = MatchedFields {
            title: &cells[1],
            company: cell(2),
            department: cell(3),
            locations: &VALUES.places[index],
            workplace: cell(5).map(|word| word.parse::<Workplace>().unwrap()),
            employment_type: cell(6),
            description: cell(11),
            url: if is_umbrella {
                "https://umbrella.example/5"
            } else {
                "https://news.example/job"
            },
            posted_at: cell(9).map(|time| time.parse().unwrap()),
            ..MatchedFields::UNKNOWN
        };
        fields.facts = Box::leak(Box::new(derived(
            &fields,
            VALUES.pays[index].as_ref(),
            cell(8),
        )));
        let source = JobSource {
            key: if is_umbrella { &UMBRELLA } else { &NEWS },
            name: if is_umbrella { "Umbrella" } else { "News" },
        };
        let times = MatchTimes {
            first_seen_at: first_seen[index].parse().unwrap(),
            now: "2026-11-23T12:00:00Z".parse().unwrap(),
        };
        fields.of(source, times)
    };
    stated.into_iter().enumerate().map(job).collect()
}

/// Returns the numbers of the jobs that a query matches, as the document writes them.
fn matching(query: &str, jobs: &[MatchedJob<'_>]) -> String {
    let parsed =
        Query::parse(query).unwrap_or_else(|error| panic!("{}", error.pointing_into(query)));
    let matcher = QueryMatcher::new(vec![Profile::new("p", parsed)]).unwrap();
    let numbered = (1..).zip(jobs);
    let matching = numbered.filter(|(_, job)| !matcher.evaluate(job).is_empty());
    let numbers: Vec<String> = matching.map(|(number, _)| number.to_string()).collect();
    if numbers.is_empty() {
        "none".to_owned()
    } else {
        numbers.join(", ")
    }
}

#[test]
fn the_examples_of_the_document_match_the_jobs_that_it_names() {
    let (rows, jobs) = (rows("| query | jobs |"), jobs());
    assert!(rows.len() >= 150, "{}", rows.len());
    let mut wrong = BTreeMap::new();
    for row in rows {
        let found = matching(code(&row[0]), &jobs);
        if found != row[1] {
            wrong.insert(
                row[0].clone(),
                format!("matches {found}, documented {}", row[1]),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn at(error: &QueryError) -> (String, String) {
    (error.column().to_string(), error.message().to_owned())
}

#[test]
fn the_errors_of_the_document_have_its_words_and_positions() {
    let rows = rows("| query | character | error |");
    assert!(rows.len() >= 30, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let error = at(&Query::parse(code(&row[0])).unwrap_err());
        if error != (row[1].clone(), row[2].clone()) {
            wrong.push(format!("| {} | {} | {} |", row[0], error.0, error.1));
        }
    }
    assert!(
        wrong.is_empty(),
        "the rows have to be\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_warnings_of_the_document_have_its_words_and_positions() {
    let rows = rows("| query | character | warning |");
    assert!(rows.len() >= 5, "{}", rows.len());
    for row in rows {
        let query = Query::parse(code(&row[0])).unwrap();
        let warnings: Vec<_> = query.warnings().iter().map(at).collect();
        assert!(
            warnings.contains(&(row[1].clone(), row[2].clone())),
            "{}: {warnings:?}",
            row[0]
        );
    }
}
