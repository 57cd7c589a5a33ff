//! `job-scanner scan`, and `--manual-run`: one run now.

use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::escape::Printable;
use job_scanner_core::job::Location;
use job_scanner_core::key::{JobKey, SourceKey};
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::{PipelineRunResult, RehearsedMatch, RunRequest, ScanPipeline, Trigger};
use job_scanner_store::PendingAlert;
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::cli::output::{Format, json, print};
use crate::cli::progress::drawing;
use crate::cli::signals::Signals;
use crate::cli::table::TableMatch;
use crate::cli::{GOOD, HAD_ERRORS, table};
use crate::startup::{Folders, rehearsal, scan_context};

/// What to scan, and how to show it.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Options {
    /// Only this source, such as greenhouse/acme; may be given several times
    #[arg(long = "source", value_name = "KEY")]
    sources: Vec<String>,

    /// Only fetch and match: nothing is compared with the database, kept or told
    #[arg(long)]
    dry_run: bool,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Scans once. The exit code says whether anything failed.
pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<u8> {
    let only = selected(&config, &options.sources)?;
    if options.dry_run {
        rehearse(config, only, options.format).await
    } else {
        scan(config, only, options.format).await
    }
}

async fn scan(config: Config, only: Option<Vec<SourceKey>>, format: Format) -> anyhow::Result<u8> {
    let pipeline = ScanPipeline::new(scan_context(config, Folders::of_process()).await?);
    let stop = CancellationToken::new();
    let mut signals = Signals::listen()?;
    let request = RunRequest {
        trigger: Trigger::Manual,
        only,
    };
    // A run is a large future, and this one lives in the main thread's stack.
    let run = drawing(
        pipeline.progress(),
        Box::pin(pipeline.run_once(&request, &stop)),
    );
    let result = signals.stopping(&stop, run).await?;
    let printed = match format {
        Format::Json => json(&result)?,
        Format::Table => {
            let alerts = match result.run_id {
                Some(run) => pipeline.context().store.matched_in_run(run).await?,
                None => Vec::new(),
            };
            in_words(
                &result,
                "new match",
                "new matches",
                &alerts.iter().map(TableMatch::from).collect::<Vec<_>>(),
            )
        }
    };
    pipeline.context().store.close().await;
    print(&printed)?;
    Ok(exit_code(&result))
}

/// Looks at the sources, and leaves the database and the mail server alone.
async fn rehearse(
    config: Config,
    only: Option<Vec<SourceKey>>,
    format: Format,
) -> anyhow::Result<u8> {
    let rehearsal = rehearsal(config, &Folders::of_process()).await?;
    let stop = CancellationToken::new();
    let mut signals = Signals::listen()?;
    let progress = watch::Sender::default();
    let run = drawing(
        progress.subscribe(),
        Box::pin(rehearsal.run(only.as_deref(), &stop, &progress)),
    );
    let (result, matches) = signals.stopping(&stop, run).await;
    let printed = match format {
        Format::Json => json(&DryRun {
            matches: matches.iter().map(MatchJson::from).collect(),
            result: &result,
        })?,
        Format::Table => {
            let (one, many) = ("match, told to nobody", "matches, told to nobody");
            in_words(
                &result,
                one,
                many,
                &matches.iter().map(TableMatch::from).collect::<Vec<_>>(),
            )
        }
    };
    print(&printed)?;
    Ok(exit_code(&result))
}

fn exit_code(result: &PipelineRunResult) -> u8 {
    let good = !(result.had_errors || result.skipped || result.interrupted);
    if good { GOOD } else { HAD_ERRORS }
}

/// What a dry run prints: the result of a run, and what fits, since no other command could tell.
#[derive(Serialize)]
struct DryRun<'a> {
    #[serde(flatten)]
    result: &'a PipelineRunResult,
    matches: Vec<MatchJson<'a>>,
}

#[derive(Serialize)]
struct MatchJson<'a> {
    key: String,
    profile: &'a str,
    title: &'a str,
    company: &'a str,
    locations: Vec<&'a str>,
    url: &'a str,
}

impl<'a> From<&'a RehearsedMatch> for MatchJson<'a> {
    fn from(found: &'a RehearsedMatch) -> Self {
        let TableMatch {
            title,
            company,
            places: locations,
            url,
        } = found.into();
        let key = JobKey {
            source: found.source.clone(),
            external_id: found.job.external_id.clone(),
        }
        .to_string();
        Self {
            key,
            profile: &found.profile,
            title,
            company,
            locations,
            url,
        }
    }
}

impl<'a> From<&'a RehearsedMatch> for TableMatch<'a> {
    fn from(found: &'a RehearsedMatch) -> Self {
        let RehearsedMatch {
            source_name, job, ..
        } = found;
        Self {
            title: &job.title,
            company: job.company.as_ref().unwrap_or(source_name),
            places: names(&job.locations),
            url: &job.url,
        }
    }
}

impl<'a> From<&'a PendingAlert> for TableMatch<'a> {
    fn from(alert: &'a PendingAlert) -> Self {
        let PendingAlert {
            source_name, job, ..
        } = alert;
        Self {
            title: &job.title,
            company: job.company.as_ref().unwrap_or(source_name),
            places: names(&job.locations),
            url: &job.url,
        }
    }
}

fn names(places: &[Location]) -> Vec<&str> {
    places.iter().map(|place| place.name.as_str()).collect()
}

/// The sources that were named; each has to be in the configuration.
fn selected(config: &Config, named: &[String]) -> Result<Option<Vec<SourceKey>>, ConfigErrors> {
    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    for name in named {
        let before = keys.len();
        keys.extend(
            config
                .sources
                .iter()
                .map(|source| &source.key)
                .filter(|key| key.is_named(name))
                .cloned(),
        );
        if keys.len() == before {
            let known: Vec<String> = config
                .sources
                .iter()
                .map(|source| source.key.to_string())
                .collect();
            problems.push(config.problem_of_file(
                "sources".to_owned(),
                format!("there is no source `{}`", Printable(name)),
                format!("name one of: {}", known.join(", ")),
            ));
        }
    }
    match ConfigErrors::from_problems(problems) {
        Some(errors) => Err(errors),
        None => Ok((!named.is_empty()).then_some(keys)),
    }
}

/// `one` and `many` are what the matches are called.
fn in_words(
    result: &PipelineRunResult,
    one: &str,
    many: &str,
    matches: &[TableMatch<'_>],
) -> String {
    if let Some(holder) = &result.skipped_for {
        return format!("skipped: another run is under way on this database ({holder})\n");
    }
    let mut words = table::sources(result);
    words.push_str(&table::problems(result));
    words.push_str(&table::matches(
        &counted(matches.len() as u64, one, many),
        matches,
    ));
    words
}
