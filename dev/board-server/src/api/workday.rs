//! Workday: `POST /wday/cxs/{tenant}/{site}/jobs` lists at most twenty jobs of a board, and `GET
//! /wday/cxs/{tenant}/{site}/job/{place}/{title}_R{id}` returns one job with its description. The
//! site is the board's token.
//!
//! As on real sites, `total` is the number of jobs on the first page and 0 on all others.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use crate::board::BoardJob;
use crate::response::respond;
use crate::state::{Listing, ListingQuery, Part, ServerState, View};
use crate::validator::ValidatorKind;

pub(super) const HOST: &str = "acme.wd5.myworkdayjobs.com";

/// The largest page. A request for more is refused.
const PAGE_SIZE: usize = 20;

const UNKNOWN: &str = r#"{"errorCode":"HTTP_404","httpStatus":404}"#;
const FIRST: Listing = listing("workday, the first jobs", |view| render(view, view.total));
const FURTHER: Listing = listing("workday, further jobs", |view| render(view, 0));
const ONE_JOB: Listing = listing("workday job", render_one);

const fn listing(name: &'static str, render: fn(&View<'_>) -> Vec<u8>) -> Listing {
    Listing {
        name,
        render,
        unknown: UNKNOWN,
        validator: ValidatorKind::ETag,
    }
}

#[derive(Deserialize)]
struct PageRequest {
    limit: usize,
    offset: usize,
}

pub(super) fn routes() -> Router<Arc<ServerState>> {
    Router::new()
        .route("/wday/cxs/{tenant}/{site}/jobs", post(list_jobs))
        .route(
            "/wday/cxs/{tenant}/{site}/job/{place}/{slug}",
            get(show_job),
        )
}

async fn list_jobs(
    State(state): State<Arc<ServerState>>,
    Path((_, site)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let page = serde_json::from_slice(&body).ok().filter(is_allowed);
    let Some(PageRequest { limit, offset }) = page else {
        return StatusCode::BAD_REQUEST.into_response();
    };

    let listing = if offset == 0 { FIRST } else { FURTHER };
    let part = Part {
        skip: offset,
        limit,
    };

    let query = ListingQuery {
        listing: &listing,
        token: &site,
        part,
        failing: &site,
    };
    respond(&state, query, &headers).await
}

fn is_allowed(page: &PageRequest) -> bool {
    page.limit <= PAGE_SIZE
}

async fn show_job(
    State(state): State<Arc<ServerState>>,
    Path((_, site, _, slug)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let id = slug
        .rsplit_once("_R")
        .and_then(|(_, id)| id.parse().ok())
        .unwrap_or_default();
    let failing = format!("{site}/{id}");

    // No board is named `TOKEN/ID`, so a job that does not exist gets the response for an unknown
    // board.
    let (part, listed_as) = match state.place(&site, id) {
        Some(part) => (part, site.as_str()),
        None => (Part::ALL, failing.as_str()),
    };

    let query = ListingQuery {
        listing: &ONE_JOB,
        token: listed_as,
        part,
        failing: &failing,
    };
    respond(&state, query, &headers).await
}

fn render(view: &View<'_>, total: usize) -> Vec<u8> {
    let postings: Vec<_> = view
        .jobs
        .iter()
        .map(|job| {
            json!({
                "title": job.title,
                "externalPath": path(job),
                "locationsText": job.location,
                "postedOn": "Posted Today",
                "bulletFields": [format!("R{}", job.id)],
            })
        })
        .collect();

    json!({ "total": total, "jobPostings": postings, "facets": [], "userAuthenticated": false })
        .to_string()
        .into_bytes()
}

fn render_one(view: &View<'_>) -> Vec<u8> {
    let Some(job) = view.jobs.first() else {
        return b"{}".to_vec();
    };

    json!({
        "jobPostingInfo": {
            "title": job.title,
            "jobDescription": job.content_html,
            "location": job.location,
            "jobReqId": format!("R{}", job.id),
            "posted": true,
            "externalUrl": format!("https://{HOST}/{}{}", view.token, path(job)),
        },
        "hiringOrganization": { "name": view.board.company },
    })
    .to_string()
    .into_bytes()
}

/// Returns the path of a job below the site: place, title and id.
fn path(job: &BoardJob) -> String {
    let slug = |text: &str| text.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    let (place, title) = (slug(&job.location), slug(&job.title));
    format!("/job/{place}/{title}_R{}", job.id)
}
