//! `job-scanner explain`: explains why a job matches or not.

use std::fmt::Write as _;

use anyhow::Context as _;
use jiff::Timestamp;
use job_scanner_config::Config;
use job_scanner_core::key::JobKey;
use job_scanner_core::matching::{Explanation, QueryMatcher};
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::ListedJob;
use job_scanner_views::explanation;
use job_scanner_views::explanation::ExplanationView;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, print, print_json};
use crate::cli::queries::database::existing_store;
use crate::cli::usage::check_profile;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Key of the job, such as greenhouse/acme/4711; `jobs` shows it
    #[arg(long, value_name = "KEY")]
    job: JobKey,

    /// Only the result of this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Evaluates the profiles of the configuration on the stored version of the job.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    if let Some(name) = &options.profile {
        check_profile(config, name)?;
    }

    let now = Clock::system().now();
    let job = stored_job(config, &options.job, now).await?;
    let matcher = matcher(config, options.profile.as_deref())?;
    let results = matcher.explain(&job.matched(now));

    match options.format {
        Format::Json => print_json(&ExplanationView::new(&job, &results))?,
        Format::Table => print(&render_text(&job, &results))?,
    }
    Ok(SUCCESS)
}

async fn stored_job(config: &Config, key: &JobKey, now: Timestamp) -> anyhow::Result<ListedJob> {
    let store = existing_store(config).await?;
    let found = store.find_job(key, now).await?;
    store.close().await;
    found.with_context(|| format!("unknown job `{key}`; `job-scanner jobs` lists the stored jobs"))
}

/// Prepares the terms of the named profile, or of all profiles.
fn matcher(config: &Config, named: Option<&str>) -> anyhow::Result<QueryMatcher> {
    let mut profiles = config.profiles.clone();
    profiles.retain(|profile| named.is_none_or(|name| profile.name == name));
    QueryMatcher::new(profiles).context("cannot prepare the search terms")
}

fn render_text(job: &ListedJob, results: &[Explanation]) -> String {
    let mut text = explanation::headline(job);
    for result in results {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}", explanation::lines(result).join("\n"));
    }
    text
}
