//! The sources and their state.

use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use job_scanner_core::key::{AdapterName, Identifier, SourceKey};
use job_scanner_views::sources::SourceView;

use crate::api::page::{PageParams, as_json, page};
use crate::api::problem::{ApiProblem, quoted};
use crate::source_states::source_states;
use crate::state::WebState;

/// Lists the sources: those of the configuration in its order, then those that it no longer names.
#[utoipa::path(
    get, path = "/api/v1/sources", tag = "sources", operation_id = "listSources", params(PageParams),
    responses((status = 200, description = "A page of sources", body = ref("#/components/schemas/Sources"))),
)]
pub(crate) async fn list_sources(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<PageParams>,
) -> Result<Response, ApiProblem> {
    let range = params.range::<SourceKey>()?;
    let mut statuses = source_states(&state.pipeline()).await?;
    if let Some(after) = &range.after {
        let place = statuses.iter().position(|status| status.key == *after);
        let place = place.ok_or_else(|| unknown(&after.to_string()))?;
        statuses.drain(..=place);
    }
    let next = range.cut(&mut statuses, |status| status.key.clone());
    let views: Vec<SourceView<'_>> = statuses.iter().map(SourceView::from).collect();
    page(&uri, &views, next.map(|key| key.to_string()))
}

/// Returns one source.
#[utoipa::path(
    get, path = "/api/v1/sources/{type}/{identifier}", tag = "sources", operation_id = "getSource",
    params(("type" = String, Path, description = "The type of the source"), ("identifier" = String, Path, description = "Its identifier, percent-encoded")),
    responses((status = 200, description = "The source", body = ref("#/components/schemas/Source"))),
)]
pub(crate) async fn get_source(
    State(state): State<WebState>,
    Path((kind, identifier)): Path<(String, String)>,
) -> Result<Response, ApiProblem> {
    let key = source_key(&kind, &identifier)?;
    let statuses = source_states(&state.pipeline()).await?;
    let found = statuses.iter().find(|status| status.key == key);
    let found = found.ok_or_else(|| unknown(&key.to_string()))?;
    as_json(&SourceView::from(found))
}

/// Reads the key of a source from the parts of a path.
pub(crate) fn source_key(kind: &str, identifier: &str) -> Result<SourceKey, ApiProblem> {
    let unknown = |_| unknown(&format!("{kind}/{identifier}"));
    let adapter = AdapterName::new(kind).map_err(unknown)?;
    let identifier = Identifier::new(identifier).map_err(unknown)?;
    Ok(SourceKey::new(adapter, identifier))
}

/// Returns the error for a source that is not known.
pub(crate) fn unknown(name: &str) -> ApiProblem {
    let name = quoted(name);
    ApiProblem::not_found(format!(
        "source {name} does not exist; `/api/v1/sources` lists all of them"
    ))
}
