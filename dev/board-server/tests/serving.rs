//! Tests of the server over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::net::SocketAddr;

use job_scanner_board_server::{Api, Board, BoardServer, Failure, generate, job};
use support::{Response, get, open, read};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

const ACME: &str = "/boards-api.greenhouse.io/v1/boards/acme/jobs?content=true";

async fn acme() -> BoardServer {
    let server = BoardServer::start().await.unwrap();
    server.set_board(
        "acme",
        Board::new([job(1).title("Rust Engineer"), job(2), job(3)]),
    );
    server
}

async fn list(server: &BoardServer) -> Response {
    get(server.address(), ACME, &[]).await
}

async fn list_if_changed(server: &BoardServer, known: &Response) -> Response {
    let etag = known.header("ETag").unwrap();
    get(server.address(), ACME, &[format!("If-None-Match: {etag}")]).await
}

fn ids(response: &Response) -> Vec<u64> {
    response.json()["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["id"].as_u64().unwrap())
        .collect()
}

fn statuses(server: &BoardServer) -> Vec<Option<u16>> {
    server
        .requests()
        .into_iter()
        .map(|request| request.status)
        .collect()
}

#[tokio::test]
async fn greenhouse_lists_a_job_in_its_format() {
    let server = BoardServer::start().await.unwrap();
    let posted = job(4_000_000_001)
        .title(" Platform Engineer ")
        .location("Berlin, Germany; Remote")
        .content_html("<p>R&amp;D</p>")
        .department("Platform")
        .office("Berlin", "Berlin, Germany")
        .opening(7)
        .metadata("Location Type", "single_select", "Hybrid");
    server.set_board(
        "acme",
        Board {
            company: Some("Acme".to_owned()),
            jobs: vec![posted],
        },
    );

    let response = list(&server).await;

    assert_eq!(
        (response.status, response.header("Content-Type")),
        (200, Some("application/json; charset=utf-8"))
    );
    let body = response.json();
    assert_eq!(body["meta"]["total"], 1);
    let listed = &body["jobs"][0];
    assert_eq!(listed["id"], 4_000_000_001_u64);
    assert_eq!(listed["internal_job_id"], 7);
    assert_eq!(listed["title"], " Platform Engineer ");
    assert_eq!(listed["company_name"], "Acme");
    assert_eq!(listed["location"]["name"], "Berlin, Germany; Remote");
    assert_eq!(listed["content"], "&lt;p&gt;R&amp;amp;D&lt;/p&gt;");
    assert_eq!(listed["departments"][0]["name"], "Platform");
    assert_eq!(listed["offices"][0]["location"], "Berlin, Germany");
    assert_eq!(listed["metadata"][0]["value"], "Hybrid");
    assert_eq!(listed["first_published"], "2026-03-02T09:30:00-04:00");
    assert_eq!(
        listed["absolute_url"],
        "https://careers.example/acme/jobs/4000000001?gh_jid=4000000001"
    );
}

#[tokio::test]
async fn descriptions_are_listed_only_on_request() {
    let server = acme().await;
    let plain = get(
        server.address(),
        ACME.trim_end_matches("?content=true"),
        &[],
    )
    .await;
    let listed = &plain.json()["jobs"][0];
    assert_eq!(listed["title"], "Rust Engineer");
    for key in ["content", "departments", "offices"] {
        assert_eq!(listed.get(key), None, "{key}");
    }
    assert_ne!(plain.header("ETag"), list(&server).await.header("ETag"));
}

#[tokio::test]
async fn an_unknown_board_is_404() {
    let server = acme().await;
    server.remove_board("acme");
    let response = list(&server).await;
    assert_eq!(response.status, 404);
    assert_eq!(response.body, br#"{"status":404,"error":"Job not found"}"#);
}

#[tokio::test]
async fn an_unchanged_board_is_304_and_a_changed_one_is_sent_again() {
    let server = acme().await;
    let first = list(&server).await;
    let second = list_if_changed(&server, &first).await;
    assert_eq!((second.status, second.body.len()), (304, 0));
    assert_eq!(second.header("ETag"), first.header("ETag"));

    server.edit_board("acme", |board| {
        board.remove(2);
        board.put(job(3).title("Changed"));
        board.add(job(4));
    });
    let third = list_if_changed(&server, &first).await;
    assert_eq!((third.status, ids(&third)), (200, vec![1, 3, 4]));
    assert_eq!(third.json()["jobs"][1]["title"], "Changed");
}

#[tokio::test]
async fn a_list_of_validators_is_compared_weakly() {
    let server = acme().await;
    let etag = list(&server)
        .await
        .header("ETag")
        .unwrap()
        .trim_start_matches("W/")
        .to_owned();
    let response = get(
        server.address(),
        ACME,
        &[format!("If-None-Match: \"other\", {etag}")],
    )
    .await;
    assert_eq!(response.status, 304);
}

#[tokio::test]
async fn without_validators_every_response_is_complete() {
    let server = acme().await;
    let first = list(&server).await;
    server.set_validators(false);
    let second = list_if_changed(&server, &first).await;
    assert_eq!((second.status, second.header("ETag")), (200, None));
    assert_eq!(second.body, first.body);
}

#[tokio::test]
async fn every_request_is_recorded_with_its_response() {
    let server = acme().await;
    let first = list(&server).await;
    list_if_changed(&server, &first).await;
    get(
        server.address(),
        "/elsewhere",
        &["User-Agent: probe".to_owned()],
    )
    .await;

    let requests = server.requests();
    assert_eq!(statuses(&server), [Some(200), Some(304), Some(404)]);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", ACME)
    );
    assert_eq!(
        (requests[0].body_bytes, requests[1].body_bytes),
        (first.body.len() as u64, 0)
    );
    assert_eq!(requests[1].if_none_match.as_deref(), first.header("ETag"));
    assert_eq!(
        (
            requests[0].if_none_match.as_deref(),
            requests[2].header("user-agent")
        ),
        (None, Some("probe"))
    );

    server.clear_requests();
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn each_failure_has_its_response_until_it_is_healed() {
    let server = acme().await;
    server.fail(
        "acme",
        Failure::Status {
            code: 429,
            retry_after: Some(30),
        },
    );
    let busy = list(&server).await;
    assert_eq!((busy.status, busy.header("Retry-After")), (429, Some("30")));

    server.fail("acme", Failure::Empty);
    let empty = list(&server).await;
    assert_eq!((empty.status, empty.body.len()), (200, 0));

    server.fail("acme", Failure::Html);
    let page = list(&server).await;
    assert_eq!(
        (page.status, page.header("Content-Type")),
        (200, Some("text/html; charset=utf-8"))
    );

    server.fail("acme", Failure::Body("{\"jobs\": nul".to_owned()));
    assert_eq!(list(&server).await.body, b"{\"jobs\": nul");

    server.fail(
        "acme",
        Failure::Redirect("http://elsewhere.example/".to_owned()),
    );
    let moved = list(&server).await;
    assert_eq!(
        (moved.status, moved.header("Location")),
        (302, Some("http://elsewhere.example/"))
    );

    server.fail("acme", Failure::WrongTotal(99));
    let wrong = list(&server).await.json();
    assert_eq!(
        (
            wrong["meta"]["total"].as_u64(),
            wrong["jobs"].as_array().map(Vec::len)
        ),
        (Some(99), Some(3))
    );

    server.heal("acme");
    assert_eq!(list(&server).await.json()["meta"]["total"], 3);
}

#[tokio::test]
async fn a_failure_for_a_number_of_responses_ends_after_them() {
    let server = acme().await;
    server.fail_next("acme", 2, Failure::status(503));
    for _ in 0..3 {
        list(&server).await;
    }
    assert_eq!(statuses(&server), [Some(503), Some(503), Some(200)]);
}

#[tokio::test]
async fn a_failing_board_does_not_affect_other_boards() {
    let server = acme().await;
    server.fail("other", Failure::status(500));
    assert_eq!(list(&server).await.status, 200);
    assert_eq!(
        get(server.address(), &ACME.replace("acme", "other"), &[])
            .await
            .status,
        500
    );
}

#[tokio::test]
async fn a_cut_body_is_shorter_than_announced() {
    let server = BoardServer::start().await.unwrap();
    server.set_board("acme", generate::board(1, 0, 20));
    let sound = list(&server).await;
    server.fail("acme", Failure::CutBody);
    let cut = list(&server).await;
    assert_eq!(cut.header("Content-Length"), sound.header("Content-Length"));
    assert_eq!(cut.body, sound.body[..sound.body.len() / 2]);
}

#[tokio::test]
async fn a_slow_body_begins_with_the_complete_length() {
    let server = acme().await;
    let announced = list(&server)
        .await
        .header("Content-Length")
        .unwrap()
        .to_owned();
    server.fail("acme", Failure::SlowBody);
    let mut stream = open(server.address(), ACME, &[]).await;
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n{\"j") {
        seen.push(stream.read_u8().await.unwrap());
    }
    assert!(
        String::from_utf8(seen)
            .unwrap()
            .contains(&format!("content-length: {announced}"))
    );
}

#[tokio::test]
async fn a_hanging_request_is_recorded_and_gets_its_response_once_healed() {
    let server = acme().await;
    server.fail("acme", Failure::Hang);
    let waiting = open(server.address(), ACME, &[]).await;
    server.wait_for_requests(1).await;
    assert_eq!(statuses(&server), [None]);

    server.heal("acme");
    assert_eq!(read(waiting).await.status, 200);
    assert_eq!(statuses(&server), [Some(200)]);
}

#[tokio::test]
async fn only_the_requested_number_of_requests_hangs() {
    let server = acme().await;
    server.fail_next("acme", 1, Failure::Hang);
    let waiting = open(server.address(), ACME, &[]).await;
    server.wait_for_requests(1).await;
    assert_eq!(list(&server).await.status, 200);
    assert_eq!(statuses(&server), [None, Some(200)]);
    server.heal("acme");
    assert_eq!(read(waiting).await.status, 200);
}

#[tokio::test]
async fn dropping_the_server_ends_its_connections_and_frees_the_port() {
    let server = acme().await;
    let address: SocketAddr = server.address();
    server.fail("acme", Failure::Hang);
    let mut hanging = open(address, ACME, &[]).await;
    server.wait_for_requests(1).await;

    drop(server);

    let mut rest = Vec::new();
    // A reset ends the connection as well.
    let _ = hanging.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn generated_boards_are_the_same_on_every_server() {
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let server = BoardServer::start().await.unwrap();
        server.set_board("acme", generate::board(7, 0, 40));
        let response = list(&server).await;
        bodies.push((response.header("ETag").unwrap().to_owned(), response.body));
    }
    assert!(bodies[0] == bodies[1]);
}

#[tokio::test]
async fn urls_contain_the_address_of_the_server() {
    let server = acme().await;
    assert_eq!(server.base_url(), format!("http://{}", server.address()));
    assert_eq!(
        server.api_url(Api::Greenhouse),
        format!("{}/boards-api.greenhouse.io", server.base_url())
    );
}
