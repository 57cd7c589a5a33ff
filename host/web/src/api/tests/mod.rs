//! Tests of the API over HTTP, on a page with a real database.

mod decisions;
mod document;
mod errors;
mod lists;

use job_scanner_store::AlertKind;
use job_scanner_store::test_support::{job, scan};
use serde_json::{Value, json};

use crate::test_support::{TestPage, TestResponse};

/// The header with which a browser says that a request comes from a page of this server.
pub(super) const OWN: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

pub(super) const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(super) const CSV: (&str, &str) = ("Content-Type", "text/csv");

/// Returns a page with this number of matching jobs of `greenhouse/acme`, with the ids 1 and up.
pub(super) async fn page_with_jobs(number: u8) -> TestPage {
    let page = TestPage::start().await;
    let jobs: Vec<_> = (1..=number).map(|n| job(&n.to_string(), n)).collect();
    scan(&page.store(), "acme", &jobs, AlertKind::New).await;
    page
}

pub(super) fn parsed(response: &TestResponse) -> Value {
    serde_json::from_str(&response.body).unwrap_or_else(|_| panic!("{}", response.body))
}

pub(super) async fn get(page: &TestPage, path: &str) -> Value {
    let response = page.get(path).await;
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    assert_eq!(response.header("content-type"), Some("application/json"));
    parsed(&response)
}

/// Returns the values of a key in a list.
pub(super) fn all<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    let entries = list.as_array().unwrap().iter();
    entries.map(|entry| entry[key].as_str().unwrap()).collect()
}

/// Checks a problem document, and returns its detail.
pub(super) fn detail(response: &TestResponse, status: u16) -> String {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(
        response.header("content-type"),
        Some("application/problem+json")
    );
    let problem = parsed(response);
    assert_eq!(
        (&problem["type"], &problem["status"]),
        (&json!("about:blank"), &json!(status))
    );
    assert!(problem["title"].is_string());
    problem["detail"].as_str().unwrap().to_owned()
}
