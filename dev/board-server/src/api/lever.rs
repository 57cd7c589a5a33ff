//! Lever: `GET /v0/postings/{site}` lists the whole board or, with `skip` and `limit`, a part of
//! it.
//!
//! As on real boards, the sections of a description that are lists are separate, each list without
//! its `<ul>`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::uuid;
use crate::board::{BoardJob, Employment, Salary, Workplace};
use crate::response::respond;
use crate::state::{Listing, ListingQuery, Part, ServerState, View};
use crate::validator::ValidatorKind;

pub(super) const HOST: &str = "api.lever.co";

const POSTINGS: Listing = Listing {
    name: "lever",
    render,
    unknown: r#"{"ok":false,"error":"Document not found"}"#,
    validator: ValidatorKind::ETag,
};

#[derive(Deserialize)]
struct Parameters {
    skip: Option<usize>,
    limit: Option<usize>,
}

pub(super) fn routes() -> Router<Arc<ServerState>> {
    Router::new().route("/v0/postings/{site}", get(list_postings))
}

async fn list_postings(
    State(state): State<Arc<ServerState>>,
    Path(site): Path<String>,
    Query(Parameters { skip, limit }): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let part = Part {
        skip: skip.unwrap_or(Part::ALL.skip),
        limit: limit.unwrap_or(Part::ALL.limit),
    };

    let query = ListingQuery {
        listing: &POSTINGS,
        token: &site,
        part,
        failing: &site,
    };
    respond(&state, query, &headers).await
}

fn render(view: &View<'_>) -> Vec<u8> {
    let postings: Vec<_> = view
        .jobs
        .iter()
        .map(|job| PostingBody::new(view.token, job))
        .collect();

    serde_json::to_vec(&postings).expect("plain structs with text keys always become JSON")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostingBody<'a> {
    id: String,
    text: &'a str,
    categories: Categories<'a>,
    country: Option<&'a str>,
    workplace_type: &'a str,
    created_at: i64,
    description: String,
    lists: Vec<Section>,
    additional: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    salary_range: Option<SalaryRange<'a>>,
    hosted_url: String,
    apply_url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Categories<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    commitment: Option<&'a str>,
    department: Option<&'a str>,
    location: Option<&'a str>,
    team: Option<&'a str>,
    all_locations: Vec<&'a str>,
}

#[derive(Serialize)]
struct SalaryRange<'a> {
    min: u64,
    max: u64,
    currency: &'a str,
    interval: &'a str,
}

#[derive(Debug, PartialEq, Serialize)]
struct Section {
    text: String,
    content: String,
}

impl<'a> PostingBody<'a> {
    fn new(site: &str, job: &'a BoardJob) -> Self {
        let id = uuid(job);
        let hosted_url = job
            .url
            .clone()
            .unwrap_or_else(|| format!("https://jobs.lever.example/{site}/{id}"));

        let Parts {
            description,
            lists,
            additional,
        } = Parts::of(job.content_html.as_deref().unwrap_or_default());

        let categories = Categories {
            commitment: job.employment.map(commitment),
            department: job.departments.first().map(String::as_str),
            location: job.places().next(),
            team: job.departments.get(1).map(String::as_str),
            all_locations: job.places().collect(),
        };

        Self {
            id,
            text: &job.title,
            categories,
            country: None,
            workplace_type: job.workplace.map_or("unspecified", workplace),
            created_at: job.first_published.as_deref().map_or(0, millis),
            description,
            lists,
            additional,
            salary_range: job.salary.as_ref().map(SalaryRange::from),
            apply_url: format!("{hosted_url}/apply"),
            hosted_url,
        }
    }
}

impl<'a> From<&'a Salary> for SalaryRange<'a> {
    fn from(salary: &'a Salary) -> Self {
        let Salary { min, max, currency } = salary;
        Self {
            min: *min,
            max: *max,
            currency,
            interval: "per-year-salary",
        }
    }
}

fn commitment(employment: Employment) -> &'static str {
    match employment {
        Employment::FullTime => "Full-time",
        Employment::PartTime => "Part-time",
        Employment::Intern => "Internship",
        Employment::Contract => "Contract",
        Employment::Temporary => "Fixed Term",
    }
}

fn workplace(workplace: Workplace) -> &'static str {
    match workplace {
        Workplace::OnSite => "onsite",
        Workplace::Hybrid => "hybrid",
        Workplace::Remote => "remote",
    }
}

/// Returns the milliseconds since 1970, or 0 for a text that is not a time.
fn millis(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>()
        .map_or(0, jiff::Timestamp::as_millisecond)
}

/// A description, split as Lever splits it.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    description: String,
    lists: Vec<Section>,
    additional: String,
}

impl Parts {
    /// Splits a description. A heading with a list after it becomes a section, and the text after
    /// that list is additional.
    fn of(html: &str) -> Self {
        let mut parts = Self::default();

        let mut pieces = html.split("<h2>");
        parts.description.extend(pieces.next());

        for piece in pieces {
            if let Some((section, rest)) = section(piece) {
                parts.lists.push(section);
                parts.additional.push_str(rest);
            } else {
                parts.description.extend(["<h2>", piece]);
            }
        }
        parts
    }
}

/// Parses `TITLE</h2> <ul>ITEMS</ul>REST`.
fn section(piece: &str) -> Option<(Section, &str)> {
    let (title, below) = piece.split_once("</h2>")?;
    let (items, rest) = below
        .trim_start()
        .strip_prefix("<ul>")?
        .split_once("</ul>")?;

    let text = title
        .replace("<strong>", "")
        .replace("</strong>", "")
        .replace("&rsquo;", "’")
        .replace("&amp;", "&");

    let content = items.to_owned();
    Some((Section { text, content }, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_separated_from_the_rest_of_a_description() {
        let parts = Parts::of(
            "<p>Hello</p><h2>The role</h2><p>Cook</p>\
             <h2><strong>What you&rsquo;ll do</strong></h2>\n<ul>\n<li>soup</li></ul>\n<p>Apply</p>",
        );
        assert_eq!(
            parts.description,
            "<p>Hello</p><h2>The role</h2><p>Cook</p>"
        );
        assert_eq!(
            parts.lists,
            [Section {
                text: "What you’ll do".to_owned(),
                content: "\n<li>soup</li>".to_owned()
            }]
        );
        assert_eq!(parts.additional, "<p>Apply</p>");
        assert_eq!(Parts::of(""), Parts::default());
    }
}
