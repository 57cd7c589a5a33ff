//! `job-scanner profile`: tries profiles on the stored jobs.

use std::fmt::{Display, Write as _};

use jiff::SignedDuration;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::matching::Profile;
use job_scanner_core::query::Query;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{Trial, TrialLimits, try_profile};
use job_scanner_views::profile_test::{ProfileTestView, SampleView};
use job_scanner_views::{profile_test, tally};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};
use crate::cli::queries::database::existing_store;
use crate::cli::queries::filters::{profile_query, since};
use crate::cli::usage::{UsageError, check_profile};
use crate::terminal::write_stderr_line;

/// The number of matching jobs that are shown.
const SAMPLES: usize = 20;

/// The subcommands of `profile`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Options {
    /// Try a profile on the stored open jobs: what it matches, and what each of its terms does
    Test(TestOptions),
}

/// The arguments of `profile test`.
#[derive(Debug, clap::Args)]
pub(crate) struct TestOptions {
    /// The profile; that of `search_criteria` is `default`. Not needed with `--query`
    #[arg(value_name = "NAME")]
    profile: Option<String>,

    /// Only jobs first seen within this time, such as 7d or 12h
    #[arg(long, value_name = "DURATION", value_parser = since)]
    since: Option<SignedDuration>,

    /// A query to try instead of that of the profile, whose sources stay, such as
    /// 'title:engineer* AND NOT manager'; docs/matching.md describes the language
    #[arg(long, value_name = "QUERY", value_parser = profile_query, allow_hyphen_values = true)]
    query: Option<Query>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the subcommand.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    match options {
        Options::Test(options) => test(config, options).await,
    }
}

async fn test(config: &Config, options: &TestOptions) -> anyhow::Result<u8> {
    let profile = tested_profile(config, options)?;
    let store = existing_store(config).await?;
    let now = Clock::system().now();
    let ago = |since| now.checked_sub(since).ok();
    let limits = TrialLimits {
        first_seen_from: options.since.and_then(ago),
        samples: SAMPLES,
        time: None,
    };
    let Trial { tally, samples, .. } = try_profile(&store, &profile, limits, now).await?;
    store.close().await;

    warn_about(&profile.query);
    let shown = samples.iter().map(|job| SampleView::new(job, now));
    let samples: Vec<SampleView> = shown.collect();
    let name = options.profile.as_deref();
    let view = ProfileTestView::new(name, &profile.query, &tally, &samples);
    match options.format {
        Format::Json => print_json(&view)?,
        Format::Table => print(&render_text(&view))?,
    }
    Ok(SUCCESS)
}

/// Returns the named profile, with the query of the command line if there is one. A query without a
/// name applies to all sources.
fn tested_profile(config: &Config, options: &TestOptions) -> anyhow::Result<Profile> {
    let named = match &options.profile {
        Some(name) => {
            check_profile(config, name)?;
            config.profiles.iter().find(|profile| profile.name == *name)
        }
        None => None,
    };
    let given = options.query.as_ref();
    let Some(query) = given.or_else(|| named.map(|profile| &profile.query)) else {
        let missing = "name a profile, or give a query: `profile test --query QUERY`";
        return Err(UsageError(missing.to_owned()).into());
    };
    Ok(Profile {
        name: options.profile.clone().unwrap_or_default(),
        query: query.clone(),
        sources: named.map(|it| it.sources.clone()).unwrap_or_default(),
    })
}

fn warn_about(query: &Query) {
    for warning in query.warnings() {
        let warning = warning.in_one_line(&query.to_string());
        write_stderr_line(Printable(&format!("warning: {warning}")));
    }
}

fn render_text(view: &ProfileTestView<'_>) -> String {
    let mut text = format!("{}\n", view.headline());
    let mut add = |block: &dyn Display| {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{block}");
    };
    if let Some(caption) = view.samples_caption() {
        let samples = Table::new(&profile_test::SAMPLE_COLUMNS, view.sample_rows());
        add(&format_args!("{samples}{caption}\n"));
    }
    if view.account.has_jobs() {
        add(&Table::new(&tally::COLUMNS, view.account.term_rows()));
    }
    for hint in view.account.hints() {
        add(&format_args!("{hint}\n"));
    }
    text
}
