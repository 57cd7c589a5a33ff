//! `job-scanner scan`, and `--manual-run`: starts one run immediately.

use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::ProfileTallies;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::{DryRunMatch, PipelineRunResult, RunRequest, ScanContext, ScanPipeline};
use job_scanner_views::matches::{DryRunMatchView, MatchedJob};
use job_scanner_views::tally::ProfileTallyView;
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output;
use crate::cli::output::{Format, print, print_json, with_progress_bar};
use crate::cli::signals::Signals;
use crate::cli::usage::named_sources;
use crate::startup::{Folders, dry_run, scan_context};

/// The arguments of `scan`.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Options {
    /// Only this source, such as greenhouse/acme; may be given several times
    #[arg(long = "source", value_name = "KEY")]
    sources: Vec<String>,

    /// Only fetch and match, and count what each term does: does not use the database or send anything
    #[arg(long)]
    dry_run: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Scans once. The exit code is 0 if nothing failed.
pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<u8> {
    let only = selected(&config, &options.sources)?;
    if options.dry_run {
        run_dry(config, only, options.format).await
    } else {
        scan(config, only, options.format).await
    }
}

async fn scan(config: Config, only: Option<Vec<SourceKey>>, format: Format) -> anyhow::Result<u8> {
    let context = ScanContext {
        counts_terms: true,
        ..scan_context(config, Folders::of_process()).await?
    };
    let pipeline = ScanPipeline::new(context);
    let store = &pipeline.context().store;
    let request = RunRequest {
        trigger: Trigger::Manual,
        only,
    };

    let stop = CancellationToken::new();
    let mut signals = Signals::listen()?;
    // A run is a large future, and without the box it would be on the stack of the main thread.
    let run = Box::pin(pipeline.run_once(&request, &stop));
    let drawn = with_progress_bar(pipeline.progress(), run);
    let result = signals.run_until_stopped(&stop, drawn).await?;

    // The database is closed before anything is printed, because the reader of a pipe may be slow.
    let alerts = match (format, result.run_id) {
        (Format::Table, Some(run)) => store.matched_in_run(run).await?,
        _ => Vec::new(),
    };
    store.close().await;

    match format {
        Format::Json => print_json(&RunOutput::of(&result))?,
        Format::Table => {
            let matches: Vec<MatchedJob<'_>> = alerts.iter().map(MatchedJob::from).collect();
            let headline = counted(matches.len() as u64, "new match", "new matches");
            print(&render_text(&result, &headline, &matches))?;
        }
    }
    Ok(exit_code(&result))
}

/// Scans the sources without using the database or the mail server.
async fn run_dry(
    config: Config,
    only: Option<Vec<SourceKey>>,
    format: Format,
) -> anyhow::Result<u8> {
    let dry_run = dry_run(config, &Folders::of_process()).await?;

    let stop = CancellationToken::new();
    let mut signals = Signals::listen()?;
    let progress = watch::Sender::default();
    let run = Box::pin(dry_run.run(only.as_deref(), &stop, &progress));
    let drawn = with_progress_bar(progress.subscribe(), run);
    let (result, matches) = signals.run_until_stopped(&stop, drawn).await;

    match format {
        Format::Json => print_json(&DryRunOutput {
            matches: matches.iter().map(view).collect(),
            run: RunOutput::of(&result),
        })?,
        Format::Table => {
            let matches: Vec<MatchedJob<'_>> = matches.iter().map(matched_job).collect();
            let count = counted(matches.len() as u64, "match", "matches");
            let headline = format!("{count} (dry run, nothing sent)");
            print(&render_text(&result, &headline, &matches))?;
        }
    }
    Ok(exit_code(&result))
}

fn exit_code(result: &PipelineRunResult) -> u8 {
    let is_success = !(result.had_errors || result.skipped || result.interrupted);
    if is_success { SUCCESS } else { FAILURE }
}

/// The result of a dry run. It includes the matches, because no other command can show them.
#[derive(Serialize)]
struct DryRunOutput<'a> {
    #[serde(flatten)]
    run: RunOutput<'a>,
    matches: Vec<DryRunMatchView<'a>>,
}

/// The result of a run.
#[derive(Serialize)]
struct RunOutput<'a> {
    #[serde(flatten)]
    result: &'a PipelineRunResult,
    profiles: Vec<ProfileTallyView<'a>>,
}

impl<'a> RunOutput<'a> {
    fn of(result: &'a PipelineRunResult) -> Self {
        let tallies = result.first_jobs.iter();
        let with_jobs = tallies.flat_map(ProfileTallies::with_jobs);
        Self {
            result,
            profiles: with_jobs.map(ProfileTallyView::from).collect(),
        }
    }
}

fn view(found: &DryRunMatch) -> DryRunMatchView<'_> {
    DryRunMatchView::new(
        &found.source,
        &found.source_name,
        &found.job,
        &found.result.profile,
    )
}

fn matched_job(found: &DryRunMatch) -> MatchedJob<'_> {
    MatchedJob::new(&found.job, &found.source_name, &found.result)
}

/// Returns the sources that were named; `None` if all are meant.
fn selected(config: &Config, named: &[String]) -> Result<Option<Vec<SourceKey>>, ConfigErrors> {
    if named.is_empty() {
        return Ok(None);
    }
    named_sources(config, named).map(Some)
}

/// Returns the tables of a run. `headline` describes its matches.
fn render_text(result: &PipelineRunResult, headline: &str, matches: &[MatchedJob<'_>]) -> String {
    if let Some(holder) = &result.skipped_for {
        return format!("skipped: another run is in progress on this database ({holder})\n");
    }
    let sources = output::sources(result);
    let problems = output::problems(result);
    let effects = output::effects(&RunOutput::of(result).profiles);
    let matches = output::matches(headline, matches, result.finished_at);
    sources + &problems + &effects + &matches
}
