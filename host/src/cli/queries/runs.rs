//! `job-scanner runs`: when we looked, and what came of it.

use comfy_table::CellAlignment;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::run::Trigger;
use job_scanner_store::PastRun;
use serde::Serialize;
use serde_json::Value;

use crate::cli::output::{Format, HistoryOptions, json, print, time, time_cell};
use crate::cli::{GOOD, stored, table};

/// Counts that the table shows, under their names in JSON.
const SHOWN: [&str; 5] = ["fetched", "new", "updated", "matched", "notified"];

#[derive(Serialize)]
struct Shape<'a> {
    run_id: i64,
    trigger: Trigger,
    state: &'static str,
    started_at: String,
    finished_at: Option<String>,
    duration_ms: Option<u64>,
    had_errors: bool,
    totals: Option<&'a Value>,
    sources: &'a [Value],
}

/// Prints the last runs.
pub(crate) async fn run(config: &Config, options: &HistoryOptions) -> anyhow::Result<u8> {
    let runs = stored(config, async |store| store.past_runs(options.limit).await).await?;
    match options.format {
        Format::Json => print(&json(&runs.iter().map(shape).collect::<Vec<_>>())?)?,
        Format::Table => print(&in_words(&runs))?,
    }
    Ok(GOOD)
}

fn shape(run: &PastRun) -> Shape<'_> {
    Shape {
        run_id: run.id.into(),
        trigger: run.trigger,
        state: state(run),
        started_at: time(run.started_at),
        finished_at: run.finished_at.map(time),
        duration_ms: run.duration_ms,
        had_errors: run.had_errors,
        totals: run.totals.as_ref(),
        sources: &run.sources,
    }
}

fn state(run: &PastRun) -> &'static str {
    match run.finished_at {
        _ if run.interrupted => "interrupted",
        Some(_) => "finished",
        None => "unfinished",
    }
}

fn in_words(runs: &[PastRun]) -> String {
    let mut table = table::plain_table();
    table.set_header(
        ["run", "trigger", "started", "finished", "outcome"]
            .into_iter()
            .chain(SHOWN)
            .chain(["ms"]),
    );
    for run in runs {
        let outcome = match state(run) {
            "finished" if run.had_errors => "had errors",
            "finished" => "good",
            other => other,
        };
        let count = |name| {
            run.totals
                .as_ref()
                .and_then(|totals| totals.get(name))
                .map(Value::to_string)
        };
        let head = [
            run.id.to_string(),
            run.trigger.to_string(),
            time(run.started_at),
            time_cell(run.finished_at),
            outcome.to_owned(),
        ];
        let counts = SHOWN.map(|name| count(name).unwrap_or_default());
        let ms = run.duration_ms.map(|ms| ms.to_string()).unwrap_or_default();
        table.add_row(
            head.into_iter()
                .chain(counts)
                .chain([ms])
                .map(|cell| Printable(&cell).to_string()),
        );
    }
    for column in table.column_iter_mut().skip(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}
