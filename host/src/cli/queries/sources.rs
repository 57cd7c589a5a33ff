//! `job-scanner sources`: how every source is doing.

use std::collections::HashMap;
use std::iter;

use comfy_table::CellAlignment;
use jiff::Timestamp;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::ScanOutcome;
use job_scanner_core::schedule::ScanHistory;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{Doubt, SourceError, SourceHealth};
use serde::Serialize;
use serde_json::Value;

use crate::cli::output::{Format, json, print, time, time_cell};
use crate::cli::{GOOD, stored, table};

/// How to show them.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A source as the configuration and the database know it together.
struct Standing {
    key: SourceKey,
    name: String,
    enabled: bool,
    state: State,
    /// `None` before its first scan.
    health: Option<SourceHealth>,
    /// Whether there has been no such board for days.
    gone: bool,
    /// When the daemon scans it next; `None` when it never will.
    next_due_at: Option<Timestamp>,
}

/// What is on record of each source, and what time it is.
struct Known {
    health: Vec<SourceHealth>,
    histories: HashMap<SourceKey, ScanHistory>,
    now: Timestamp,
}

/// How a source is doing, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// Its last scan brought something, or found nothing changed.
    Ok,
    /// Its last scan was cut short.
    Partial,
    /// Its last scan failed.
    Failing,
    /// No scan of it has ended yet.
    NeverScanned,
    /// The configuration has it switched off.
    Disabled,
    /// The configuration does not name it any more.
    Retired,
}

#[derive(Serialize)]
struct Shape<'a> {
    source: String,
    name: &'a str,
    r#type: &'a str,
    identifier: &'a str,
    enabled: bool,
    state: State,
    last_success_at: Option<String>,
    last_error_at: Option<String>,
    error: Option<ErrorShape<'a>>,
    failing_since: Option<String>,
    gone: bool,
    in_doubt_since: Option<String>,
    consecutive_failures: u32,
    next_due_at: Option<String>,
    open_jobs: u64,
    budget: Option<&'a Value>,
}

#[derive(Serialize)]
struct ErrorShape<'a> {
    kind: FailureKind,
    message: &'a str,
}

/// Prints all sources: those of the configuration in its order, then those that it no longer names.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let (health, histories) = stored(config, async |store| {
        Ok((store.source_health().await?, store.histories().await?))
    })
    .await?;
    let standings = standings(
        config,
        Known {
            health,
            histories,
            now: Clock::system().now(),
        },
    );
    match options.format {
        Format::Json => print(&json(&standings.iter().map(shape).collect::<Vec<_>>())?)?,
        Format::Table => print(&in_words(&standings))?,
    }
    Ok(GOOD)
}

fn standings(config: &Config, mut known: Known) -> Vec<Standing> {
    let mut standings = Vec::with_capacity(known.health.len());
    for source in &config.sources {
        let place = known
            .health
            .iter()
            .position(|health| health.key == source.key);
        let health = place.map(|place| known.health.remove(place));
        let history = known
            .histories
            .get(&source.key)
            .copied()
            .unwrap_or_default();
        let next_due_at = source
            .enabled
            .then(|| source.schedule.next_due(&history, known.now));
        let state = if source.enabled {
            state_of(health.as_ref())
        } else {
            State::Disabled
        };
        let (key, name, gone) = (source.key.clone(), source.name.clone(), history.is_gone());
        standings.push(Standing {
            key,
            name,
            enabled: source.enabled,
            state,
            health,
            gone,
            next_due_at,
        });
    }
    standings.extend(known.health.into_iter().map(|health| Standing {
        key: health.key.clone(),
        name: health.name.clone(),
        enabled: false,
        state: State::Retired,
        health: Some(health),
        gone: false,
        next_due_at: None,
    }));
    standings
}

fn state_of(health: Option<&SourceHealth>) -> State {
    match health.and_then(|health| health.last_outcome) {
        None => State::NeverScanned,
        Some(ScanOutcome::Failed) => State::Failing,
        Some(ScanOutcome::Partial) => State::Partial,
        Some(_) => State::Ok,
    }
}

fn shape(standing: &Standing) -> Shape<'_> {
    let health = standing.health.as_ref();
    Shape {
        source: standing.key.to_string(),
        name: &standing.name,
        r#type: standing.key.adapter.as_str(),
        identifier: standing.key.identifier.as_str(),
        enabled: standing.enabled,
        state: standing.state,
        last_success_at: health.and_then(|health| health.last_success_at).map(time),
        last_error_at: health.and_then(|health| health.last_error_at).map(time),
        error: health
            .and_then(|health| health.error.as_ref())
            .map(|error| ErrorShape {
                kind: error.kind,
                message: &error.message,
            }),
        failing_since: health.and_then(|health| health.failing_since).map(time),
        gone: standing.gone,
        in_doubt_since: health
            .and_then(|health| health.doubt)
            .map(|doubt| time(doubt.since)),
        consecutive_failures: health.map_or(0, |health| health.consecutive_failures),
        next_due_at: standing.next_due_at.map(time),
        open_jobs: health.map_or(0, |health| health.open_jobs),
        budget: health.and_then(|health| health.budget.as_ref()),
    }
}

impl State {
    /// The word as JSON has it, for people.
    fn in_words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failing => "failing",
            Self::NeverScanned => "never scanned",
            Self::Disabled => "disabled",
            Self::Retired => "retired",
        }
    }
}

fn in_words(standings: &[Standing]) -> String {
    let mut table = table::plain_table();
    table.set_header([
        "source",
        "name",
        "state",
        "open jobs",
        "last success",
        "last error",
        "next due",
    ]);
    for standing in standings {
        let health = standing.health.as_ref();
        table.add_row([
            Printable(&standing.key.to_string()).to_string(),
            table::short(&standing.name),
            state_in_words(standing),
            health.map_or(0, |health| health.open_jobs).to_string(),
            time_cell(health.and_then(|health| health.last_success_at)),
            time_cell(health.and_then(|health| health.last_error_at)),
            time_cell(standing.next_due_at),
        ]);
    }
    if let Some(column) = table.column_mut(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let failing = standings
        .iter()
        .filter(|standing| standing.state == State::Failing)
        .filter_map(trouble);
    let in_doubt = standings.iter().filter_map(doubt);
    iter::once(table.to_string())
        .chain(failing)
        .chain(in_doubt)
        .map(|part| part + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

/// The state of a source, and a word when what it lists is not believed.
fn state_in_words(standing: &Standing) -> String {
    let in_doubt = standing
        .health
        .as_ref()
        .is_some_and(|health| health.doubt.is_some());
    let doubt = if in_doubt { ", in doubt" } else { "" };
    standing.state.in_words().to_owned() + doubt
}

/// Since when a source is in doubt, why, and what that means.
fn doubt(standing: &Standing) -> Option<String> {
    let Doubt {
        since,
        listed,
        before,
    } = standing.health.as_ref()?.doubt?;
    let (key, since, jobs) = (
        standing.key.to_string(),
        time(since),
        counted(before, "job", "jobs"),
    );
    Some(format!(
        "{}: in doubt since {since}; it lists {listed} of {jobs}\n  the others stay open until further whole answers \
         agree that they are gone",
        Printable(&key)
    ))
}

/// Since when a source fails, why, and what that means.
fn trouble(standing: &Standing) -> Option<String> {
    let health = standing.health.as_ref()?;
    let SourceError { kind, message } = health.error.as_ref()?;
    let times = match (health.consecutive_failures, health.failing_since) {
        (1, _) => "its last scan failed".to_owned(),
        (times, Some(since)) => format!("its last {times} scans failed, since {}", time(since)),
        (times, None) => format!("its last {times} scans failed"),
    };
    let since = match health.last_success_at {
        Some(at) => format!("the last good one was at {}", time(at)),
        None => "none was ever good".to_owned(),
    };
    let (key, message) = (standing.key.to_string(), Printable(message));
    let seldom = if standing.gone {
        " It has been gone for days, and is asked once a day."
    } else {
        ""
    };
    Some(format!(
        "{}: {times}; {since}\n  {kind}: {message}\n  {}{seldom}",
        Printable(&key),
        kind.advice()
    ))
}
