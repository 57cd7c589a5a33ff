//! The decisions about jobs.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use job_scanner_core::decision::Decision;
use job_scanner_store::StoredDecision;
use job_scanner_views::decisions::MarkedView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::visitor::Visitor;
use crate::api::job::{JobPath, unknown_job};
use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::author::{API, author_of};
use crate::state::WebState;

/// The maximum length of a note, in characters.
const MAX_NOTE_CHARACTERS: usize = 2_000;

/// A decision about a job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// `interested`, `applied`, `interview`, `offer`, `rejected` or `hidden`.
    decision: String,
    /// A note, or none.
    note: Option<String>,
}

/// Records a decision about the vacancy of a job, instead of the one before. The same decision with
/// the same note again changes nothing.
#[utoipa::path(
    put, path = "/api/v1/jobs/{type}/{identifier}/{id}/decision", tag = "decisions", operation_id = "putDecision", params(JobPath),
    request_body = DecisionBody,
    responses((status = 200, description = "The decision that holds now, and the one before", body = ref("#/components/schemas/Marked"))),
)]
pub(crate) async fn put_decision(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(path): Path<JobPath>,
    Json(body): Json<DecisionBody>,
) -> Result<Response, ApiProblem> {
    let key = path.key()?;
    let decision = StoredDecision {
        decision: read_decision(&body.decision)?,
        note: body.note.as_deref().map(read_note).transpose()?.flatten(),
        decided_at: state.now(),
    };

    let store = state.store();
    let marked = store
        .mark_job(&key, &decision, &author_of(&visitor, API))
        .await?;
    let marked = marked.ok_or_else(|| unknown_job(&key))?;
    // The same decision again leaves the time of the first one.
    let now = match &marked.before {
        Some(before) if before.is_same(&decision) => before.clone(),
        _ => decision,
    };
    as_json(&MarkedView::new(&key, Some(&now), &marked))
}

/// Takes back the decision about the vacancy of a job. Without a decision, it changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/jobs/{type}/{identifier}/{id}/decision", tag = "decisions", operation_id = "deleteDecision", params(JobPath),
    responses((status = 200, description = "The decision that was taken back", body = ref("#/components/schemas/Marked"))),
)]
pub(crate) async fn delete_decision(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(path): Path<JobPath>,
) -> Result<Response, ApiProblem> {
    let key = path.key()?;
    let (store, author) = (state.store(), author_of(&visitor, API));
    let marked = store.unmark_job(&key, &author, state.now()).await?;
    let marked = marked.ok_or_else(|| unknown_job(&key))?;
    as_json(&MarkedView::new(&key, None, &marked))
}

/// Reads the word of a decision.
pub(crate) fn read_decision(word: &str) -> Result<Decision, ApiProblem> {
    word.parse().map_err(|_| {
        let word = quoted(word);
        let known = "interested, applied, interview, offer, rejected or hidden";
        ApiProblem::unprocessable(format!("`decision` is {word}; write {known}"))
    })
}

/// Reads a note; `None` if it is empty.
pub(crate) fn read_note(text: &str) -> Result<Option<String>, ApiProblem> {
    let text = text.trim();
    if text.chars().count() > MAX_NOTE_CHARACTERS {
        let wrong = format!("`note` is too long; write at most {MAX_NOTE_CHARACTERS} characters");
        return Err(ApiProblem::unprocessable(wrong));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
