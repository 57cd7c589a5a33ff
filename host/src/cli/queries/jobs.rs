//! `job-scanner jobs`: what is known, newest first.

use std::ops::ControlFlow;

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::SignedDuration;
use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::escape::Printable;
use job_scanner_core::job::{Location, Salary, Workplace};
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{Criteria, KeywordMatcher, Profile, Term, TermResult};
use job_scanner_core::quantity::parse_duration;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::text_of;
use job_scanner_store::{JobFilter, ListedJob, ListedMatch, Store};
use serde::Serialize;

use crate::cli::output::{csv_line, json, print, print_part, time};
use crate::cli::{GOOD, store_if_any, table};

/// Which jobs, and how to show them.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Only jobs that fit this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Only jobs of this source, such as greenhouse/acme
    #[arg(long, value_name = "KEY")]
    source: Option<String>,

    /// Only jobs that have all these words, each a term as in `search_criteria`
    #[arg(long, value_name = "WORDS", value_parser = query)]
    query: Option<Query>,

    /// Only jobs first seen within this time, such as 7d or 12h
    #[arg(long, value_name = "DURATION", value_parser = since)]
    since: Option<SignedDuration>,

    /// The jobs that are closed, instead of those that are open
    #[arg(long)]
    closed: bool,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes the shapes
    Json,
    /// For spreadsheets; without descriptions
    Csv,
}

/// Terms, all of which a job must have.
#[derive(Debug, Clone)]
struct Query(Vec<Term>);

#[derive(Serialize)]
struct Shape<'a> {
    key: String,
    source: String,
    external_id: &'a str,
    title: &'a str,
    company: Option<&'a str>,
    department: Option<&'a str>,
    locations: &'a [Location],
    workplace: Option<Workplace>,
    employment_type: Option<&'a str>,
    salary: Option<&'a Salary>,
    language: Option<&'a str>,
    url: &'a str,
    apply_url: Option<&'a str>,
    posted_at: Option<String>,
    updated_at: Option<String>,
    first_seen_at: String,
    last_seen_at: String,
    closed_at: Option<String>,
    state: &'static str,
    content_hash: String,
    description: Option<&'a str>,
    matches: Vec<MatchShape<'a>>,
}

#[derive(Serialize)]
struct MatchShape<'a> {
    profile: &'a str,
    matched_at: String,
    terms: &'a [TermResult],
}

/// The jobs that were asked for.
struct Wanted {
    /// `None` while there is no database.
    store: Option<Store>,
    filter: JobFilter,
    query: Option<KeywordMatcher>,
}

impl Wanted {
    /// Hands them out one at a time, as they come from the database: all of them together may be
    /// larger than memory.
    async fn for_each(
        &self,
        mut each: impl FnMut(ListedJob) -> anyhow::Result<ControlFlow<()>>,
    ) -> anyhow::Result<()> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        let hits = |job: &ListedJob| {
            let hit = |query: &KeywordMatcher| {
                !query
                    .evaluate(&text_of(&job.job, &job.source_name))
                    .is_empty()
            };
            self.query.as_ref().is_none_or(hit)
        };
        let each = |job| {
            if hits(&job) {
                each(job)
            } else {
                Ok(ControlFlow::Continue(()))
            }
        };
        store.for_each_job(&self.filter, each).await
    }
}

/// Prints the jobs.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let store = store_if_any(config).await?;
    if let Some(name) = &options.profile {
        crate::cli::check_profile(config, name)?;
    }
    let source = match &options.source {
        Some(name) => Some(source_named(config, name, store.as_ref()).await?),
        None => None,
    };
    let filter = JobFilter {
        key: None,
        source,
        profile: options.profile.clone(),
        first_seen_from: options
            .since
            .and_then(|since| Clock::system().now().checked_sub(since).ok()),
        closed: Some(options.closed),
    };
    let wanted = Wanted {
        store,
        filter,
        query: options.query.as_ref().map(matcher).transpose()?,
    };
    match options.format {
        Format::Table => print_table(&wanted).await?,
        Format::Json => print_json(&wanted).await?,
        Format::Csv => print_csv(&wanted).await?,
    }
    if let Some(store) = &wanted.store {
        store.close().await;
    }
    Ok(GOOD)
}

async fn print_table(wanted: &Wanted) -> anyhow::Result<()> {
    let mut table = table::plain_table();
    table.set_header(["title", "company", "where", "fits", "first seen", "job"]);
    let (mut jobs, mut unwatched) = (0_u64, 0_u64);
    let add = |job: ListedJob| {
        jobs += 1;
        unwatched += u64::from(state(&job) == "unwatched");
        table.add_row(cells(&job));
        Ok(ControlFlow::Continue(()))
    };
    wanted.for_each(add).await?;
    let mut counted = if jobs == 1 {
        "1 job".to_owned()
    } else {
        format!("{jobs} jobs")
    };
    if unwatched > 0 {
        let why = "their sources are no longer in the configuration";
        counted = format!("{counted}, {unwatched} of them unwatched: {why}");
    }
    if jobs == 0 {
        print(&format!("{counted}\n"))
    } else {
        print(&format!("{table}\n{counted}\n"))
    }
}

fn cells(job: &ListedJob) -> [String; 6] {
    let profiles: Vec<&str> = job
        .matches
        .iter()
        .map(|found| found.result.profile.as_str())
        .collect();
    [
        table::short(&job.job.title),
        table::short(job.job.company.as_deref().unwrap_or(&job.source_name)),
        table::short(&places(job)),
        table::short(&profiles.join(", ")),
        time(job.first_seen_at),
        table::whole(&job.key.to_string()),
    ]
}

async fn print_json(wanted: &Wanted) -> anyhow::Result<()> {
    let mut before = "[\n";
    let element = |job: ListedJob| {
        // A line break within a string is written as `\n`, so every one here stands between values.
        let object = json(&shape(&job))?.trim_end().replace('\n', "\n  ");
        print_part(&format!(
            "{}  {object}",
            std::mem::replace(&mut before, ",\n")
        ))
    };
    wanted.for_each(element).await?;
    print(if before == "[\n" { "[]\n" } else { "\n]\n" })
}

async fn print_csv(wanted: &Wanted) -> anyhow::Result<()> {
    print(&csv_line(COLUMNS.map(|(name, _)| name.to_owned())))?;
    let line = |job: ListedJob| {
        print_part(&csv_line(
            COLUMNS.map(|(_, value)| value(&job).unwrap_or_default()),
        ))
    };
    wanted.for_each(line).await
}

/// What a column of a CSV file is called, and what stands in it.
type Column = (&'static str, fn(&ListedJob) -> Option<String>);

/// Named as in JSON; what is a list or an object there is one text here, but for the salary's
/// parts.
const COLUMNS: [Column; 25] = [
    ("key", |job| Some(job.key.to_string())),
    ("source", |job| Some(job.key.source.to_string())),
    ("external_id", |job| {
        Some(job.job.external_id.as_str().to_owned())
    }),
    ("title", |job| Some(job.job.title.clone())),
    ("company", |job| job.job.company.clone()),
    ("department", |job| job.job.department.clone()),
    ("locations", |job| Some(places(job))),
    ("workplace", |job| {
        job.job
            .workplace
            .map(|workplace| workplace.as_str().to_owned())
    }),
    ("employment_type", |job| job.job.employment_type.clone()),
    ("salary_min", |job| {
        job.job
            .salary
            .as_ref()?
            .min
            .map(|amount| amount.to_string())
    }),
    ("salary_max", |job| {
        job.job
            .salary
            .as_ref()?
            .max
            .map(|amount| amount.to_string())
    }),
    ("salary_currency", |job| {
        job.job.salary.as_ref()?.currency.clone()
    }),
    ("salary_period", |job| {
        let period = serde_json::to_value(job.job.salary.as_ref()?.period?).ok()?;
        period.as_str().map(ToOwned::to_owned)
    }),
    ("salary_text", |job| job.job.salary.as_ref()?.text.clone()),
    ("language", |job| job.job.language.clone()),
    ("url", |job| Some(job.job.url.clone())),
    ("apply_url", |job| job.job.apply_url.clone()),
    ("posted_at", |job| {
        job.job.posted_at.map(|at| at.to_string())
    }),
    ("updated_at", |job| {
        job.job.updated_at.map(|at| at.to_string())
    }),
    ("first_seen_at", |job| Some(time(job.first_seen_at))),
    ("last_seen_at", |job| Some(time(job.last_seen_at))),
    ("closed_at", |job| job.closed_at.map(time)),
    ("state", |job| Some(state(job).to_owned())),
    ("content_hash", |job| Some(job.job.content_hash.to_string())),
    ("profiles", |job| {
        Some(
            job.matches
                .iter()
                .map(|found| found.result.profile.as_str())
                .collect::<Vec<_>>()
                .join("; "),
        )
    }),
];

fn places(job: &ListedJob) -> String {
    let names: Vec<&str> = job
        .job
        .locations
        .iter()
        .map(|place| place.name.as_str())
        .collect();
    names.join("; ")
}

fn shape(listed: &ListedJob) -> Shape<'_> {
    let job = &listed.job;
    Shape {
        key: listed.key.to_string(),
        source: listed.key.source.to_string(),
        external_id: job.external_id.as_str(),
        title: &job.title,
        company: job.company.as_deref(),
        department: job.department.as_deref(),
        locations: &job.locations,
        workplace: job.workplace,
        employment_type: job.employment_type.as_deref(),
        salary: job.salary.as_ref(),
        language: job.language.as_deref(),
        url: &job.url,
        apply_url: job.apply_url.as_deref(),
        posted_at: job.posted_at.map(|at| at.to_string()),
        updated_at: job.updated_at.map(|at| at.to_string()),
        first_seen_at: time(listed.first_seen_at),
        last_seen_at: time(listed.last_seen_at),
        closed_at: listed.closed_at.map(time),
        state: state(listed),
        content_hash: job.content_hash.to_string(),
        description: job.description.as_deref(),
        matches: listed.matches.iter().map(match_shape).collect(),
    }
}

/// Whether it is on its board; of an unwatched one nobody knows.
fn state(job: &ListedJob) -> &'static str {
    match job.closed_at {
        Some(_) => "closed",
        None if job.watched => "open",
        None => "unwatched",
    }
}

fn match_shape(found: &ListedMatch) -> MatchShape<'_> {
    let ListedMatch { matched_at, result } = found;
    MatchShape {
        profile: &result.profile,
        matched_at: time(*matched_at),
        terms: &result.terms,
    }
}

/// The source that somebody names. A name that is known nowhere is a mistake, not a list without
/// jobs.
async fn source_named(
    config: &Config,
    name: &str,
    store: Option<&Store>,
) -> anyhow::Result<SourceKey> {
    if let Some(source) = config
        .sources
        .iter()
        .find(|source| source.key.is_named(name))
    {
        return Ok(source.key.clone());
    }
    let stored = match store {
        Some(store) => store.source_health().await?,
        None => Vec::new(),
    };
    if let Some(known) = stored.into_iter().find(|health| health.key.is_named(name)) {
        return Ok(known.key);
    }
    let wrong = format!(
        "there is no source `{}`, and there never was",
        Printable(name)
    );
    let remedy = "`job-scanner sources` lists those that are known".to_owned();
    Err(ConfigErrors::from(config.problem_of_file("sources".to_owned(), wrong, remedy)).into())
}

fn matcher(query: &Query) -> anyhow::Result<KeywordMatcher> {
    let criteria = Criteria {
        required_terms: query.0.clone(),
        ..Criteria::default()
    };
    KeywordMatcher::new(vec![Profile {
        name: "query".to_owned(),
        criteria,
    }])
    .context("cannot prepare the query")
}

fn query(text: &str) -> Result<Query, String> {
    let terms: Result<Vec<Term>, _> = text.split_whitespace().map(str::parse).collect();
    match terms {
        Ok(terms) if terms.is_empty() => Err("there is no word in it".to_owned()),
        Ok(terms) => Ok(Query(terms)),
        Err(error) => Err(error.to_string()),
    }
}

/// A day has 24 hours here; months and years have no length.
fn since(text: &str) -> Result<SignedDuration, String> {
    let ago = parse_duration(text).and_then(|ago| SignedDuration::try_from(ago).ok());
    ago.ok_or_else(|| "write how long ago, such as `7d` or `12h`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_span_may_count_days_and_weeks_but_not_what_varies() {
        for (text, hours) in [
            ("7d", 168),
            ("1w", 168),
            ("12h", 12),
            ("1d 12h", 36),
            ("PT2H", 2),
        ] {
            assert_eq!(since(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for text in ["", "7", "1mo", "1y", "-1d", "yesterday"] {
            assert!(since(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_word_of_a_query_is_a_term() {
        assert_eq!(query("rust  =Go eng*").unwrap().0.len(), 3);
        assert!(query(" ").is_err());
        assert!(query("a*b").unwrap_err().contains("`*`"));
    }
}
