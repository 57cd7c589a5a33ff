//! Greenhouse: `GET /v1/boards/{token}/jobs` lists a board, with descriptions, departments and
//! offices if `?content=true`, and with pay ranges if `?pay_transparency=true`. `GET
//! /v1/boards/{token}/jobs/{id}` returns one job with its description.
//!
//! As on real boards, descriptions are HTML that is escaped once.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::board::{BoardJob, Metadata, Office, Salary};
use crate::response::respond;
use crate::state::{Listing, ListingQuery, Part, ServerState, View};
use crate::validator::ValidatorKind;

pub(super) const HOST: &str = "boards-api.greenhouse.io";

const UNKNOWN: &str = r#"{"status":404,"error":"Job not found"}"#;
const PLAIN: Listing = listing("greenhouse", |view| render(view, false, false));
const WITH_CONTENT: Listing = listing("greenhouse with content", |view| render(view, true, false));
const WITH_PAY: Listing = listing("greenhouse with pay", |view| render(view, false, true));
const WITH_BOTH: Listing = listing("greenhouse with content and pay", |view| {
    render(view, true, true)
});

const ONE_JOB: Listing = listing("greenhouse job", render_one);

const fn listing(name: &'static str, render: fn(&View<'_>) -> Vec<u8>) -> Listing {
    Listing {
        name,
        render,
        unknown: UNKNOWN,
        validator: ValidatorKind::ETag,
    }
}

#[derive(Deserialize)]
struct Parameters {
    content: Option<String>,
    pay_transparency: Option<String>,
}

pub(super) fn routes() -> Router<Arc<ServerState>> {
    Router::new()
        .route("/v1/boards/{token}/jobs", get(list_jobs))
        .route("/v1/boards/{token}/jobs/{id}", get(show_job))
}

async fn list_jobs(
    State(state): State<Arc<ServerState>>,
    Path(token): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let on = |parameter: Option<String>| parameter.as_deref() == Some("true");
    let listing = match (on(parameters.content), on(parameters.pay_transparency)) {
        (false, false) => PLAIN,
        (true, false) => WITH_CONTENT,
        (false, true) => WITH_PAY,
        (true, true) => WITH_BOTH,
    };

    let query = ListingQuery {
        listing: &listing,
        token: &token,
        part: Part::ALL,
        failing: &token,
    };
    respond(&state, query, &headers).await
}

async fn show_job(
    State(state): State<Arc<ServerState>>,
    Path((token, id)): Path<(String, u64)>,
    headers: HeaderMap,
) -> Response {
    let failing = format!("{token}/{id}");

    // No board is named `TOKEN/ID`, so a job that does not exist gets the response for an unknown
    // board.
    let (part, listed_as) = match state.place(&token, id) {
        Some(part) => (part, token.as_str()),
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

fn render_one(view: &View<'_>) -> Vec<u8> {
    let job = view
        .jobs
        .first()
        .map(|job| JobBody::new(view, job, true, false));
    serde_json::to_vec(&job).expect("plain structs with text keys always become JSON")
}

fn render(view: &View<'_>, content: bool, pay: bool) -> Vec<u8> {
    let jobs = view
        .jobs
        .iter()
        .map(|job| JobBody::new(view, job, content, pay))
        .collect();

    let meta = Meta { total: view.total };
    serde_json::to_vec(&ListBody { jobs, meta })
        .expect("plain structs with text keys always become JSON")
}

#[derive(Serialize)]
struct ListBody<'a> {
    jobs: Vec<JobBody<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    total: usize,
}

#[derive(Serialize)]
struct JobBody<'a> {
    absolute_url: String,
    internal_job_id: Option<u64>,
    location: Named<'a>,
    metadata: Option<Vec<MetadataBody<'a>>>,
    id: u64,
    updated_at: &'a str,
    requisition_id: Option<&'a str>,
    title: &'a str,
    company_name: &'a str,
    first_published: Option<&'a str>,
    language: &'a str,
    application_deadline: Option<&'a str>,
    #[serde(flatten)]
    content: Option<ContentBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_input_ranges: Option<Vec<PayRangeBody<'a>>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct ContentBody<'a> {
    content: String,
    departments: Vec<DepartmentBody<'a>>,
    offices: Vec<OfficeBody<'a>>,
}

#[derive(Serialize)]
struct DepartmentBody<'a> {
    id: u64,
    name: &'a str,
    child_ids: [u64; 0],
    parent_id: Option<u64>,
}

#[derive(Serialize)]
struct OfficeBody<'a> {
    id: u64,
    name: &'a str,
    location: Option<&'a str>,
    child_ids: [u64; 0],
    parent_id: Option<u64>,
}

#[derive(Serialize)]
struct MetadataBody<'a> {
    id: u64,
    name: &'a str,
    value: &'a Value,
    value_type: &'a str,
}

#[derive(Serialize)]
struct PayRangeBody<'a> {
    min_cents: u64,
    max_cents: u64,
    currency_type: &'a str,
    title: &'a str,
    blurb: &'a str,
}

impl<'a> JobBody<'a> {
    fn new(view: &View<'a>, job: &'a BoardJob, content: bool, pay: bool) -> Self {
        let token = view.token;
        let own_page = || {
            format!(
                "https://careers.example/{token}/jobs/{id}?gh_jid={id}",
                id = job.id
            )
        };
        let metadata = job.metadata.as_ref();

        Self {
            absolute_url: job.url.clone().unwrap_or_else(own_page),
            internal_job_id: job.opening,
            location: Named {
                name: &job.location,
            },
            metadata: metadata.map(|entries| entries.iter().map(MetadataBody::from).collect()),
            id: job.id,
            updated_at: &job.updated_at,
            requisition_id: job.requisition.as_deref(),
            title: &job.title,
            company_name: view.board.company.as_deref().unwrap_or(token),
            first_published: job.first_published.as_deref(),
            language: &job.language,
            application_deadline: None,
            content: content.then(|| ContentBody::from(job)),
            pay_input_ranges: pay.then(|| job.salary.iter().map(PayRangeBody::from).collect()),
        }
    }
}

impl<'a> From<&'a BoardJob> for ContentBody<'a> {
    fn from(job: &'a BoardJob) -> Self {
        let html = job.content_html.as_deref().unwrap_or_default();
        Self {
            content: escaped_once(html),
            departments: job
                .departments
                .iter()
                .map(|name| DepartmentBody::from(name.as_str()))
                .collect(),
            offices: job.offices.iter().map(OfficeBody::from).collect(),
        }
    }
}

impl<'a> From<&'a str> for DepartmentBody<'a> {
    fn from(name: &'a str) -> Self {
        Self {
            id: id_of(name),
            name,
            child_ids: [],
            parent_id: None,
        }
    }
}

impl<'a> From<&'a Office> for OfficeBody<'a> {
    fn from(office: &'a Office) -> Self {
        let Office { name, location } = office;
        Self {
            id: id_of(name),
            name,
            location: location.as_deref(),
            child_ids: [],
            parent_id: None,
        }
    }
}

impl<'a> From<&'a Salary> for PayRangeBody<'a> {
    fn from(salary: &'a Salary) -> Self {
        let Salary { min, max, currency } = salary;
        Self {
            min_cents: min * 100,
            max_cents: max * 100,
            currency_type: currency,
            title: "Annual salary",
            blurb: "",
        }
    }
}

impl<'a> From<&'a Metadata> for MetadataBody<'a> {
    fn from(entry: &'a Metadata) -> Self {
        let Metadata {
            name,
            value_type,
            value,
        } = entry;
        Self {
            id: id_of(name),
            name,
            value,
            value_type,
        }
    }
}

/// Returns an id for a name that is the same in every build (FNV-1a).
fn id_of(name: &str) -> u64 {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    4_000_000_000 + hash % 1_000_000_000
}

/// Escapes the markup of HTML. Entities in it are escaped a second time.
fn escaped_once(html: &str) -> String {
    html.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_once_and_entities_twice() {
        let html = r#"<p class="x">R&amp;D&nbsp;– it's</p>"#;
        assert_eq!(
            escaped_once(html),
            "&lt;p class=&quot;x&quot;&gt;R&amp;amp;D&amp;nbsp;– it&#39;s&lt;/p&gt;"
        );
    }
}
