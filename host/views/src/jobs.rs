//! The stored jobs: `job-scanner jobs`.

use jiff::Timestamp;
use job_scanner_core::decision::{Decision, SkipReason};
use job_scanner_core::job::{CompanyOrigin, Location, Salary, ShownCompany, Workplace};
use job_scanner_core::matching::Reason;
use job_scanner_core::normalize::facts::in_words;
use job_scanner_store::{ListedJob, ListedMatch, StoredDecision};
use serde::Serialize;

use crate::cells::{board_day, short, time, whole};
use crate::column::Column;
use crate::format::facts::FactsView;
use crate::format::shown_job::{ShownJob, terms, why_cell};

/// The columns of the table. `docs/running.md` documents the order in which they yield.
pub const COLUMNS: [Column; 12] = [
    Column::text("title", 26),
    Column::word("decision").late(6),
    Column::text("company", 10).late(3),
    Column::text("place", 14).late(5),
    Column::text("also", 10).early(5),
    Column::text("pay", 16).late(4),
    Column::word("age").late(2),
    Column::text("why", 10).late(1),
    Column::word("expires").early(4),
    Column::text("extra", 10).early(1),
    Column::copied("job").early(3),
    Column::copied("address").early(2),
];

/// A job, with the profiles that it matches.
#[derive(Debug, Serialize)]
pub struct JobView<'a> {
    key: String,
    source: String,
    external_id: &'a str,
    title: &'a str,
    company: &'a str,
    company_from: CompanyOrigin,
    department: Option<&'a str>,
    locations: &'a [Location],
    workplace: Option<Workplace>,
    employment_type: Option<&'a str>,
    salary: Option<&'a Salary>,
    language: Option<&'a str>,
    facts: FactsView<'a>,
    url: &'a str,
    apply_url: Option<&'a str>,
    posted_at: Option<String>,
    updated_at: Option<String>,
    expires_at: Option<String>,
    extra: &'a [(String, String)],
    first_seen_at: String,
    last_seen_at: String,
    closed_at: Option<String>,
    state: &'static str,
    content_hash: String,
    cluster_id: i64,
    /// The places of the other open jobs of the vacancy.
    also_in: &'a [Location],
    /// The keys of the other sources that list the vacancy.
    also_on: Vec<String>,
    decision: Option<DecisionView<'a>>,
    silence: Option<SkipReason>,
    description: Option<&'a str>,
    matches: Vec<JobMatchView<'a>>,
}

/// The decision about the vacancy.
#[derive(Debug, Serialize)]
pub(crate) struct DecisionView<'a> {
    decision: Decision,
    note: Option<&'a str>,
    decided_at: String,
}

impl<'a> From<&'a StoredDecision> for DecisionView<'a> {
    fn from(stored: &'a StoredDecision) -> Self {
        Self {
            decision: stored.decision,
            note: stored.note.as_deref(),
            decided_at: time(stored.decided_at),
        }
    }
}

/// A profile that a job matches, and why.
#[derive(Debug, Serialize)]
struct JobMatchView<'a> {
    profile: &'a str,
    matched_at: String,
    reasons: &'a [Reason],
}

impl<'a> From<&'a ListedJob> for JobView<'a> {
    fn from(listed: &'a ListedJob) -> Self {
        let job = &listed.job;
        let company = company(listed);
        Self {
            key: listed.key.to_string(),
            source: listed.key.source.to_string(),
            external_id: job.external_id.as_str(),
            title: &job.title,
            company: company.name,
            company_from: company.from,
            department: job.department.as_deref(),
            locations: &job.locations,
            workplace: job.workplace,
            employment_type: job.employment_type.as_deref(),
            salary: job.salary.as_ref(),
            language: job.language.as_deref(),
            facts: FactsView::from(&job.facts),
            url: &job.url,
            apply_url: job.apply_url.as_deref(),
            posted_at: job.posted_at.map(|at| at.to_string()),
            updated_at: job.updated_at.map(|at| at.to_string()),
            expires_at: job.expires_at.map(|at| at.to_string()),
            extra: &job.extra,
            first_seen_at: time(listed.first_seen_at),
            last_seen_at: time(listed.last_seen_at),
            closed_at: listed.closed_at.map(time),
            state: state(listed),
            content_hash: job.content_hash.to_string(),
            cluster_id: listed.cluster.into(),
            also_in: &listed.also.places,
            also_on: also_on(listed),
            decision: listed.decision.as_ref().map(DecisionView::from),
            silence: listed.silence,
            description: job.description.as_deref(),
            matches: listed.matches.iter().map(JobMatchView::from).collect(),
        }
    }
}

impl<'a> From<&'a ListedMatch> for JobMatchView<'a> {
    fn from(ListedMatch { matched_at, result }: &'a ListedMatch) -> Self {
        Self {
            profile: &result.profile,
            matched_at: time(*matched_at),
            reasons: &result.reasons,
        }
    }
}

/// Returns the row of a job in the table. Its age is that at `now`. `profile` is the only one whose
/// terms are shown; with `None`, those of all profiles are.
pub fn row(listed: &ListedJob, profile: Option<&str>, now: Timestamp) -> [String; 12] {
    let job = ShownJob::from(listed);
    let matches = listed.matches.iter().map(|found| &found.result);
    let why = match profile {
        Some(name) => matches.filter(|it| it.profile == name).map(terms).collect(),
        None => why_cell(matches),
    };
    let expires = listed.job.expires_at;

    [
        job.title_cell(),
        decision(listed).to_owned(),
        job.company_cell(),
        job.place_cell(),
        short(&also(listed)),
        job.pay_cell(),
        job.age_cell(now),
        why,
        expires.map_or_else(String::new, |at| board_day(at).to_string()),
        short(&extra(listed)),
        whole(&listed.key.to_string()),
        whole(job.url),
    ]
}

/// Returns the decision about a job, or `snoozed` and `company-hidden`; empty if there is none.
fn decision(listed: &ListedJob) -> &'static str {
    let decided = listed.decision.as_ref().map(|it| it.decision.as_str());
    let silence = listed.silence.map(SkipReason::as_str);
    decided.or(silence).unwrap_or_default()
}

/// Returns the state of a job: `closed`, or `open` while its source is in the configuration.
/// Otherwise it is `unwatched`, since no scan checks if it is still open.
pub fn state(listed: &ListedJob) -> &'static str {
    match listed.closed_at {
        Some(_) => "closed",
        None if listed.watched => "open",
        None => "unwatched",
    }
}

/// A column of a CSV file: its name, and the function that returns its cell.
pub type CsvColumn = (&'static str, fn(&ListedJob) -> Option<String>);

/// The columns of a CSV file, named as in JSON. Lists and objects become one text, except that each
/// part of the salary has a separate column.
pub const CSV_COLUMNS: [CsvColumn; 41] = [
    ("key", |listed| Some(listed.key.to_string())),
    ("source", |listed| Some(listed.key.source.to_string())),
    ("external_id", |listed| {
        Some(listed.job.external_id.as_str().to_owned())
    }),
    ("title", |listed| Some(listed.job.title.clone())),
    ("company", |listed| Some(company(listed).name.to_owned())),
    ("company_from", |listed| {
        Some(company(listed).from.as_str().to_owned())
    }),
    ("department", |listed| listed.job.department.clone()),
    ("locations", |listed| Some(names(&listed.job.locations))),
    ("workplace", |listed| {
        let workplace = listed.job.workplace?;
        Some(workplace.as_str().to_owned())
    }),
    ("employment_type", |listed| {
        listed.job.employment_type.clone()
    }),
    ("salary_min", |listed| {
        Some(salary(listed)?.min?.to_string())
    }),
    ("salary_max", |listed| {
        Some(salary(listed)?.max?.to_string())
    }),
    ("salary_currency", |listed| salary(listed)?.currency.clone()),
    ("salary_period", |listed| {
        let period = serde_json::to_value(salary(listed)?.period?).ok()?;
        period.as_str().map(ToOwned::to_owned)
    }),
    ("salary_text", |listed| salary(listed)?.text.clone()),
    ("language", |listed| listed.job.language.clone()),
    ("facts_pay", |listed| in_words::salary(&listed.job.facts)),
    ("facts_countries", |listed| {
        in_words::country(&listed.job.facts)
    }),
    ("facts_open_to", |listed| {
        in_words::open_to(&listed.job.facts)
    }),
    ("facts_employment", |listed| {
        in_words::employment(&listed.job.facts)
    }),
    ("facts_levels", |listed| in_words::level(&listed.job.facts)),
    ("facts_years", |listed| in_words::years(&listed.job.facts)),
    ("url", |listed| Some(listed.job.url.clone())),
    ("apply_url", |listed| listed.job.apply_url.clone()),
    ("posted_at", |listed| {
        Some(listed.job.posted_at?.to_string())
    }),
    ("updated_at", |listed| {
        Some(listed.job.updated_at?.to_string())
    }),
    ("expires_at", |listed| {
        Some(listed.job.expires_at?.to_string())
    }),
    ("extra", |listed| Some(extra(listed))),
    ("first_seen_at", |listed| Some(time(listed.first_seen_at))),
    ("last_seen_at", |listed| Some(time(listed.last_seen_at))),
    ("closed_at", |listed| listed.closed_at.map(time)),
    ("state", |listed| Some(state(listed).to_owned())),
    ("content_hash", |listed| {
        Some(listed.job.content_hash.to_string())
    }),
    ("cluster_id", |listed| {
        Some(i64::from(listed.cluster).to_string())
    }),
    ("also_in", |listed| Some(names(&listed.also.places))),
    ("also_on", |listed| Some(also_on(listed).join("; "))),
    ("decision", |listed| {
        Some(listed.decision.as_ref()?.decision.as_str().to_owned())
    }),
    ("note", |listed| listed.decision.as_ref()?.note.clone()),
    ("decided_at", |listed| {
        Some(time(listed.decision.as_ref()?.decided_at))
    }),
    ("silence", |listed| {
        Some(listed.silence?.as_str().to_owned())
    }),
    ("profiles", |listed| Some(profiles(listed).join("; "))),
];

fn company(listed: &ListedJob) -> ShownCompany<'_> {
    ShownCompany::of(listed.job.company.as_deref(), &listed.source_name)
}

/// Returns text such as `Team: Kitchen; Level: III`.
fn extra(listed: &ListedJob) -> String {
    let pairs = listed.job.extra.iter();
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    pairs.join("; ")
}

fn salary(listed: &ListedJob) -> Option<&Salary> {
    listed.job.salary.as_ref()
}

fn names(places: &[Location]) -> String {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.join("; ")
}

/// Returns text such as `in Paris; Ulm, on lever/acme`: the other postings of the vacancy.
pub fn also(listed: &ListedJob) -> String {
    let parts = [
        ("in", names(&listed.also.places)),
        ("on", also_on(listed).join("; ")),
    ];
    let known = parts.iter().filter(|(_, names)| !names.is_empty());
    let known: Vec<String> = known
        .map(|(word, names)| format!("{word} {names}"))
        .collect();
    known.join(", ")
}

fn also_on(listed: &ListedJob) -> Vec<String> {
    let sources = listed.also.sources.iter();
    sources.map(|source| source.key.to_string()).collect()
}

fn profiles(listed: &ListedJob) -> Vec<&str> {
    let matches = listed.matches.iter();
    matches.map(|found| found.result.profile.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::json;
    use crate::samples;

    #[test]
    fn a_job_with_all_fields_has_the_documented_keys() {
        let listed = samples::listed_job();
        insta::assert_snapshot!("jobs", json(&[JobView::from(&listed)]).unwrap());
    }

    #[test]
    fn a_field_without_a_value_is_null() {
        let listed = samples::plain_job();
        insta::assert_snapshot!("jobs_plain", json(&[JobView::from(&listed)]).unwrap());
    }

    #[test]
    fn the_source_name_is_shown_for_a_missing_company() {
        let listed = samples::plain_job();
        let row = row(&listed, None, samples::at("08:15:00"));
        assert_eq!(row[..3], ["Rust Engineer", "", "Acme"]);
        let object = serde_json::to_value(JobView::from(&listed)).unwrap();
        assert_eq!(
            (&object["company"], &object["company_from"]),
            (&json!("Acme"), &json!("source"))
        );
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let row = row(&samples::listed_job(), None, samples::at("08:15:00"));
        let headers = COLUMNS.map(|column| column.header);
        let cells: Vec<(&str, &str)> = headers
            .into_iter()
            .zip(row.iter().map(String::as_str))
            .collect();
        assert_eq!(
            cells,
            [
                ("title", "Rust Engineer"),
                ("decision", "applied"),
                ("company", "Acme"),
                ("place", "Berlin, Germany"),
                ("also", "in Paris, on lever/acme"),
                ("pay", "70–90k EUR/yr"),
                ("age", "3d"),
                ("why", "engineer*, workplace:hybrid"),
                ("expires", "2026-12-31"),
                ("extra", "Team: Kitchen; Level: III"),
                ("job", "greenhouse/acme/4711"),
                ("address", "https://boards.example/acme/jobs/4711"),
            ]
        );
    }

    #[test]
    fn csv_columns_match_the_json_keys_except_lists_and_objects() {
        let listed = samples::listed_job();
        let object = serde_json::to_value(JobView::from(&listed)).unwrap();
        for (name, cell) in CSV_COLUMNS {
            let plain = object.get(name).filter(|value| value.is_string());
            if let Some(plain) = plain {
                assert_eq!(cell(&listed).as_deref(), plain.as_str(), "{name}");
            }
        }

        let columns = CSV_COLUMNS.map(|(name, _)| name);
        let left_out = object.as_object().unwrap().keys();
        let left_out = left_out.filter(|name| !columns.contains(&name.as_str()));
        assert_eq!(
            left_out.collect::<Vec<_>>(),
            ["description", "facts", "matches", "salary"]
        );
    }
}
