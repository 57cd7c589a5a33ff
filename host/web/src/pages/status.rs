//! The status of the program (`/status`): version, database, adapters with their grants, and recent
//! runs.

use std::fs;
use std::path::Path;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use job_scanner_core::adapter::{Grants, HostTarget, HostTerms, Method};
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::{CheckedAdapters, Refusal, ScanPipeline, check_adapters};
use job_scanner_store::RunSummary;
use job_scanner_views::cells::{minute, whole};
use job_scanner_views::runs;
use serde_json::Value;

use crate::access::visitor::Visitor;
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::times::ago;
use crate::state::WebState;

/// The number of runs on the page.
const SHOWN_RUNS: u32 = 20;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    layout: Layout,
    version: &'static str,
    config_file: String,
    database: String,
    database_size: String,
    counts: Vec<(&'static str, String)>,
    adapters: Vec<AdapterRow>,
    refusals: Vec<String>,
    runs: Vec<RunRow>,
}

/// An adapter with what it was granted.
struct AdapterRow {
    name: String,
    version: String,
    contract: &'static str,
    hosts: Vec<String>,
    secrets: Vec<String>,
}

/// A run, in words.
struct RunRow {
    id: String,
    started: String,
    started_at: String,
    outcome: &'static str,
    tone: &'static str,
    trigger: String,
    summary: String,
}

/// Shows the status.
pub(crate) async fn status(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageError> {
    let pipeline = state.pipeline();
    let context = pipeline.context();
    let config = &context.scanner.config;
    let checked = check_adapters(config, &context.scanner.catalog).await;
    let runs = context.store.recent_runs(SHOWN_RUNS).await?;

    let now = state.now();
    let (adapters, refusals) = shown_adapters(&pipeline, &checked);
    let file = context.store.file();
    html(&StatusPage {
        layout: Layout::entry(Section::Status, &visitor),
        version: env!("CARGO_PKG_VERSION"),
        config_file: whole(&config.path.display().to_string()),
        database: whole(&file.display().to_string()),
        database_size: size_of(file),
        counts: vec![
            ("sources", config.sources.len().to_string()),
            ("profiles", config.profiles.len().to_string()),
        ],
        adapters,
        refusals,
        runs: runs.iter().map(|run| RunRow::new(run, now)).collect(),
    })
}

fn shown_adapters(
    pipeline: &ScanPipeline,
    checked: &CheckedAdapters,
) -> (Vec<AdapterRow>, Vec<String>) {
    let usable = checked.usable.iter();
    let rows = usable.map(|adapter| {
        let (manifest, grants) = (adapter.manifest(), adapter.grants());
        AdapterRow {
            name: manifest.name.to_string(),
            version: whole(&manifest.version),
            contract: adapter.contract().line(),
            hosts: hosts(grants),
            secrets: grants.secrets.keys().map(|option| whole(option)).collect(),
        }
    });
    let rows = rows.collect();
    let refusals = checked.refusals(&pipeline.context().scanner.config);
    let refused = |refusal: Refusal| Printable(&refusal.message).to_string();
    (rows, refusals.into_iter().map(refused).collect())
}

/// Returns the granted hosts, each with the methods that can send more than an address.
fn hosts(grants: &Grants) -> Vec<String> {
    let host = |(target, terms): (&HostTarget, &HostTerms)| {
        let methods = terms.methods.iter().map(Method::as_str);
        let methods: Vec<&str> = methods
            .filter(|it| !matches!(*it, "GET" | "HEAD"))
            .collect();
        let target = whole(&target.to_string());
        if methods.is_empty() {
            target
        } else {
            format!("{target} ({})", methods.join(", "))
        }
    };
    grants.hosts.iter().map(host).collect()
}

/// Returns the size of the database with its journal.
fn size_of(file: &Path) -> String {
    let mut journal = file.as_os_str().to_owned();
    journal.push("-wal");
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let tenths = (size(file) + size(Path::new(&journal))) * 10 / 1_048_576;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

impl RunRow {
    fn new(run: &RunSummary, now: jiff::Timestamp) -> Self {
        let outcome = runs::outcome(run);
        Self {
            id: run.id.to_string(),
            started: ago(run.started_at, now),
            started_at: minute(run.started_at),
            outcome,
            tone: if outcome == "ok" { "good" } else { "bad" },
            trigger: run.trigger.to_string(),
            summary: summary(run),
        }
    }
}

/// Returns the counts of a run that are not 0, in words.
fn summary(run: &RunSummary) -> String {
    let count = |name: &str| {
        let totals = run.totals.as_ref()?;
        totals
            .get(name)
            .and_then(Value::as_u64)
            .filter(|count| *count > 0)
    };
    let named = [
        ("fetched", "fetched"),
        ("new", "new"),
        ("updated", "updated"),
        ("closed", "closed"),
        ("matched", "matched"),
        ("alerts_sent", "sent"),
    ];
    let parts = named.into_iter();
    let parts = parts.filter_map(|(key, name)| Some(format!("{} {name}", count(key)?)));
    let errors = count("errors").map(|errors| counted(errors, "error", "errors"));
    parts.chain(errors).collect::<Vec<String>>().join(", ")
}
