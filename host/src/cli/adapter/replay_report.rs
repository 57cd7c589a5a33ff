//! The report of a replay, as JSON and as text.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::{ScanFailure, outcome_of};
use job_scanner_sandbox::{BudgetUse, Cassette, RefusedRequest, Replay, Request};
use job_scanner_views::cells::{short, whole};
use job_scanner_views::column::Column;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::output::Table;
use crate::kit::check::AFTER_A_TRAP;

/// The maximum number of listed requests. Further ones are only counted.
const MAX_LISTED_REQUESTS: usize = 20;

/// The budgets whose use depends on the machine. They are not printed with the rest.
const TIMES: [&str; 2] = ["cpu_ms", "wall_ms"];

/// The columns of the table of jobs.
const JOB_COLUMNS: [Column; 5] = [
    Column::text("id", 16),
    Column::text("title", 28),
    Column::text("place", 10).late(2),
    Column::text("posted", 10).late(1),
    Column::copied("page").early(1),
];

/// The columns of the table of budgets.
const BUDGET_COLUMNS: [Column; 3] = [
    Column::word("budget"),
    Column::number("used"),
    Column::number("limit"),
];

/// The result of a replay. `docs/cassettes.md` documents its JSON.
#[derive(Debug, Serialize)]
pub(super) struct ReplayReport {
    source: String,
    outcome: ScanOutcome,
    error: Option<ScanFailure>,
    warnings: Vec<String>,
    jobs: Vec<RawJob>,
    state: Option<String>,
    budget: Map<String, Value>,
    /// Requests that are not on the cassette.
    missing: Vec<String>,
    /// Requests on the cassette that were not made.
    unused: Vec<String>,
}

impl ReplayReport {
    /// Reports a replay like a scan of `source`.
    pub(super) fn new(source: &SourceKey, replay: Replay) -> anyhow::Result<Self> {
        let Replay {
            listing,
            budget,
            missing,
            unused,
            refused: _,
        } = replay;

        let mut warnings = listing.warnings;
        let (outcome, error) = match outcome_of(&listing.end, &mut warnings) {
            Ok(outcome) => (outcome, None),
            Err(failure) => (ScanOutcome::Failed, Some(failure)),
        };

        // The report contains raw jobs, and a warning for each job that the host could not use
        // unchanged.
        let normalized = JobNormalizer::new(&KnownJobs::new()).normalize_all(listing.jobs.clone());
        warnings.extend(normalized.warnings);
        warnings.extend(normalized.rejected.iter().map(ToString::to_string));

        Ok(Self {
            source: source.to_string(),
            outcome,
            error,
            warnings,
            jobs: listing.jobs,
            state: listing.state,
            budget: without_times(budget)?,
            missing: printed(&missing),
            unused: printed(&unused),
        })
    }

    /// Returns true if the scan succeeded and the cassette contained all requests.
    pub(super) fn is_success(&self) -> bool {
        !self.outcome.is_error() && self.missing.is_empty()
    }
}

fn without_times(budget: BudgetUse) -> anyhow::Result<Map<String, Value>> {
    let budget = serde_json::to_value(budget).context("cannot write the budget")?;
    let Value::Object(mut budget) = budget else {
        bail!("the budget is not a JSON object");
    };
    budget.retain(|name, _| !TIMES.contains(&name.as_str()));
    Ok(budget)
}

/// Lists the missing requests and the recorded ones. Empty if no request is missing.
pub(super) fn describe_missing(replay: &Replay, cassette: &Cassette) -> String {
    if replay.missing.is_empty() {
        return String::new();
    }
    let recorded = printed(cassette.exchanges.iter().map(|exchange| &exchange.request));
    let missing = list(&printed(&replay.missing));
    let recorded = list(&recorded);
    format!("the cassette has no response to\n{missing}it has responses to\n{recorded}")
}

/// Lists the requests that the host refused. Empty if there are none.
pub(super) fn describe_refused(replay: &Replay) -> String {
    let mut text = String::new();
    for RefusedRequest { request, why } in &replay.refused {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "refused {request}: {}", Printable(why));
    }
    text
}

fn printed<'a>(requests: impl IntoIterator<Item = &'a Request>) -> Vec<String> {
    requests.into_iter().map(ToString::to_string).collect()
}

/// Returns the report as text. Writing to a string cannot fail.
pub(super) fn render_text(report: &ReplayReport) -> String {
    let mut text = String::new();
    if !report.jobs.is_empty() {
        text = jobs(&report.jobs).to_string();
    }

    let (source, outcome, number) = (&report.source, report.outcome, report.jobs.len());
    let _ = writeln!(text, "{source}: {outcome}, {number} jobs");
    if let Some(ScanFailure { kind, message, .. }) = &report.error {
        let _ = writeln!(text, "failed: {kind}: {}", Printable(message));
        if *kind == FailureKind::Trapped {
            let _ = writeln!(text, "to find the cause, {AFTER_A_TRAP}");
        }
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "warning: {}", Printable(warning));
    }

    if !report.missing.is_empty() {
        let missing = list(&report.missing);
        let _ = write!(text, "not on the cassette:\n{missing}");
    }
    if !report.unused.is_empty() {
        let unused = list(&report.unused);
        let _ = write!(text, "on the cassette, but not requested:\n{unused}");
    }
    let _ = write!(text, "{}", budget(&report.budget));
    text
}

fn jobs(jobs: &[RawJob]) -> Table {
    let row = |job: &RawJob| {
        let places = job.locations.iter();
        let places: Vec<&str> = places.map(|place| place.name.as_str()).collect();
        [
            short(&job.external_id),
            short(&job.title),
            short(&places.join("; ")),
            short(job.posted_at.as_deref().unwrap_or_default()),
            whole(&job.url),
        ]
    };
    Table::new(&JOB_COLUMNS, jobs.iter().map(row))
}

fn budget(budget: &Map<String, Value>) -> Table {
    let row = |(name, budget): (&String, &Value)| {
        let (used, limit) = (budget["used"].to_string(), budget["limit"].to_string());
        [name.clone(), used, limit]
    };
    Table::new(&BUDGET_COLUMNS, budget.iter().map(row))
}

fn list(requests: &[String]) -> String {
    let mut lines = String::new();
    for request in requests.iter().take(MAX_LISTED_REQUESTS) {
        let _ = writeln!(lines, "  {request}");
    }
    if let more @ 1.. = requests.len().saturating_sub(MAX_LISTED_REQUESTS) {
        let _ = writeln!(lines, "  and {more} more");
    }
    lines
}
