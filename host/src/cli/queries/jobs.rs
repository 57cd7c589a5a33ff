//! `job-scanner jobs`: lists stored jobs, newest first.

use std::mem;
use std::ops::ControlFlow;

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::decision::Decision;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{MatchResult, Profile, QueryMatcher};
use job_scanner_core::quantity::counted;
use job_scanner_core::query::Query;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{JobFilter, ListedJob, Store};
use job_scanner_views::csv::csv_line;
use job_scanner_views::jobs;
use job_scanner_views::jobs::JobView;
use job_scanner_views::json::json;
use job_scanner_views::reasons;

use crate::cli::decide::decision;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Table, print, print_part};
use crate::cli::queries::database::store_if_any;
use crate::cli::queries::filters::{search, since};
use crate::cli::queries::show;
use crate::cli::split;
use crate::cli::usage::{UsageError, check_profile};

/// The arguments of `jobs`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Subcommand>,

    /// Only jobs that match this profile; that of `search_criteria` is `default`
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Only jobs of this source, such as greenhouse/acme
    #[arg(long, value_name = "KEY")]
    source: Option<String>,

    /// Only jobs that this query matches, such as '"machine learning" rust -intern' or
    /// 'title:engineer* salary>=70k EUR'; docs/matching.md describes the language
    #[arg(long, value_name = "QUERY", value_parser = search, allow_hyphen_values = true)]
    query: Option<Query>,

    /// Only jobs first seen within this time, such as 7d or 12h
    #[arg(long, value_name = "DURATION", value_parser = since)]
    since: Option<SignedDuration>,

    /// Only jobs with this decision, open and closed ones: interested, applied, interview, offer,
    /// rejected or hidden
    #[arg(long, value_name = "DECISION", value_parser = decision())]
    state: Option<Decision>,

    /// Closed jobs instead of open ones
    #[arg(long)]
    closed: bool,

    /// Also jobs that are hidden, and those of hidden and snoozed companies
    #[arg(long)]
    all: bool,

    /// Below the table, the reasons of each job's matches: the terms and where they were found
    #[arg(long)]
    why: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: JobsFormat,
}

/// The subcommands of `jobs`.
#[derive(Debug, clap::Subcommand)]
enum Subcommand {
    /// Take a job out of the postings of its vacancy permanently, so that it is shown and sent
    /// separately
    Split(split::Options),
    /// Show everything that is stored about a job: fields, versions, alerts and decisions
    Show(show::Options),
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum JobsFormat {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes the JSON
    Json,
    /// For spreadsheets; without descriptions
    Csv,
}

/// The jobs that the options select.
struct SelectedJobs {
    /// `None` while there is no database.
    store: Option<Store>,
    filter: JobFilter,
    query: Option<QueryMatcher>,
    /// True to include the jobs that decisions hide.
    hidden: bool,
    now: Timestamp,
}

impl SelectedJobs {
    /// Calls `each` with one job at a time, as the database returns them: all of them together may
    /// be larger than memory. Returns the number of jobs that are left out because of a decision.
    async fn for_each(
        &self,
        mut each: impl FnMut(ListedJob) -> anyhow::Result<ControlFlow<()>>,
    ) -> anyhow::Result<u64> {
        let Some(store) = &self.store else {
            return Ok(0);
        };
        let mut left_out = 0;
        let each = |job: ListedJob| {
            if self.query.is_some() && self.query_match(&job).is_none() {
                return Ok(ControlFlow::Continue(()));
            }
            if job.silence.is_some() && !self.hidden {
                left_out += 1;
                return Ok(ControlFlow::Continue(()));
            }
            each(job)
        };
        store.for_each_job(&self.filter, each).await?;
        Ok(left_out)
    }

    /// Returns the job's match with the query; `None` without a query.
    fn query_match(&self, job: &ListedJob) -> Option<MatchResult> {
        let query = self.query.as_ref()?;
        let matched = job.matched(self.now).with_all_shown(&job.job);
        query.evaluate(&matched).pop()
    }
}

/// Prints the jobs, or runs the subcommand.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    match &options.command {
        Some(Subcommand::Split(options)) => return split::run(config, options).await,
        Some(Subcommand::Show(options)) => return show::run(config, options).await,
        None => {}
    }
    if options.why && !matches!(options.format, JobsFormat::Table) {
        let wrong =
            "`--why` is only for the table; `--format json` always has the reasons, in `matches`";
        return Err(UsageError(wrong.to_owned()).into());
    }
    let selected = selected(config, options).await?;
    match options.format {
        JobsFormat::Table => print_table(&selected, options.why).await?,
        JobsFormat::Json => print_json(&selected).await?,
        JobsFormat::Csv => print_csv(&selected).await?,
    }

    if let Some(store) = &selected.store {
        store.close().await;
    }
    Ok(SUCCESS)
}

async fn selected(config: &Config, options: &Options) -> anyhow::Result<SelectedJobs> {
    let store = store_if_any(config).await?;
    if let Some(name) = &options.profile {
        check_profile(config, name)?;
    }

    let source = match &options.source {
        Some(name) => Some(source_named(config, name, store.as_ref()).await?),
        None => None,
    };

    let now = Clock::system().now();
    let ago = |since| now.checked_sub(since).ok();
    let filter = JobFilter {
        key: None,
        source,
        profile: options.profile.clone(),
        matching: false,
        first_seen_from: options.since.and_then(ago),
        closed: closed(options),
        decision: options.state,
        now,
    };
    let query = options.query.as_ref().map(matcher).transpose()?;
    Ok(SelectedJobs {
        store,
        filter,
        query,
        hidden: options.all || options.state == Some(Decision::Hidden),
        now,
    })
}

/// Jobs with a decision are often closed, so all of them are listed.
fn closed(options: &Options) -> Option<bool> {
    let both = options.state.is_some() && !options.closed;
    (!both).then_some(options.closed)
}

/// Prints the table. `why` adds the reasons of the matches below.
async fn print_table(selected: &SelectedJobs, why: bool) -> anyhow::Result<()> {
    let (mut rows, mut unwatched, mut below) = (Vec::new(), 0_u64, Vec::new());
    let add = |job: ListedJob| {
        unwatched += u64::from(jobs::state(&job) == "unwatched");
        rows.push(jobs::row(
            &job,
            selected.filter.profile.as_deref(),
            selected.now,
        ));
        if why {
            let of_query = selected.query_match(&job);
            below.push(String::new());
            below.extend(reasons::lines(&job, of_query.as_ref()));
        }
        Ok(ControlFlow::Continue(()))
    };
    let left_out = selected.for_each(add).await?;

    let shown = rows.len() as u64;
    let mut end = counted(shown, "job", "jobs");
    if unwatched > 0 {
        let why = "from sources no longer in the configuration";
        end = format!("{end}, {unwatched} {why}");
    }
    if left_out > 0 {
        end = format!("{end}; {left_out} hidden (`--all` shows them)");
    }
    if shown == 0 {
        print(&format!("{end}\n"))
    } else {
        let mut lines = vec![end];
        lines.extend(below);
        let table = Table::new(&jobs::COLUMNS, rows);
        print(&format!("{table}{}\n", lines.join("\n")))
    }
}

async fn print_json(selected: &SelectedJobs) -> anyhow::Result<()> {
    let mut before = "[\n";
    let element = |job: ListedJob| {
        let object = json(&JobView::from(&job)).context("cannot write JSON")?;

        // Line breaks in strings are written as `\n`, so all line breaks here are between values.
        let indented = object.trim_end().replace('\n', "\n  ");
        let before = mem::replace(&mut before, ",\n");
        print_part(&format!("{before}  {indented}"))
    };
    selected.for_each(element).await?;

    print(if before == "[\n" { "[]\n" } else { "\n]\n" })
}

async fn print_csv(selected: &SelectedJobs) -> anyhow::Result<()> {
    let names = jobs::CSV_COLUMNS.map(|(name, _)| name.to_owned());
    print(&csv_line(names))?;

    let line = |job: ListedJob| {
        let cells = jobs::CSV_COLUMNS.map(|(_, cell)| cell(&job).unwrap_or_default());
        print_part(&csv_line(cells))
    };
    selected.for_each(line).await?;
    Ok(())
}

/// Returns the key of the source that an argument names. An unknown name is an error, not an empty
/// list.
async fn source_named(
    config: &Config,
    name: &str,
    store: Option<&Store>,
) -> anyhow::Result<SourceKey> {
    let mut configured = config.sources.iter().map(|source| &source.key);
    if let Some(key) = configured.find(|key| key.is_named(name)) {
        return Ok(key.clone());
    }

    let stored = match store {
        Some(store) => store.source_health().await?,
        None => Vec::new(),
    };
    if let Some(known) = stored.into_iter().find(|health| health.key.is_named(name)) {
        return Ok(known.key);
    }

    let wrong = format!("unknown source `{}`", Printable(name));
    let remedy = "`job-scanner sources` lists all sources".to_owned();
    let problem = config.problem_of_file("sources".to_owned(), wrong, remedy);
    Err(ConfigErrors::from(problem).into())
}

fn matcher(query: &Query) -> anyhow::Result<QueryMatcher> {
    let profile = Profile::new("query", query.clone());
    QueryMatcher::new(vec![profile]).context("cannot prepare the query")
}
