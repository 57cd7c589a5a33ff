//! The latest runs: `job-scanner runs`.

use job_scanner_core::escape::Printable;
use job_scanner_core::run::Trigger;
use job_scanner_core::words::OnRecord;
use job_scanner_store::RunSummary;
use serde::Serialize;
use serde_json::Value;

use crate::cells::{time, utc_cell};
use crate::column::Column;

/// The counts that the table shows, under their names in JSON.
const SHOWN: [&str; 5] = ["fetched", "new", "updated", "matched", "notified"];

/// The columns of the table. Those of the counts have the names in [`SHOWN`].
pub const COLUMNS: [Column; 11] = [
    Column::word("run"),
    Column::word("trigger").late(2),
    Column::word("started UTC"),
    Column::word("finished UTC").late(1),
    Column::word("outcome"),
    Column::number("fetched").late(5),
    Column::number("new"),
    Column::number("updated").late(4),
    Column::number("matched"),
    Column::number("notified"),
    Column::number("ms").late(3),
];

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

/// Returns the outcome of a run in words.
pub fn outcome(run: &RunSummary) -> &'static str {
    match state(run) {
        "finished" if run.had_errors => "with errors",
        "finished" => "ok",
        other => other,
    }
}

/// Returns the row of a run in the table.
pub fn row(run: &RunSummary) -> Vec<String> {
    let texts = [
        run.id.to_string(),
        run.trigger.to_string(),
        utc_cell(Some(run.started_at)),
        utc_cell(run.finished_at),
        outcome(run).to_owned(),
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
                "2026-11-23 08:15",
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
    async fn the_counts_are_in_the_columns_with_their_names() {
        let run = samples::finished_run().await;
        assert_eq!(COLUMNS.len(), row(&run).len());
        assert_eq!(COLUMNS.map(|column| column.header)[5..10], SHOWN);
    }
}
