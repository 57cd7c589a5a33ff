//! The profiles of the configuration.

use axum::extract::State;
use axum::response::Response;
use job_scanner_views::profiles::ProfileView;

use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::state::WebState;

/// Lists the profiles of the configuration in its order.
#[utoipa::path(
    get, path = "/api/v1/profiles", tag = "profiles", operation_id = "listProfiles",
    responses((status = 200, description = "All profiles", body = ref("#/components/schemas/Profiles"))),
)]
pub(crate) async fn list_profiles(State(state): State<WebState>) -> Result<Response, ApiProblem> {
    let pipeline = state.pipeline();
    let profiles = &pipeline.context().scanner.config.profiles;
    let views: Vec<ProfileView> = profiles.iter().map(ProfileView::from).collect();
    as_json(&views)
}

/// Checks that the configuration has a profile of this name.
pub(crate) fn check_profile(state: &WebState, name: &str) -> Result<(), ApiProblem> {
    let pipeline = state.pipeline();
    let profiles = &pipeline.context().scanner.config.profiles;
    if profiles.iter().any(|profile| profile.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = profiles.iter().map(|it| it.name.as_str()).collect();
    let (name, names) = (quoted(name), names.join(", "));
    Err(ApiProblem::not_found(format!(
        "profile {name} does not exist; name one of: {names}"
    )))
}
