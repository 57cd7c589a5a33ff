//! One job: everything that is stored about it, and the explanation for each profile.

use axum::extract::{Path, State};
use axum::response::Response;
use job_scanner_core::key::{ExternalId, JobKey};
use job_scanner_views::explanation::ExplanationView;
use job_scanner_views::job_history::JobHistoryView;
use serde::Deserialize;

use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::api::sources::source_key;
use crate::state::WebState;

/// The parts of a job's key in a path. The server has decoded them.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct JobPath {
    /// The type of the source
    r#type: String,
    /// The identifier of the source, percent-encoded
    identifier: String,
    /// The id of the job, percent-encoded
    id: String,
}

impl JobPath {
    /// Reads the key.
    pub(crate) fn key(&self) -> Result<JobKey, ApiProblem> {
        let source = source_key(&self.r#type, &self.identifier)?;
        let external_id = ExternalId::new(self.id.as_str());
        let external_id =
            external_id.map_err(|error| ApiProblem::bad_request(error.to_string()))?;
        Ok(JobKey::new(source, external_id))
    }
}

/// Returns a job with its history.
#[utoipa::path(
    get, path = "/api/v1/jobs/{type}/{identifier}/{id}", tag = "jobs", operation_id = "getJob", params(JobPath),
    responses((status = 200, description = "The job with its history", body = ref("#/components/schemas/JobHistory"))),
)]
pub(crate) async fn get_job(
    State(state): State<WebState>,
    Path(path): Path<JobPath>,
) -> Result<Response, ApiProblem> {
    let key = path.key()?;
    let history = state.store().job_history(&key, state.now()).await?;
    let history = history.ok_or_else(|| unknown_job(&key))?;
    as_json(&JobHistoryView::from(&history))
}

/// Explains for each profile why the job matches or not.
#[utoipa::path(
    get, path = "/api/v1/jobs/{type}/{identifier}/{id}/explanation", tag = "jobs", operation_id = "explainJob", params(JobPath),
    responses((status = 200, description = "The result of every profile", body = ref("#/components/schemas/Explanation"))),
)]
pub(crate) async fn explain_job(
    State(state): State<WebState>,
    Path(path): Path<JobPath>,
) -> Result<Response, ApiProblem> {
    let key = path.key()?;
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

/// Returns the error for a job that is not stored.
pub(crate) fn unknown_job(key: &JobKey) -> ApiProblem {
    let name = quoted(&key.to_string());
    ApiProblem::not_found(format!(
        "job {name} is not stored; `/api/v1/jobs` lists the stored jobs"
    ))
}
