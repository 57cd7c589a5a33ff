//! Ashby: `GET /posting-api/job-board/{name}`, with salaries if `?includeCompensation=true`.
//!
//! As on real boards, `isRemote` is also true for hybrid jobs, and validators are times.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::uuid;
use crate::board::{BoardJob, Employment, Salary, Workplace};
use crate::response::respond;
use crate::state::{Listing, ListingQuery, Part, ServerState, View};
use crate::validator::ValidatorKind;

pub(super) const HOST: &str = "api.ashbyhq.com";

const PLAIN: Listing = listing("ashby", |view| render(view, false));
const WITH_COMPENSATION: Listing = listing("ashby with compensation", |view| render(view, true));

const fn listing(name: &'static str, render: fn(&View<'_>) -> Vec<u8>) -> Listing {
    Listing {
        name,
        render,
        unknown: r#""Not Found""#,
        validator: ValidatorKind::LastModified,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    include_compensation: Option<String>,
}

pub(super) fn routes() -> Router<Arc<ServerState>> {
    Router::new().route("/posting-api/job-board/{name}", get(list_jobs))
}

async fn list_jobs(
    State(state): State<Arc<ServerState>>,
    Path(name): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let listing = match parameters.include_compensation.as_deref() {
        Some("true") => WITH_COMPENSATION,
        _ => PLAIN,
    };

    let query = ListingQuery {
        listing: &listing,
        token: &name,
        part: Part::ALL,
        failing: &name,
    };
    respond(&state, query, &headers).await
}

fn render(view: &View<'_>, compensation: bool) -> Vec<u8> {
    let jobs = view
        .jobs
        .iter()
        .map(|job| JobBody::new(view.token, job, compensation))
        .collect();

    let list = ListBody {
        jobs,
        api_version: "1",
    };
    serde_json::to_vec(&list).expect("plain structs with text keys always become JSON")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListBody<'a> {
    jobs: Vec<JobBody<'a>>,
    api_version: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobBody<'a> {
    id: String,
    title: &'a str,
    department: Option<&'a str>,
    team: Option<&'a str>,
    employment_type: Option<&'a str>,
    location: &'a str,
    secondary_locations: Vec<Place<'a>>,
    published_at: Option<&'a str>,
    is_listed: bool,
    is_remote: Option<bool>,
    workplace_type: Option<&'a str>,
    address: Option<Value>,
    job_url: String,
    apply_url: String,
    description_html: &'a str,
    description_plain: String,
    should_display_compensation_on_job_postings: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    compensation: Option<Value>,
}

#[derive(Serialize)]
struct Place<'a> {
    location: &'a str,
    address: Option<Value>,
}

impl<'a> JobBody<'a> {
    fn new(board: &str, job: &'a BoardJob, with_compensation: bool) -> Self {
        let id = uuid(job);
        let job_url = job
            .url
            .clone()
            .unwrap_or_else(|| format!("https://jobs.ashby.example/{board}/{id}"));
        let html = job.content_html.as_deref().unwrap_or_default();

        // The first place is the main one, and the rest are secondary. `next` has to be first.
        let mut places = job.places();
        let location = places.next().unwrap_or_default();
        let secondary_locations = places
            .map(|location| Place {
                location,
                address: address(location),
            })
            .collect();

        let department = job.departments.first().map(String::as_str);

        Self {
            id,
            title: &job.title,
            department,
            team: job.departments.get(1).map(String::as_str).or(department),
            employment_type: job.employment.map(employment),
            location,
            secondary_locations,
            published_at: job.first_published.as_deref(),
            is_listed: true,
            is_remote: job
                .workplace
                .map(|workplace| workplace != Workplace::OnSite),
            workplace_type: job.workplace.map(workplace),
            address: address(location),
            apply_url: format!("{job_url}/application"),
            job_url,
            description_html: html,
            description_plain: without_tags(html),
            should_display_compensation_on_job_postings: job.salary.is_some(),
            compensation: with_compensation.then(|| compensation(job.salary.as_ref())),
        }
    }
}

fn employment(employment: Employment) -> &'static str {
    match employment {
        Employment::FullTime => "FullTime",
        Employment::PartTime => "PartTime",
        Employment::Intern => "Intern",
        Employment::Contract => "Contract",
        Employment::Temporary => "Temporary",
    }
}

fn workplace(workplace: Workplace) -> &'static str {
    match workplace {
        Workplace::OnSite => "OnSite",
        Workplace::Hybrid => "Hybrid",
        Workplace::Remote => "Remote",
    }
}

/// Returns the address of a place that is written `City, Country`.
fn address(place: &str) -> Option<Value> {
    let (city, country) = place.split_once(", ")?;

    Some(
        json!({ "postalAddress": { "addressLocality": city, "addressRegion": null, "addressCountry": country } }),
    )
}

fn compensation(salary: Option<&Salary>) -> Value {
    let Some(Salary { min, max, currency }) = salary else {
        return json!({
            "compensationTierSummary": null,
            "scrapeableCompensationSalarySummary": null,
            "compensationTiers": [],
            "summaryComponents": [],
        });
    };

    let words = format!("{currency} {}K - {}K", min / 1_000, max / 1_000);
    let component = json!({
        "compensationType": "Salary", "interval": "1 YEAR", "currencyCode": currency, "minValue": min, "maxValue": max,
    });
    json!({
        "compensationTierSummary": format!("{words} • Offers Equity"),
        "scrapeableCompensationSalarySummary": words,
        "compensationTiers": [{ "title": null, "tierSummary": words, "components": [component] }],
        "summaryComponents": [
            component,
            {
                "compensationType": "EquityPercentage", "interval": "NONE", "currencyCode": null,
                "minValue": null, "maxValue": null,
            },
        ],
    })
}

fn without_tags(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut text = pieces.next().unwrap_or_default().to_owned();

    // Each of the other pieces begins within a tag.
    for piece in pieces {
        text.push_str(piece.split_once('>').map_or("", |it| it.1));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_text_has_no_tags() {
        assert_eq!(without_tags("a<p class=\"x\">b</p>\n<br>c"), "ab\nc");
        assert_eq!(without_tags(""), "");
    }
}
