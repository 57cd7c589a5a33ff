//! The time until all first-party adapters are ready to scan.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use job_scanner::startup;
use job_scanner_config::Config;
use job_scanner_pipeline::check_sources;

use crate::in_repository;
use crate::installation::Installation;
use crate::measure::median_ms;
use crate::report::{Part, Row, Unit};

const ROUNDS: u32 = 25;

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let sources = one_source_each()?;
    let installation = Installation::new(folder, &sources)?;
    let config = installation.config()?;

    // Once before the rounds, because the first load fills the cache.
    load_all(&installation, &config)
        .await
        .context("with an empty cache")?;

    let mut loads = Vec::new();
    for _ in 0..ROUNDS {
        loads.push(load_all(&installation, &config).await?);
    }

    let fastest = loads.iter().min().copied().unwrap_or_default();
    let slowest = loads.iter().max().copied().unwrap_or_default();

    Ok(vec![Row::new(
        "load",
        "loading all first-party adapters from the cache",
        median_ms(loads),
        (50.0, Unit::Milliseconds),
        vec![
            Part::ms("fastest", median_ms([fastest])),
            Part::ms("slowest", median_ms([slowest])),
        ],
    )])
}

/// Returns one source for each adapter in `adapters/dist`.
fn one_source_each() -> anyhow::Result<Vec<String>> {
    let mut sources = Vec::new();
    for file in fs::read_dir(in_repository("adapters/dist"))? {
        let path = file?.path();
        if path.extension() == Some(OsStr::new("wasm")) {
            let name = path
                .file_stem()
                .and_then(OsStr::to_str)
                .context("an adapter's file name is not UTF-8")?;

            // These adapters take their host from the identifier. The sources are not scanned.
            let identifier = match name {
                "feed" | "jsonld" => "https://acme.example/jobs",
                "workday" => "acme.wd1/Careers",
                _ => "acme",
            };

            sources.push(format!("{{type: {name}, identifier: '{identifier}'}}"));
        }
    }
    Ok(sources)
}

/// Loads all adapters as the program does at its start: reading, comparing with the lock file,
/// unpacking, linking and reading the manifest. The engine exists already.
async fn load_all(installation: &Installation, config: &Config) -> anyhow::Result<Duration> {
    let catalog = Arc::new(startup::catalog(
        &config.adapters,
        &config.advanced,
        &installation.folders(),
    )?);

    let begun = Instant::now();
    check_sources(config, &catalog).await?;
    Ok(begun.elapsed())
}
