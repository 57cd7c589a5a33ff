//! The state of the program.

use axum::extract::State;
use axum::response::Response;
use job_scanner_views::status::StatusView;

use crate::api::page::as_json;
use crate::api::problem::ApiProblem;
use crate::source_states::source_states;
use crate::state::WebState;

/// Returns the version, the last run, and the numbers of sources, jobs and deliveries by their
/// state.
#[utoipa::path(
    get, path = "/api/v1/status", tag = "status", operation_id = "getStatus",
    responses((status = 200, description = "The state of the program", body = ref("#/components/schemas/Status"))),
)]
pub(crate) async fn get_status(State(state): State<WebState>) -> Result<Response, ApiProblem> {
    let sources = source_states(&state.pipeline()).await?;
    let numbers = state.store().stored_numbers().await?;
    as_json(&StatusView::new(
        env!("CARGO_PKG_VERSION"),
        &sources,
        &numbers,
    ))
}
