//! The page about one job.

use job_scanner_core::decision::Decision;
use job_scanner_store::test_support::{COMPLETE, at, begin_scan};

use super::{job_path, mark_on_command_line, page_with, titled};

#[tokio::test]
async fn a_job_shows_fields_text_reasons_and_history() {
    let page = page_with(&["Rust engineer"]).await;
    let mut changed = titled("1", "Senior Rust engineer");
    changed.job.content_hash = job_scanner_core::job::ContentHash::from_bytes([2; 32]);
    changed.job.description = Some("Build more.\nEvery day.".to_owned());
    let mut tx = begin_scan(&page.store(), "acme", "Acme", at("09:15:00")).await;
    tx.record_jobs(&[changed], false).await.unwrap();
    tx.commit(&COMPLETE).await.unwrap();
    mark_on_command_line(&page.store(), "1", Decision::Applied, Some("by form")).await;

    let body = page.get(&job_path("1")).await.body;
    for part in [
        "<h1><bdi>Senior Rust engineer</bdi></h1>",
        "Build more.\nEvery day.",
        "title: Rust engineer → Senior Rust engineer",
        "<del><bdi>",
        "<ins><bdi>",
        "first seen 2026-11-23 08:15 UTC",
        "You applied on 2026-11-23.",
        "applied by jo@desk (by form)",
        "Rust <mark>engineer</mark>",
        "matches</span>",
        "greenhouse/acme/1",
        "https://acme.example/jobs/1",
    ] {
        assert!(body.contains(part), "`{part}` is missing in {body}");
    }
}

#[tokio::test]
async fn a_job_that_does_not_match_shows_the_smallest_change() {
    let page = page_with(&["Cook"]).await;
    let body = page.get(&job_path("1")).await.body;
    for part in [
        "does not match",
        "not found",
        "It would match with “engineer”, for example.",
    ] {
        assert!(body.contains(part), "`{part}` is missing in {body}");
    }
}

#[tokio::test]
async fn an_unknown_job_is_not_found_and_a_wrong_key_says_how_to_write_it() {
    let page = page_with(&["Cook"]).await;
    let unknown = page.get(&job_path("99")).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("is not stored"), "{}", unknown.body);
    let wrong = page.get("/job?key=acme").await;
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.body.contains("type/identifier/external-id"),
        "{}",
        wrong.body
    );
}

#[tokio::test]
async fn a_link_in_a_message_only_asks() {
    let page = page_with(&["Cook"]).await;
    let body = page
        .get(&format!("{}&mark=applied", job_path("1")))
        .await
        .body;
    assert!(
        body.contains("Mark this job as <strong>applied</strong>?"),
        "{body}"
    );
    assert!(body.contains("Nothing is decided yet"), "{body}");
}
