//! Many decisions at once, as CSV: the way back from a spreadsheet.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use job_scanner_core::decision::Decision;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::JobKey;
use job_scanner_store::StoredDecision;
use job_scanner_views::csv::read_csv;
use job_scanner_views::decisions::ImportedView;

use crate::access::visitor::Visitor;
use crate::api::decide::decisions::{read_decision, read_note};
use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::author::{API, author_of};
use crate::state::WebState;

/// The columns that are read. Others, such as those of the export, are ignored.
const COLUMNS: [&str; 3] = ["key", "decision", "note"];

/// Records the decisions of a CSV file with the columns `key`, `decision` and, if you like, `note`,
/// as the export has them. Rows without a decision are skipped. If a row is wrong, nothing is
/// recorded.
#[utoipa::path(
    put, path = "/api/v1/decisions", tag = "decisions", operation_id = "importDecisions",
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "The numbers of decisions", body = ref("#/components/schemas/Imported"))),
)]
pub(crate) async fn import_decisions(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    body: String,
) -> Result<Response, ApiProblem> {
    // All rows are read before the first decision is recorded.
    let rows = read_rows(&body)?;
    let store = state.store();
    let now = state.now();
    let mut imported = ImportedView::default();
    for (key, row) in &rows {
        let Some(job) = store.find_job(key, now).await? else {
            imported.unknown.push(key.to_string());
            continue;
        };
        let decision = StoredDecision {
            decision: row.decision,
            note: row.note_after(job.decision.as_ref()),
            decided_at: now,
        };
        match store
            .mark_job(key, &decision, &author_of(&visitor, API))
            .await?
        {
            Some(marked)
                if marked
                    .before
                    .as_ref()
                    .is_some_and(|it| it.is_same(&decision)) =>
            {
                imported.unchanged += 1;
            }
            Some(_) => imported.recorded += 1,
            None => imported.unknown.push(key.to_string()),
        }
    }
    as_json(&imported)
}

/// A decision of the file.
struct ImportedRow {
    decision: Decision,
    /// `None` if the file has no column for notes.
    note: Option<String>,
}

impl ImportedRow {
    /// Returns the note to store. The export escapes line breaks; such a note stays as it is.
    fn note_after(&self, before: Option<&StoredDecision>) -> Option<String> {
        let stored = before.and_then(|before| before.note.as_deref());
        let Some(note) = &self.note else {
            return stored.map(ToOwned::to_owned);
        };
        let is_exported = stored.is_some_and(|stored| Printable(stored).to_string() == *note);
        let note = if is_exported {
            stored
        } else {
            Some(note.as_str())
        };
        note.filter(|note| !note.is_empty()).map(ToOwned::to_owned)
    }
}

/// Reads the decision of each job. The last one counts if a job is there more than once.
fn read_rows(text: &str) -> Result<BTreeMap<JobKey, ImportedRow>, ApiProblem> {
    let rows = read_csv(text).map_err(|error| ApiProblem::unprocessable(error.to_string()))?;
    let mut rows = rows.into_iter();
    let Some((_, header)) = rows.next() else {
        return Err(ApiProblem::unprocessable(
            "the file is empty; its first line has to be `key,decision,note`",
        ));
    };
    let place = |name: &str| header.iter().position(|cell| cell.trim() == name);
    let [key, decision, note] = COLUMNS.map(place);
    let (Some(key), Some(decision)) = (key, decision) else {
        return Err(ApiProblem::unprocessable(
            "the first line has to name the columns `key` and `decision`, as in `key,decision,note`",
        ));
    };

    let mut decisions = BTreeMap::new();
    for (line, row) in rows {
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        if cell(decision).is_empty() {
            continue;
        }
        let read = read_row(cell(key), cell(decision), note.map(cell));
        let (key, row) = read.map_err(|problem| ApiProblem {
            detail: format!("line {line}: {}", problem.detail),
            ..problem
        })?;
        decisions.insert(key, row);
    }
    Ok(decisions)
}

fn read_row(
    key: &str,
    decision: &str,
    note: Option<&str>,
) -> Result<(JobKey, ImportedRow), ApiProblem> {
    let wrong = |error| ApiProblem::unprocessable(format!("`key` is {}: {error}", quoted(key)));
    let note = note.map(read_note).transpose()?;
    let row = ImportedRow {
        decision: read_decision(decision)?,
        note: note.map(Option::unwrap_or_default),
    };
    Ok((key.parse().map_err(wrong)?, row))
}
