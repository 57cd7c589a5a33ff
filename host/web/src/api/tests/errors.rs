//! Errors: each is a problem document that says what to do.

use super::{JSON, OWN, detail, page_with_jobs};

/// A request that fails: method, path, headers, body, and the status and a part of the detail.
type BadRequest<'a> = (
    &'a str,
    &'a str,
    &'a [(&'a str, &'a str)],
    &'a str,
    u16,
    &'a str,
);

#[tokio::test]
async fn every_error_is_a_problem_that_says_what_to_do() {
    let page = page_with_jobs(1).await;
    let job = "/api/v1/jobs/greenhouse/acme/1";
    let decision = format!("{job}/decision");
    let large = format!("{{\"decision\": \"{}\"}}", "x".repeat(1 << 20));
    let cases: [BadRequest<'_>; 15] = [
        (
            "GET",
            "/api/v1/nothing",
            &[],
            "",
            404,
            "`/api/v1/nothing` does not exist; `/api/v1/openapi.json` lists",
        ),
        ("GET", "/api/", &[], "", 404, "`/api/` does not exist"),
        (
            "GET",
            "/api/v1/jobs/greenhouse/acme/9",
            &[],
            "",
            404,
            "job `greenhouse/acme/9` is not stored",
        ),
        (
            "GET",
            "/api/v1/jobs/NOT/acme/9",
            &[],
            "",
            404,
            "source `NOT/acme` does not exist",
        ),
        (
            "GET",
            "/api/v1/sources/greenhouse/9",
            &[],
            "",
            404,
            "source `greenhouse/9` does not exist",
        ),
        (
            "GET",
            "/api/v1/jobs?profile=none",
            &[],
            "",
            404,
            "profile `none` does not exist; name one of: default",
        ),
        ("DELETE", job, &[OWN], "", 405, "the header `Allow` lists"),
        (
            "GET",
            "/api/v1/jobs?limit=0",
            &[],
            "",
            400,
            "`limit` is 0; write a number from 1 to 200",
        ),
        (
            "GET",
            "/api/v1/jobs?limt=1",
            &[],
            "",
            400,
            "unknown field `limt`",
        ),
        (
            "GET",
            "/api/v1/jobs?after=x",
            &[],
            "",
            400,
            "`after` is `x`, which is not a cursor",
        ),
        ("GET", "/api/v1/jobs?query=(a", &[], "", 400, "`query`: "),
        ("PUT", &decision, &[OWN, JSON], "{", 400, "JSON"),
        (
            "PUT",
            &decision,
            &[OWN, JSON],
            "{\"decision\": \"maybe\"}",
            422,
            "`decision` is `maybe`; write interested",
        ),
        (
            "PUT",
            &decision,
            &[OWN],
            "{\"decision\": \"applied\"}",
            415,
            "Content-Type",
        ),
        ("PUT", &decision, &[OWN, JSON], &large, 413, "too large"),
    ];
    for (method, path, headers, body, status, part) in cases {
        let response = page.send(method, path, headers, body).await;
        let detail = detail(&response, status);
        assert!(detail.contains(part), "{method} {path}: {detail}");
    }
    let wrong_method = page.send("DELETE", job, &[OWN], "").await;
    assert!(wrong_method.header("allow").unwrap().contains("GET"));
}

#[tokio::test]
async fn a_database_that_cannot_be_read_is_a_problem_without_inner_details() {
    let page = page_with_jobs(1).await;
    page.store().close().await;
    let response = page.get("/api/v1/jobs").await;
    let detail = detail(&response, 503);
    assert!(
        detail.contains("the log of job-scanner has the cause"),
        "{detail}"
    );
}
