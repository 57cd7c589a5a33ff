//! Tests of the same board in the format of each API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use job_scanner_board_server::{Board, BoardServer, Employment, Failure, Workplace, job};
use support::get;

const LEVER: &str = "/api.lever.co/v0/postings/acme?mode=json";
const ASHBY: &str = "/api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true";

async fn acme() -> BoardServer {
    let server = BoardServer::start().await.unwrap();
    let engineer = job(7)
        .title("Platform Engineer")
        .location("Berlin, Germany; Remote")
        .content_html("<p>Hello</p><h2>You</h2>\n<ul><li>Rust</li></ul>\n<p>Apply</p>")
        .department("Platform")
        .first_published("2026-03-02T09:30:00-04:00")
        .workplace(Workplace::Hybrid)
        .employment(Employment::FullTime)
        .salary(70_000, 90_000, "EUR");
    server.set_board("acme", Board::new([engineer, job(8)]));
    server
}

#[tokio::test]
async fn lever_lists_a_job_in_its_format() {
    let server = acme().await;
    let postings = get(server.address(), LEVER, &[]).await.json();
    let listed = &postings[0];
    assert_eq!(listed["id"], "00000000-0007-4000-8000-000000000007");
    assert_eq!(listed["text"], "Platform Engineer");
    assert_eq!(listed["createdAt"], 1_772_458_200_000_i64);
    assert_eq!(listed["workplaceType"], "hybrid");
    assert_eq!(listed["categories"]["commitment"], "Full-time");
    assert_eq!(
        listed["categories"]["allLocations"],
        serde_json::json!(["Berlin, Germany", "Remote"])
    );
    assert_eq!(
        listed["lists"],
        serde_json::json!([{ "text": "You", "content": "<li>Rust</li>" }])
    );
    assert_eq!(
        (&listed["description"], &listed["additional"]),
        (&"<p>Hello</p>".into(), &"<p>Apply</p>".into())
    );
    assert_eq!(listed["salaryRange"]["interval"], "per-year-salary");
    assert_eq!(postings[1]["workplaceType"], "unspecified");
    assert_eq!(postings[1].get("salaryRange"), None);
}

#[tokio::test]
async fn lever_lists_a_part_with_skip_and_limit() {
    let server = acme().await;
    let second = get(server.address(), &format!("{LEVER}&skip=1&limit=5"), &[]).await;
    assert_eq!(second.json().as_array().unwrap().len(), 1);
    let first = get(server.address(), &format!("{LEVER}&limit=1"), &[]).await;
    assert_eq!(first.json()[0]["text"], "Platform Engineer");
    assert_ne!(first.header("ETag"), second.header("ETag"));
    assert_eq!(
        get(server.address(), &format!("{LEVER}&skip=9"), &[])
            .await
            .body,
        b"[]"
    );
}

#[tokio::test]
async fn ashby_lists_a_job_in_its_format() {
    let server = acme().await;
    let body = get(server.address(), ASHBY, &[]).await.json();
    assert_eq!(body["apiVersion"], "1");
    let listed = &body["jobs"][0];
    assert_eq!(
        (&listed["workplaceType"], &listed["isRemote"]),
        (&"Hybrid".into(), &true.into())
    );
    assert_eq!(listed["employmentType"], "FullTime");
    assert_eq!(
        listed["address"]["postalAddress"]["addressCountry"],
        "Germany"
    );
    assert_eq!(listed["secondaryLocations"][0]["location"], "Remote");
    assert_eq!(
        listed["compensation"]["summaryComponents"][0]["maxValue"],
        90_000
    );
    assert_eq!(listed["publishedAt"], "2026-03-02T09:30:00-04:00");

    let plain = get(server.address(), ASHBY.split('?').next().unwrap(), &[])
        .await
        .json();
    assert_eq!(plain["jobs"][0].get("compensation"), None);
}

#[tokio::test]
async fn ashby_validates_a_listing_by_its_last_modified_time() {
    let server = acme().await;
    let time = |response: &support::Response| response.header("Last-Modified").unwrap().to_owned();
    let first = get(server.address(), ASHBY, &[]).await;
    assert_eq!(first.header("ETag"), None);
    let since = [format!("If-Modified-Since: {}", time(&first))];
    assert_eq!(get(server.address(), ASHBY, &since).await.status, 304);

    server.edit_board("acme", |board| board.remove(8));
    let second = get(server.address(), ASHBY, &since).await;
    assert_eq!(
        (
            second.status,
            second.json()["jobs"].as_array().unwrap().len()
        ),
        (200, 1)
    );
    assert_ne!(time(&second), time(&first));
}

#[tokio::test]
async fn greenhouse_shows_pay_only_on_request() {
    let server = acme().await;
    let path = "/boards-api.greenhouse.io/v1/boards/acme/jobs?content=true";
    let plain = get(server.address(), path, &[]).await.json();
    assert_eq!(plain["jobs"][0].get("pay_input_ranges"), None);
    let paid = get(
        server.address(),
        &format!("{path}&pay_transparency=true"),
        &[],
    )
    .await
    .json();
    assert_eq!(
        paid["jobs"][0]["pay_input_ranges"][0]["min_cents"],
        7_000_000
    );
    assert_eq!(paid["jobs"][1]["pay_input_ranges"], serde_json::json!([]));
}

#[tokio::test]
async fn greenhouse_returns_single_jobs_and_each_can_fail_separately() {
    let server = acme().await;
    let path = |id: u64| format!("/boards-api.greenhouse.io/v1/boards/acme/jobs/{id}");
    let one = get(server.address(), &path(8), &[]).await.json();
    assert_eq!((&one["id"], one["content"].is_string()), (&8.into(), true));
    assert_eq!(get(server.address(), &path(9), &[]).await.status, 404);
    server.fail("acme/8", Failure::status(500));
    assert_eq!(get(server.address(), &path(8), &[]).await.status, 500);
    assert_eq!(get(server.address(), &path(7), &[]).await.status, 200);
    server.heal("acme/8");
    server.fail("acme", Failure::status(500));
    assert_eq!(get(server.address(), &path(8), &[]).await.status, 200);
}

#[tokio::test]
async fn an_unknown_board_is_404_in_every_api() {
    let server = acme().await;
    for path in [LEVER, ASHBY] {
        assert_eq!(
            get(server.address(), &path.replace("acme", "other"), &[])
                .await
                .status,
            404,
            "{path}"
        );
    }
}
