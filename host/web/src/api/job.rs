//! One job: everything that is stored about it, and the explanation for each profile.

use axum::extract::{Path, State};
use axum::response::Response;
use job_scanner_core::key::{ExternalId, JobKey};
use job_scanner_views::explanation::ExplanationView;
use job_scanner_views::job_history::JobHistoryView;

use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::api::sources::source_key;
use crate::state::WebState;

/// The parts of a job's key in a path. The server has decoded them.
pub(crate) type KeyParts = Path<(String, String, String)>;

/// Returns a job with its history.
#[utoipa::path(
    get, path = "/api/v1/jobs/{type}/{identifier}/{id}", tag = "jobs", operation_id = "getJob",
    params(("type" = String, Path, description = "The type of the source"), ("identifier" = String, Path, description = "The identifier of the source, percent-encoded"), ("id" = String, Path, description = "The id of the job, percent-encoded")),
    responses(
        (status = 200, description = "The job with its history", body = ref("#/components/schemas/JobHistory")),
        (status = "default", description = "An error", body = ref("#/components/schemas/Problem"), content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn get_job(
    State(state): State<WebState>,
    Path(parts): KeyParts,
) -> Result<Response, ApiProblem> {
    let key = job_key(&parts)?;
    let history = state.store().job_history(&key, state.now()).await?;
    let history = history.ok_or_else(|| unknown_job(&key))?;
    as_json(&JobHistoryView::from(&history))
}

/// Explains for each profile why the job matches or not.
#[utoipa::path(
    get, path = "/api/v1/jobs/{type}/{identifier}/{id}/explanation", tag = "jobs", operation_id = "explainJob",
    params(("type" = String, Path, description = "The type of the source"), ("identifier" = String, Path, description = "The identifier of the source, percent-encoded"), ("id" = String, Path, description = "The id of the job, percent-encoded")),
    responses(
        (status = 200, description = "The result of every profile", body = ref("#/components/schemas/Explanation")),
        (status = "default", description = "An error", body = ref("#/components/schemas/Problem"), content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn explain_job(
    State(state): State<WebState>,
    Path(parts): KeyParts,
) -> Result<Response, ApiProblem> {
    let key = job_key(&parts)?;
    let now = state.now();
    let job = state.store().find_job(&key, now).await?;
    let job = job.ok_or_else(|| unknown_job(&key))?;
    let pipeline = state.pipeline();
    let results = pipeline
        .context()
        .scanner
        .matcher
        .explain(&job.matched(now));
    as_json(&ExplanationView::new(&job, &results))
}

/// Reads the key of a job from the parts of a path.
pub(crate) fn job_key(parts: &(String, String, String)) -> Result<JobKey, ApiProblem> {
    let (kind, identifier, id) = parts;
    let source = source_key(kind, identifier)?;
    let external_id = ExternalId::new(id.as_str());
    let external_id = external_id.map_err(|error| ApiProblem::bad_request(error.to_string()))?;
    Ok(JobKey::new(source, external_id))
}

/// Returns the error for a job that is not stored.
pub(crate) fn unknown_job(key: &JobKey) -> ApiProblem {
    let name = quoted(&key.to_string());
    ApiProblem::not_found(format!(
        "job {name} is not stored; `/api/v1/jobs` lists the stored jobs"
    ))
}
