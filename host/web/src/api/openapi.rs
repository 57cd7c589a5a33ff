//! The routes of the API, and the document that describes them
//! ([OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.0)).
//!
//! The routes and their parameters come from the handlers. The shapes of the JSON are in
//! `schemas.json`, since they are those of the views, which the tests compare with it.

use std::sync::OnceLock;

use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::decide::{companies, decisions, import};
use crate::api::{csv, history, job, jobs, matches, profiles, scans, sources, status};
use crate::etag::with_etag;
use crate::routes::Routes;
use crate::state::WebState;

/// The shapes of the JSON, by name.
const SCHEMAS: &str = include_str!("schemas.json");

/// The largest body of a request, in bytes. A list of decisions has about 50 bytes per job.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The text of the document, which is built once.
static DOCUMENT: OnceLock<String> = OnceLock::new();

#[derive(OpenApi)]
#[openapi(info(
    title = "job-scanner",
    description = "The API of job-scanner. `docs/api.md` describes keys, pages and errors; `docs/json.md` describes the shapes.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
))]
struct Description;

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    let lists = documented()
        .layer(from_fn(with_etag))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    let streams = OpenApiRouter::new().routes(routes!(csv::export_jobs));
    Routes::default().documented(lists).documented(streams)
}

/// Returns the routes whose answers are complete in memory.
fn documented() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(sources::list_sources))
        .routes(routes!(sources::get_source))
        .routes(routes!(scans::request_scan))
        .routes(routes!(jobs::list_jobs))
        .routes(routes!(job::get_job))
        .routes(routes!(job::explain_job))
        .routes(routes!(matches::list_matches))
        .routes(routes!(decisions::put_decision, decisions::delete_decision))
        .routes(routes!(import::import_decisions))
        .routes(routes!(companies::list_hidden_companies))
        .routes(routes!(companies::hide_company, companies::show_company))
        .routes(routes!(profiles::list_profiles))
        .routes(routes!(history::list_runs))
        .routes(routes!(history::list_alerts))
        .routes(routes!(history::list_deliveries))
        .routes(routes!(status::get_status))
        .routes(routes!(get_document))
}

/// Returns this document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "status", operation_id = "getDocument",
    responses((status = 200, description = "The description of the API", content_type = "application/json")),
)]
async fn get_document() -> Response {
    let document = DOCUMENT.get_or_init(|| format!("{:#}\n", document()));
    let kind = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, kind)], document.as_str()).into_response()
}

/// Returns the document.
pub(crate) fn document() -> Value {
    let streams = OpenApiRouter::<WebState>::new().routes(routes!(csv::export_jobs));
    let mut described = Description::openapi();
    described.merge(documented().into_openapi());
    described.merge(streams.into_openapi());

    let mut document = serde_json::to_value(&described).unwrap_or_default();
    document["info"]["version"] = json!("1");
    add_errors(&mut document);
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    if let (Some(all), Value::Object(shapes)) =
        (document["components"]["schemas"].as_object_mut(), schemas)
    {
        all.extend(shapes);
    }
    document["components"]["securitySchemes"] = json!({
        "key": {"type": "http", "scheme": "bearer", "description": "A key of `job-scanner key create`"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    });
    document["security"] = json!([{"key": []}, {"header": []}]);
    document
}

/// Adds the response that an error has to all operations.
fn add_errors(document: &mut Value) {
    let error = json!({
        "description": "An error",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    for (_, operation) in operations {
        operation["responses"]["default"] = error.clone();
    }
}
