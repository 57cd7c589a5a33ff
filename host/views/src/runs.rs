//! The latest runs: `job-scanner runs`.

use job_scanner_core::escape::Printable;
use job_scanner_core::run::Trigger;
use job_scanner_core::words::OnRecord;
use job_scanner_store::RunSummary;
use serde::Serialize;
use serde_json::Value;

use crate::cells::{minute, time, time_cell};

/// The counts that the table shows, under their names in JSON.
const SHOWN: [&str; 5] = ["fetched", "new", "updated", "matched", "notified"];

/// The number of text columns. The columns after them are numbers.
pub const TEXT_COLUMNS: usize = 5;

/// The headers of the columns with dates.
pub const DATES: [&str; 2] = ["started", "finished"];

/// A run.
#[derive(Debug, Serialize)]
pub struct RunView<'a> {
    run_id: i64,
    trigger: &'a OnRecord<Trigger>,
    state: &'static str,
    started_at: String,
    finished_at: Option<String>,
    duration_ms: Option<u64>,
    had_errors: bool,
    totals: Option<&'a Value>,
    sources: &'a [Value],
}

impl<'a> From<&'a RunSummary> for RunView<'a> {
    fn from(run: &'a RunSummary) -> Self {
        Self {
            run_id: run.id.into(),
            trigger: &run.trigger,
            state: state(run),
            started_at: time(run.started_at),
            finished_at: run.finished_at.map(time),
            duration_ms: run.duration_ms,
            had_errors: run.had_errors,
            totals: run.totals.as_ref(),
            sources: &run.sources,
        }
    }
}

fn state(run: &RunSummary) -> &'static str {
    match run.finished_at {
        _ if run.interrupted => "interrupted",
        Some(_) => "finished",
        None => "unfinished",
    }
}

/// Returns the header of the table.
pub fn header() -> Vec<&'static str> {
    let texts = ["run", "trigger", "started", "finished", "outcome"];
    [&texts[..], &SHOWN, &["ms"]].concat()
}

/// Returns the row of a run in the table.
pub fn row(run: &RunSummary) -> Vec<String> {
    let outcome = match state(run) {
        "finished" if run.had_errors => "with errors",
        "finished" => "ok",
        other => other,
    };
    let texts = [
        run.id.to_string(),
        run.trigger.to_string(),
        minute(run.started_at),
        time_cell(run.finished_at),
        outcome.to_owned(),
    ];

    let count = |name| {
        let totals = run.totals.as_ref()?;
        totals.get(name).map(Value::to_string)
    };
    let counts = SHOWN.map(|name| count(name).unwrap_or_default());
    let ms = run.duration_ms.map(|ms| ms.to_string()).unwrap_or_default();

    let cells = texts.into_iter().chain(counts).chain([ms]);
    cells.map(|cell| Printable(&cell).to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[tokio::test]
    async fn a_finished_run_has_the_documented_keys() {
        let run = samples::finished_run().await;
        insta::assert_snapshot!("runs", json(&[RunView::from(&run)]).unwrap());
    }

    #[tokio::test]
    async fn an_unfinished_run_shows_its_state_and_no_counts() {
        let mut run = samples::finished_run().await;
        (run.finished_at, run.duration_ms, run.totals) = (None, None, None);
        assert_eq!(
            row(&run)[1..],
            [
                "manual",
                "2026-11-23 08:15 UTC",
                "-",
                "unfinished",
                "",
                "",
                "",
                "",
                "",
                ""
            ]
        );

        run.interrupted = true;
        assert_eq!(row(&run)[4], "interrupted");
    }

    #[tokio::test]
    async fn a_run_with_errors_is_finished_in_json_and_with_errors_in_the_table() {
        let mut run = samples::finished_run().await;
        assert_eq!(row(&run)[4], "ok");

        run.had_errors = true;
        assert_eq!(
            (row(&run)[4].as_str(), state(&run)),
            ("with errors", "finished")
        );
    }

    #[tokio::test]
    async fn header_and_rows_have_the_same_columns() {
        let run = samples::finished_run().await;
        assert_eq!(header().len(), row(&run).len());
        assert_eq!(header()[TEXT_COLUMNS], "fetched");
    }
}
