//! `job-scanner source pause` and `source resume`.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::key::SourceKey;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::Store;
use job_scanner_views::sources::{PauseOperation, PauseView};

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, print, print_json};
use crate::cli::usage::named_sources;

/// The arguments of `source pause` and `source resume`.
#[derive(Debug, clap::Args)]
pub(crate) struct PauseOptions {
    /// Keys of sources, such as greenhouse/acme, as `sources` lists them
    #[arg(value_name = "KEY", required = true)]
    sources: Vec<String>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The sources, each with true if the command has changed it.
type Changed = Vec<(SourceKey, bool)>;

/// Takes sources out of the schedule. Pausing a source again changes nothing.
pub(super) async fn pause(config: &Config, options: &PauseOptions) -> anyhow::Result<u8> {
    let keys = named_sources(config, &options.sources)?;
    let store = open(config).await?;
    let before = store.paused_sources().await?;
    let now = Clock::system().now();

    let mut changed = Changed::new();
    for key in keys {
        let mut sources = config.sources.iter();
        let name = sources
            .find(|source| source.key == key)
            .map_or("", |source| &source.name);
        store.pause_source(&key, name, now).await?;
        changed.push((key.clone(), !before.contains_key(&key)));
    }
    store.close().await;
    options.show(PauseOperation::Paused, &changed)
}

/// Ends pauses. A source that is not paused stays as it is.
pub(super) async fn resume(config: &Config, options: &PauseOptions) -> anyhow::Result<u8> {
    let keys = named_sources(config, &options.sources)?;
    let store = open(config).await?;
    let mut changed = Changed::new();
    for key in keys {
        let was_paused = store.resume_source(&key).await?;
        changed.push((key, was_paused));
    }
    store.close().await;
    options.show(PauseOperation::Resumed, &changed)
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")
}

impl PauseOptions {
    fn show(&self, operation: PauseOperation, changed: &Changed) -> anyhow::Result<u8> {
        match self.format {
            Format::Json => {
                let views = changed.iter();
                let views = views.map(|(key, changed)| PauseView::new(key, operation, *changed));
                print_json(&views.collect::<Vec<_>>())?;
            }
            Format::Table => {
                let lines = changed.iter();
                let lines = lines.map(|(key, changed)| line(key, operation, *changed));
                print(&lines.collect::<String>())?;
            }
        }
        Ok(SUCCESS)
    }
}

/// Returns a line that says what holds now.
fn line(key: &SourceKey, operation: PauseOperation, changed: bool) -> String {
    let says = match (operation, changed) {
        (PauseOperation::Paused, true) => {
            "is paused: its jobs stay, and it is not scanned until `job-scanner source resume`"
        }
        (PauseOperation::Paused, false) => "was paused before",
        (PauseOperation::Resumed, true) => "is scanned again when it is due",
        (PauseOperation::Resumed, false) => "was not paused",
    };
    format!("{key} {says}\n")
}
