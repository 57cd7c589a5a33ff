//! Texts of boards that try to run as a script, to lead elsewhere, or to disguise themselves.

use job_scanner_core::decision::Decision;
use job_scanner_store::test_support::spoil;

use super::{job_path, mark_on_command_line, page_with};

/// Checks that a page has no script of a board, and no link that runs one.
fn assert_inert(body: &str) {
    assert!(!body.contains("<script>alert"), "{body}");
    assert!(!body.contains("<img"), "{body}");
    assert!(!body.to_lowercase().contains("href=\"javascript"), "{body}");
    assert!(!body.contains('\u{202e}'), "a text reorders others");
    assert!(
        !body.contains("style=") && !body.contains("onclick"),
        "{body}"
    );
    assert_eq!(
        body.matches("<script").count(),
        body.matches("<script type=\"module\" src=\"/assets/")
            .count()
    );
}

#[tokio::test]
async fn hostile_texts_are_inert() {
    let page = page_with(&["Engineer"]).await;
    let store = page.store();
    for statement in [
        "UPDATE job_versions SET title = '<script>alert(1)</script>' || char(8238) || 'gnp.exe', \
             company = '\"><img src=x onerror=alert(1)>', description = '<script>alert(2)</script>' || char(8238)",
        "UPDATE jobs SET url = 'javascript:alert(3)', apply_url = 'JAVASCRIPT:alert(4)', \
             extra = '[[\"<script>alert(5)</script>\", \"<img src=y>\"]]'",
        r#"UPDATE matches SET reasons = '{"profile": "<script>alert(6)</script>", "reasons": [{"term": "<img>",
             "hit": {"field": "title", "snippet": "<script>alert(7)</script>"}, "value": null}]}'"#,
    ] {
        spoil(&store, statement).await;
    }
    mark_on_command_line(
        &store,
        "1",
        Decision::Interested,
        Some("<script>alert(8)</script>"),
    )
    .await;

    for path in [
        "/matches?state=all".to_owned(),
        "/matches?state=interested".to_owned(),
        job_path("1"),
    ] {
        let response = page.get(&path).await;
        assert_eq!(response.status, 200, "{path}");
        assert_inert(&response.body);
        assert!(response.body.contains("alert"), "the text is shown: {path}");
    }
    let query =
        "/matches?q=%22%3E%3Cscript%3Ealert(9)%3C/script%3E&state=%3Cimg%3E&source=%3Cimg%3E";
    assert_inert(&page.get(query).await.body);
    assert_inert(
        &page
            .get("/job?key=%3Cscript%3Ealert(1)%3C/script%3E")
            .await
            .body,
    );
}

#[tokio::test]
async fn a_title_of_a_megabyte_does_not_fill_the_page() {
    let page = page_with(&["Engineer"]).await;
    spoil(
        &page.store(),
        "UPDATE job_versions SET title = replace(hex(zeroblob(500000)), '0', 'x'), \
             company = replace(hex(zeroblob(500000)), '0', 'y')",
    )
    .await;
    for path in ["/matches".to_owned(), job_path("1")] {
        let response = page.get(&path).await;
        assert_eq!(response.status, 200);
        assert!(
            response.body.len() < 30_000,
            "{path}: {} bytes",
            response.body.len()
        );
    }
}
