//! Tests of the feeds, read back by another parser.

use feed_rs::model::{Entry, Feed};
use feed_rs::parser;
use job_scanner_store::AlertKind;
use job_scanner_store::test_support::{job, scan, spoil};
use serde_json::Value;

use crate::test_support::TestPage;

/// A title that a careless writer would turn into markup, a broken document or another direction.
const HOSTILE: &str = "<script>alert(1)</script> & ]]> \"x\" &lt;b&gt; \u{202e}nimda";

const PATHS: [&str; 2] = ["/feeds/default.atom", "/feeds/default.json"];

async fn read(page: &TestPage, path: &str) -> Feed {
    let response = page.get(path).await;
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    parser::parse(response.body.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn title(entry: &Entry) -> &str {
    &entry.title.as_ref().unwrap().content
}

/// Returns the plain text of an entry.
fn text(entry: &Entry) -> &str {
    let content = entry.content.as_ref().unwrap();
    assert_eq!(content.content_type.essence().to_string(), "text/plain");
    content.body.as_deref().unwrap()
}

#[tokio::test]
async fn both_formats_have_the_alerts_of_the_profile_newest_first() {
    let page = TestPage::start().await;
    scan(
        &page.store(),
        "acme",
        &[job("1", 1), job("2", 2)],
        AlertKind::New,
    )
    .await;
    spoil(
        &page.store(),
        "UPDATE jobs SET closed_at = '2026-11-23T09:00:00.000Z' WHERE job_id = 1",
    )
    .await;

    let mut ids = Vec::new();
    for path in PATHS {
        let feed = read(&page, path).await;
        let titles: Vec<&str> = feed.entries.iter().map(title).collect();
        assert_eq!(
            titles,
            ["Engineer 2 (Acme)", "Closed: Engineer 1 (Acme)"],
            "{path}"
        );
        let closed = &feed.entries[1];
        assert!(text(closed).starts_with("The job was closed at 2026-11-23T09:00:00Z.\n"));
        assert_eq!(
            closed.updated.unwrap().to_rfc3339(),
            "2026-11-23T09:00:00+00:00"
        );
        assert_eq!(
            closed.published.unwrap().to_rfc3339(),
            "2026-11-23T08:15:00+00:00"
        );
        assert!(
            closed.links[0]
                .href
                .starts_with("https://acme.example/jobs/")
        );
        ids.push(
            feed.entries
                .into_iter()
                .map(|entry| entry.id)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(ids[0], ids[1], "an alert has one id");
    assert!(
        ids[0].iter().all(|id| id.starts_with("urn:uuid:")),
        "{ids:?}"
    );
    assert_ne!(ids[0][0], ids[0][1]);
}

#[tokio::test]
async fn hostile_texts_stay_text() {
    let page = TestPage::start().await;
    let mut hostile = job("1", 1);
    HOSTILE.clone_into(&mut hostile.job.title);
    hostile.job.description = Some(format!("{HOSTILE}\u{8}"));
    scan(&page.store(), "acme", &[hostile], AlertKind::New).await;

    for path in PATHS {
        let feed = read(&page, path).await;
        assert_eq!(
            title(&feed.entries[0]),
            format!("{HOSTILE} (Acme)"),
            "{path}"
        );
        assert!(
            text(&feed.entries[0]).ends_with(&format!("{HOSTILE}\u{fffd}")),
            "{path}"
        );
    }
    let atom = page.get(PATHS[0]).await.body;
    assert!(!atom.contains("<script"), "{atom}");
}

#[tokio::test]
async fn a_feed_has_at_most_a_hundred_entries_and_a_validator() {
    let page = TestPage::start().await;
    let jobs: Vec<_> = (0..120).map(|n| job(&n.to_string(), 1)).collect();
    scan(&page.store(), "acme", &jobs, AlertKind::New).await;
    for path in PATHS {
        assert_eq!(read(&page, path).await.entries.len(), 100);
        let etag = page.get(path).await.header("etag").unwrap().to_owned();
        let again = page
            .send("GET", path, &[("If-None-Match", &etag)], "")
            .await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
    }

    let items: Value = serde_json::from_str(&page.get(PATHS[1]).await.body).unwrap();
    assert_eq!(items["version"], "https://jsonfeed.org/version/1.1");
}

#[tokio::test]
async fn an_empty_feed_is_valid_and_an_unknown_one_does_not_exist() {
    let page = TestPage::start().await;
    for path in PATHS {
        assert_eq!(read(&page, path).await.entries, []);
    }
    for path in ["/feeds/other.atom", "/feeds/default.xml", "/feeds/default"] {
        let response = page.get(path).await;
        assert_eq!(response.status, 404, "{path}");
        assert!(
            response.body.contains("/feeds/PROFILE.atom"),
            "{}",
            response.body
        );
    }
}
