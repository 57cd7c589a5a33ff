//! `job-scanner sources`: the state of every source.

use std::fmt::Write as _;

use job_scanner_config::{Config, SourceConfig};
use job_scanner_notify::lasting_failures;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::ChannelFailure;
use job_scanner_views::sources;
use job_scanner_views::sources::{ConfiguredSource, SourceRecords, SourceStatus, SourceView};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, failing_channel, print, print_json};
use crate::cli::queries::database::read_store;

/// The arguments of `sources`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints all sources: those of the configuration in its order, then those that it no longer
/// contains.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    let (health, histories, failures) = read_store(config, async |store| {
        let failures = lasting_failures(store, now).await?;
        let health = store.source_health().await?;
        Ok((health, store.histories().await?, failures))
    })
    .await?;
    let records = SourceRecords {
        health,
        histories,
        now,
    };

    let statuses = sources::statuses(config.sources.iter().map(configured), records);
    match options.format {
        Format::Json => {
            let views: Vec<SourceView<'_>> = statuses.iter().map(SourceView::from).collect();
            print_json(&views)?;
        }
        Format::Table => print(&render_text(&statuses, &failures))?,
    }
    Ok(SUCCESS)
}

fn configured(source: &SourceConfig) -> ConfiguredSource<'_> {
    ConfiguredSource {
        key: &source.key,
        name: &source.name,
        enabled: source.enabled,
        accept_partial: source.accept_partial,
        schedule: &source.schedule,
    }
}

fn render_text(statuses: &[SourceStatus], failures: &[ChannelFailure]) -> String {
    let rows = statuses.iter().map(SourceStatus::row);
    let mut text = Table::new(&sources::COLUMNS, rows).to_string();
    let troubles = statuses.iter().filter_map(SourceStatus::trouble);
    let doubts = statuses.iter().filter_map(SourceStatus::doubt);
    let failures = failures.iter().map(failing_channel);
    let pauses = statuses.iter().filter_map(SourceStatus::pause);
    for line in troubles.chain(doubts).chain(pauses).chain(failures) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{line}");
    }
    text
}
