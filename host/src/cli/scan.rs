//! `job-scanner scan`, and `--manual-run`: one run now.

use job_scanner_core::key::SourceKey;
use tokio_util::sync::CancellationToken;

use super::output::{Format, json, print};
use super::signals::Signals;
use super::{GOOD, HAD_ERRORS, table};
use crate::config::{Config, ConfigErrors};
use crate::pipeline::{PipelineRunResult, RunRequest, ScanPipeline, Trigger};
use crate::startup::{Folders, scan_context};
use crate::store::PendingAlert;

/// What to scan, and how to show it.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Options {
    /// Only this source, such as greenhouse/acme; may be given several times
    #[arg(long = "source", value_name = "KEY")]
    sources: Vec<SourceKey>,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Scans once. The exit code says whether anything failed.
pub(super) async fn run(config: Config, options: &Options) -> anyhow::Result<u8> {
    let only = selected(&config, &options.sources)?;
    let pipeline = ScanPipeline::new(scan_context(config, Folders::of_process()).await?);
    let stop = CancellationToken::new();
    let mut signals = Signals::listen()?;
    let request = RunRequest { trigger: Trigger::Manual, only };
    // A run is a large future, and this one lives in the main thread's stack.
    let result = signals.stopping(&stop, Box::pin(pipeline.run_once(&request, &stop))).await?;
    let printed = match options.format {
        Format::Json => json(&result)?,
        Format::Table => {
            let alerts = match result.run_id {
                Some(run) => pipeline.context().store.matched_in_run(run).await?,
                None => Vec::new(),
            };
            in_words(&result, &alerts)
        }
    };
    pipeline.context().store.close().await;
    print(&printed)?;
    let good = !(result.had_errors || result.skipped || result.interrupted);
    Ok(if good { GOOD } else { HAD_ERRORS })
}

/// The sources that were named; each has to be in the configuration.
fn selected(config: &Config, named: &[SourceKey]) -> Result<Option<Vec<SourceKey>>, ConfigErrors> {
    let unknown = named.iter().filter(|key| !config.sources.iter().any(|source| source.key == **key));
    let problems = unknown.map(|key| {
        let known: Vec<String> = config.sources.iter().map(|source| source.key.to_string()).collect();
        config.problem_of_file(
            "sources".to_owned(),
            format!("there is no source `{key}`"),
            format!("name one of: {}", known.join(", ")),
        )
    });
    match ConfigErrors::from_problems(problems.collect()) {
        Some(errors) => Err(errors),
        None => Ok((!named.is_empty()).then(|| named.to_vec())),
    }
}

fn in_words(result: &PipelineRunResult, alerts: &[PendingAlert]) -> String {
    if let Some(holder) = &result.skipped_for {
        return format!("skipped: another run is under way on this database ({holder})\n");
    }
    let mut words = table::sources(result);
    words.push_str(&table::problems(result));
    words.push_str(&table::matches(alerts));
    words
}
