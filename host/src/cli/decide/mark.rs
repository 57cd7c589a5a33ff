//! `job-scanner mark` and `job-scanner unmark`: what a person decided about a job.

use anyhow::Context as _;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use job_scanner_config::Config;
use job_scanner_core::decision::Decision;
use job_scanner_core::key::JobKey;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{Marked, Store, StoredDecision};

use crate::cli::decide::author::author;
use crate::cli::decide::text::note;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;

/// The arguments of `mark`.
#[derive(Debug, clap::Args)]
pub(crate) struct MarkOptions {
    /// Key of the job, such as greenhouse/acme/4711; `jobs` shows it
    #[arg(value_name = "KEY")]
    job: JobKey,

    /// Your decision
    #[arg(value_name = "DECISION", value_parser = decision())]
    decision: Decision,

    /// A note for yourself
    #[arg(long, value_name = "TEXT", value_parser = note)]
    note: Option<String>,
}

/// The arguments of `unmark`.
#[derive(Debug, clap::Args)]
pub(crate) struct UnmarkOptions {
    /// Key of the job, such as greenhouse/acme/4711; `jobs --state applied` shows it
    #[arg(value_name = "KEY")]
    job: JobKey,
}

/// Parses the word of a decision. An error and the help list all of them.
pub(crate) fn decision() -> impl TypedValueParser<Value = Decision> {
    let words = Decision::ALL.iter().map(|decision| decision.as_str());
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Decision>())
}

/// Records the decision and prints what was decided before.
pub(crate) async fn mark(config: &Config, options: &MarkOptions) -> anyhow::Result<u8> {
    let decision = StoredDecision {
        decision: options.decision,
        note: options.note.clone(),
        decided_at: Clock::system().now(),
    };
    let store = open(config).await?;
    let marked = store.mark_job(&options.job, &decision, &author()).await?;
    store.close().await;

    let marked = known(&options.job, marked)?;
    print(&format!(
        "{}\n",
        describe(&options.job, options.decision, &marked)
    ))?;
    Ok(SUCCESS)
}

/// Takes the decision back.
pub(crate) async fn unmark(config: &Config, options: &UnmarkOptions) -> anyhow::Result<u8> {
    let store = open(config).await?;
    let now = Clock::system().now();
    let unmarked = store.unmark_job(&options.job, &author(), now).await?;
    store.close().await;

    let key = &options.job;
    let said = match known(key, unmarked)?.before {
        Some(before) => format!("`{key}` is no longer {}", before.decision),
        None => format!("nothing was decided about `{key}`"),
    };
    print(&format!("{said}\n"))?;
    Ok(SUCCESS)
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")
}

fn known(key: &JobKey, marked: Option<Marked>) -> anyhow::Result<Marked> {
    marked.with_context(|| format!("unknown job `{key}`; `job-scanner jobs` lists the stored jobs"))
}

fn describe(key: &JobKey, decision: Decision, marked: &Marked) -> String {
    let before = marked.before.as_ref().map(|it| it.decision);
    let before = before.filter(|before| *before != decision);
    let before = before.map_or_else(String::new, |before| format!(", no longer {before}"));
    let others = match marked.jobs.saturating_sub(1) {
        0 => String::new(),
        others => {
            let others = counted(others, "other posting", "other postings");
            format!("; so is its vacancy, with {others}")
        }
    };
    format!("`{key}` is {decision}{before}{others}")
}
