//! `job-scanner explain`: why a job fits a profile, or does not.

use std::iter;

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::JobKey;
use job_scanner_core::matching::{KeywordMatcher, MatchResult, TermResult, TermRole};
use job_scanner_pipeline::text_of;
use job_scanner_store::ListedJob;
use serde::Serialize;

use crate::cli::output::{Format, json, print};
use crate::cli::{GOOD, check_profile, existing_store, table};

/// Which job, and against what.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The job, such as greenhouse/acme/4711
    #[arg(long, value_name = "KEY")]
    job: JobKey,

    /// Only what this profile says
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Shape<'a> {
    key: String,
    title: &'a str,
    url: &'a str,
    content_hash: String,
    profiles: &'a [MatchResult],
}

/// Asks the profiles of today about the job as it is in the database now.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    if let Some(name) = &options.profile {
        check_profile(config, name)?;
    }
    let store = existing_store(config).await?;
    let found = store.find_job(&options.job).await?;
    store.close().await;
    let job = found.with_context(|| {
        format!(
            "no job `{}` is known; `job-scanner jobs` lists them",
            options.job
        )
    })?;

    let asked = config.profiles.iter().filter(|profile| {
        options
            .profile
            .as_ref()
            .is_none_or(|name| profile.name == *name)
    });
    let matcher =
        KeywordMatcher::new(asked.cloned().collect()).context("cannot prepare the search terms")?;
    let results = matcher.explain(&text_of(&job.job, &job.source_name));
    match options.format {
        Format::Json => print(&json(&shape(&job, &results))?)?,
        Format::Table => print(&in_words(&job, &results))?,
    }
    Ok(GOOD)
}

fn shape<'a>(job: &'a ListedJob, profiles: &'a [MatchResult]) -> Shape<'a> {
    Shape {
        key: job.key.to_string(),
        title: &job.job.title,
        url: &job.job.url,
        content_hash: job.job.content_hash.to_string(),
        profiles,
    }
}

fn in_words(job: &ListedJob, results: &[MatchResult]) -> String {
    let (title, key, url) = (&job.job.title, job.key.to_string(), &job.job.url);
    let head = format!(
        "{}\n{} {}\n",
        Printable(title),
        Printable(&key),
        Printable(url)
    );
    let profile = |result: &MatchResult| {
        let verdict = if result.fits { "fits" } else { "does not fit" };
        format!(
            "\nprofile {}: {verdict}\n{}",
            Printable(&result.profile),
            terms(result)
        )
    };
    iter::once(head)
        .chain(results.iter().map(profile))
        .collect()
}

fn terms(result: &MatchResult) -> String {
    let mut table = table::plain_table();
    table.set_header(["term", "is", "found", "text"]);
    for TermResult { term, role, hit } in &result.terms {
        let found = hit.as_ref().map_or("no", |hit| hit.field.as_str());
        let text = hit
            .as_ref()
            .map(|hit| table::short(&hit.snippet))
            .unwrap_or_default();
        table.add_row([
            table::whole(term),
            role_in_words(*role),
            found.to_owned(),
            text,
        ]);
    }
    format!("{table}\n")
}

fn role_in_words(role: TermRole) -> String {
    match role {
        TermRole::Required => "required".to_owned(),
        TermRole::Group(number) => format!("one of group {}", number + 1),
        TermRole::Exclude => "excluded".to_owned(),
    }
}
