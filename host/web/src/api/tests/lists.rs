//! Lists: their pages, filters and validators.

use job_scanner_store::AlertKind;
use job_scanner_store::test_support::{job, scan, spoil};
use serde_json::json;

use super::{JSON, OWN, all, get, page_with_jobs, parsed};
use crate::test_support::TestPage;

/// Returns the values of a key on all pages, following the links.
async fn follow(page: &TestPage, path: &str, key: &str) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let response = page.get(&path).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        let list = parsed(&response);
        found.extend(
            list.as_array()
                .unwrap()
                .iter()
                .map(|it| it[key].to_string()),
        );
        next = response.header("link").map(|link| {
            let (target, relation) = link.split_once("; ").unwrap();
            assert_eq!(relation, "rel=\"next\"");
            target.trim_matches(['<', '>']).to_owned()
        });
    }
    found
}

#[tokio::test]
async fn a_list_has_pages_that_link_to_the_next_one() {
    let page = page_with_jobs(5).await;
    let first = page.get("/api/v1/jobs?limit=2&profile=default").await;
    assert_eq!(all(&parsed(&first), "external_id"), ["5", "4"]);
    let link = first.header("link").unwrap();
    assert_eq!(
        link,
        "</api/v1/jobs?limit=2&profile=default&after=4>; rel=\"next\""
    );

    let ids = follow(&page, "/api/v1/jobs?limit=2", "external_id").await;
    assert_eq!(ids, ["\"5\"", "\"4\"", "\"3\"", "\"2\"", "\"1\""]);
    let alerts = follow(&page, "/api/v1/alerts?limit=2", "alert_id").await;
    assert_eq!(alerts, ["5", "4", "3", "2", "1"]);
    let last = page.get("/api/v1/jobs?limit=5").await;
    assert_eq!(last.header("link"), None, "the page is exactly full");
}

#[tokio::test]
async fn a_new_job_does_not_move_the_next_page() {
    let page = page_with_jobs(3).await;
    let first = page.get("/api/v1/matches?limit=1").await;
    let link = first.header("link").unwrap().to_owned();
    scan(&page.store(), "other", &[job("9", 9)], AlertKind::New).await;
    let target = link.split_once('>').unwrap().0.trim_start_matches('<');
    assert_eq!(all(&get(&page, target).await, "external_id"), ["2"]);
}

#[tokio::test]
async fn filters_select_jobs_and_hidden_ones_are_left_out() {
    let page = page_with_jobs(4).await;
    scan(&page.store(), "globex", &[job("9", 9)], AlertKind::New).await;
    spoil(
        &page.store(),
        "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE external_id = '1'",
    )
    .await;
    spoil(
        &page.store(),
        "UPDATE matches SET outdated_at = '' WHERE job_id = 2",
    )
    .await;
    let decision = json!({"decision": "hidden"}).to_string();
    let hidden = page.send(
        "PUT",
        "/api/v1/jobs/greenhouse/acme/4/decision",
        &[OWN, JSON],
        &decision,
    );
    assert_eq!(hidden.await.status, 200);

    for (query, ids) in [
        ("jobs", &["9", "3", "2"][..]),
        ("jobs?hidden=true", &["9", "4", "3", "2"]),
        ("jobs?state=closed", &["1"]),
        ("jobs?state=all&source=greenhouse/acme", &["3", "2", "1"]),
        ("jobs?decision=hidden", &["4"]),
        ("jobs?query=%22engineer+3%22", &["3"]),
        ("jobs?query=engineer+-3", &["9", "2"]),
        ("jobs?since=1h", &[]),
        ("jobs?since=7d", &["9", "3", "2"]),
        ("matches", &["9", "3"]),
        ("matches?source=greenhouse/globex", &["9"]),
    ] {
        let found = get(&page, &format!("/api/v1/{query}")).await;
        assert_eq!(all(&found, "external_id"), ids, "{query}");
    }
}

#[tokio::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let page = page_with_jobs(1).await;
    for path in [
        "/api/v1/jobs",
        "/api/v1/sources",
        "/api/v1/alerts",
        "/api/v1/openapi.json",
    ] {
        let first = page.get(path).await;
        let etag = first.header("etag").unwrap().to_owned();
        let again = page
            .send("GET", path, &[("If-None-Match", &etag)], "")
            .await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
    }

    let etag = page
        .get("/api/v1/jobs")
        .await
        .header("etag")
        .unwrap()
        .to_owned();
    scan(&page.store(), "globex", &[job("9", 9)], AlertKind::New).await;
    let changed = page
        .send("GET", "/api/v1/jobs", &[("If-None-Match", &etag)], "")
        .await;
    assert_eq!(changed.status, 200);
}
