//! Scans on request.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::actions::RequestedScan;
use crate::api::problem::ApiProblem;
use crate::api::sources::unknown;
use crate::source_states::source_states;
use crate::state::WebState;

/// The request for a scan.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanBody {
    /// The keys of the sources, such as `greenhouse/acme`; all enabled sources by default.
    sources: Option<Vec<String>>,
}

/// Requests a scan, which begins as soon as no other run is in progress. Several requests before
/// that become one. `/api/v1/runs` lists the run when it has begun.
#[utoipa::path(
    post, path = "/api/v1/scans", tag = "sources", operation_id = "requestScan", request_body = Option<ScanBody>,
    responses((status = 202, description = "The scan is requested")),
)]
pub(crate) async fn request_scan(
    State(state): State<WebState>,
    body: Option<Json<ScanBody>>,
) -> Result<Response, ApiProblem> {
    let Json(body) = body.unwrap_or_default();
    let scan = match body.sources {
        None => RequestedScan::All,
        Some(names) => requested(&state, &names).await?,
    };
    state.actions().request(scan);
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn requested(state: &WebState, names: &[String]) -> Result<RequestedScan, ApiProblem> {
    if names.is_empty() {
        let wrong = "`sources` is empty; name a source, or leave it out for all of them";
        return Err(ApiProblem::unprocessable(wrong));
    }
    let statuses = source_states(&state.pipeline()).await?;
    let known = |name: &String| {
        let mut enabled = statuses.iter().filter(|status| status.enabled);
        let found = enabled.find(|status| status.key.is_named(name));
        let found = found.ok_or_else(|| ApiProblem {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..unknown(name)
        })?;
        Ok(found.key.clone())
    };
    let keys: Result<_, ApiProblem> = names.iter().map(known).collect();
    Ok(RequestedScan::Only(keys?))
}
