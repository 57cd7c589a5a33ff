//! The open jobs that match a profile, newest first.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use job_scanner_views::jobs::JobView;
use serde::Deserialize;

use crate::api::jobs::{JobParams, JobsPart, SelectedJobs};
use crate::api::page::{page, range};
use crate::api::problem::ApiProblem;
use crate::state::WebState;

/// The filter of a list of matches.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchParams {
    /// The cursor of the link `next` of the page before.
    after: Option<String>,
    /// The maximum number of jobs, from 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only matches of this profile.
    profile: Option<String>,
    /// Only jobs of this source, such as `greenhouse/acme`.
    source: Option<String>,
    /// Only jobs first seen within this time, such as `7d`.
    since: Option<String>,
}

/// Lists the open jobs that match a profile, newest first. Hidden jobs are left out.
#[utoipa::path(
    get, path = "/api/v1/matches", tag = "jobs", operation_id = "listMatches", params(MatchParams),
    responses((status = 200, description = "A page of jobs", body = ref("#/components/schemas/Jobs"))),
)]
pub(crate) async fn list_matches(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<MatchParams>,
) -> Result<Response, ApiProblem> {
    let range = range(params.after.as_deref(), params.limit)?;
    let params = JobParams {
        profile: params.profile,
        source: params.source,
        since: params.since,
        ..JobParams::default()
    };
    let selected = SelectedJobs::read(&state, &params)?.only_matching();
    let JobsPart { jobs, next } = selected.part(&state.store(), range).await?;
    let views: Vec<JobView<'_>> = jobs.iter().map(JobView::from).collect();
    page(&uri, &views, next.map(|id| id.to_string()))
}
