//! The list: order, views, filters, pages, size.

use job_scanner_core::decision::Decision;

use super::{mark_on_command_line, order, page_with, scan, titled};
use crate::test_support::TestPage;

#[tokio::test]
async fn the_first_page_leads_to_the_matches() {
    let page = TestPage::start().await;
    let response = page.get("/").await;
    assert_eq!(response.header("location"), Some("/matches"));
    let empty = page.get("/matches").await;
    assert_eq!(empty.status, 200);
    assert!(
        empty.body.contains("Nothing is left to decide about"),
        "{}",
        empty.body
    );
}

#[tokio::test]
async fn matches_are_newest_first_and_say_why() {
    let page = page_with(&["Rust engineer", "Data engineer"]).await;
    let body = page.get("/matches").await.body;
    assert_eq!(
        order(&body, &["Rust engineer", "Data engineer"]),
        ["Data engineer", "Rust engineer"]
    );
    for part in [
        "2 jobs to decide about",
        "Rust <mark>engineer</mark>",
        "<b>workplace:remote</b>",
        "the job:",
        "seen <time datetime=\"2026-11-23T08:15:00.000Z\">3h ago</time>",
        "rel=\"noopener noreferrer nofollow\"",
        "value=\"hidden greenhouse/acme/1\"",
    ] {
        assert!(body.contains(part), "`{part}` is missing in {body}");
    }
}

#[tokio::test]
async fn each_view_shows_its_jobs() {
    let page = page_with(&["First", "Second", "Third"]).await;
    mark_on_command_line(&page.store(), "1", Decision::Applied, Some("by form")).await;
    mark_on_command_line(&page.store(), "2", Decision::Hidden, None).await;
    for (path, expected) in [
        ("/matches", &["Third"][..]),
        ("/matches?state=applied", &["First"]),
        ("/matches?state=hidden", &["Second"]),
        ("/matches?state=all", &["Third", "Second", "First"]),
        ("/matches?state=offer", &[]),
    ] {
        let body = page.get(path).await.body;
        assert_eq!(
            order(
                &body,
                &["<bdi>First</bdi>", "<bdi>Second</bdi>", "<bdi>Third</bdi>"]
            ),
            expected
                .iter()
                .map(|title| format!("<bdi>{title}</bdi>"))
                .collect::<Vec<_>>(),
            "{path}"
        );
    }
    let applied = page.get("/matches?state=applied").await.body;
    assert!(
        applied.contains("Applied 2026-11-23") && applied.contains("by form"),
        "{applied}"
    );
}

#[tokio::test]
async fn words_are_searched_and_wrong_filters_say_what_to_write() {
    let page = page_with(&["Köchin", "Fahrer"]).await;
    let found = page.get("/matches?q=KOCH+berlin").await.body;
    assert!(
        found.contains("Köchin") && !found.contains("Fahrer"),
        "{found}"
    );

    let none = page.get("/matches?q=pilot").await.body;
    assert!(none.contains("No job passes this filter"), "{none}");

    let wrong = page.get("/matches?country=Atlantis&state=liked").await;
    assert_eq!(wrong.status, 200);
    for part in [
        "write its name or its code, such as DE",
        "write one of interested",
        "aria-invalid",
    ] {
        assert!(
            wrong.body.contains(part),
            "`{part}` is missing in {}",
            wrong.body
        );
    }
}

#[tokio::test]
async fn older_pages_keep_the_filter_and_repeat_nothing() {
    let page = TestPage::start().await;
    let jobs: Vec<_> = (1..=45)
        .map(|n| titled(&n.to_string(), &format!("Engineer no. {n}.")))
        .collect();
    scan(&page.store(), &jobs).await;
    let first = page.get("/matches?q=engineer").await.body;
    assert!(first.contains("no. 45.") && first.contains("no. 6.") && !first.contains("no. 5."));
    let (_, link) = first.split_once("rel=\"next\" href=\"").unwrap();
    let next = link.split_once('"').unwrap().0.replace("&#38;", "&");
    assert!(next.starts_with("/matches?q=engineer&after="), "{next}");

    let second = page.get(&next).await.body;
    assert!(second.contains("no. 5.") && second.contains("no. 1.") && !second.contains("no. 6."));
    assert!(!second.contains("rel=\"next\""), "{second}");
}

#[tokio::test]
async fn a_full_page_is_below_100_kilobytes() {
    let page = TestPage::start().await;
    let jobs: Vec<_> = (1..=60)
        .map(|n| {
            let mut result = titled(
                &n.to_string(),
                &format!("Senior Staff Software Engineer, Platform Reliability {n}"),
            );
            result.job.company = Some("Acme International Holding GmbH".to_owned());
            result
        })
        .collect();
    scan(&page.store(), &jobs).await;
    let body = page.get("/matches").await.body;
    assert_eq!(body.matches("data-card").count(), 40);
    assert!(body.len() < 100_000, "{} bytes", body.len());
}
