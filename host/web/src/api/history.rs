//! The latest runs, alerts and deliveries.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use job_scanner_views::alerts::AlertView;
use job_scanner_views::deliveries::DeliveryView;
use job_scanner_views::runs::RunView;

use crate::api::page::{PageParams, page};
use crate::api::problem::ApiProblem;
use crate::state::WebState;

/// Lists the runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "history", operation_id = "listRuns", params(PageParams),
    responses((status = 200, description = "A page of runs", body = ref("#/components/schemas/Runs"))),
)]
pub(crate) async fn list_runs(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<PageParams>,
) -> Result<Response, ApiProblem> {
    let range = params.range()?;
    let store = state.store();
    let mut runs = store.runs_before(range.after, range.read_limit()).await?;
    let next = range.cut(&mut runs, |run| run.id);
    let views: Vec<RunView<'_>> = runs.iter().map(RunView::from).collect();
    page(&uri, &views, next.map(|id| id.to_string()))
}

/// Lists the alerts, newest first.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "history", operation_id = "listAlerts", params(PageParams),
    responses((status = 200, description = "A page of alerts", body = ref("#/components/schemas/Alerts"))),
)]
pub(crate) async fn list_alerts(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<PageParams>,
) -> Result<Response, ApiProblem> {
    let range = params.range()?;
    let store = state.store();
    let mut alerts = store.alerts_before(range.after, range.read_limit()).await?;
    let next = range.cut(&mut alerts, |alert| alert.id);
    let views: Vec<AlertView<'_>> = alerts.iter().map(AlertView::from).collect();
    page(&uri, &views, next.map(|id| id.to_string()))
}

/// Lists the deliveries, newest first.
#[utoipa::path(
    get, path = "/api/v1/deliveries", tag = "history", operation_id = "listDeliveries", params(PageParams),
    responses((status = 200, description = "A page of deliveries", body = ref("#/components/schemas/Deliveries"))),
)]
pub(crate) async fn list_deliveries(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<PageParams>,
) -> Result<Response, ApiProblem> {
    let range = params.range()?;
    let store = state.store();
    let mut deliveries = store
        .deliveries_before(range.after, range.read_limit())
        .await?;
    let next = range.cut(&mut deliveries, |delivery| delivery.id);
    let views: Vec<DeliveryView<'_>> = deliveries.iter().map(DeliveryView::from).collect();
    page(&uri, &views, next.map(|id| id.to_string()))
}
